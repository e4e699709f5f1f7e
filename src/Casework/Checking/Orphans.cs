namespace Understory.Casework;

/// <summary>Rows that belong to others which are not there.</summary>
/// <param name="Find">Selects the place of each, as text.</param>
/// <param name="Sentence">What is wrong with it; <c>{0}</c> is the place.</param>
internal sealed record Orphans(string Find, string Sentence)
{
    public static IReadOnlyList<Orphans> All { get; } =
    [
        new("SELECT hex(chain) FROM chains WHERE chain NOT IN (SELECT chain FROM keyrings)", "The keychain {0} belongs to nobody."),
        new("SELECT hex(look_up) FROM keyrings WHERE chain NOT IN (SELECT chain FROM chains)", "The user of look-up id {0} has no keychain: nobody can sign in there."),
        new("SELECT hex(chain) FROM keyrings GROUP BY chain HAVING count(*) > 1", "Two users have one keychain: {0}."),
        new("SELECT DISTINCT hex(chain) FROM segments WHERE chain NOT IN (SELECT chain FROM chains)", "Segments belong to the keychain {0}, which is not there."),
        new("SELECT hex(chain) FROM segments GROUP BY chain HAVING count(*) <> max(number) + 1", "Segments of the keychain {0} are missing."),
        new("SELECT hex(journal) FROM cards WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.journal = cards.journal)", "The card of the case {0} is of a journal that is not there."),
        // The organisation's own journal is no case.
        new("SELECT hex(journal) FROM entries WHERE sequence = 1 AND NOT EXISTS (SELECT 1 FROM cards WHERE cards.journal = entries.journal) AND journal NOT IN (SELECT journal FROM instance)", "The case {0} has no card: lists make it anew for whoever has its key."),
        new("SELECT hex(look_up) FROM conversations WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.journal = conversations.journal)", "The conversation {0} belongs to a case that is not there."),
        new("SELECT hex(request) FROM outbox WHERE NOT EXISTS (SELECT 1 FROM entries WHERE entries.journal = outbox.journal)", "The answer {0} belongs to a case that is not there."),
        new("SELECT hex(request) FROM fetched WHERE request NOT IN (SELECT request FROM outbox)", "It is said that the answer {0} was fetched, which nobody sent."),
    ];
}
