namespace Understory.Intake;

/// <summary>
/// Who may hold how much memory at once. Nothing here goes by address: all visitors of an onion service have the same.
/// </summary>
/// <param name="Open">Everybody's.</param>
/// <param name="Returning">
/// Kept for those who show the token of a conversation that exists. A flood of newcomers fills the open lane and not this.
/// </param>
/// <param name="Desk">The collector's.</param>
/// <param name="Plain">Plain forms, which lie in locked memory until they are sealed.</param>
internal sealed record Lanes(Lane Open, Lane Returning, Lane Desk, Lane Plain)
{
    /// <summary>The longest form, in bytes, that goes through <see cref="PlainShort"/>.</summary>
    public const int ShortForm = 8 * 1024;

    /// <summary>Forms with a receipt and little else: who returns, reads or deletes does not wait behind long forms.</summary>
    public Lane PlainShort { get; init; } = new(64, 64L * ShortForm);

    /// <summary>
    /// Kept for conversations that hold an answer: somebody at the Desk has read them. Anybody can begin conversations of their
    /// own and fill <see cref="Returning"/> with them, but nobody can answer themselves.
    /// </summary>
    public Lane Answered { get; init; } = new(64, 8L << 20);

    /// <summary>A place for somebody whose token is right; null where there is none.</summary>
    public Lane.Place? TryReturn(Standing standing, int bytes) =>
        Returning.TryEnter(bytes) ?? (standing == Standing.Answered ? Answered.TryEnter(bytes) : null);

    /// <summary>Together about a hundred megabytes: what a small server has to spare.</summary>
    public static Lanes Usual() => new(new Lane(1_024, 48L << 20), new Lane(256, 32L << 20), new Lane(8, 16L << 20), new Lane(64, 640L << 10));
}
