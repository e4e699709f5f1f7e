using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;

namespace Understory.Verification;

/// <summary>
/// Control files of VIINA 2.0 (Zhukov and Ayers): for a number of GeoNames and a day what each of its own sources says. They
/// are kept apart as <c>viina-wiki</c>, <c>viina-boost</c>, <c>viina-dsm</c> and <c>viina-isw</c>; the joint column counts,
/// as <c>viina</c>, only where none of the four says anything, as it is made of them. Its days are those of reports.
/// </summary>
public sealed class ViinaControl
{
    private const int Version = 1;
    private const int MaxPlaces = 1_000_000;
    private const long MaxUnpacked = 8L << 30;

    private static readonly ImmutableArray<string> Columns = ["status", "status_wiki", "status_boost", "status_dsm", "status_isw"];
    private static readonly ImmutableArray<string> Names = ["viina", "viina-wiki", "viina-boost", "viina-dsm", "viina-isw"];

    // The runs of each place, by source.
    private readonly Dictionary<int, ControlRuns?[]> _places = [];

    /// <summary>From the first day to the last of what was read; null while nothing was.</summary>
    public DayRange? Days { get; private set; }

    /// <summary>How many places it knows.</summary>
    public int PlaceCount => _places.Count;

    /// <summary>Adds a file, as CSV or zipped CSV. After an error nothing of this object may be used.</summary>
    /// <param name="file">From its beginning; it can seek.</param>
    /// <param name="warnings">Rows that were left out.</param>
    /// <exception cref="DataException">It is no such file, or damaged.</exception>
    public void Read(Stream file, IList<DataWarning> warnings)
    {
        Span<byte> head = stackalloc byte[2];
        var isZip = file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head.SequenceEqual("PK"u8);
        file.Position = 0;
        if (!isZip)
        {
            ReadRows(file, warnings);
            return;
        }
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var tables = archive.Entries.Where(entry => entry.Name.EndsWith(".csv", StringComparison.OrdinalIgnoreCase)).ToArray();
            if (tables.Length == 0) throw new DataException("The archive has no CSV file.");
            if (tables.Sum(entry => (decimal)entry.Length) > MaxUnpacked) throw new DataException("The archive unpacks to more than any such file has.");
            foreach (var table in tables)
            {
                using var unpacked = table.Open();
                ReadRows(unpacked, warnings);
            }
        }
        catch (InvalidDataException fault)
        {
            throw new DataException("The archive is damaged.", inner: fault);
        }
    }

    /// <summary>The content of a data file.</summary>
    public byte[] Encode()
    {
        var writer = new VarintWriter();
        writer.Write(Version);
        writer.Write(_places.Count);
        var before = 0;
        foreach (var (id, sources) in _places.OrderBy(pair => pair.Key))
        {
            writer.Write(id - before);
            before = id;
            foreach (var source in sources)
            {
                var runs = source?.Sorted() ?? [];
                writer.Write(runs.Count);
                var day = 0;
                foreach (var run in runs)
                {
                    writer.Write(run.First - day);
                    writer.Write(((ulong)(run.Last - run.First) << 2) | (ulong)run.Status);
                    day = run.Last;
                }
            }
        }
        return writer.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> made, to add to it.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public static ViinaControl Decode(ReadOnlySpan<byte> content)
    {
        var reader = new VarintReader(content);
        if (reader.Read() != Version) throw new DataException("The VIINA data are of a format that is not known here: import them again.");
        var all = new ViinaControl();
        var id = 0;
        for (var left = reader.ReadInt(Math.Min(MaxPlaces, reader.Left)); left > 0; left--)
        {
            var step = reader.ReadInt(int.MaxValue - id);
            id += step;
            var sources = new ControlRuns?[Columns.Length];
            if (!all._places.TryAdd(id, sources)) throw VarintReader.Damaged();
            for (var source = 0; source < sources.Length; source++)
            {
                var (runs, day) = (reader.ReadInt(reader.Left), 0);
                for (; runs > 0; runs--)
                {
                    var first = day + reader.ReadInt(DayRange.Latest);
                    var packed = reader.ReadInt(int.MaxValue);
                    var (length, status) = (packed >> 2, (ControlStatus)(packed & 3));
                    if (first < DayRange.Earliest || first > DayRange.Latest - length || (day != 0 && first == day) || status is ControlStatus.Nothing) throw VarintReader.Damaged();
                    day = first + length;
                    (sources[source] ??= new ControlRuns()).Add(first, day, status);
                    all.Include(first, day);
                }
            }
        }
        return reader.AtEnd ? all : throw VarintReader.Damaged();
    }

    /// <summary>A source for each column that says anything.</summary>
    /// <param name="edition">The edition, for reports.</param>
    /// <param name="geoname">The number of GeoNames of a candidate; null where it has none. <c>geoname:…</c> is understood without it.</param>
    public IReadOnlyList<IControlSource> Sources(string edition, Func<Candidate, int?>? geoname = null)
    {
        if (Days is not { } days) return [];
        return
        [
            .. Enumerable.Range(0, Columns.Length).Where(source => _places.Values.Any(place => place[source] is not null))
                .Select(source => new Source(Names[source], edition, days, PeriodsOf(source), geoname)),
        ];
    }

    private FrozenDictionary<int, ControlPeriods> PeriodsOf(int source)
    {
        // Most places were held by one side throughout: equal periods are one object.
        var alike = new Dictionary<string, ControlPeriods>(StringComparer.Ordinal);
        var all = new Dictionary<int, ControlPeriods>();
        foreach (var (id, sources) in _places)
        {
            if (sources[source]?.Sorted() is not { } runs) continue;
            var key = string.Join(' ', runs);
            if (!alike.TryGetValue(key, out var periods)) alike.Add(key, periods = Periods(runs));
            all.Add(id, periods);
        }
        return all.ToFrozenDictionary();
    }

    private static ControlPeriods Periods(IReadOnlyList<(int First, int Last, ControlStatus Status)> runs)
    {
        var periods = ImmutableArray.CreateBuilder<ControlPeriod>();
        for (var i = 0; i < runs.Count; i++)
        {
            periods.Add(new ControlPeriod(runs[i].First, runs[i].Status, "reported"));
            if (i + 1 == runs.Count || runs[i + 1].First > runs[i].Last + 1) periods.Add(new ControlPeriod(runs[i].Last + 1, ControlStatus.Nothing, "no-report", Force.Never));
        }
        return new ControlPeriods(periods.DrainToImmutable());
    }

    private void ReadRows(Stream csv, IList<DataWarning> warnings)
    {
        int[]? columns = null;
        foreach (var row in DelimitedText.Read(csv, ',', quotes: true))
        {
            if (columns is null)
            {
                columns = Header(row);
                continue;
            }
            var fields = row.Fields;
            if (fields.Length <= columns.Max() || !TryDay(fields[columns[1]], out var day) || !TryId(fields[columns[0]], out var id))
            {
                warnings.Add(new DataWarning(row.Line, "The row has no number of GeoNames, no day, or is cut short; it was left out."));
                continue;
            }
            Add(id, day, row, columns.AsSpan(2), warnings);
        }
        if (columns is null) throw new DataException("The table is empty.");
    }

    private void Add(int id, int day, DelimitedRow row, ReadOnlySpan<int> columns, IList<DataWarning> warnings)
    {
        if (!_places.TryGetValue(id, out var sources))
        {
            if (_places.Count == MaxPlaces) throw new DataException($"There are more than {MaxPlaces} places.", row.Line);
            _places.Add(id, sources = new ControlRuns?[Columns.Length]);
        }
        var said = false;
        // The joint column, which stands first, is looked at last.
        for (var i = columns.Length - 1; i >= 0; i--)
        {
            if (columns[i] < 0 || (i == 0 && said)) continue;
            var text = row.Fields[columns[i]].Trim();
            var status = text.ToUpperInvariant() switch
            {
                "UA" => ControlStatus.UA,
                "RU" => ControlStatus.RU,
                "CONTESTED" => ControlStatus.Contested,
                _ => ControlStatus.Nothing,
            };
            if (status is ControlStatus.Nothing)
            {
                if (text is not ("" or "NA" or "NaN" or "NULL")) warnings.Add(new DataWarning(row.Line, $"\"{(text.Length > 20 ? text[..20] : text)}\" is no status; it was left out."));
                continue;
            }
            (sources[i] ??= new ControlRuns()).Add(day, day, status);
            said = true;
            Include(day, day);
        }
    }

    private void Include(int first, int last) =>
        Days = Days is { } days ? new DayRange(Math.Min(days.First, first), Math.Max(days.Last, last)) : new DayRange(first, last);

    /// <summary>Where the number, the day and each of <see cref="Columns"/> stand; -1 for a column that is not there.</summary>
    private static int[] Header(DelimitedRow row)
    {
        int Find(string name) => Array.FindIndex(row.Fields, field => field.Trim().Equals(name, StringComparison.OrdinalIgnoreCase));
        int[] columns = [Find("geonameid"), Find("date"), .. Columns.Select(Find)];
        if (columns[0] < 0 || columns[1] < 0 || columns.Skip(2).All(column => column < 0))
        {
            throw new DataException("The table has not the columns of VIINA: geonameid, date, status_wiki, status_boost, status_dsm, status_isw, status.", row.Line);
        }
        return columns;
    }

    private static bool TryId(string text, out int id) => int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out id);

    private static bool TryDay(string text, out int day)
    {
        var found = DateOnly.TryParseExact(text.Trim(), ["yyyy-MM-dd", "yyyyMMdd"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var date);
        day = date.DayNumber;
        return found && day >= DayRange.Earliest && day <= DayRange.Latest;
    }

    private sealed class Source(string name, string version, DayRange covered, FrozenDictionary<int, ControlPeriods> places, Func<Candidate, int?>? geoname) : IControlSource
    {
        private const string Prefix = "geoname:";

        public string Name => name;

        public string Version => version;

        public DayRange Covered => covered;

        public ControlPeriods Of(Candidate place)
        {
            var id = place.Id.StartsWith(Prefix, StringComparison.Ordinal) && TryId(place.Id[Prefix.Length..], out var own) ? own : geoname?.Invoke(place);
            return id is { } known && places.TryGetValue(known, out var periods) ? periods : ControlPeriods.None;
        }
    }
}
