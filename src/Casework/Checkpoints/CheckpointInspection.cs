using System.Globalization;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>A checkpoint that somebody kept, typed or pasted, held against a database.</summary>
/// <param name="Standing">How the database stands to it.</param>
/// <param name="Seen">How many entries it names; null where it cannot be read.</param>
/// <param name="IsSigned">Whether this Desk's machine signed it; typed ones often have no signature.</param>
public sealed record InspectedCheckpoint(CheckpointStanding Standing, long? Seen, bool IsSigned);

/// <summary>
/// Looks at a Desk's log as its operator, without a key and without changing anything; and sets aside what remembers more than
/// a backup that was restored knowingly.
/// </summary>
public sealed class CheckpointInspection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly SqliteTransaction _transaction;
    private readonly string _folder;

    private CheckpointInspection(string folder, SqliteConnection connection)
    {
        (_folder, _connection) = (folder, connection);
        _transaction = connection.BeginTransaction(deferred: true);
        var instance = connection.QuerySingleOrDefault<(byte[] Root, byte[] Node)>("SELECT root, node FROM instance");
        if (instance.Root is null) throw new CaseworkException("Nobody has set up the organisation yet.");
        LogKey = new VerifierKey(Instance.OriginOf(CoordinatorCertificate.InstanceId(instance.Root)), NoteKeyKind.Log, PublicKey.From(instance.Node));
        Now = new Checkpoint(LogKey.Name, OrganisationLog.Size(connection), OrganisationLog.Root(connection));
    }

    /// <summary>How far the log is.</summary>
    public Checkpoint Now { get; }

    /// <summary>What a witness is to know the log by.</summary>
    public VerifierKey LogKey { get; }

    /// <summary>The newest checkpoint that the Desk signed; null where there is none.</summary>
    public string? Newest => CheckpointFiles.Read(Path.Combine(_folder, CheckpointFiles.Own));

    /// <summary>Opens a data directory for reading; the Desk may run.</summary>
    /// <exception cref="CaseworkException">There is no database of the Desk's, or nothing is set up in it.</exception>
    public static CheckpointInspection Open(string folder)
    {
        var path = Path.Combine(folder, DeskStore.Name);
        if (!File.Exists(path)) throw new CaseworkException($"There is no database in '{folder}': say with --data-dir where the Desk's data is.");
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 10 }.ToString());
        try
        {
            connection.Open();
            return new CheckpointInspection(folder, connection);
        }
        catch (Exception fault)
        {
            connection.Dispose();
            if (fault is SqliteException sqlite) throw new CaseworkException($"'{path}' cannot be read (SQLite says {sqlite.SqliteErrorCode}).", fault);
            if (fault is ArgumentException or InvalidCastException) throw new CaseworkException($"'{path}' is damaged.", fault);
            throw;
        }
    }

    /// <summary>What remembers the log beside the database.</summary>
    public IReadOnlyList<KeptCheckpoint> Kept() => [.. CheckpointFiles.Hold(
        _connection, _folder, LogKey.Name, LogKey.Key, CheckpointFiles.ReadPlaces(_folder).FirstOrDefault(place => place.Place == CheckpointPlace.File)?.Where, witness: null)];

    /// <summary>Holds a kept checkpoint against the log, whoever typed it.</summary>
    public InspectedCheckpoint Hold(string text)
    {
        try
        {
            var signed = Checkpoint.Open(text, LogKey.Name, LogKey.Key);
            return new InspectedCheckpoint(CheckpointFiles.Stand(_connection, signed), signed.Size, IsSigned: true);
        }
        catch (JournalException)
        {
            // It may have been typed without its signature, or a mail program broke its lines.
        }
        try
        {
            var typed = Checkpoint.ReadTyped(text);
            return typed.Origin == LogKey.Name
                ? new InspectedCheckpoint(CheckpointFiles.Stand(_connection, typed), typed.Size, IsSigned: false) : new InspectedCheckpoint(CheckpointStanding.Forged, typed.Size, IsSigned: false);
        }
        catch (JournalException)
        {
            return new InspectedCheckpoint(CheckpointStanding.Forged, null, IsSigned: false);
        }
    }

    /// <summary>The same for what was read aloud or typed from paper: a number and a fingerprint.</summary>
    /// <param name="entries">How many entries.</param>
    /// <param name="fingerprint">Its digits; what stands between them does not matter.</param>
    public CheckpointStanding Hold(long entries, string fingerprint)
    {
        if (entries < 0 || entries > Now.Size) return CheckpointStanding.Behind;
        var then = Now with { Size = entries, Root = OrganisationLog.RootAt(_connection, entries) };
        return Digits(then.Fingerprint()) == Digits(fingerprint) ? CheckpointStanding.Consistent : CheckpointStanding.Other;
    }

    /// <summary>
    /// Goes on with the database as it is, because a backup was restored knowingly: everything that remembers more is moved into a
    /// folder that every signed-in user sees on the page "Checkpoint". Nothing is deleted.
    /// </summary>
    /// <param name="folder">The Desk's data directory; the Desk is stopped.</param>
    /// <param name="entries">How many entries the database has: asked for so that nobody does it by mistake.</param>
    /// <param name="day">Today.</param>
    /// <returns>What was moved where.</returns>
    /// <exception cref="CaseworkException">The Desk runs, the number is another one, or nothing remembers more.</exception>
    public static IReadOnlyList<(string From, string To)> Accept(string folder, long entries, DateOnly day)
    {
        var key = Path.Combine(folder, "lock");
        try
        {
            using var taken = DeskStore.OwnFile(key, FileMode.OpenOrCreate);
            List<KeptCheckpoint> others;
            using (var inspection = Open(folder))
            {
                if (inspection.Now.Size != entries)
                    throw new CaseworkException(string.Create(CultureInfo.InvariantCulture, $"The database has {inspection.Now.Size} entries, not {entries}: nothing was changed. If you mean this database, say that number."));
                others = [.. inspection.Kept().Where(kept => kept.Standing != CheckpointStanding.Consistent)];
            }
            if (others.Count == 0) throw new CaseworkException("Nothing that is kept beside the database remembers another log: there is nothing to accept. If a user is refused at the sign-in, the database was changed: compare it with a backup.");
            var most = others.Max(other => other.Seen ?? 0);
            var name = string.Create(CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}-{most}-to-{entries}-{RandomNumberGenerator.GetHexString(4, lowercase: true)}");
            var aside = Path.Combine(folder, CheckpointFiles.SetAside, name);
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(aside);
            else Directory.CreateDirectory(aside, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            List<(string, string)> moved = [];
            foreach (var other in others)
            {
                // What lies elsewhere stays there, beside itself.
                var to = other.Memory == LogMemory.ExportedFile ? $"{other.Path}.{name}" : Path.Combine(aside, Path.GetFileName(other.Path));
                File.Move(other.Path, to);
                moved.Add((other.Path, to));
            }
            return moved;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"The Desk of '{folder}' has to be stopped for this, and its files to be writable: {fault.Message}", fault);
        }
    }

    /// <summary>Closes the database.</summary>
    public void Dispose()
    {
        _transaction.Dispose();
        _connection.Dispose();
    }

    private static string Digits(string text) => string.Concat(text.Where(char.IsAsciiDigit));
}
