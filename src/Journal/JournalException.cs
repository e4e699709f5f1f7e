namespace Understory.Journal;

/// <summary>What is wrong with something of the journal.</summary>
public enum JournalFault
{
    /// <summary>Its bytes are not of the form that they must have.</summary>
    Malformed,

    /// <summary>It is of a version of the format that this program does not know.</summary>
    UnknownVersion,

    /// <summary>It was changed after it was sealed, or was sealed under another key or for another place.</summary>
    Tampered,

    /// <summary>What opened is not what belongs here: another case, compartment, epoch, key, grantee or granter.</summary>
    Misplaced,

    /// <summary>A signature does not verify.</summary>
    BadSignature,

    /// <summary>It is signed by somebody who may not sign it.</summary>
    WrongSigner,

    /// <summary>None of the keys at hand opens it.</summary>
    NoKey,

    /// <summary>It contradicts what the keychain already holds.</summary>
    Conflict,

    /// <summary>It is older than what was already seen.</summary>
    RolledBack,

    /// <summary>A log does not contain what it contained before, or not what it should.</summary>
    Inconsistent,
}

/// <summary>
/// Something of the journal is not accepted. The message is one sentence for a person; it never holds a secret.
/// </summary>
public sealed class JournalException : Exception
{
    internal JournalException(JournalFault fault, string message, Exception? inner = null)
        : base(message, inner) => Fault = fault;

    /// <summary>What is wrong.</summary>
    public JournalFault Fault { get; }

    internal static JournalException Malformed(string what) => new(JournalFault.Malformed, what);

    /// <summary>For <see cref="Understory.Sealing.CborReader"/>.</summary>
    internal static JournalException Content(string what) => Malformed($"The content is damaged: {what}.");
}
