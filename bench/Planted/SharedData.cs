using Understory.Verification;

namespace Understory.Bench.Planted;

/// <summary>The files of <c>shared/data</c>, where it lies beside the checkout.</summary>
internal static class SharedData
{
    public static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("UNDERSTORY_SHARED") is { } named) return Directory.Exists(Path.Combine(named, "data")) ? Path.Combine(named, "data") : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            var path = Path.Combine(at.FullName, "shared", "data");
            if (Directory.Exists(path)) return path;
        }
        return null;
    }

    /// <summary>What of it verification reads; nothing where it is not there.</summary>
    public static IReadOnlyList<DataFile> Read()
    {
        if (Folder() is not { } folder) return [];
        var import = new DataImport();
        Codifier? codifier = null;
        List<DataFile> files = [];
        foreach (var (name, part, edition) in ((string, string, int?)[])[("katottg", "gazetteer/kodifikator-16-05-2025.csv", null), ("gazetteer", "gazetteer/warreport_ua_settlement_aliases.csv", null), ("order376", "occupation/perelik-07052025.csv", Law.Day(2025, 4, 30)), ("deepstate", "control", null)])
        {
            var path = Path.Combine(folder, part);
            string[] paths = Directory.Exists(path) ? Directory.GetFiles(path, "*.geojson") : File.Exists(path) ? [path] : [];
            if (paths.Length == 0 || (name == "order376" && codifier is null)) continue;
            var imported = import.Read(DataSource.All.Single(source => source.Name == name), [.. paths.Select(file => new DataInput(Path.GetFileName(file), DayIn(file), () => File.OpenRead(file)))], null, edition, codifier);
            using var bytes = new MemoryStream();
            DataFile.Write(bytes, imported.Header, imported.Content);
            bytes.Position = 0;
            files.Add(DataFile.Read(bytes));
            if (name == "katottg") codifier = Codifier.Read(files[^1].Content.Span);
        }
        return files;
    }

    private static int? DayIn(string path)
    {
        var name = Path.GetFileNameWithoutExtension(path);
        return DateOnly.TryParseExact(name.AsSpan(Math.Max(0, name.Length - 8)), "yyyyMMdd", out var day) && day.Year is > 1990 and < 2100 ? day.DayNumber : null;
    }
}
