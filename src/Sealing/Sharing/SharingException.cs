namespace Understory.Sealing;

/// <summary>What is wrong with shares of a secret.</summary>
public enum SharingFault
{
    /// <summary>A word is not on the list.</summary>
    UnknownWord,

    /// <summary>It has not as many words as a share has.</summary>
    WrongLength,

    /// <summary>A word is another one than it was: the checksum does not fit.</summary>
    Mistyped,

    /// <summary>It is whole and says what no share may say.</summary>
    Malformed,

    /// <summary>Shares of different secrets, or of two divisions of one.</summary>
    NotOfOneSecret,

    /// <summary>The same share twice, or two that claim one place.</summary>
    Twice,

    /// <summary>More are needed.</summary>
    TooFew,

    /// <summary>Together they give no secret: one of them was changed on purpose.</summary>
    Forged,
}

/// <summary>Shares do not give a secret. The message is one sentence for a person; it never holds a word of a share.</summary>
public sealed class SharingException(SharingFault fault, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public SharingFault Fault { get; } = fault;
}
