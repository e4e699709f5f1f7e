using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The Desk's database as of one moment, for whoever only looks: a running Desk is not disturbed and no key is needed.
/// </summary>
internal sealed class ReadOnlyDatabase : IDisposable
{
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;
    private readonly SqliteTransaction _transaction;

    private ReadOnlyDatabase(string folder, SqliteConnection connection)
    {
        (Folder, Connection) = (folder, connection);
        _transaction = connection.BeginTransaction(deferred: true);
        // The moment is that of the first thing that is read.
        Version = Migrations.VersionOf(connection);
    }

    public string Folder { get; }

    public SqliteConnection Connection { get; }

    public int Version { get; }

    /// <exception cref="CaseworkException">There is none, it is damaged, or of a newer program.</exception>
    public static ReadOnlyDatabase Open(string folder)
    {
        var path = Path.Combine(folder, DeskStore.Name);
        if (!File.Exists(path)) throw new CaseworkException($"There is no database of a Desk in '{folder}'.");
        return InASentence(path, () =>
        {
            var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString());
            try
            {
                connection.Open();
                connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -48000");
                var database = new ReadOnlyDatabase(folder, connection);
                if (database.Version <= DeskStore.Version) return database;
                throw new CaseworkException($"The database is of a newer Understory (its version is {database.Version}, this one knows {DeskStore.Version}): use that one.");
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        });
    }

    /// <summary>The open row of the organisation; null where it is not set up.</summary>
    /// <exception cref="CaseworkException">It is damaged.</exception>
    public (byte[] Id, PublicKey Node, byte[] Root, CaseId Journal)? Instance()
    {
        var row = Connection.QuerySingleOrDefault<(byte[] Root, byte[] Node, byte[] Journal)>("SELECT root, node, journal FROM instance");
        if (row.Root is null) return null;
        try
        {
            return (CoordinatorCertificate.InstanceId(row.Root), PublicKey.From(row.Node), row.Root, CaseId.From(row.Journal));
        }
        catch (ArgumentException fault)
        {
            throw new CaseworkException("What the database says of the organisation is damaged: a key has not its length.", fault);
        }
    }

    /// <summary>Whom a backup is sealed to. The one place that knows where that stands.</summary>
    /// <exception cref="CaseworkException">It is damaged.</exception>
    public HybridRecipient RecoveryRecipient()
    {
        try
        {
            return new HybridRecipient(Connection.ExecuteScalar<byte[]>("SELECT recovery FROM instance") ?? []);
        }
        catch (SealingException fault)
        {
            throw new CaseworkException("The recovery recipient in the database is damaged: nothing can be sealed to it.", fault);
        }
    }

    /// <summary>What SQLite says, in one sentence.</summary>
    public static T InASentence<T>(string path, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (SqliteException fault)
        {
            throw Sentence(path, fault);
        }
    }

    public static CaseworkException Sentence(string path, SqliteException fault) => new(
        fault.SqliteErrorCode switch
        {
            Corrupt or NotADatabase => $"'{path}' is damaged, or is no database of the Desk's.",
            Full => $"The disk of '{path}' is full.",
            _ => $"'{path}' cannot be used (SQLite says {fault.SqliteErrorCode}).",
        },
        fault);

    public void Dispose()
    {
        _transaction.Dispose();
        Connection.Dispose();
    }
}
