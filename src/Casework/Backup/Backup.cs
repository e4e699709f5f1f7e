using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// A Desk as it is at one moment, to be written into two archives (<c>docs/formats/backup.md</c>). It may run or not; nobody
/// needs to be signed in.
/// </summary>
public sealed class Backup : IDisposable
{
    private readonly ReadOnlyDatabase _database;
    private readonly HybridRecipient _recipient;
    private readonly ArchiveHead _head;
    private readonly IReadOnlyList<(BackupArchive Archive, ArchiveTable Table)> _tables;
    private readonly List<string> _notices = [];

    private Backup(ReadOnlyDatabase database, DateTimeOffset now)
    {
        _database = database;
        var instance = database.Instance() ?? throw new CaseworkException("Nobody has set up the organisation yet: there is nothing to back up.");
        _recipient = database.RecoveryRecipient();
        _tables = ArchiveTable.Of(database.Connection);
        var checkpoint = new Checkpoint(Casework.Instance.OriginOf(instance.Id), OrganisationLog.Size(database.Connection), OrganisationLog.Root(database.Connection));
        if (database.Connection.ExecuteScalar<long>("SELECT count(*) FROM entries") != checkpoint.Size)
            _notices.Add("The database has not the entries that its log names, and neither has this backup. Run `understory fsck`, and keep the backups from before.");
        using var memory = new LockedMemory();
        using var node = NodeKey.Read(Path.Combine(database.Folder, NodeKey.Name), instance.Node, memory);
        Size = checkpoint.Size;
        _head = new ArchiveHead(
            BackupArchive.Journal, database.Version, RandomNumberGenerator.GetBytes(ArchiveHead.SnapshotSize), Math.Max(0, now.ToUnixTimeSeconds()),
            instance.Root, instance.Node.ToArray(), checkpoint.Sign(node), []);
    }

    /// <summary>How many entries there are.</summary>
    public long Size { get; }

    /// <summary>How far the log went: a signed note, to be kept elsewhere.</summary>
    public string Checkpoint => _head.Checkpoint;

    /// <summary>What whoever looks after the Desk should know: sentences.</summary>
    public IReadOnlyList<string> Notices => _notices;

    /// <summary>Rows and files that were written so far.</summary>
    public (long Rows, long Files) Written { get; private set; }

    /// <summary>Takes the moment that both archives are of.</summary>
    /// <param name="folder">The Desk's data directory.</param>
    /// <param name="now">What time it is.</param>
    /// <exception cref="CaseworkException">There is no Desk, it is not set up, or something in it is damaged or not known.</exception>
    public static Backup Begin(string folder, DateTimeOffset now)
    {
        var database = ReadOnlyDatabase.Open(folder);
        try
        {
            return ReadOnlyDatabase.InASentence(Path.Combine(folder, DeskStore.Name), () => new Backup(database, now));
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Writes what needs keys to be read.</summary>
    /// <param name="output">Gets the archive; it is flushed and not closed. What fails leaves half of one.</param>
    /// <param name="progress">Told the bytes that were sealed.</param>
    /// <param name="cancel">Stops it.</param>
    /// <exception cref="CaseworkException">Something cannot be read.</exception>
    public Task WriteJournalAsync(Stream output, IProgress<long>? progress, CancellationToken cancel) => WriteAsync(BackupArchive.Journal, output, progress, cancel);

    /// <summary>The same for what leads to keys.</summary>
    public Task WriteKeysAsync(Stream output, IProgress<long>? progress, CancellationToken cancel) => WriteAsync(BackupArchive.Keys, output, progress, cancel);

    /// <summary>Lets the database go.</summary>
    public void Dispose() => _database.Dispose();

    private async Task WriteAsync(BackupArchive archive, Stream output, IProgress<long>? progress, CancellationToken cancel)
    {
        var head = _head with { Archive = archive, Tables = [.. _tables.Where(table => table.Archive == archive).Select(table => table.Table)] };
        await using var content = new ArchiveContent(_database.Connection, head, _database.Folder, FilesOf(archive));
        try
        {
            await AgeFile.SealAsync(content, output, [_recipient], new SealOptions { Workers = Environment.ProcessorCount, Progress = progress }, cancel);
        }
        catch (SqliteException fault)
        {
            throw ReadOnlyDatabase.Sentence(Path.Combine(_database.Folder, DeskStore.Name), fault);
        }
        Written = (Written.Rows + content.Rows, Written.Files + content.Files);
    }

    private List<string> FilesOf(BackupArchive archive)
    {
        List<string> files = [];
        foreach (var path in Directory.EnumerateFileSystemEntries(_database.Folder).Order(StringComparer.Ordinal))
        {
            var name = Path.GetFileName(path);
            if (DeskFiles.IsDatabase(name)) continue;
            if (!DeskFiles.All.TryGetValue(name, out var where)) Notice(archive, $"'{path}' is not in the backup: it is nothing of the Desk's.");
            else if (where == archive && name != DeskFiles.Folder) files.Add(name);
            else if (where == archive) files.AddRange(Attachments(path, archive));
        }
        return files;
    }

    private IEnumerable<string> Attachments(string folder, BackupArchive archive)
    {
        foreach (var path in Directory.EnumerateFileSystemEntries(folder))
        {
            var name = Path.GetFileName(path);
            if (DeskFiles.IsAttachment(path)) yield return $"{DeskFiles.Folder}/{name}";
            else Notice(archive, $"'{path}' is not in the backup: it is nothing of the Desk's.");
        }
    }

    private void Notice(BackupArchive archive, string sentence)
    {
        if (archive == BackupArchive.Journal) _notices.Add(sentence);
    }
}
