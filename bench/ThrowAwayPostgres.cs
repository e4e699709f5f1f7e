using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Understory.Bench;

/// <summary>
/// A cluster of PostgreSQL of our own: in a folder under the temporary one, on a Unix socket in it and no other address, run by
/// whoever runs this, or by <c>postgres</c> if that is root, which PostgreSQL refuses. It is gone at the end, also after a failure.
/// </summary>
internal sealed class ThrowAwayPostgres : IDisposable
{
    private readonly string _folder;
    private readonly string _programs;
    private readonly PosixSignalRegistration[] _signals;
    private readonly Lock _removing = new();
    private bool _started;

    private ThrowAwayPostgres(string folder, string programs)
    {
        (_folder, _programs) = (folder, programs);
        // Somebody who does not want to wait leaves no server behind either.
        _signals = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, _ => Remove()))];
    }

    /// <summary>How to connect. Only who may enter the folder can.</summary>
    public string Connection => $"Host={_folder};Username=bench;Database=postgres;Pooling=false;Command Timeout=900;Include Error Detail=true";

    /// <summary>Why there is none; null where there is.</summary>
    public static string? Missing() => Programs() is null
        ? "PostgreSQL with PostGIS is not installed (script/install bench)"
        : null;

    /// <summary>Makes and starts one.</summary>
    public static ThrowAwayPostgres Start()
    {
        var programs = Programs() ?? throw new InvalidOperationException(Missing());
        var folder = Directory.CreateTempSubdirectory("understory-pg-").FullName;
        var cluster = new ThrowAwayPostgres(folder, programs);
        try
        {
            if (Environment.IsPrivilegedProcess) RunIn("/", "chown", ["postgres", folder]);
            cluster.AsUser("initdb", ["-D", $"{folder}/data", "-U", "bench", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]);
            // Nothing here has to outlive a power cut. Memory enough for all of it, as many workers as processors, and no compiling
            // of queries that take microseconds.
            var options = $"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off "
                + "-c shared_buffers=1GB -c work_mem=128MB -c maintenance_work_mem=512MB -c effective_cache_size=4GB -c random_page_cost=1.1 -c jit=off -c max_wal_size=4GB "
                + $"-c max_parallel_workers_per_gather={Environment.ProcessorCount} -c max_parallel_workers={Environment.ProcessorCount}";
            cluster._started = true;
            cluster.AsUser("pg_ctl", ["-D", $"{folder}/data", "-l", $"{folder}/log", "-o", options, "-w", "-s", "start"]);
            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Remove();
        Array.ForEach(_signals, signal => signal.Dispose());
    }

    private void Remove()
    {
        lock (_removing)
        {
            try
            {
                if (_started) AsUser("pg_ctl", ["-D", $"{_folder}/data", "-m", "immediate", "-w", "-s", "stop"]);
            }
            catch (InvalidOperationException)
            {
                // It never ran. Its folder goes all the same.
            }
            _started = false;
            if (Directory.Exists(_folder)) Directory.Delete(_folder, recursive: true);
        }
    }

    /// <summary>The newest server's programs that has PostGIS.</summary>
    private static string? Programs()
    {
        const string Root = "/usr/lib/postgresql";
        if (!Directory.Exists(Root)) return null;
        return Directory.GetDirectories(Root).OrderByDescending(folder => folder, StringComparer.Ordinal)
            .Where(folder => File.Exists($"{folder}/bin/initdb") && File.Exists($"/usr/share/postgresql/{Path.GetFileName(folder)}/extension/postgis.control"))
            .Select(folder => $"{folder}/bin").FirstOrDefault();
    }

    private void AsUser(string program, string[] arguments)
    {
        if (Environment.IsPrivilegedProcess) Run("runuser", ["-u", "postgres", "--", $"{_programs}/{program}", .. arguments]);
        else Run($"{_programs}/{program}", arguments);
    }

    private void Run(string program, string[] arguments) => RunIn(_folder, program, arguments);

    private static void RunIn(string folder, string program, string[] arguments)
    {
        // What a server that goes on inherits is never read to its end: so into a file, by the shell.
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1 </dev/null", "sh", program, .. arguments]) { UseShellExecute = false, WorkingDirectory = folder })!;
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"{Path.GetFileName(program)} {arguments[^1]} ended with status {process.ExitCode}.");
    }
}
