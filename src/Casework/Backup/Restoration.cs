using System.Text;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>How to restore.</summary>
public sealed record RestoreOptions
{
    /// <summary>A checkpoint that was kept elsewhere: an archive from before it is refused.</summary>
    public string? Checkpoint { get; init; }

    /// <summary>Whether keys of an earlier time than the journal are taken, where there are no others.</summary>
    public bool OlderKeys { get; init; }

    /// <summary>Whether it is restored though something in it is wrong, where there is nothing better.</summary>
    public bool WithFaults { get; init; }

    /// <summary>Told the bytes that were opened.</summary>
    public IProgress<long>? Progress { get; init; }

    /// <summary>Told what is checked then.</summary>
    public IProgress<CheckProgress>? Checking { get; init; }
}

/// <summary>What was restored.</summary>
/// <param name="JournalAt">The moment of the journal.</param>
/// <param name="KeysAt">The moment of the keys.</param>
/// <param name="Entries">How many entries there are.</param>
/// <param name="Checkpoint">How far the log went: a signed note.</param>
/// <param name="Faults">What is wrong in it.</param>
public sealed record Restored(DateTimeOffset JournalAt, DateTimeOffset KeysAt, long Entries, string Checkpoint, IReadOnlyList<string> Faults);

/// <summary>Makes a data directory out of two archives, whole or not at all (<c>docs/formats/backup.md</c>).</summary>
public sealed class Restoration : IDisposable
{
    private const string Unfinished = ".restoring";
    private readonly string _folder;
    private readonly RestoreOptions _options;
    private readonly RestoredDatabase _database;
    private readonly FileStream _taken;

    private Restoration(string folder, RestoreOptions options)
    {
        (_folder, _options) = (folder, options);
        RemoveLeft(folder);
        MakeFolder(folder);
        _taken = DeskStore.OwnFile(Path.Combine(folder, "lock"), FileMode.CreateNew);
        _database = new RestoredDatabase(folder, options);
    }

