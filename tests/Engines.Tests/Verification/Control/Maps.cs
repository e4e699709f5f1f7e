using System.Globalization;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

/// <summary>Real maps from beside the checkout, and small ones made here.</summary>
internal static class Maps
{
    public static readonly Outline World = new([new(-89, -179), new(-89, 179), new(89, 179), new(89, -179)]);

    private static readonly Lazy<(IReadOnlyList<PolygonDay> Days, byte[] Content)> Real = new(() =>
    {
        var days = Files().Select(Read).ToArray();
        return (days, PolygonSeries.Encode(days, Outline.Ukraine));
    });

    /// <summary>The days of DeepState that are beside the checkout; skips without.</summary>
    public static IReadOnlyList<PolygonDay> RealDays()
    {
        Need();
        return Real.Value.Days;
    }

    public static byte[] RealContent()
    {
        Need();
        return Real.Value.Content;
    }

    public static PolygonSource RealSource() => new("deepstate", "2026-08-08", PolygonSeries.Read(RealContent()), Outline.Ukraine);

    public static int Day(string iso) => DateOnly.ParseExact(iso, "yyyy-MM-dd", CultureInfo.InvariantCulture).DayNumber;

    public static Candidate Place(double latitude, double longitude, double radiusKm = 0) =>
        new("katottg:UA00000000000000000", "Marta's village", [], new Location(latitude, longitude), radiusKm);

    /// <summary>A square in degrees around a centre.</summary>
    public static GridPoint[] Square(double latitude, double longitude, double half) =>
    [
        GridPoint.Of(new(latitude - half, longitude - half)), GridPoint.Of(new(latitude - half, longitude + half)),
        GridPoint.Of(new(latitude + half, longitude + half)), GridPoint.Of(new(latitude + half, longitude - half)),
    ];

    public static PolygonDay Squares(string day, params (double Latitude, double Longitude, double Half)[] squares) =>
        new(Day(day), [.. squares.Select(square => new GridPolygon([Square(square.Latitude, square.Longitude, square.Half)]))]);

    public static PolygonSource Source(params PolygonDay[] days) =>
        new("polygons", DayRange.Iso(days.Max(day => day.Day)), PolygonSeries.Read(PolygonSeries.Encode(days, World)), World);

    public static string? Folder() => Vectors.Find("..", "data", "control");

    private static string[] Files() => [.. Directory.GetFiles(Folder()!, "*.geojson").Order(StringComparer.Ordinal)];

    private static PolygonDay Read(string file)
    {
        var date = Path.GetFileNameWithoutExtension(file)[^8..];
        List<DataWarning> warnings = [];
        return GeoJsonPolygons.Read(File.ReadAllBytes(file), DateOnly.ParseExact(date, "yyyyMMdd", CultureInfo.InvariantCulture).DayNumber, warnings);
    }

    private static void Need()
    {
        if (Folder() is null) Assert.Skip("shared/data/control is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
    }
}
