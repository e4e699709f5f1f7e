namespace Understory.Intake;

/// <summary>What a look-up id with its token stands for.</summary>
internal enum Standing
{
    /// <summary>There is no such conversation, or this is not its token.</summary>
    None,

    /// <summary>There is one.</summary>
    Known,

    /// <summary>There is one, and an answer of the Desk lies in it.</summary>
    Answered,
}
