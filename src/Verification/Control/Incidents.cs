using System.Collections.Immutable;
using System.Globalization;

namespace Understory.Verification;

/// <summary>Something that was reported: from UCDP GED.</summary>
/// <param name="Days">When it may have been.</param>
/// <param name="At">Where it was put.</param>
/// <param name="BufferKm">So far from there it may have been.</param>
/// <param name="Text">What, in the words of the source.</param>
internal sealed record Incident(DayRange Days, Location At, double BufferKm, string Text);

/// <summary>
/// Incidents of UCDP GED (Sundberg and Melander 2013; codebook 25.1, <c>where_prec</c> and <c>date_prec</c>). An incident is near
/// a place if it may have been within 5 km of it. It may support a story and never contradicts one: no record is no evidence.
/// </summary>
public sealed class Incidents : INearbySource
{
    // What is asked is whether something was reported here, so an exact place has some room too.
    private const double NearKm = 5;

    // Far enough around Ukraine for what is told of the border regions.
    private const double South = 43, North = 57, West = 21, East = 46;

    private const int MaxText = 400;

    private static readonly ImmutableArray<string> Needed = ["where_prec", "date_prec", "latitude", "longitude", "date_start", "date_end", "best"];

    private readonly ImmutableArray<Incident> _incidents;
    private readonly int _longest;

    private Incidents(string version, IEnumerable<Incident> incidents)
    {
        Version = version;
        _incidents = [.. incidents.OrderBy(incident => incident.Days.First)];
        _longest = _incidents.IsEmpty ? 0 : _incidents.Max(incident => incident.Days.Count);
    }

    /// <inheritdoc/>
    public string Name => "ucdp";

    /// <inheritdoc/>
    public string Version { get; }

    /// <summary>How many there are.</summary>
    public int Count => _incidents.Length;

    /// <summary>From the first day to the last; null where there is none.</summary>
    public DayRange? Days => _incidents.IsEmpty ? null : new DayRange(_incidents[0].Days.First, _incidents.Max(incident => incident.Days.Last));

    /// <summary>Reads a table of events: those around Ukraine whose place and day are known closely enough to say anything.</summary>
    /// <exception cref="DataException">It is no such table, or damaged.</exception>
    public static Incidents Read(Stream csv, string version, IList<DataWarning> warnings)
    {
        Dictionary<string, int>? columns = null;
        var incidents = new List<Incident>();
        foreach (var row in DelimitedText.Read(csv, ',', quotes: true))
        {
            if (columns is null)
            {
                columns = row.Fields.Select((name, index) => (name: name.Trim().ToLowerInvariant(), index)).DistinctBy(pair => pair.name).ToDictionary(pair => pair.name, pair => pair.index, StringComparer.Ordinal);
                if (Needed.FirstOrDefault(name => !columns.ContainsKey(name)) is { } missing) throw new DataException($"The table has no column \"{missing}\", as those of UCDP GED have.", row.Line);
                continue;
            }
            if (Parse(row, columns, warnings) is { } incident) incidents.Add(incident);
        }
        if (columns is null) throw new DataException("The table is empty.");
        return new Incidents(version, incidents);
    }

    /// <summary>With those of another table. What stands in both counts once.</summary>
    public Incidents With(Incidents other) => new(Version, _incidents.Concat(other._incidents).Distinct());

