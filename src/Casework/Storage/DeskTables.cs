using System.Buffers;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>In which of the two archives of a backup something is.</summary>
internal enum BackupArchive
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
internal sealed record DeskTable(string Name, BackupArchive Archive, string Place, string Shape);

/// <summary>
/// The one list of all tables: what a backup takes and what <c>fsck</c> looks at. A table that is not in it fails a test, and a
/// backup refuses to leave it out.
/// </summary>
internal static class DeskTables
{
    public static IReadOnlyList<DeskTable> All { get; } =
    [
        new("instance", BackupArchive.Journal, "'1'", $"one = 1 AND length(root) = 32 AND length(node) = 32 AND {Is16("journal")} AND length(recovery) = 1216 AND length(name) > 0"),
        new("keyrings", BackupArchive.Keys, "hex(look_up)", $"length(look_up) = 32 AND length(root) = 112 AND {Is16("chain")} AND {Sealed("profile", 0)}"),
        new("chains", BackupArchive.Keys, "hex(chain)", $"{Is16("chain")} AND {Sealed("head", 0)}"),
        new("segments", BackupArchive.Keys, "hex(chain) || ' ' || number", $"{Is16("chain")} AND number BETWEEN 0 AND 8191 AND length(segment) = 8272"),
        new("arrivals", BackupArchive.Journal, "hex(request)", $"{Is16("request")} AND {Is16("look_up")} AND kind IN (1, 4) AND day BETWEEN 0 AND {Arrival.MaxDay} AND position > 0 AND length(sealed) BETWEEN 200 AND {Envelope.MaxLength}"),
        new("conversations", BackupArchive.Journal, "hex(look_up)", $"{Is16("look_up")} AND {Is16("journal")}"),
        new("entries", BackupArchive.Journal, "hex(journal) || ' ' || sequence", $"{Is16("journal")} AND sequence > 0 AND leaf >= 0 AND (length(entry) = 105 OR {Sealed("entry", 73)})"),
        new("log", BackupArchive.Journal, "level || ' ' || number", "level BETWEEN 0 AND 53 AND number >= 0 AND length(hash) = 32"),
        new("cards", BackupArchive.Journal, "hex(journal)", $"{Is16("journal")} AND length(card) = {Card.Size}"),
        new("rows", BackupArchive.Journal, "hex(row)", $"{Is16("row")} AND {Sealed("sealed", 17)}"),
        new("outbox", BackupArchive.Journal, "hex(request)", $"{Is16("request")} AND {Is16("journal")} AND position >= 0 AND (envelope IS NULL OR length(envelope) BETWEEN {Envelope.HeadSize} AND {Envelope.MaxLength})"),
        new("fetched", BackupArchive.Journal, "hex(request)", $"{Is16("request")} AND day BETWEEN 0 AND {Arrival.MaxDay}"),
        new("discarded", BackupArchive.Journal, "hex(look_up)", $"{Is16("look_up")} AND told IN (0, 1)"),
        new("inbox_keys", BackupArchive.Journal, "number", $"number > 0 AND length(statement) = {InboxKeyStatement.Size} AND told IN (0, 1)"),
        new("directory", BackupArchive.Journal, "one", $"{Is16("journal")} AND {Is16("readings")}"),
        new("wraps", BackupArchive.Keys, "hex(id)", $"{Is16("id")} AND {Is16("box")} AND (until IS NULL OR until >= 0) AND length(wrap) = {Wrap.Size}"),
        new("notices", BackupArchive.Keys, "hex(id)", $"{Is16("id")} AND {Is16("box")} AND length(notice) BETWEEN 200 AND 8192"),
        new("given", BackupArchive.Keys, "hex(tag)", Is16("tag")),
        new("invitations", BackupArchive.Keys, "hex(look_up)", $"{Is16("look_up")} AND {Sealed("invitation", 0)} AND (claim IS NULL OR {Sealed("claim", 0)}) AND until >= 0"),
        new("recoverables", BackupArchive.Keys, "hex(chain)", $"{Is16("chain")} AND length(sealed) BETWEEN 200 AND 8192"),
        new("archive", BackupArchive.Keys, "hex(journal)", $"{Is16("id")} AND {Is16("journal")} AND day >= 0 AND length(sealed) >= 200"),
        new("collector", BackupArchive.Journal, "one", $"{Is16("store")} AND cursor >= 0 AND told >= 0"),
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

    public static IReadOnlyDictionary<string, BackupArchive?> All { get; } = new Dictionary<string, BackupArchive?>(StringComparer.Ordinal)
    {
        ["node.key"] = BackupArchive.Keys,
        ["intake-credential"] = BackupArchive.Keys,
        ["demonstration"] = BackupArchive.Keys,
        ["intake"] = BackupArchive.Journal,
        [Folder] = BackupArchive.Journal,
        // Made anew, or nothing that anybody would miss.
        ["lock"] = null,
        ["one-time-code"] = null,
        ["for-intake"] = null,
        // The head of an archive has a newer one.
        [CheckpointFiles.Own] = null,
        [CheckpointFiles.Cosigned] = null,
        [CheckpointFiles.Refused] = null,
        [CheckpointFiles.Places] = null,
        [CheckpointFiles.SetAside] = null,
    };

    /// <summary>The database itself, what SQLite keeps beside it, and what migrations keep.</summary>
    public static bool IsDatabase(string name) => name.StartsWith(DeskStore.Name, StringComparison.Ordinal);

    /// <summary>Whether a name may stand in an archive of this kind.</summary>
    public static bool MayBeIn(BackupArchive archive, string name) =>
        name.StartsWith($"{Folder}/", StringComparison.Ordinal)
            ? archive == BackupArchive.Journal && IsPlain(name.AsSpan(Folder.Length + 1))
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
