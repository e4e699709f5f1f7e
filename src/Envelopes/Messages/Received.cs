using System.Runtime.InteropServices;

namespace Understory.Envelopes;

/// <summary>
/// What was noticed about something that arrived (<c>docs/formats/message.md</c>, "What arrives is judged"). The numbers
/// are written into journals.
/// </summary>
public enum Verdict
{
    /// <summary>The next message, as it was written.</summary>
    Genuine = 0,

    /// <summary>Genuine, and messages before it did not arrive.</summary>
    Missing = 1,

    /// <summary>Genuine, one that had been missing.</summary>
    Reordered = 2,

    /// <summary>It arrived before; nothing new.</summary>
    Replayed = 3,

    /// <summary>Genuine, from so long ago that nobody can tell whether it arrived before: shown, and said so.</summary>
    Late = 4,

    /// <summary>Written by the other side, which had been shown an older state, or shows that this side was.</summary>
    RolledBack = 5,

    /// <summary>It names another conversation.</summary>
    AnotherConversation = 6,

    /// <summary>One's own message, sent back.</summary>
    WrongDirection = 7,

    /// <summary>It cannot be opened, or the other side did not write it.</summary>
    Tampered = 8,
}

/// <summary>Something that arrived, judged.</summary>
/// <param name="Verdict">What was noticed.</param>
/// <param name="Message">What the other side wrote; null when it did not, or when it belongs elsewhere.</param>
/// <param name="Missing">The messages that are missing directly before this one.</param>
public sealed record Received(Verdict Verdict, Message? Message = null, SequenceRange? Missing = null);

/// <summary>Sequences in a row.</summary>
/// <param name="From">The first.</param>
/// <param name="To">The last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SequenceRange(int From, int To);
