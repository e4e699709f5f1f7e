using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace Understory.Intake;

/// <summary>
/// Plain SQL on one connection; each statement is prepared once. Parameters are $1, $2 … in their order. Of one thread.
/// </summary>
internal sealed class Statements(SqliteConnection connection) : IDisposable
{
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    /// <summary>Runs what changes something; gives how many rows.</summary>
    public int Run(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteNonQuery();

    /// <summary>Runs what is run seldom, also several statements.</summary>
    [SuppressMessage("Security", "CA2100", Justification = "Constants of this program and its migrations.")]
    public void Set(string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first value of the first row; 0 where there is none.</summary>
    public long Number(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteScalar() is long number ? number : 0;

    /// <summary>The first value of the first row; null where there is none.</summary>
    public byte[]? Bytes(string sql, params ReadOnlySpan<object> values) => Prepare(sql, values).ExecuteScalar() as byte[];

    /// <summary>Every row.</summary>
    public List<T> All<T>(Func<SqliteDataReader, T> read, string sql, params ReadOnlySpan<object> values)
    {
        using var reader = Prepare(sql, values).ExecuteReader();
        var all = new List<T>();
        while (reader.Read()) all.Add(read(reader));
        return all;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values) command.Dispose();
        connection.Dispose();
    }

    [SuppressMessage("Security", "CA2100", Justification = "Constants of this program; what others sent are parameters.")]
    private SqliteCommand Prepare(string sql, ReadOnlySpan<object> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = connection.CreateCommand();
            command.CommandText = sql;
            for (var i = 1; i <= values.Length; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
            _prepared.Add(sql, command);
        }
        for (var i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        return command;
    }
}
