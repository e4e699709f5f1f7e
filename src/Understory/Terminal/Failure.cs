using System.ComponentModel;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Understory.Casework;
using Understory.Intake;
using Understory.Sealing;
using Understory.Verification;
using Understory.Witness;

namespace Understory.Terminal;

/// <summary>What the process tells whoever called it.</summary>
internal static class ExitStatus
{
    public const int Done = 0;
    public const int Refused = 1;
    public const int NotUnderstood = 2;

    /// <summary>Stopped from the keyboard: 128 and the number of SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}

/// <summary>The call itself makes no sense, or names a file that is not there.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>How an exception that can be expected ends the process.</summary>
internal sealed partial record Failure(int Status, string Sentence)
{
    /// <summary>Null for what nobody expects: that is a fault of the program and should be seen whole.</summary>
    public static Failure? Describe(Exception fault) => fault switch
    {
        UsageException or DataException or StoryException => new(ExitStatus.NotUnderstood, fault.Message),
        SealingException { Fault: SealingFault.NotAge or SealingFault.BadKey or SealingFault.MixedRecipients } =>
            new(ExitStatus.NotUnderstood, fault.Message),
        SealingException => new(ExitStatus.Refused, fault.Message),
        StoreException or CaseworkException or WitnessException or LibraryMissingException or MemoryNotLockedException or NotEnoughMemoryException => new(ExitStatus.Refused, fault.Message),
        FileNotFoundException { FileName: { } name } => new(ExitStatus.NotUnderstood, $"There is no file '{name}'."),
        DirectoryNotFoundException => new(ExitStatus.NotUnderstood, fault.Message),
        UnauthorizedAccessException or IOException => new(ExitStatus.Refused, fault.Message),
        OutOfMemoryException => new(ExitStatus.Refused, "There is not enough memory."),
        CryptographicException or Win32Exception => new(ExitStatus.Refused, fault.Message),
        OperationCanceledException => new(ExitStatus.Interrupted, "Stopped before the end."),
        _ => null,
    };

    /// <summary>
    /// Writes a sentence to standard error. What looks like an identity is left out of it: people paste keys where they
    /// do not belong, and errors end up in logs. It stays one line, without what moves a cursor: names of files are shown in it.
    /// </summary>
    public static void Say(string sentence)
    {
        try
        {
            Console.Error.WriteLine($"understory: {IdentityText().Replace(TextReport.Plain(sentence), "AGE-SECRET-KEY-…")}");
        }
        catch (IOException)
        {
            // Nobody listens. The status still says it.
        }
    }

    [GeneratedRegex(@"AGE-SECRET-KEY-[^\s']*", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex IdentityText();
}
