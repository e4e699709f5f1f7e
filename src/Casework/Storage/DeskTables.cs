using System.Buffers;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>In which of the two archives of a backup something is.</summary>
internal enum Archive
{
    /// <summary>What needs keys to be read: kept for long.</summary>
    Journal = 1,

    /// <summary>What leads to keys: kept for a short time, so that what was forgotten stays forgotten.</summary>
    Keys = 2,
}

/// <summary>A table of the Desk's.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Archive">In which archive its rows are.</param>
/// <param name="Place">What names a row of it in a sentence: an expression of SQL.</param>
/// <param name="Shape">What holds of each row that is right, without a key: a condition of SQL.</param>
internal sealed record DeskTable(string Name, Archive Archive, string Place, string Shape);

/// <summary>
/// The one list of all tables: what a backup takes and what <c>fsck</c> looks at. A table that is not in it fails a test, and a
/// backup refuses to leave it out.
/// </summary>
internal static class DeskTables
{
    public static IReadOnlyList<DeskTable> All { get; } =
    [
        new("instance", Archive.Journal, "'1'", $"one = 1 AND length(root) = 32 AND length(node) = 32 AND {Is16("journal")} AND length(recovery) = 1216 AND length(recoverable) > 0 AND length(name) > 0"),
        new("keyrings", Archive.Keys, "hex(look_up)", $"length(look_up) = 32 AND length(root) = 112 AND {Is16("chain")} AND {Sealed("profile", 0)}"),
        new("chains", Archive.Keys, "hex(chain)", $"{Is16("chain")} AND {Sealed("head", 0)}"),
        new("segments", Archive.Keys, "hex(chain) || ' ' || number", $"{Is16("chain")} AND number BETWEEN 0 AND 8191 AND length(segment) = 8272"),
        new("arrivals", Archive.Journal, "hex(request)", $"{Is16("request")} AND {Is16("look_up")} AND kind IN (1, 4) AND day BETWEEN 0 AND {Arrival.MaxDay} AND position > 0 AND length(sealed) BETWEEN 200 AND {Envelope.MaxLength}"),
        new("conversations", Archive.Journal, "hex(look_up)", $"{Is16("look_up")} AND {Is16("journal")}"),
        new("entries", Archive.Journal, "hex(journal) || ' ' || sequence", $"{Is16("journal")} AND sequence > 0 AND leaf >= 0 AND (length(entry) = 105 OR {Sealed("entry", 73)})"),
        new("log", Archive.Journal, "level || ' ' || number", "level BETWEEN 0 AND 53 AND number >= 0 AND length(hash) = 32"),
        new("cards", Archive.Journal, "hex(journal)", $"{Is16("journal")} AND length(card) = {Card.Size}"),
        new("rows", Archive.Journal, "hex(row)", $"{Is16("row")} AND {Sealed("sealed", 17)}"),
        new("outbox", Archive.Journal, "hex(request)", $"{Is16("request")} AND {Is16("journal")} AND position >= 0 AND (envelope IS NULL OR length(envelope) BETWEEN {Envelope.HeadSize} AND {Envelope.MaxLength})"),
        new("fetched", Archive.Journal, "hex(request)", $"{Is16("request")} AND day BETWEEN 0 AND {Arrival.MaxDay}"),
        new("discarded", Archive.Journal, "hex(look_up)", $"{Is16("look_up")} AND told IN (0, 1)"),
        new("inbox_keys", Archive.Journal, "number", $"number > 0 AND length(statement) = {InboxKeyStatement.Size} AND told IN (0, 1)"),
        new("collector", Archive.Journal, "one", $"{Is16("store")} AND cursor >= 0 AND told >= 0"),
    ];

    /// <summary>The table of a name.</summary>
    /// <exception cref="CaseworkException">There is none in the list.</exception>
    public static DeskTable Of(string name) => All.FirstOrDefault(table => table.Name == name)
        ?? throw new CaseworkException($"The table '{name}' of the database is not known: somebody added it, or a newer program.");

    private static string Is16(string column) => $"length({column}) = 16";

    // What is padded as a message has one of six sizes, and the seal 80 bytes more.
    private static string Sealed(string column, int before) =>
        $"length({column}) - {before + CommittingSeal.Overhead} IN (512, 2048, 8192, 32768, 131072, 524288)";
}

/// <summary>What lies beside the database, and in which archive of a backup it is; null where in none.</summary>
internal static class DeskFiles
{
    private static readonly SearchValues<char> s_plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>Where sealed attachments lie: each an age file of its own.</summary>
    public const string Folder = "files";

    public static IReadOnlyDictionary<string, Archive?> All { get; } = new Dictionary<string, Archive?>(StringComparer.Ordinal)
    {
        ["node.key"] = Archive.Keys,
        ["intake-credential"] = Archive.Keys,
        ["demonstration"] = Archive.Keys,
        ["intake"] = Archive.Journal,
        [Folder] = Archive.Journal,
        // Made anew, or nothing that anybody would miss.
        ["lock"] = null,
        ["one-time-code"] = null,
        ["for-intake"] = null,
        // The head of an archive has a newer one.
        [Checkpoints.FileName] = null,
    };

    /// <summary>The database itself, what SQLite keeps beside it, and what migrations keep.</summary>
    public static bool IsDatabase(string name) => name.StartsWith(DeskStore.Name, StringComparison.Ordinal);

    /// <summary>Whether a name may stand in an archive of this kind.</summary>
    public static bool MayBeIn(Archive archive, string name) =>
        name.StartsWith($"{Folder}/", StringComparison.Ordinal)
            ? archive == Archive.Journal && IsPlain(name.AsSpan(Folder.Length + 1))
            : name != Folder && All.TryGetValue(name, out var where) && where == archive;

    /// <summary>
    /// Whether something in the folder is a file of the Desk's, and no link: whoever may write there must not have other files
    /// of the machine sealed with these.
    /// </summary>
    public static bool IsAttachment(string path) =>
        IsPlain(Path.GetFileName(path.AsSpan())) && !File.GetAttributes(path).HasFlag(FileAttributes.Directory) && !File.GetAttributes(path).HasFlag(FileAttributes.ReparsePoint);

    /// <summary>Whether a name is one that attachments have: 1 to 64 of <c>a-z 0-9 . _ -</c>, not beginning with a dot.</summary>
    public static bool IsPlain(ReadOnlySpan<char> name) =>
        name.Length is > 0 and <= 64 && name[0] != '.' && !name.ContainsAnyExcept(s_plain);
}
