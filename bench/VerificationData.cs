using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Understory.Bench.Planted;
using Understory.Verification;

namespace Understory.Bench;

/// <summary>What checks are measured with: the real files beside the checkout where they are, and four years of maps made up.</summary>
internal static partial class VerificationData
{
    /// <summary>From the first day of the made-up series.</summary>
    public static readonly int FirstDay = new DateOnly(2022, 3, 1).DayNumber;

    public const int SeriesDays = 1461;
    private const int FrontPoints = 3000;
    private const int RearPoints = 600;

    /// <summary><c>shared/data</c>, where it lies beside the checkout; null where it or its maps do not.</summary>
    public static string? Folder() => SharedData.Folder() is { } folder && Directory.Exists(Path.Combine(folder, "control")) ? folder : null;

    /// <summary>The files of DeepState, in order of days.</summary>
    public static DataInput[] DeepState(string folder) => Inputs(Directory.GetFiles(Path.Combine(folder, "control"), "*.geojson"));

    /// <summary>Everything that lies there, imported.</summary>
    public static List<DataFile> ImportAll(string folder) =>
        [.. SharedData.Read(), Stored(Import("units", Inputs(Directory.GetFiles(Path.Combine(folder, "units"), "units_all.csv"))))];

    public static Imported Import(string source, DataInput[] files) =>
        new DataImport().Read(DataSource.Find(source)!, files, null, null, null);

    /// <summary>As it lies on the disk.</summary>
    public static byte[] Bytes(Imported imported)
    {
        using var file = new MemoryStream();
        DataFile.Write(file, imported.Header, imported.Content);
        return file.ToArray();
    }

    /// <summary>
    /// Four years of daily maps as files of GeoJSON, as many points as those of DeepState have (some 3,600): a front of 3,000
    /// points 150 to 200 m apart that moves in four places a day, and a rear that stays.
    /// </summary>
    public static DataInput[] MadeUp(int seed)
    {
        var random = new Random(seed);
        var front = new int[FrontPoints];
        var x = 36_500_000.0;
        for (var i = 0; i < FrontPoints; i++)
        {
            x += random.Next(-1500, 1600);
            front[i] = (int)x;
        }
        var files = new DataInput[SeriesDays];
        for (var day = 0; day < SeriesDays; day++)
        {
            for (var place = 0; place < 4; place++) Move(front, random);
            var json = Encoding.UTF8.GetBytes(GeoJson(front));
            files[day] = new DataInput($"map{day}.geojson", FirstDay + day, () => new MemoryStream(json, writable: false));
        }
        return files;
    }

    /// <summary>Some 15 neighbours move to one side, the middle of them the most.</summary>
    private static void Move(int[] front, Random random)
    {
        var (at, width, by) = (random.Next(FrontPoints), random.Next(5, 25), random.Next(-9000, 9000));
        for (var i = Math.Max(0, at - width); i <= Math.Min(FrontPoints - 1, at + width); i++) front[i] += by * (width - Math.Abs(i - at)) / width;
    }

    /// <summary>Every point of the front lies farther north than the one before, so no two edges ever cross.</summary>
    private static string GeoJson(int[] front)
    {
        var text = new StringBuilder("""{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[""");
        void Point(int x, int y) => text.Append(CultureInfo.InvariantCulture, $"[{x / 1e6:0.######},{y / 1e6:0.######}],");
        for (var i = 0; i < front.Length; i++) Point(front[i], 46_000_000 + (i * 1333));
        for (var i = RearPoints; i >= 0; i--) Point(40_100_000 + (i % 7 * 1000), 46_000_000 + (i * (FrontPoints - 1) / RearPoints * 1333));
        Point(front[0], 46_000_000);
        text.Length--;
        return text.Append("]]}}").ToString();
    }

    private static DataFile Stored(Imported imported) => DataFile.Read(new MemoryStream(Bytes(imported)));

    private static DataInput[] Inputs(string[] files) =>
        [.. files.Order(StringComparer.Ordinal).Select(file => new DataInput(Path.GetFileName(file), DayOf(file), () => File.OpenRead(file)))];

    private static int? DayOf(string file) =>
        Digits().Match(Path.GetFileName(file)) is { Success: true } day && DateOnly.TryParseExact(day.Value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date.DayNumber : null;

    [GeneratedRegex("[0-9]{8}", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Digits();
}
