using System.Runtime.InteropServices;

namespace Understory.Desk;

/// <summary>Keeps the memory of this process to itself.</summary>
internal static unsafe partial class ProcessMemory
{
    private const int SetDumpable = 4;
    private const int GetDumpable = 3;
    private const int CoreSize = 4;

    /// <summary>Whether the runtime's port for debuggers is open to programs of the same user.</summary>
    public static bool HasDiagnosticPort => Environment.GetEnvironmentVariable("DOTNET_EnableDiagnostics") != "0";

    /// <summary>Whether the process leaves no core dump and lets no other process of its user look into it.</summary>
    public static bool IsPrivate => OperatingSystem.IsLinux() && prctl(GetDumpable, 0, 0, 0, 0) == 0;

    /// <summary>
    /// Leaves no core dump, and lets no other process of the same user look into this one (Linux; elsewhere nothing is done).
    /// Root still can.
    /// </summary>
    public static void Close()
    {
        if (!OperatingSystem.IsLinux()) return;
        // Failure is told by `doctor`: it is no reason to leave people without an answer.
        _ = prctl(SetDumpable, 0, 0, 0, 0);
        var none = stackalloc nuint[2] { 0, 0 };
        _ = setrlimit(CoreSize, none);
    }

    [LibraryImport("libc")]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, nuint* limits);
}
