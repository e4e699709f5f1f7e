using Understory.Verification;

namespace Understory.Data;

/// <summary>The ground of checks, from a folder of data.</summary>
internal static class Grounds
{
    /// <summary>All that was imported into a folder, with the starter facts. A folder that is not there holds nothing.</summary>
    /// <param name="dataDir">The folder; null for the platform's.</param>
    /// <exception cref="DataException">A file of it is damaged.</exception>
    public static Loaded Load(string? dataDir) => Loaded.From(DataFolder.Of(dataDir).ReadAll());
}
