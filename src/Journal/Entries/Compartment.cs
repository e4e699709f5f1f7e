namespace Understory.Journal;

/// <summary>
/// The parts of a case that are opened apart. To be allowed to read one is to have its key
/// (<c>docs/formats/journal.md</c>, "Kinds and compartments"). The numbers are written into wraps and keychains.
/// </summary>
public enum Compartment
{
    /// <summary>Messages, notes about them, how to reach safely.</summary>
    Contact = 1,

    /// <summary>Stage, tasks, access, outcomes without reasons: what everybody who works the case folds.</summary>
    Work = 2,

    /// <summary>Who the person is.</summary>
    Identity = 3,

    /// <summary>What the person tells.</summary>
    Story = 4,

    /// <summary>Papers and files.</summary>
    Documents = 5,

    /// <summary>Medical and psychological.</summary>
    Health = 6,

    /// <summary>Lawyers, courts, status.</summary>
    Legal = 7,

    /// <summary>Verification and exclusion.</summary>
    Review = 8,
}
