using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
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

    [UnsupportedOSPlatform("windows")]
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
            // By `stty`: the layout of the C structure differs from system to system, the command does not.
            var before = Stty("-g");
            void Restore() => Stty(before);
            void Leave(PosixSignalContext signal)
            {
                Restore();
                Environment.Exit(ExitStatus.Interrupted);
            }

            using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Leave);
            using var quit = PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Leave);
            using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Leave);
            using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Leave);
            // Going to the background would leave the shell without echo.
            using var stop = PosixSignalRegistration.Create(PosixSignal.SIGTSTP, signal => signal.Cancel = true);
            Stty("-echo");
            try
            {
                terminal.Write(System.Text.Encoding.UTF8.GetBytes(question));
                return ReadLine(terminal, typed);
            }
            finally
            {
                Restore();
                terminal.Write("\n"u8);
            }
        }
    }

    private static int ReadLine(FileStream terminal, Span<byte> typed)
    {
        Span<byte> one = stackalloc byte[1];
        var length = 0;
        // To the end of the line also when it is too long: the rest would go to the shell.
        while (terminal.Read(one) == 1 && one[0] is not ((byte)'\n' or (byte)'\r'))
        {
            if (length < typed.Length) typed[length] = one[0];
            length++;
        }
        one.Clear();
        return length <= typed.Length ? length : throw new UsageException($"A passphrase has at most {MaxLength} bytes.");
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

    /// <summary>Runs <c>stty</c> on the terminal and returns what it prints.</summary>
    /// <exception cref="UsageException">It failed: then the passphrase would be shown, and is not asked for.</exception>
    private static string Stty(string setting)
    {
        var start = new ProcessStartInfo("/bin/sh")
        {
            ArgumentList = { "-c", $"PATH=$PATH:/bin:/usr/bin stty {setting} < /dev/tty" },
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var stty = Process.Start(start)!;
        var printed = stty.StandardOutput.ReadToEnd();
        stty.WaitForExit();
        return stty.ExitCode == 0
            ? printed.Trim()
            : throw new UsageException("The terminal's echo cannot be turned off. Use --passphrase-file.");
    }
}
