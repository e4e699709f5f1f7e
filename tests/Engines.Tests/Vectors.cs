using Xunit;

namespace Understory.Engines.Tests;

/// <summary>
/// Public test vectors, kept beside the checkout in <c>shared/vectors</c> and not in it. Tests that need them skip,
/// and print the reason, where the folder is missing.
/// </summary>
internal static class Vectors
{
    /// <summary>A file or folder of the vectors; the test is skipped where there is none.</summary>
    public static string Path(params string[] parts)
    {
        var path = Find(parts);
        if (path is null) Assert.Skip($"shared/vectors/{string.Join('/', parts)} is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
        return path;
    }

    /// <summary>The same, or null.</summary>
    public static string? Find(params string[] parts) => FindIn("vectors", parts);

    /// <summary>A file of <c>shared/data</c>; the test is skipped where there is none.</summary>
    public static string Data(params string[] parts)
    {
        var path = FindData(parts);
        if (path is null) Assert.Skip($"shared/data/{string.Join('/', parts)} is not beside this checkout; set UNDERSTORY_SHARED to where `shared` is.");
        return path;
    }

    private static string? FindIn(string area, string[] parts)
    {
        var named = Environment.GetEnvironmentVariable("UNDERSTORY_SHARED");
        var folders = named is not null ? [named] : Above(AppContext.BaseDirectory).Select(folder => System.IO.Path.Combine(folder, "shared"));
        return folders
            .Select(shared => System.IO.Path.Combine([shared, area, .. parts]))
            .FirstOrDefault(path => Directory.Exists(path) || File.Exists(path));
    }

    /// <summary>A file of <c>shared/data</c>, or null.</summary>
    public static string? FindData(params string[] parts) => FindIn("data", parts);

    private static IEnumerable<string> Above(string folder)
    {
        for (var at = new DirectoryInfo(folder); at is not null; at = at.Parent) yield return at.FullName;
    }
}
