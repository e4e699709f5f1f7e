using System.Globalization;
using System.IO.Compression;

namespace Understory.Verification;

/// <summary>
/// Turns files of the sources into the content of data files. All of a file is read and checked before anything comes out: a
/// damaged one is a <see cref="DataException"/> that names it, and what was imported before stays as it was.
/// </summary>
public sealed class DataImport
{
    private const int MaxTable = 256 << 20;

    private readonly List<ImportWarning> _warnings = [];

    /// <summary>How many more there were than are kept: a small archive unpacks to millions of rows, each of which could have one.</summary>
    public long Dropped { get; private set; }

    /// <summary>What was repaired or left out so far.</summary>
    public IReadOnlyList<ImportWarning> Warnings => _warnings;

    /// <summary>Reads files of a source.</summary>
    /// <param name="source">Which source.</param>
    /// <param name="files">The files, at least one.</param>
    /// <param name="former">What was imported before; it is added to where the source grows. Null where there is nothing, or to begin anew.</param>
    /// <param name="edition">The day of the edition, where somebody says it; otherwise it is taken from the name or the content.</param>
    /// <param name="codifier">The codifier, which the official list needs.</param>
    /// <exception cref="DataException">A file is not what it should be.</exception>
    public Imported Read(DataSource source, IReadOnlyList<DataInput> files, DataFile? former, int? edition, Codifier? codifier)
    {
        var imported = ReadSource(source, files, former, edition, codifier);
        return imported with { Header = imported.Header with { Warnings = (int)Math.Min(int.MaxValue, _warnings.Count + Dropped + (former?.Header.Warnings ?? 0)) } };
    }

    private Imported ReadSource(DataSource source, IReadOnlyList<DataInput> files, DataFile? former, int? edition, Codifier? codifier) => source.Name switch
    {
        "order376" => ReadOrder(source, One(source, files), edition, codifier),
        "katottg" => ReadTable(source, One(source, files), edition, (stream, _) => Understood(Katottg.Read(stream))),
        "gazetteer" => ReadTable(source, One(source, files), edition, (stream, warnings) => Understood(CoordinateFiles.ReadAliases(stream, warnings))),
        "geonames" => ReadTable(source, One(source, files), edition, (stream, warnings) => Understood(CoordinateFiles.ReadGeonames(stream, warnings))),
        "viina" => ReadViina(source, files, former),
        "deepstate" or "polygons" => ReadPolygons(source, files, former),
        "ucdp" => ReadIncidents(source, files),
        "units" => ReadUnits(source, files),
        _ => throw new ArgumentException($"There is no reader for {source.Name}.", nameof(source)),
    };

    private static DataInput One(DataSource source, IReadOnlyList<DataInput> files) =>
        files.Count == 1 ? files[0] : throw new DataException($"{source.Name} is one file; {files.Count} were given.");

    private static (byte[] Content, string Summary) Understood(Katottg katottg) => (Codifier.Encode(katottg), $"{katottg.Units.Count} units");

    private static (byte[] Content, string Summary) Understood(IReadOnlyList<LocatedPlace> places) => (LocatedTable.Encode(places), $"{places.Count} places");

    private Imported ReadOrder(DataSource source, DataInput file, int? edition, Codifier? codifier)
    {
        if (codifier is null) throw new DataException("The official list names places by the codes of the codifier: import katottg first.");
        var day = edition ?? file.Day ?? throw new DataException("Say of which day the edition of the list is (--edition): neither its name nor its content says it.");
        DayRange? covered = null;
        var imported = ReadTable(source, file, day, (stream, warnings) =>
        {
            var list = OfficialList.Read(stream, DateOnly.FromDayNumber(day), codifier.ToRows());
            foreach (var warning in list.Warnings) warnings.Add(warning);
            covered = list.Covered;
            return (OfficialListCodec.Encode(list, codifier), $"{list.Rows} rows");
        });
        return imported with { Header = imported.Header with { First = covered?.First, Last = covered?.Last } };
    }

    /// <summary>A source that is one table of text. It is understood here, once: the data file has what was understood.</summary>
    private Imported ReadTable(DataSource source, DataInput file, int? edition, Func<Stream, WarningList, (byte[] Content, string Summary)> read)
    {
        var (content, summary) = Named(file, stream => Collect(file, warnings => read(new MemoryStream(Table(stream, source.Endings[0]), writable: false), warnings)));
        var day = edition ?? file.Day;
        return new Imported(Header(source, day is null ? "not said" : DayRange.Iso(day.Value), null), content, summary);
    }

