using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>
/// How much the store may grow, and for whom: the last quarter is not for who comes for the first time, the last eighth not
/// for who was not answered yet, the last twentieth for nobody but the Desk and those who make room.
/// </summary>
/// <param name="quota">Bytes of the store's file that may be in use.</param>
/// <param name="mostWaiting">Messages of one conversation that may wait for the Desk.</param>
internal sealed class Room(long quota, int mostWaiting)
{
    private const int SecondsWhenFull = 3600;

    /// <summary>No room: the Desk must collect first, or the operator give more.</summary>
    public static IntakeError Full { get; } = new(IntakeErrorCode.Busy, SecondsWhenFull);

    public bool HasForNew(Statements statements, int length) => Has(statements, length, quota - quota / 4);

    public bool HasForKnown(Statements statements, int length, bool isAnswered) => Has(statements, length, quota - quota / (isAnswered ? 20 : 8));

    public bool HasForDesk(Statements statements, int length) => Has(statements, length, quota);

    public bool HasForOneMore(Statements statements, byte[] lookUpId) =>
        statements.Number("SELECT count(*) FROM waiting WHERE look_up = $1", lookUpId) < mostWaiting;

    private static bool Has(Statements statements, int length, long most)
    {
        var pages = statements.Number("PRAGMA page_count") - statements.Number("PRAGMA freelist_count");
        return pages * statements.Number("PRAGMA page_size") + length <= most;
    }
}
