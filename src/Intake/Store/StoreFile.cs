using System.Globalization;
using System.Reflection;
using System.Security.Cryptography;
using Microsoft.Data.Sqlite;
using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>Opens the store, makes it where there is none, and brings an older one up to date.</summary>
internal static class StoreFile
{
    public const string Name = "intake.sqlite";

    private const int Busy = 5;
    private const int NotADatabase = 26;
    private const int Corrupt = 11;

    /// <summary>The numbered files of <c>Store/Migrations</c>, in their order.</summary>
    public static IReadOnlyList<string> Migrations { get; } = [.. Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(name => name.EndsWith(".sql", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Load)];

    /// <summary>The only connection there is to it, until it is disposed.</summary>
    /// <param name="folder">Made where it is not there, for the owner alone.</param>
    /// <param name="today">Days since 1970-01-01.</param>
    /// <exception cref="StoreException">It is in use, damaged, or of a newer program.</exception>
    public static Statements Open(string folder, int today)
    {
        const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        if (!OperatingSystem.IsWindows()) Directory.CreateDirectory(folder, Owner);
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path) && !OperatingSystem.IsWindows())
        {
            new FileStream(path, new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }).Dispose();
        }
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 1 }.ToString());
        var statements = new Statements(connection);
        try
        {
            connection.Open();
            Settle(statements);
            Migrate(statements, today);
            return statements;
        }
        catch (Exception fault)
        {
            statements.Dispose();
            if (fault is not SqliteException sqlite) throw;
            throw new StoreException(sqlite.SqliteErrorCode switch
            {
                Busy => $"'{folder}' is in use by another Intake.",
                NotADatabase or Corrupt => $"'{path}' is damaged, or is no store of Intake's.",
                _ => $"'{path}' cannot be opened (SQLite says {sqlite.SqliteErrorCode}).",
            });
        }
    }

    private static void Settle(Statements statements)
    {
        // Nothing in another file, no deleted bytes left in this one, one process at a time. Why the journal is not a WAL:
        // docs/decisions/0010-what-intake-stores.md.
        statements.Set("PRAGMA locking_mode = EXCLUSIVE");
        statements.Set("PRAGMA temp_store = MEMORY");
        statements.Set("PRAGMA secure_delete = ON");
        statements.Set("PRAGMA journal_mode = TRUNCATE");
        statements.Set("PRAGMA synchronous = FULL");
        statements.Set("PRAGMA cache_size = -16000");
        statements.Set("PRAGMA trusted_schema = OFF");
        // The lock, now and not with the first write.
        statements.Set("BEGIN EXCLUSIVE");
        statements.Set("COMMIT");
    }

    private static void Migrate(Statements statements, int today)
    {
        var version = (int)statements.Number("PRAGMA user_version");
        if (version > Migrations.Count)
            throw new StoreException($"The store is of a newer Understory (its version is {version}, this one knows {Migrations.Count}): use that one.");
        if (version == Migrations.Count) return;
        statements.Set("BEGIN EXCLUSIVE");
        foreach (var migration in Migrations.Skip(version)) statements.Set(migration);
        if (version == 0)
        {
            statements.Run("INSERT INTO store VALUES (1, $1, $2, 0, 0, $3)",
                RandomNumberGenerator.GetBytes(IntakeProtocol.StoreIdSize), today, RandomNumberGenerator.GetBytes(16));
        }
        statements.Set(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {Migrations.Count}"));
        statements.Set("COMMIT");
    }

    private static string Load(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
