using System.Net;
using System.Net.Sockets;
using Understory.Desk;
using Understory.Sealing;
using Understory.Terminal;

namespace Understory.Serve;

/// <summary>Where both zones of one machine keep their data and listen.</summary>
/// <param name="Folder">With a folder for each.</param>
/// <param name="IntakeListen">Where Intake listens.</param>
/// <param name="DeskListen">Where the Desk listens.</param>
internal sealed record Place(string Folder, IPEndPoint IntakeListen, IPEndPoint DeskListen)
{
    public string Intake => Path.Combine(Folder, "intake");

    public string Desk => Path.Combine(Folder, "desk");

    public bool IsDemonstration => Demonstration.IsIn(Desk);

    /// <summary>Arguments of Intake's process.</summary>
    public IReadOnlyList<string> IntakeArguments => ["intake", "--data-dir", Intake, "--listen", IntakeListen.ToString()];

    /// <summary>Arguments of the Desk's process: it calls the other one.</summary>
    public IReadOnlyList<string> DeskArguments =>
        ["desk", "--data-dir", Desk, "--listen", DeskListen.ToString(), "--intake", $"http://{IntakeListen}", "--intake-dir", Intake, "--collect-seconds", "2"];

    /// <summary>Says in one sentence what would keep both from starting, before either does.</summary>
    /// <exception cref="UsageException">Something does.</exception>
    public void Check(bool demonstration)
    {
        if (!demonstration && IsDemonstration) throw new UsageException($"'{Folder}' holds a demonstration: start it with --demo, or choose another folder with --data-dir.");
        if (demonstration && !IsDemonstration && Directory.Exists(Folder))
            throw new UsageException($"'{Folder}' is there and holds no demonstration: choose another folder with --data-dir.");
        try
        {
            // Also the library that this needs.
            new LockedMemory().Dispose();
        }
        catch (Exception fault) when (fault is LibraryMissingException or MemoryNotLockedException)
        {
            throw new UsageException(fault.Message);
        }
        foreach (var (listen, option) in (ReadOnlySpan<(IPEndPoint, string)>)[(IntakeListen, "--intake-listen"), (DeskListen, "--desk-listen")])
        {
            if (!IPAddress.IsLoopback(listen.Address))
                throw new UsageException($"{listen} is not an address of this machine alone: `serve` is for trying out, use 127.0.0.1 ({option}).");
            if (!IsFree(listen)) throw new UsageException($"{listen} is in use by another program: choose another with {option}, or stop what runs there.");
        }
        if (IntakeListen.Equals(DeskListen)) throw new UsageException($"Both zones cannot listen on {IntakeListen}: choose another with --desk-listen.");
    }

    /// <summary>Makes the folder and those in it, for their owner alone.</summary>
    public void MakeFolders()
    {
        foreach (var folder in (string[])[Folder, Intake, Desk])
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The same place with a free port where none was named.</summary>
    public Place WithPorts() => this with { IntakeListen = WithPort(IntakeListen), DeskListen = WithPort(DeskListen) };

    private static bool IsFree(IPEndPoint listen)
    {
        using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(listen);
            socket.Listen();
            return true;
        }
        catch (SocketException fault) when (fault.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
        catch (SocketException fault)
        {
            throw new UsageException($"It cannot listen on {listen}: {fault.Message}.");
        }
    }

    // Named now and not by the system at each start: a zone that is started again is found where it was.
    private static IPEndPoint WithPort(IPEndPoint listen)
    {
        if (listen.Port != 0) return listen;
        using var socket = new Socket(listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(listen);
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
