using System.Runtime.InteropServices;
using System.Text;

namespace Understory.Terminal;

/// <summary>
/// The .NET runtime opens a port through which any program of the same user may look into this one, take an image of its
/// memory or attach a debugger. Only a variable of the environment closes it, and only before the start: so the program
/// replaces itself by itself, once, with that variable set.
/// </summary>
internal static unsafe partial class DiagnosticPort
{
    private const string Variable = "DOTNET_EnableDiagnostics";
    private const string Tried = "UNDERSTORY_DIAGNOSTICS_CLOSED";

    /// <summary>Begins anew without the port, on Linux. Where that does not work the port stays open, and <c>doctor</c> says so.</summary>
    public static void Close()
    {
        if (!OperatingSystem.IsLinux() || Environment.GetEnvironmentVariable(Variable) == "0" || Environment.GetEnvironmentVariable(Tried) is not null) return;
        string[] arguments;
        try
        {
            arguments = File.ReadAllText("/proc/self/cmdline", Encoding.UTF8).TrimEnd('\0').Split('\0');
        }
        catch (IOException)
        {
            return;
        }
        var before = Environment.GetEnvironmentVariable(Variable);
        Environment.SetEnvironmentVariable(Variable, "0");
        Environment.SetEnvironmentVariable(Tried, "1");
        var environment = Environment.GetEnvironmentVariables();
        var variables = environment.Keys.Cast<string>().Select(name => $"{name}={environment[name]}");
        foreach (var port in (string[])["dotnet-diagnostic", "clr-debug-pipe"])
        {
            // Its files would stay behind: nobody is left who removes them.
            foreach (var file in Directory.EnumerateFiles(Path.GetTempPath(), $"{port}-{Environment.ProcessId}-*")) File.Delete(file);
        }
        // It returns only where it failed. The process, its id and its open ends stay the same.
        execve("/proc/self/exe", Pointers(arguments), Pointers(variables));
        // The port is open still, and nobody is to be told otherwise.
        Environment.SetEnvironmentVariable(Variable, before);
    }

    // Never freed: either the program is replaced, or some hundred bytes stay.
    private static byte** Pointers(IEnumerable<string> texts)
    {
        var all = texts.ToList();
        var pointers = (byte**)NativeMemory.AllocZeroed((nuint)(all.Count + 1), (nuint)sizeof(byte*));
        for (var i = 0; i < all.Count; i++) pointers[i] = (byte*)Marshal.StringToCoTaskMemUTF8(all[i]);
        return pointers;
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int execve(string path, byte** arguments, byte** environment);
}
