namespace Understory.Verification;

/// <summary>What a row of the codifier is.</summary>
public enum KatottgCategory
{
    /// <summary>Oblast, and the Autonomous Republic of Crimea (O).</summary>
    Oblast,

    /// <summary>A city with special status: Kyiv, Sevastopol (K). Both an oblast and a settlement.</summary>
    SpecialCity,

    /// <summary>Raion (P).</summary>
    Raion,

    /// <summary>Hromada (H).</summary>
    Hromada,

    /// <summary>Town (M, місто).</summary>
    Town,

    /// <summary>Urban-type settlement (T, смт; none since 2024).</summary>
    UrbanSettlement,

    /// <summary>Settlement (X, селище).</summary>
    Settlement,

    /// <summary>Village (C, село).</summary>
    Village,

    /// <summary>A district of a town (B). No candidate of its own.</summary>
    CityDistrict,
}

/// <summary>A row of the codifier.</summary>
/// <param name="Code">Its code: UA and seventeen digits.</param>
/// <param name="Category">What it is.</param>
/// <param name="Name">Its name; of an oblast, raion or hromada the adjective alone (<c>Харківська</c>).</param>
/// <param name="Parents">Codes of what it lies in, the largest first, without itself.</param>
public sealed record KatottgUnit(string Code, KatottgCategory Category, string Name, IReadOnlyList<string> Parents)
{
    /// <summary>Whether people live in it under its name: towns, settlements, villages, and the two cities with special status.</summary>
    public bool IsPlace => Category.IsPlace();
}

/// <summary>What categories mean.</summary>
internal static class KatottgCategories
{
    /// <summary>Whether people live in it under its name.</summary>
    public static bool IsPlace(this KatottgCategory category) =>
        category is KatottgCategory.Town or KatottgCategory.UrbanSettlement or KatottgCategory.Settlement or KatottgCategory.Village or KatottgCategory.SpecialCity;
}

/// <summary>
/// The codifier of administrative units and territories of hromadas (KATOTTG; order no. 290 of 26 November 2020 of the
/// Ministry for Communities and Territories of Ukraine), as a table of seven columns parted by <c>;</c>.
/// </summary>
public sealed class Katottg
{
    private static readonly string[] Header = ["Перший рівень", "Другий рівень", "Третій рівень", "Четвертий рівень", "Додатковий рівень", "Категорія об’єкта", "Назва об’єкта"];
    private readonly Dictionary<string, KatottgUnit> _byCode;

    private Katottg(List<KatottgUnit> units, Dictionary<string, KatottgUnit> byCode) => (Units, _byCode) = (units, byCode);

    /// <summary>Of units whose codes differ.</summary>
    internal Katottg(List<KatottgUnit> units)
        : this(units, units.ToDictionary(unit => unit.Code, StringComparer.Ordinal))
    {
    }

    /// <summary>All rows, in the order of the file.</summary>
    public IReadOnlyList<KatottgUnit> Units { get; }

    /// <summary>The unit of a code; null where there is none.</summary>
    public KatottgUnit? Find(string code) => _byCode.GetValueOrDefault(code);

    /// <summary>
    /// Reads it. Any row that is not as it must be is an error: the codifier is made by a program, so a fault in it means a
    /// damaged or a different file.
    /// </summary>
    public static Katottg Read(Stream stream)
    {
        var units = new List<KatottgUnit>();
        var byCode = new Dictionary<string, KatottgUnit>(StringComparer.Ordinal);
        var seenHeader = false;
        foreach (var (line, fields) in DelimitedText.Read(stream, ';', quotes: true))
        {
            if (!seenHeader)
            {
                if (!Matches(fields)) throw new DataException("This is not the codifier: its first line must name the columns from «Перший рівень» to «Назва об’єкта», parted by semicolons.", line);
                seenHeader = true;
                continue;
            }
            var unit = Parse(fields, line);
            if (!byCode.TryAdd(unit.Code, unit)) throw new DataException($"The code {unit.Code} stands there twice.", line);
            foreach (var parent in unit.Parents)
            {
                if (!byCode.ContainsKey(parent)) throw new DataException($"{unit.Code} lies in {parent}, which is not in the file before it.", line);
            }
            if (unit.Parents.Count > 0 && !unit.Parents.SkipLast(1).SequenceEqual(byCode[unit.Parents[^1]].Parents)) throw new DataException($"{unit.Code} and {unit.Parents[^1]}, which it lies in, do not lie in the same.", line);
            units.Add(unit);
        }
        if (!seenHeader) throw new DataException("The file is empty.");
        if (!units.Exists(unit => unit.IsPlace)) throw new DataException("There is no place in the file.");
        return new Katottg(units, byCode);
    }

    private static bool Matches(string[] fields)
    {
        if (fields.Length != Header.Length) return false;
        return fields.Zip(Header).All(pair => string.Equals(PlaceNames.Normalise(pair.First), PlaceNames.Normalise(pair.Second), StringComparison.Ordinal));
    }

    private static KatottgUnit Parse(string[] fields, int line)
    {
        if (fields.Length != Header.Length) throw new DataException($"There are {fields.Length} columns instead of {Header.Length}.", line);
        var codes = fields.AsSpan(0, 5).ToArray().Select(code => code.Trim()).Where(code => code.Length > 0).Distinct().ToArray();
        if (codes.Length == 0) throw new DataException("There is no code.", line);
        foreach (var code in codes)
        {
            if (!IsCode(code)) throw new DataException("A code is not UA and seventeen digits.", line);
        }
        var category = fields[5].Trim() switch
        {
            "O" or "О" => KatottgCategory.Oblast,
            "K" or "К" => KatottgCategory.SpecialCity,
            "P" or "Р" => KatottgCategory.Raion,
            "H" or "Н" => KatottgCategory.Hromada,
            "M" or "М" => KatottgCategory.Town,
            "T" or "Т" => KatottgCategory.UrbanSettlement,
            "X" or "Х" => KatottgCategory.Settlement,
            "C" or "С" => KatottgCategory.Village,
            "B" or "В" => KatottgCategory.CityDistrict,
            _ => throw new DataException("The category is none of O, K, P, H, M, T, X, C, B.", line),
        };
        var name = fields[6].Trim();
        if (name.Length is 0 or > 100) throw new DataException("The name is empty or has more than 100 characters.", line);
        return new KatottgUnit(codes[^1], category, name, codes[..^1]);
    }

    /// <summary>Whether a text is a code as the codifier writes it.</summary>
    public static bool IsCode(ReadOnlySpan<char> text) => text.Length == 19 && text.StartsWith("UA") && !text[2..].ContainsAnyExceptInRange('0', '9');
}
