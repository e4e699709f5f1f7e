using System.Globalization;
using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace Understory.Casework;

/// <summary>The Desk's database: one SQLite file, opened by one program at a time.</summary>
internal sealed class DeskStore : IDisposable
{
    public const string Name = "desk.sqlite";

    private const int NotADatabase = 26;
    private const int Corrupt = 11;
    private readonly string _connection;
    private readonly FileStream _lock;
    private readonly Lock _writing = new();

    private DeskStore(string connection, FileStream @lock) => (_connection, _lock) = (connection, @lock);

    private static IReadOnlyList<string> Migrations { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)];

    /// <summary>Opens the database in a folder; both are made where they are not there, for the owner alone.</summary>
    /// <exception cref="CaseworkException">It is in use, damaged, or of a newer program.</exception>
    public static DeskStore Open(string folder)
    {
        var path = Path.Combine(folder, Name);
        FileStream? taken = null;
        try
        {
            taken = Take(folder);
            if (!File.Exists(path)) OwnFile(path, FileMode.CreateNew).Dispose();
            var store = new DeskStore(new SqliteConnectionStringBuilder { DataSource = path, DefaultTimeout = 30 }.ToString(), taken);
            store.Migrate();
            return store;
        }
        catch (IOException fault)
        {
            taken?.Dispose();
            throw new CaseworkException(taken is null && File.Exists(Path.Combine(folder, "lock"))
                ? $"'{folder}' is in use by another Desk." : $"'{folder}' cannot be used: {fault.Message}");
        }
        catch (UnauthorizedAccessException)
        {
            taken?.Dispose();
            throw new CaseworkException($"'{folder}' cannot be written to by this user.");
        }
        catch (SqliteException fault)
        {
            taken?.Dispose();
            throw new CaseworkException(fault.SqliteErrorCode is NotADatabase or Corrupt
                ? $"'{path}' is damaged, or is no database of the Desk's." : $"'{path}' cannot be opened (SQLite says {fault.SqliteErrorCode}).");
        }
        catch
        {
            taken?.Dispose();
            throw;
        }
    }

    /// <summary>Reads, all of it as of one moment.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        using var connection = Connect();
        using var transaction = connection.BeginTransaction(deferred: true);
        return read(connection);
    }

    /// <summary>Writes all of it, or nothing. One at a time.</summary>
    public T Write<T>(Func<SqliteConnection, T> write)
    {
        lock (_writing)
        {
            using var connection = Connect();
            using var transaction = connection.BeginTransaction();
            var result = write(connection);
            transaction.Commit();
            return result;
        }
    }

    /// <summary>Writes all of it, or nothing.</summary>
    public void Write(Action<SqliteConnection> write) => Write(connection =>
    {
        write(connection);
        return true;
    });

    public void Dispose()
    {
        using (var connection = new SqliteConnection(_connection)) SqliteConnection.ClearPool(connection);
        _lock.Dispose();
    }

    private static FileStream Take(string folder)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, Owner);
        return OwnFile(Path.Combine(folder, "lock"), FileMode.OpenOrCreate);
    }

    internal static FileStream OwnFile(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection(_connection);
        connection.Open();
        connection.Execute("PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -16000");
        return connection;
    }

    private void Migrate()
    {
        using var connection = Connect();
        connection.Execute("PRAGMA journal_mode = WAL");
        var version = connection.ExecuteScalar<int>("PRAGMA user_version");
        if (version > Migrations.Count)
            throw new CaseworkException($"The database is of a newer Understory (its version is {version}, this one knows {Migrations.Count}): use that one.");
        if (version == Migrations.Count) return;
        using var transaction = connection.BeginTransaction();
        foreach (var migration in Migrations.Skip(version)) connection.Execute(migration);
        connection.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}"));
        transaction.Commit();
    }

    private static string Load(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
