using System.Text;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>The files that are kept beside the checkout in <c>shared/data</c>, read once, and small ones of our own.</summary>
internal static class PlacesData
{
    public static readonly DateOnly Edition = new(2025, 4, 30);
    private static readonly Lazy<Katottg?> Codifier = new(() => Open(Katottg.Read, "gazetteer", "kodifikator-16-05-2025.csv"));
    private static readonly Lazy<OfficialList?> List = new(() => Codifier.Value is { } katottg ? Open(stream => OfficialList.Read(stream, Edition, katottg), "occupation", "perelik-07052025.csv") : null);
    private static readonly Lazy<Gazetteer?> Places = new(() => Codifier.Value is { } katottg
        ? new Gazetteer(katottg, Open(stream => CoordinateFiles.ReadAliases(stream, []), "gazetteer", "warreport_ua_settlement_aliases.csv") ?? [], OldNames(), [])
        : null);

    public static Katottg RealCodifier => Codifier.Value ?? Skip<Katottg>("gazetteer/kodifikator-16-05-2025.csv");

    public static OfficialList RealList => List.Value ?? Skip<OfficialList>("occupation/perelik-07052025.csv");

    public static Gazetteer RealGazetteer => Places.Value ?? Skip<Gazetteer>("gazetteer/kodifikator-16-05-2025.csv");

    public static IReadOnlyList<Renaming> OldNames()
    {
        using var stream = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "facts", "renamings.csv"));
        return Renamings.Read(stream);
    }

    public static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>A country of two oblasts, small enough to be read here.</summary>
    public static Katottg SmallCodifier() => Katottg.Read(Bytes(SmallCodifierText));

    public const string Header = "Перший рівень;Другий рівень;Третій рівень;Четвертий рівень;Додатковий рівень;Категорія об’єкта;Назва об’єкта\n";

    public const string SmallCodifierText = Header
        + "UA63000000000041885;;;;;O;Харківська\n"
        + "UA63040000000000001;;;;;P;Зайва\n"
        + "UA63000000000041885;UA63080000000000010;;;;P;Куп’янський\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;;;H;Дворічанська\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;UA63080010010000012;;X;Дворічна\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;UA63080010020000013;;C;Іванівка\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;UA63080010030000014;;C;Кам’янка\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;UA63080010040000015;;C;Степне\n"
        + "UA63000000000041885;UA63080000000000010;UA63080010000000011;UA63080010050000016;;C;Степне\n"
        + "UA63000000000041885;UA63080000000000010;UA63080020000000020;;;H;Куп’янська\n"
        + "UA63000000000041885;UA63080000000000010;UA63080020000000020;UA63080020010000021;;M;Куп’янськ\n"
        + "UA46000000000026241;;;;;O;Львівська\n"
        + "UA46000000000026241;UA46060000000000030;;;;P;Львівський\n"
        + "UA46000000000026241;UA46060000000000030;UA46060010000000031;;;H;Львівська\n"
        + "UA46000000000026241;UA46060000000000030;UA46060010000000031;UA46060010010000032;;M;Львів\n"
        + "UA46000000000026241;UA46060000000000030;UA46060010000000031;UA46060010020000033;;C;Іванівка\n";

    public const string ListHeader = "section,oblast,raion,katottg,name,date_start,date_end\n";

    public static OfficialList SmallList(string rows) => OfficialList.Read(Bytes(ListHeader + rows), Edition, SmallCodifier());

    /// <summary>A row of the list, in the hromada of Dvorichna or with its own code.</summary>
    public static string Row(string section, string code, string name, string starts, string ends) => $"{section}. Території,1.1. ХАРКІВСЬКА ОБЛАСТЬ,Куп’янський район,{code},\"{name}\",{starts},{ends}\n";

    public static Candidate At(string code) => new("katottg:" + code, code, [], null);

    public static int Day(int year, int month, int day) => new DateOnly(year, month, day).DayNumber;

    private static T? Open<T>(Func<Stream, T> read, params string[] parts)
        where T : class
    {
        if (Find(parts) is not { } path) return null;
        using var stream = File.OpenRead(path);
        return read(stream);
    }

    private static T Skip<T>(string what)
    {
        Assert.Skip($"shared/data/{what} is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
        return default;
    }

    private static string? Find(string[] parts)
    {
        var folders = new List<string>();
        if (Environment.GetEnvironmentVariable("UNDERSTORY_SHARED") is { } named) folders.Add(named);
        else
        {
            for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent) folders.Add(Path.Combine(at.FullName, "shared"));
        }
        return folders.Select(shared => Path.Combine([shared, "data", .. parts])).FirstOrDefault(File.Exists);
    }
}
