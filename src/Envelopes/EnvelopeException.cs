namespace Understory.Envelopes;

/// <summary>What is wrong with something that arrived.</summary>
public enum EnvelopeFault
{
    /// <summary>It is not formed as its format says.</summary>
    Malformed,

    /// <summary>It is longer than its format allows.</summary>
    TooLong,

    /// <summary>It cannot be opened, or its tag is wrong: changed, made up, or meant for somebody else.</summary>
    Tampered,

    /// <summary>It was opened, and belongs to another conversation or look-up id.</summary>
    AnotherConversation,

    /// <summary>An inbox key of another organisation.</summary>
    AnotherInstance,

    /// <summary>The root did not sign the coordinator.</summary>
    NotSignedByRoot,

    /// <summary>The coordinator did not sign the recipient.</summary>
    NotSignedByCoordinator,

    /// <summary>An inbox key before its first day.</summary>
    NotYetValid,

    /// <summary>An inbox key after its last day.</summary>
    Expired,

    /// <summary>Intake's cursor went back: it was restored from an older state.</summary>
    RolledBack,

    /// <summary>Intake's store is not the one that was asked: it was made anew or replaced.</summary>
    AnotherStore,
}

/// <summary>Something that arrived is refused. The message is one sentence; it holds nothing of what was refused.</summary>
public sealed class EnvelopeException(EnvelopeFault fault, string message) : Exception(message)
{
    /// <summary>What is wrong.</summary>
    public EnvelopeFault Fault { get; } = fault;

    internal static EnvelopeException Malformed(string what) => new(EnvelopeFault.Malformed, $"This is damaged: {what}.");

    internal static EnvelopeException Tampered(string what) => new(EnvelopeFault.Tampered, what);
}
