using System.Diagnostics;
using System.Runtime.InteropServices;
using Understory.Sealing;

namespace Understory.Terminal;

/// <summary>Asks for a passphrase on the terminal, without echo, into locked memory. It is never a string.</summary>
internal static class PassphrasePrompt
{
    private const int MaxLength = 1024;

    /// <summary>The passphrase from a file (its first line), or else from the terminal.</summary>
    /// <exception cref="UsageException">There is no terminal, or no passphrase.</exception>
    public static Secret Read(string? file, LockedMemory memory, bool twice)
    {
        if (file is not null) return ReadFile(file, memory);
        var first = Ask("Passphrase: ", memory);
        if (!twice) return first;
        using var second = Ask("The same again: ", memory);
        if (first.FixedTimeEquals(second.Span)) return first;
        first.Dispose();
        throw new UsageException("The two passphrases are not the same.");
    }

    private static Secret ReadFile(string file, LockedMemory memory)
    {
        using var whole = Files.ReadSecret(file, memory);
        var end = whole.Span.IndexOfAny((byte)'\n', (byte)'\r');
        var line = end < 0 ? whole.Span : whole.Span[..end];
        if (line.IsEmpty) throw new UsageException($"The first line of '{file}' is empty.");
        return memory.Copy(line);
    }

    private static Secret Ask(string question, LockedMemory memory)
    {
        using var typed = memory.Allocate(MaxLength);
        var length = OperatingSystem.IsWindows() ? AskConsole(question, typed.Span) : AskTerminal(question, typed.Span);
        if (length == 0) throw new UsageException("No passphrase was given.");
        return memory.Copy(typed.Span[..length]);
    }

    private static int AskTerminal(string question, Span<byte> typed)
    {
        FileStream terminal;
        try
        {
            terminal = new FileStream("/dev/tty", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new UsageException("There is no terminal to ask for the passphrase on. Use --passphrase-file.");
        }

        using (terminal)
        {
            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
            Echo(false);
            try
            {
                terminal.Write(System.Text.Encoding.UTF8.GetBytes(question));
                return ReadLine(terminal, typed);
            }
            finally
            {
                Echo(true);
                terminal.Write("\n"u8);
            }
        }
    }

    private static int ReadLine(FileStream terminal, Span<byte> typed)
    {
        for (var length = 0; length < typed.Length; length++)
        {
            if (terminal.Read(typed.Slice(length, 1)) == 0 || typed[length] is (byte)'\n' or (byte)'\r') return length;
        }
        throw new UsageException($"A passphrase has at most {MaxLength} bytes.");
    }

    private static int AskConsole(string question, Span<byte> typed)
    {
        if (Console.IsInputRedirected) throw new UsageException("There is no terminal to ask for the passphrase on. Use --passphrase-file.");
        Console.Error.Write(question);
        var length = 0;
        while (Console.ReadKey(intercept: true) is var key && key.Key != ConsoleKey.Enter)
        {
            if (key.Key == ConsoleKey.Backspace) length = 0;
            else if (length + 4 <= typed.Length) length += System.Text.Encoding.UTF8.GetBytes([key.KeyChar], typed[length..]);
        }
        Console.Error.WriteLine();
        return length;
    }

    private static void Leave(PosixSignalContext context)
    {
        Echo(true);
        Environment.Exit(ExitStatus.Interrupted);
    }

    /// <summary>By <c>stty</c>: the layout of the C structure differs from system to system, the command does not.</summary>
    private static void Echo(bool on)
    {
        using var stty = Process.Start(new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", $"stty {(on ? "" : "-")}echo < /dev/tty" } });
        stty?.WaitForExit();
    }
}