    /// <summary>The content of a data file.</summary>
    public byte[] Encode()
    {
        var writer = new VarintWriter();
        writer.Write(_incidents.Length);
        foreach (var incident in _incidents)
        {
            writer.Write(incident.Days.First);
            writer.Write(incident.Days.Last - incident.Days.First);
            writer.WriteSigned(GridPoint.Of(incident.At).X);
            writer.WriteSigned(GridPoint.Of(incident.At).Y);
            writer.Write((int)incident.BufferKm);
            writer.WriteText(incident.Text);
        }
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> made.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static Incidents Decode(ReadOnlySpan<byte> content, string version)
    {
        var reader = new VarintReader(content);
        var incidents = new Incident[reader.ReadInt(reader.Left)];
        for (var i = 0; i < incidents.Length; i++)
        {
            var first = reader.ReadInt(DayRange.Latest);
            var last = first + reader.ReadInt(DayRange.Latest - first);
            var (x, y) = (reader.ReadSigned(), reader.ReadSigned());
            if (first < DayRange.Earliest || x is < -GridPoint.MaxX or > GridPoint.MaxX || y is < -GridPoint.MaxY or > GridPoint.MaxY) throw VarintReader.Damaged();
            incidents[i] = new Incident(new DayRange(first, last), new GridPoint((int)x, (int)y).ToLocation(), reader.ReadInt(1000), reader.ReadText(MaxText * 4));
        }
        return reader.AtEnd ? new Incidents(version, incidents) : throw VarintReader.Damaged();
    }

    /// <inheritdoc/>
    public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit)
    {
        if (place.Location is not { } at) return [];
        var near = new List<Nearby>();
        // In order of their first days; none lasts longer than the longest.
        for (var i = InOrder.FirstFrom(_incidents, days.First - _longest, one => one.Days.First); i < _incidents.Length && _incidents[i].Days.First <= days.Last; i++)
        {
            var incident = _incidents[i];
            if (incident.Days.Last < days.First || Math.Abs(incident.At.Latitude - at.Latitude) > 5) continue;
            var km = incident.At.DistanceKm(at);
            if (km <= NearKm + incident.BufferKm + place.RadiusKm) near.Add(new Nearby(Name, "incident", incident.Days, km, incident.Text));
        }
        near.Sort((a, b) => a.Km.CompareTo(b.Km));
        return near;
    }

    private static Incident? Parse(DelimitedRow row, Dictionary<string, int> columns, IList<DataWarning> warnings)
    {
        string Get(string name) => columns.TryGetValue(name, out var index) && index < row.Fields.Length ? row.Fields[index].Trim() : "";
        if (!double.TryParse(Get("latitude"), NumberStyles.Float, CultureInfo.InvariantCulture, out var latitude)
            || !double.TryParse(Get("longitude"), NumberStyles.Float, CultureInfo.InvariantCulture, out var longitude)
            || !int.TryParse(Get("where_prec"), NumberStyles.None, CultureInfo.InvariantCulture, out var wherePrecision)
            || !int.TryParse(Get("date_prec"), NumberStyles.None, CultureInfo.InvariantCulture, out var datePrecision)
            || !TryDay(Get("date_start"), out var first) || !TryDay(Get("date_end"), out var last) || last < first)
        {
            warnings.Add(new DataWarning(row.Line, "The event has no place, no day or no precision; it was left out."));
            return null;
        }
        if (latitude is not (>= South and <= North) || longitude is not (>= West and <= East)) return null;
        // 1 exact; 2 within some 25 km; 3 in a district; 4 in a region; 5 to 7 a line, a country or the sea say nothing of a place.
        double? buffer = wherePrecision switch { 1 => 0, 2 => 25, 3 => 50, 4 => 150, _ => null };
        // 1 the day; 2 some days, 3 a week, 4 a month, between the two dates; 5 a year or more says nothing of a day.
        int? slack = datePrecision switch { 1 => 0, 2 => 1, 3 => 3, 4 => 7, _ => null };
        if (buffer is null || slack is null) return null;
        var text = string.Join("; ", new[] { Get("where_coordinates"), Join(Get("side_a"), Get("side_b")), $"best {Get("best")}", $"where_prec {wherePrecision}", $"date_prec {datePrecision}" }.Where(part => part.Length > 0));
        return new Incident(new DayRange(first - slack.Value, last + slack.Value), new Location(latitude, longitude), buffer.Value, text.Length > MaxText ? text[..MaxText] : text);
    }

    private static string Join(string a, string b) => a.Length > 0 && b.Length > 0 ? $"{a} – {b}" : a + b;

    private static bool TryDay(string text, out int day)
    {
        var found = DateOnly.TryParseExact(text.Split(' ')[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = date.DayNumber;
        return found && day > DayRange.Earliest + 31 && day < DayRange.Latest - 31;
    }
}
