using System.Text;

namespace Understory.Verification;

/// <summary>Places of a file of coordinates as they lie in a data file (<c>docs/formats/data-files.md</c>), and what they are found by.</summary>
public sealed class LocatedTable
{
    /// <summary>Coordinates are kept in ten-millionths of a degree: about a centimetre.</summary>
    private const double Scale = 1e7;

    private const int MostPlaces = 8 << 20;

    private readonly TextTable _texts;
    private readonly Row[] _rows;

    private LocatedTable(TextTable texts, Row[] rows) => (_texts, _rows) = (texts, rows);

    /// <summary>A place.</summary>
    /// <param name="Name">Its main name, among the texts.</param>
    /// <param name="Region">Its oblast as the file names it, among the texts.</param>
    /// <param name="Country">ISO 3166 code, among the texts.</param>
    /// <param name="X">Longitude in ten-millionths of a degree.</param>
    /// <param name="Y">Latitude.</param>
    /// <param name="Geoname">Its number in GeoNames; 0 where it has none.</param>
    /// <param name="Population">How many live there.</param>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Auto)]
    private readonly record struct Row(int Name, int Region, int Country, int X, int Y, long Geoname, long Population);

    /// <summary>How many places there are.</summary>
    public int Count => _rows.Length;

    /// <summary>Numbers of places under the keys of all their names; those of Ukraine have no exact ones.</summary>
    internal NameTables Names { get; private set; } = null!;

    /// <summary>Places of Ukraine by what they are joined by: twice the number of the place, and one more where it is the key of its main name.</summary>
    internal KeyTable JoinKeys { get; private set; } = null!;

    /// <summary>The main name of a place.</summary>
    internal string Name(int place) => _texts.Text(_rows[place].Name);

    /// <summary>The number of its oblast's name, which <see cref="Text"/> gives.</summary>
    internal int Region(int place) => _rows[place].Region;

    /// <summary>A text by its number.</summary>
    internal string Text(int number) => _texts.Text(number);

    /// <summary>Whether it lies in Ukraine, as the file says.</summary>
    internal bool IsUkrainian(int place) => _texts[_rows[place].Country].SequenceEqual("UA"u8);

    /// <summary>Where it is.</summary>
    internal Location Location(int place) => new(_rows[place].Y / Scale, _rows[place].X / Scale);

    /// <summary>Its number in GeoNames; null where it has none.</summary>
    internal long? Geoname(int place) => _rows[place].Geoname is var number and > 0 ? number : null;

    /// <summary>How many live there; 0 where it is not known.</summary>
    internal long Population(int place) => _rows[place].Population;

    /// <summary>The content of a data file.</summary>
    public static byte[] Encode(IReadOnlyList<LocatedPlace> places)
    {
        var (keys, joins) = (new NameKeys(), new KeyTableBuilder());
        for (var i = 0; i < places.Count; i++)
        {
            var isUkrainian = places[i].Country is "UA";
            foreach (var name in places[i].Names) keys.Add(name, i, isOwn: !isUkrainian);
            if (!isUkrainian) continue;
            var main = CoordinateJoin.Key(places[i].Names[0]);
            foreach (var key in places[i].Names.Select(CoordinateJoin.Key).Distinct()) joins.Add(key, (i * 2) + (string.Equals(key, main, StringComparison.Ordinal) ? 1 : 0));
        }
        var texts = places.SelectMany(place => new[] { place.Names[0], place.Region, place.Country }).Distinct().Select(Encoding.UTF8.GetBytes).ToList();
        texts.Sort(TextTable.Compare);
        var numberOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var text in texts) numberOf.Add(Encoding.UTF8.GetString(text), numberOf.Count);

        var content = new VarintWriter();
        content.Write(NameKeys.Version);
        TextTable.Write(content, texts);
        content.Write(places.Count);
        foreach (var place in places)
        {
            foreach (var text in new[] { place.Names[0], place.Region, place.Country }) content.Write(numberOf[text]);
            content.WriteSigned((long)Math.Round(place.Location.Longitude * Scale));
            content.WriteSigned((long)Math.Round(place.Location.Latitude * Scale));
            content.Write((ulong)(place.Geoname ?? 0));
            content.Write((ulong)place.Population);
        }
        keys.Write(content);
        joins.Write(content);
        return content.ToArray();
    }

    /// <summary>Reads the content of a data file.</summary>
    /// <exception cref="DataException">It is damaged, or of other rules for names.</exception>
    public static LocatedTable Read(ReadOnlySpan<byte> content)
    {
        var from = new VarintReader(content);
        if (from.ReadInt(int.MaxValue) != NameKeys.Version) throw VarintReader.OtherVersion();
        var texts = TextTable.Read(ref from);
        var rows = new Row[from.ReadInt(Math.Min(MostPlaces, from.Left / 7))];
        var lastText = texts.Count - 1;
        for (var i = 0; i < rows.Length; i++)
        {
            var (name, region, country) = (from.ReadInt(lastText), from.ReadInt(lastText), from.ReadInt(lastText));
            var (x, y) = (from.ReadSigned(), from.ReadSigned());
            if (x is < -1_800_000_000 or > 1_800_000_000 || y is < -900_000_000 or > 900_000_000) throw VarintReader.Damaged();
            var (geoname, population) = (from.Read(), from.Read());
            if (geoname > long.MaxValue || population > long.MaxValue) throw VarintReader.Damaged();
            rows[i] = new Row(name, region, country, (int)x, (int)y, (long)geoname, (long)population);
        }
        var table = new LocatedTable(texts, rows) { Names = NameTables.Read(ref from, rows.Length), JoinKeys = KeyTable.Read(ref from, rows.Length * 2) };
        return from.AtEnd ? table : throw VarintReader.Damaged();
    }
}