    private Imported ReadPolygons(DataSource source, IReadOnlyList<DataInput> files, DataFile? former)
    {
        var days = former is null ? [] : PolygonSeries.Read(former.Content).ToDays().ToDictionary(day => day.Day);
        var fresh = new Dictionary<int, string>();
        foreach (var file in files)
        {
            if (file.Day is not { } day) throw new DataException($"{file.Name}: the name does not say of which day the map is (20240708 or 2024-07-08).");
            if (!fresh.TryAdd(day, file.Name)) throw new DataException($"{file.Name}: {fresh[day]} is of the same day.");
            days[day] = Named(file, stream => Collect(file, warnings => GeoJsonPolygons.Read(DataFile.ReadAll(stream, GeoJsonPolygons.MaxBytes), day, warnings)));
        }
        var covered = new DayRange(days.Keys.Min(), days.Keys.Max());
        return new Imported(Header(source, DayRange.Iso(covered.Last), covered), PolygonSeries.Encode(days.Values, Outline.Ukraine), $"{days.Count} days");
    }

    private Imported ReadViina(DataSource source, IReadOnlyList<DataInput> files, DataFile? former)
    {
        var all = former is null ? new ViinaControl() : ViinaControl.Decode(former.Content.Span);
        foreach (var file in files) Named(file, stream => Collect(file, warnings => { all.Read(stream, warnings); return 0; }));
        if (all.Days is not { } covered) throw new DataException("The files say nothing of any place.");
        return new Imported(Header(source, DayRange.Iso(covered.Last), covered), all.Encode(), $"{all.PlaceCount} places");
    }

    private Imported ReadIncidents(DataSource source, IReadOnlyList<DataInput> files)
    {
        Incidents? all = null;
        foreach (var file in files)
        {
            var read = Named(file, stream => Collect(file, warnings => Incidents.Read(new MemoryStream(Table(stream, ".csv"), writable: false), "", warnings)));
            all = all is null ? read : all.With(read);
        }
        if (all?.Days is not { } covered) throw new DataException("The files have no event around Ukraine.");
        return new Imported(Header(source, DayRange.Iso(covered.Last), covered), all.Encode(), $"{all.Count} events");
    }

    private Imported ReadUnits(DataSource source, IReadOnlyList<DataInput> files)
    {
        UnitPositions? all = null;
        foreach (var file in files)
        {
            var read = Named(file, stream => Collect(file, warnings => UnitPositions.Read(stream, "", warnings)));
            all = all is null ? read : all.With(read);
        }
        if (all?.Days is not { } covered) throw new DataException("The files have no position.");
        return new Imported(Header(source, DayRange.Iso(covered.Last), covered), all.Encode(), $"{all.Count} positions");
    }

    private static DataHeader Header(DataSource source, string edition, DayRange? covered) =>
        new(source.Name, source.Name, source.Origin, source.Licence, edition, covered?.First, covered?.Last);

    /// <summary>The bytes of a table, which may lie alone in an archive, or beside a file that tells about it.</summary>
    private static byte[] Table(Stream file, string ending)
    {
        Span<byte> head = stackalloc byte[2];
        var isZip = file.ReadAtLeast(head, 2, throwOnEndOfStream: false) == 2 && head.SequenceEqual("PK"u8);
        file.Position = 0;
        if (!isZip) return DataFile.ReadAll(file, MaxTable);
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var table = archive.Entries.Where(entry => entry.Name.EndsWith(ending, StringComparison.OrdinalIgnoreCase)).MaxBy(entry => entry.Length);
            if (table is null) throw new DataException($"The archive has no {ending} file.");
            using var unpacked = table.Open();
            return DataFile.ReadAll(unpacked, MaxTable);
        }
        catch (InvalidDataException fault)
        {
            throw new DataException("The archive is damaged.", inner: fault);
        }
    }

    private T Collect<T>(DataInput file, Func<WarningList, T> read)
    {
        var warnings = new WarningList();
        var result = read(warnings);
        _warnings.AddRange(warnings.Select(warning => new ImportWarning(file.Name, warning)));
        Dropped += warnings.Dropped;
        return result;
    }

    private static T Named<T>(DataInput file, Func<Stream, T> read)
    {
        using var stream = file.Open();
        try
        {
            return read(stream);
        }
        catch (DataException fault)
        {
            throw new DataException(string.Create(CultureInfo.InvariantCulture, $"{file.Name}: {fault.Message}"), inner: fault);
        }
    }
}
