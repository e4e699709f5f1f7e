namespace Understory.Verification;

/// <summary>Files that ship inside the program: tables of facts, sentences, parts of the report.</summary>
internal static class ShippedFiles
{
    /// <summary>The names of all that begin so, in order.</summary>
    public static IEnumerable<string> Names(string start) =>
        typeof(ShippedFiles).Assembly.GetManifestResourceNames().Where(name => name.StartsWith(start, StringComparison.Ordinal)).Order(StringComparer.Ordinal);

    /// <summary>Opens one.</summary>
    public static Stream Open(string name) =>
        typeof(ShippedFiles).Assembly.GetManifestResourceStream(name) ?? throw new ArgumentException($"Nothing ships under the name {name}.", nameof(name));

    /// <summary>One as text: UTF-8.</summary>
    public static string Text(string name)
    {
        using var reader = new StreamReader(Open(name));
        return reader.ReadToEnd();
    }
}
