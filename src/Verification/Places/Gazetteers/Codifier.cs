using System.Security.Cryptography;
using System.Text;

namespace Understory.Verification;

/// <summary>
/// The codifier as it lies in a data file (<c>docs/formats/data-files.md</c>): its units in arrays, and what they are found by.
/// <see cref="Katottg"/> is the same as rows; it is made of the text, and where something is imported that needs it.
/// </summary>
public sealed class Codifier
{
    private const int IdLength = 32;
    private const int MostUnits = 1 << 20;

    /// <summary>Additional level, the deepest: district of a town of a hromada of a raion of an oblast.</summary>
    private const int MostParents = 4;

    private readonly byte[] _id;
    private readonly KatottgCategory[] _categories;
    private readonly int[] _parents;
    private readonly int[] _nameOf;
    private readonly TextTable _names;

    private Codifier(byte[] id, TextTable names, UnitCodes codes, KatottgCategory[] categories, int[] parents, int[] nameOf) =>
        (_id, _names, Codes, _categories, _parents, _nameOf) = (id, names, codes, categories, parents, nameOf);

    /// <summary>What makes it known to contents that were made with it: SHA-256 of its units.</summary>
    public ReadOnlySpan<byte> Id => _id;

    /// <summary>How many units there are; they are counted from 0 in the order of the file, and lie after what they lie in.</summary>
    public int Count => _categories.Length;

    /// <summary>Their codes.</summary>
    internal UnitCodes Codes { get; }

    /// <summary>Names of places, by which numbers of names are found.</summary>
    internal NameTables Names { get; private set; } = null!;

    /// <summary>For each number of a name the places (units) that bear it.</summary>
    internal Groups Bearers { get; private set; } = null!;

    /// <summary>Numbers of names by what coordinates are joined by (<see cref="CoordinateJoin.Key"/>).</summary>
    internal KeyTable JoinKeys { get; private set; } = null!;

    /// <summary>Oblasts, raions and hromadas by the stems of what they are called (<see cref="UnitNames"/>).</summary>
    internal KeyTable Stems { get; private set; } = null!;

    /// <summary>What a unit is.</summary>
    internal KatottgCategory Category(int unit) => _categories[unit];

    /// <summary>What a unit lies in next; -1 for an oblast.</summary>
    internal int Parent(int unit) => _parents[unit];

    /// <summary>Its name.</summary>
    internal string Name(int unit) => _names.Text(_nameOf[unit]);

    /// <summary>The oblast that a unit lies in, or is.</summary>
    internal int Oblast(int unit)
    {
        while (_parents[unit] >= 0) unit = _parents[unit];
        return unit;
    }

    /// <summary>What a unit lies in, the largest first, without itself.</summary>
    internal List<int> Parents(int unit)
    {
        var parents = new List<int>();
        for (var parent = _parents[unit]; parent >= 0; parent = _parents[parent]) parents.Insert(0, parent);
        return parents;
    }

    /// <summary>The content of a data file.</summary>
    public static byte[] Encode(Katottg katottg)
    {
        var units = new VarintWriter();
        var names = katottg.Units.Select(unit => unit.Name).Distinct().Select(Encoding.UTF8.GetBytes).ToList();
        names.Sort(TextTable.Compare);
        TextTable.Write(units, names);
        var numberOf = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names) numberOf.Add(Encoding.UTF8.GetString(name), numberOf.Count);
        var ordinalOf = new Dictionary<string, int>(StringComparer.Ordinal);
        units.Write(katottg.Units.Count);
        long before = 0;
        foreach (var unit in katottg.Units)
        {
            var code = UnitCodes.Number(unit.Code);
            units.WriteSigned(code - before);
            units.Write((int)unit.Category);
            units.Write(unit.Parents.Count == 0 ? 0 : ordinalOf.Count - ordinalOf[unit.Parents[^1]]);
            units.Write(numberOf[unit.Name]);
            ordinalOf.Add(unit.Code, ordinalOf.Count);
            before = code;
        }

        var keys = new NameKeys();
        var joins = new KeyTableBuilder();
        foreach (var name in katottg.Units.Where(unit => unit.IsPlace).Select(unit => unit.Name).Distinct())
        {
            keys.AddOwn(name, numberOf[name]);
            joins.Add(CoordinateJoin.Key(name), numberOf[name]);
        }
        var stems = new KeyTableBuilder();
        foreach (var unit in katottg.Units)
        {
            foreach (var stem in UnitNames.StemsOf(unit)) stems.Add(stem, ordinalOf[unit.Code]);
        }

        var unitBytes = units.ToArray();
        var content = new VarintWriter();
        content.Write(NameKeys.Version);
        content.WriteBytes(SHA256.HashData(unitBytes));
        content.WriteBytes(unitBytes);
        keys.Write(content);
        joins.Write(content);
        stems.Write(content);
        return content.ToArray();
    }

    /// <summary>Reads the content of a data file.</summary>
    /// <exception cref="DataException">It is damaged, or of other rules for names.</exception>
    public static Codifier Read(ReadOnlySpan<byte> content)
    {
        var from = new VarintReader(content);
        if (from.ReadInt(int.MaxValue) != NameKeys.Version) throw VarintReader.OtherVersion();
        var id = from.Take(IdLength).ToArray();
        var names = TextTable.Read(ref from);
        var count = from.ReadInt(Math.Min(MostUnits, from.Left / 4));
        var (codes, categories, parents, nameOf, depths) = (new long[count], new KatottgCategory[count], new int[count], new int[count], new byte[count]);
        long code = 0;
        for (var unit = 0; unit < count; unit++)
        {
            codes[unit] = code = unchecked(code + from.ReadSigned());
            categories[unit] = (KatottgCategory)from.ReadInt((int)KatottgCategory.CityDistrict);
            parents[unit] = from.ReadInt(unit) is var back and > 0 ? unit - back : -1;
            depths[unit] = parents[unit] < 0 ? (byte)0 : (byte)(depths[parents[unit]] + 1);
            if (depths[unit] > MostParents) throw VarintReader.Damaged();
            nameOf[unit] = from.ReadInt(names.Count - 1);
        }
        var codifier = new Codifier(id, names, new UnitCodes(codes), categories, parents, nameOf)
        {
            Names = NameTables.Read(ref from, names.Count),
            JoinKeys = KeyTable.Read(ref from, names.Count),
            Stems = KeyTable.Read(ref from, count),
        };
        if (!from.AtEnd) throw VarintReader.Damaged();
        var bearers = new List<(int, int)>(count);
        for (var unit = 0; unit < count; unit++)
        {
            if (categories[unit].IsPlace()) bearers.Add((nameOf[unit], unit));
        }
        codifier.Bearers = new Groups(names.Count, bearers);
        return codifier;
    }

    /// <summary>The same as rows.</summary>
    public Katottg ToRows()
    {
        var units = new List<KatottgUnit>(Count);
        for (var unit = 0; unit < Count; unit++) units.Add(new KatottgUnit(Codes[unit], Category(unit), Name(unit), [.. Parents(unit).Select(parent => Codes[parent])]));
        return new Katottg(units);
    }
}
