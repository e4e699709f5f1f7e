namespace Understory.Architecture.Tests;

/// <summary>The files of this checkout.</summary>
internal static class Checkout
{
    public static string Folder { get; } = Find();

    public static string Read(params string[] parts) => File.ReadAllText(Path.Combine([Folder, .. parts]));

    /// <summary>Source files that people wrote, by ending; paths from the folder, with slashes.</summary>
    public static IEnumerable<string> Sources(params string[] endings) =>
        Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("out/", StringComparison.Ordinal) && !file.Contains("node_modules/", StringComparison.Ordinal) && !file.StartsWith(".git/", StringComparison.Ordinal))
            .Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));

    private static string Find()
    {
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "understory.slnx"))) return at.FullName;
        }
        throw new InvalidOperationException("understory.slnx was not found above the tests.");
    }
}
