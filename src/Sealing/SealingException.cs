namespace Understory.Sealing;

/// <summary>What is wrong with a sealed file, or with the keys for it.</summary>
public enum SealingFault
{
    /// <summary>It does not begin as an age file, or is of a version that is not known.</summary>
    NotAge,

    /// <summary>It is an age file whose armor or header breaks the rules of the format.</summary>
    Malformed,

    /// <summary>It ends too early.</summary>
    Truncated,

    /// <summary>Something in it was changed after it was sealed.</summary>
    Tampered,

    /// <summary>None of the given identities opens it.</summary>
    NoIdentityFits,

    /// <summary>Opening it would cost more work than is allowed.</summary>
    TooCostly,

    /// <summary>A recipient or an identity is not one.</summary>
    BadKey,

    /// <summary>Recipients that may not be sealed to together.</summary>
    MixedRecipients,
}

/// <summary>Where in a sealed file a fault lies.</summary>
public enum SealingPart
{
    /// <summary>In no file: in a key, or in how they were combined.</summary>
    None,

    /// <summary>In the ASCII armor.</summary>
    Armor,

    /// <summary>In the header with the recipients.</summary>
    Header,

    /// <summary>In the sealed content.</summary>
    Payload,
}

/// <summary>A file could not be sealed or opened. The message is one sentence for a person; it never holds a secret.</summary>
public sealed class SealingException(SealingFault fault, SealingPart part, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public SealingFault Fault { get; } = fault;

    /// <summary>Where it is wrong.</summary>
    public SealingPart Part { get; } = part;

    internal static SealingException Header(int line, string what) =>
        new(SealingFault.Malformed, SealingPart.Header, $"The header is damaged in line {line}: {what}.");

    internal static SealingException Stanza(string type, string what) =>
        new(SealingFault.Malformed, SealingPart.Header, $"The header is damaged in a {type} recipient: {what}.");

    internal static SealingException BadKey(string what) => new(SealingFault.BadKey, SealingPart.None, what);
}
