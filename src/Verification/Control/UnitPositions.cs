using System.Collections.Immutable;
using System.Globalization;

namespace Understory.Verification;

/// <summary>Where a map had the icon of a unit's headquarters on a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="At">Where.</param>
/// <param name="Unit">The unit, as the map calls it.</param>
/// <param name="Country"><c>ru</c> or <c>ua</c>, as the map says.</param>
internal sealed record UnitPosition(int Day, Location At, string Unit, string Country);

/// <summary>
/// Positions of units of both countries, several a day. An icon stands for a headquarters, so it is near a place within 40 km
/// of it, and within 10 days: maps were drawn every few days. It may support a story and never contradicts one.
/// </summary>
public sealed class UnitPositions : INearbySource
{
    private const double NearKm = 40;
    private const int NearDays = 10;
    private const int MaxText = 400;
    private const int MaxShown = 20;

    private static readonly ImmutableArray<string> Needed = ["date", "unit", "country"];

    private readonly ImmutableArray<UnitPosition> _positions;
    private readonly ImmutableDictionary<string, UnitName> _names;

    private UnitPositions(string version, IEnumerable<UnitPosition> positions)
    {
        Version = version;
        _positions = [.. positions.Distinct().OrderBy(position => position.Day)];
        _names = _positions.Select(position => position.Unit).Distinct(StringComparer.Ordinal).ToImmutableDictionary(name => name, UnitName.Of, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public string Name => "units";

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>How many there are.</summary>
    public int Count => _positions.Length;

    /// <summary>From the first day to the last; null where there is none.</summary>
    public DayRange? Days => _positions.IsEmpty ? null : new DayRange(_positions[0].Day, _positions[^1].Day);

    /// <summary>Reads a table with the columns <c>date</c>, <c>lat</c>, <c>lng</c> (or <c>lon</c>), <c>unit</c> and <c>country</c>.</summary>
    /// <exception cref="DataException">It is no such table, or damaged.</exception>
    public static UnitPositions Read(Stream csv, string version, IList<DataWarning> warnings)
    {
        int[]? columns = null;
        var positions = new List<UnitPosition>();
        foreach (var row in DelimitedText.Read(csv, ',', quotes: true))
        {
            if (columns is null)
            {
                columns = Header(row);
                continue;
            }
            if (Parse(row, columns) is { } position) positions.Add(position);
            else warnings.Add(new DataWarning(row.Line, "The row has no day, no place or no unit; it was left out."));
        }
        if (columns is null) throw new DataException("The table is empty.");
        return new UnitPositions(version, positions);
    }

    /// <summary>With those of another table: files of one series lie side by side.</summary>
    public UnitPositions With(UnitPositions other) => new(Version, _positions.Concat(other._positions));

    /// <summary>The content of a data file.</summary>
    public byte[] Encode()
    {
        var writer = new VarintWriter();
        writer.Write(_positions.Length);
        foreach (var position in _positions)
        {
            writer.Write(position.Day);
            writer.WriteSigned(GridPoint.Of(position.At).X);
            writer.WriteSigned(GridPoint.Of(position.At).Y);
            writer.WriteText(position.Unit);
            writer.WriteText(position.Country);
        }
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> made.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static UnitPositions Decode(ReadOnlySpan<byte> content, string version)
    {
        var reader = new VarintReader(content);
        var positions = new UnitPosition[reader.ReadInt(reader.Left)];
        for (var i = 0; i < positions.Length; i++)
        {
            var day = reader.ReadInt(DayRange.Latest);
            var (x, y) = (reader.ReadSigned(), reader.ReadSigned());
            if (day < DayRange.Earliest || x is < -GridPoint.MaxX or > GridPoint.MaxX || y is < -GridPoint.MaxY or > GridPoint.MaxY) throw VarintReader.Damaged();
            positions[i] = new UnitPosition(day, new GridPoint((int)x, (int)y).ToLocation(), reader.ReadText(MaxText * 4), reader.ReadText(MaxText * 4));
        }
        return reader.AtEnd ? new UnitPositions(version, positions) : throw VarintReader.Damaged();
    }

    /// <inheritdoc/>
    public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit)
    {
        if (unit is null || place.Location is not { } at) return [];
        var asked = unit.Length == 0 ? null : UnitName.Of(unit);
        var near = new List<Nearby>();
        for (var i = InOrder.FirstFrom(_positions, days.First - NearDays, one => one.Day); i < _positions.Length && _positions[i].Day <= days.Last + NearDays; i++)
        {
            var position = _positions[i];
            if (Math.Abs(position.At.Latitude - at.Latitude) > 1 + place.RadiusKm / 100) continue;
            if (asked is not null && !_names[position.Unit].MayBe(asked)) continue;
            var km = position.At.DistanceKm(at);
            if (km <= NearKm + place.RadiusKm) near.Add(new Nearby(Name, "unit", new DayRange(position.Day, position.Day), km, $"{position.Unit} ({position.Country})"));
        }
        near.Sort((a, b) => a.Km.CompareTo(b.Km));
        return near.Count > MaxShown ? near[..MaxShown] : near;
    }

    private static int[] Header(DelimitedRow row)
    {
        int Find(params string[] names) => Array.FindIndex(row.Fields, field => names.Contains(field.Trim(), StringComparer.OrdinalIgnoreCase));
        if (Needed.FirstOrDefault(name => Find(name) < 0) is { } missing) throw new DataException($"The table has no column \"{missing}\".", row.Line);
        int[] columns = [Find("date"), Find("lat", "latitude"), Find("lng", "lon", "longitude"), Find("unit"), Find("country")];
        return columns.Min() >= 0 ? columns : throw new DataException("The table has no columns \"lat\" and \"lng\".", row.Line);
    }

    private static UnitPosition? Parse(DelimitedRow row, int[] columns)
    {
        var fields = row.Fields;
        if (fields.Length <= columns.Max()
            || !DateOnly.TryParseExact(fields[columns[0]].Trim(), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day)
            || day.DayNumber < DayRange.Earliest || day.DayNumber > DayRange.Latest
            || !double.TryParse(fields[columns[1]], NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude) || latitude is not (>= -90 and <= 90)
            || !double.TryParse(fields[columns[2]], NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude) || longitude is not (>= -180 and <= 180))
        {
            return null;
        }
        var unit = fields[columns[3]].Trim();
        if (unit.Length is 0 or > MaxText || fields[columns[4]].Length > MaxText) return null;
        return new UnitPosition(day.DayNumber, GridPoint.Of(longitude, latitude).ToLocation(), unit, fields[columns[4]].Trim().ToLowerInvariant());
    }
}
