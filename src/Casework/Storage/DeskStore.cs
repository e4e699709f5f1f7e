using System.Runtime.ExceptionServices;
using Dapper;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The Desk's database: one SQLite file, opened by one program at a time (<c>docs/decisions/0012-the-desks-store.md</c>).
/// One connection writes; as many read as read at once, and a few of them are kept.
/// </summary>
internal sealed class DeskStore : IDisposable
{
    public const string Name = "desk.sqlite";

    // Each keeps up to 48 MB of pages.
    private const int MostReadersKept = 4;

    private const int Corrupt = 11;
    private const int Full = 13;
    private const int NotADatabase = 26;

    private readonly string _connection;
    private readonly FileStream _lock;
    private readonly Lock _writing = new();
    private readonly Stack<SqliteConnection> _readers = [];
    private readonly SqliteConnection _writer;
    private readonly List<Action> _onceCommitted = [];
    private volatile bool _isDisposed;

    private DeskStore(string connection, FileStream @lock) => (_connection, _lock, _writer) = (connection, @lock, Connect(connection));

    /// <summary>The newest form of the database that this program knows.</summary>
    public static int Version => Migrations.All.Count;

    /// <summary>Opens the database in a folder; both are made where they are not there, for the owner alone.</summary>
    /// <exception cref="CaseworkException">It is in use, damaged, or of a newer program.</exception>
    public static DeskStore Open(string folder)
    {
        var path = Path.Combine(folder, Name);
        FileStream? taken = null;
        DeskStore? store = null;
        try
        {
            taken = Take(folder);
            if (!File.Exists(path)) OwnFile(path, FileMode.CreateNew).Dispose();
            Migrations.BringUpToDate(path, Migrations.All);
            Migrations.DeleteOld(path, TimeProvider.System.GetUtcNow());
            return store = new DeskStore(StringOf(path), taken);
        }
        catch (Exception fault)
        {
            store?._writer.Dispose();
            taken?.Dispose();
            throw fault switch
            {
                IOException => new CaseworkException(taken is null && File.Exists(Path.Combine(folder, "lock"))
                    ? $"'{folder}' is in use by another Desk." : $"'{folder}' cannot be used: {fault.Message}"),
                UnauthorizedAccessException => new CaseworkException($"'{folder}' cannot be written to by this user."),
                SqliteException { SqliteErrorCode: NotADatabase or Corrupt } => new CaseworkException($"'{path}' is damaged, or is no database of the Desk's."),
                SqliteException { SqliteErrorCode: Full } => new CaseworkException($"The disk of '{path}' is full: it could not be brought to this program's version, and is as it was. Make room for it twice."),
                SqliteException sqlite => new CaseworkException($"'{path}' cannot be opened (SQLite says {sqlite.SqliteErrorCode})."),
                _ => fault,
            };
        }
    }

    /// <summary>Reads, all of it as of one moment.</summary>
    /// <exception cref="CaseworkException">The database cannot be read, or something in it is damaged.</exception>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        return InASentence(() =>
        {
            SqliteConnection? connection;
            lock (_readers)
            {
                _readers.TryPop(out connection);
            }
            connection ??= Connect(_connection);
            try
            {
                using var transaction = connection.BeginTransaction(deferred: true);
                return read(connection);
            }
            finally
            {
                GiveBack(connection);
            }
        });
    }

    /// <summary>How many connections for reading are kept.</summary>
    internal int ReadersKept
    {
        get
        {
            lock (_readers) return _readers.Count;
        }
    }

    /// <summary>Writes all of it, or nothing. One at a time.</summary>
    /// <exception cref="CaseworkException">The database cannot be written to, or something in it is damaged; nothing was written.</exception>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_writing)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return InASentence(() =>
            {
                _onceCommitted.Clear();
                using var transaction = _writer.BeginTransaction();
                var result = write(_writer);
                transaction.Commit();
                foreach (var act in _onceCommitted) act();
                return result;
            });
        }
    }

    /// <summary>What memory may believe only once it is on the disk: after this thread's <see cref="Write{T}"/>, or at once where it only reads.</summary>
    public void OnceCommitted(Action act)
    {
        if (_writing.IsHeldByCurrentThread) _onceCommitted.Add(act);
        else act();
    }

    /// <summary>Writes all of it, or nothing.</summary>
    public void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });

    public void Dispose()
    {
        lock (_writing)
        {
            if (_isDisposed) return;
            _isDisposed = true;
            lock (_readers)
            {
                while (_readers.TryPop(out var connection)) connection.Dispose();
            }
            _writer.Dispose();
            _lock.Dispose();
        }
    }

    /// <summary>A file for its owner alone. What is written goes past no buffer of the runtime's, which nobody would wipe.</summary>
    internal static FileStream OwnFile(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    /// <summary>Keeps a connection for the next one who reads, or closes it where enough are kept.</summary>
    private void GiveBack(SqliteConnection connection)
    {
        lock (_readers)
        {
            if (!_isDisposed && _readers.Count < MostReadersKept)
            {
                _readers.Push(connection);
                return;
            }
        }
        connection.Dispose();
    }

    /// <summary>What goes wrong below is said in one sentence, wherever it came from; what was begun was rolled back.</summary>
    private static T InASentence<T>(Func<T> act)
    {
        try
        {
            try
            {
                return act();
            }
            catch (AggregateException several)
            {
                // From work that was shared out: one of them is as good as all.
                ExceptionDispatchInfo.Throw(several.Flatten().InnerExceptions[0]);
                throw;
            }
        }
        catch (SqliteException fault)
        {
            throw new CaseworkException(
                fault.SqliteErrorCode switch
                {
                    Full => "The Desk's disk is full: nothing was changed. Make room and try once more.",
                    Corrupt or NotADatabase => "The Desk's database is damaged. Restore it from a backup.",
                    _ => $"The Desk's database cannot be used now (SQLite says {fault.SqliteErrorCode}): nothing was changed.",
                },
                fault);
        }
        catch (NotEnoughMemoryException fault)
        {
            throw new CaseworkException("There is no room left for keys in the memory of this session: nothing was changed. Give the Desk more locked memory.", fault);
        }
        catch (Exception fault) when (fault is JournalException or EnvelopeException or SealingException)
        {
            throw new CaseworkException($"Something in the Desk's database is damaged, or was changed by somebody: {fault.Message}", fault);
        }
    }

    private static FileStream Take(string folder)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Owner);
        return OwnFile(Path.Combine(folder, "lock"), FileMode.OpenOrCreate);
    }

    private static string StringOf(string path) => new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30, Pooling = false }.ToString();

    private static SqliteConnection Connect(string to)
    {
        var connection = new SqliteConnection(to);
        try
        {
            connection.Open();
            // 48 MB of pages: a list of 2,000 cases touches 17 MB, and with less each one throws out what the next one wants.
            connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -48000");
            connection.Execute("PRAGMA journal_mode = WAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
