using Microsoft.Data.Sqlite;
using SQLitePCL;
using Understory.Envelopes;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>Opens the cards of all cases that a user has a key to: the one thing that lists do at every request.</summary>
internal sealed class CardIndex(Organisation organisation, Keyring keyring)
{
    /// <summary>The cards, and the cases whose card is damaged, put back to an earlier state, of another case, or not there.</summary>
    public (List<CaseCard> Cards, List<CaseId> Damaged) Read(SqliteConnection connection)
    {
        var places = organisation.Places(connection);
        var cases = keyring.Keychain.Cases(Compartment.Work).Where(id => id != organisation.Founded.Journal && id != places?.Directory && id != places?.Readings).ToArray();
        var stored = Fetch(connection, cases);
        var opened = new CaseCard?[cases.Length];
        Parallel.For(0, cases.Length, place => opened[place] = Open(cases[place], stored[place]));
        List<CaseCard> cards = new(cases.Length);
        List<CaseId> damaged = [];
        for (var place = 0; place < cases.Length; place++)
        {
            if (opened[place] is { } card) cards.Add(card);
            else damaged.Add(cases[place]);
        }
        return (cards, damaged);
    }

    // One statement for all of them, without the layers in between: they would take longer than opening the cards.
    private static (byte[]? Card, long Head)[] Fetch(SqliteConnection connection, CaseId[] cases)
    {
        var stored = new (byte[]?, long)[cases.Length];
        Span<byte> id = stackalloc byte[CaseId.Size];
        Check(raw.sqlite3_prepare_v2(connection.Handle, "SELECT card, (SELECT max(sequence) FROM entries WHERE journal = ?1) FROM cards WHERE journal = ?1", out var find));
        using (find)
        {
            for (var place = 0; place < cases.Length; place++)
            {
                cases[place].CopyTo(id);
                Check(raw.sqlite3_bind_blob(find, 1, id));
                var found = raw.sqlite3_step(find);
                if (found == raw.SQLITE_ROW) stored[place] = (raw.sqlite3_column_blob(find, 0).ToArray(), raw.sqlite3_column_int64(find, 1));
                else if (found != raw.SQLITE_DONE) Check(found);
                Check(raw.sqlite3_reset(find));
            }
        }
        return stored;

        void Check(int code) => SqliteException.ThrowExceptionForRC(code, connection.Handle);
    }

    /// <summary>Null where it is not the card that this case has now.</summary>
    private CaseCard? Open(CaseId @case, (byte[]? Card, long Head) stored)
    {
        if (stored.Card is null) return null;
        try
        {
            // Why this is safe: a card opens under the key of its own case only, and the head in it must be the journal's.
            // So neither another case's card nor an earlier one of the same is taken for this one's.
            if (keyring.Keychain.Find(Card.KeyOf(stored.Card)) is not { Compartment: Compartment.Work } epoch || epoch.Case != @case) return null;
            var card = Card.Unseal(stored.Card, epoch);
            if (card.Head.Sequence != stored.Head) return null;
            return new CaseCard(
                @case, card.Name, (Stage)card.Stage, (Urgency)card.Urgency,
                card.WaitingSince is { } since ? DateTimeOffset.FromUnixTimeSeconds(since) : null, card.Unread);
        }
        catch (JournalException)
        {
            return null;
        }
    }
}