    /// <summary>Restores into a new folder.</summary>
    /// <param name="journal">The archive of the journal.</param>
    /// <param name="keys">The archive of the keys.</param>
    /// <param name="identities">One of them opens both.</param>
    /// <param name="target">The data directory to make; it is not there, or empty.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Stops it; nothing is left.</param>
    /// <exception cref="CaseworkException">Something of it is not right; nothing is left.</exception>
    /// <exception cref="SealingException">An archive does not open; nothing is left.</exception>
    public static Task<Restored> RunAsync(
        Stream journal, Stream keys, IReadOnlyCollection<Identity> identities, string target, RestoreOptions options, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(options);
        var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(target));
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new CaseworkException($"'{target}' is not empty: restore into a folder that is not there yet, so that nothing is mixed with what is.");
        var parent = Path.GetDirectoryName(path) ?? throw new CaseworkException($"'{target}' cannot be restored into.");
        if (!Directory.Exists(parent)) throw new CaseworkException($"There is no folder '{parent}'.");
        return RunAsync(journal, keys, identities, path, Path.Combine(parent, $".{Path.GetFileName(path)}{Unfinished}"), options, cancel);
    }

    /// <summary>The same into a folder that is deleted again: whether the archives could be restored.</summary>
    /// <param name="journal">The archive of the journal.</param>
    /// <param name="keys">The archive of the keys.</param>
    /// <param name="identities">One of them opens both.</param>
    /// <param name="scratch">A folder in which there is room for it.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Stops it; nothing is left.</param>
    public static Task<Restored> CheckAsync(
        Stream journal, Stream keys, IReadOnlyCollection<Identity> identities, string scratch, RestoreOptions options, CancellationToken cancel) =>
        RunAsync(journal, keys, identities, null, Path.Combine(Path.GetFullPath(scratch), $".check{Unfinished}"), options, cancel);

    /// <summary>Deletes what is not finished.</summary>
    public void Dispose()
    {
        _database.Dispose();
        _taken.Dispose();
        if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
    }

    private static async Task<Restored> RunAsync(
        Stream journal, Stream keys, IReadOnlyCollection<Identity> identities, string? target, string unfinished, RestoreOptions options, CancellationToken cancel)
    {
        try
        {
            using var restoration = new Restoration(unfinished, options);
            // The keys first: they are few, and what does not fit together is refused before the long part.
            await ArchiveReader.OpenAsync(keys, identities, restoration._database, null, cancel);
            await ArchiveReader.OpenAsync(journal, identities, restoration._database, options.Progress, cancel);
            var restored = restoration.Finish(cancel);
            if (target is not null)
            {
                if (Directory.Exists(target)) Directory.Delete(target);
                Directory.Move(unfinished, target);
            }
            return restored;
        }
        catch (SqliteException fault)
        {
            throw ReadOnlyDatabase.Sentence(Path.Combine(unfinished, DeskStore.Name), fault);
        }
    }

    // A killed one left its folder. One that goes on holds its lock.
    private static void RemoveLeft(string folder)
    {
        if (!Directory.Exists(folder)) return;
        try
        {
            using var left = DeskStore.OwnFile(Path.Combine(folder, "lock"), FileMode.OpenOrCreate);
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException fault)
        {
            throw new CaseworkException($"'{folder}' is in use: somebody is restoring there.", fault);
        }
    }

    internal static void MakeFolder(string path)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else Directory.CreateDirectory(path, Owner);
    }

    private Restored Finish(CancellationToken cancel)
    {
        var (journal, keys) = _database.Complete();
        _taken.Dispose();
        var id = CoordinatorCertificate.InstanceId(journal.Root);
        var node = PublicKey.From(journal.Node);
        var (origin, checkpointPath) = (Instance.OriginOf(id), Path.Combine(_folder, CheckpointFiles.Own));
        Checkpoint own;
        try
        {
            own = Checkpoint.Open(journal.Checkpoint, origin, node);
        }
        catch (JournalException fault)
        {
            throw new CaseworkException($"The checkpoint in the archive is not one of its machine's: {fault.Message}", fault);
        }
        using (var file = DeskStore.OwnFile(checkpointPath, FileMode.CreateNew))
        {
            file.Write(Encoding.UTF8.GetBytes(journal.Checkpoint));
            file.Flush(flushToDisk: true);
        }
        // Brings an archive of an earlier program to this one's version. What was before it is the archive.
        DeskStore.Open(_folder).Dispose();
        foreach (var kept in Migrations.Kept(Path.Combine(_folder, DeskStore.Name))) File.Delete(kept);
        using (var database = ReadOnlyDatabase.Open(_folder)) HoldAgainst(database.Connection, own, origin, node);
        var checkedIt = DatabaseCheck.Run(_folder, _options.Checking, cancel);
        if (!checkedIt.IsWhole && !_options.WithFaults)
            throw new CaseworkException($"What is in the archives is not whole, so nothing was restored. {checkedIt.Faults[0]}{(checkedIt.Faults.Count > 1 ? $" There are {checkedIt.Faults.Count + checkedIt.Beyond - 1} more." : "")} Try archives of an earlier day; if there are none, --with-faults restores it as it is.");
        Flush();
        return new Restored(journal.At, keys.At, checkedIt.Entries, journal.Checkpoint, checkedIt.Faults);
    }

    private void HoldAgainst(SqliteConnection connection, Checkpoint own, string origin, PublicKey node)
    {
        var (size, root) = (OrganisationLog.Size(connection), OrganisationLog.Root(connection));
        if ((own.Size != size || own.Root != root) && !_options.WithFaults)
            throw new CaseworkException("The log in the archive is not the one that its own checkpoint names: somebody changed it before it was sealed.");
        if (_options.Checkpoint is not { } text) return;
        Checkpoint elsewhere;
        try
        {
            elsewhere = Checkpoint.Open(text, origin, node);
        }
        catch (JournalException fault)
        {
            throw new CaseworkException($"The checkpoint that was given does not belong to this archive: {fault.Message}", fault);
        }
        if (size < elsewhere.Size)
            throw new CaseworkException($"The archive is older than the checkpoint: it has {size} entries, and there were {elsewhere.Size}. Look for a later archive. Without --checkpoint it is restored, and {elsewhere.Size - size} entries are lost.");
        if (!MerkleTree.VerifyConsistency(elsewhere.Size, elsewhere.Root, size, root, OrganisationLog.ConsistencyProof(connection, elsewhere.Size)))
            throw new CaseworkException("The log in the archive does not contain what the checkpoint names: it is not the history that was seen. Do not work with it.");
    }

    private void Flush()
    {
        foreach (var path in Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
            file.Flush(flushToDisk: true);
        }
    }
}
