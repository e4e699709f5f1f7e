using System.Buffers.Binary;
using Dapper;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The keys that people's first words are sealed to: one a week, derived from an epoch of the organisation's own journal,
/// signed by a coordinator (<c>docs/formats/inbox-key.md</c>).
/// </summary>
internal static class InboxKeys
{
    private const int ClockSlack = 1;
    private const string Purpose = "inbox";

    /// <summary>Makes this week's key where there is none yet and the user may sign one.</summary>
    public static void KeepCurrent(Organisation organisation, Keyring keyring)
    {
        if (!keyring.IsCoordinator) return;
        var (today, journal) = (organisation.Today, organisation.Founded.Journal);
        var week = today / 7 + 1;
        var made = false;
        lock (keyring.Gate)
        {
            made = organisation.Store.Write(connection =>
            {
                if (connection.ExecuteScalar<long?>("SELECT max(number) FROM inbox_keys") >= week) return false;
                var certificate = CoordinatorCertificate.Verify(keyring.Certificate, organisation.Founded.Id, today);
                keyring.Refresh(connection);
                using var epoch = Epoch.Start(journal, Compartment.Contact, NumberOf(week), keyring.Memory);
                keyring.Keychain.Add(epoch);
                keyring.Store(connection);
                using var identity = Derive(epoch, keyring.Memory);
                using var seed = keyring.InboxSigningSeed();
                var last = Math.Min(today - ClockSlack + InboxKeyStatement.MostDays - 1, certificate.Days.Last);
                var statement = InboxKeyStatement.Sign(seed, certificate, (HybridRecipient)identity.ToRecipient(), new Days(today - ClockSlack, last));
                connection.Execute("INSERT INTO inbox_keys VALUES (@week, @statement, 0)", new { week, statement = statement.ToBytes() });
                return true;
            });
        }
        if (made) organisation.SayChanged();
    }

    /// <summary>The identities of all weeks that the user holds, the newest first; the caller's to dispose.</summary>
    public static IReadOnlyList<Identity> Of(Organisation organisation, Keyring keyring) =>
        [.. keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).Where(epoch => epoch.Number > 1).Select(epoch => Derive(epoch, keyring.Memory))];

    // The first epoch is the journal's own; the weeks come after it.
    private static int NumberOf(int week) => week + 1;

    private static HybridIdentity Derive(Epoch epoch, LockedMemory memory)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, epoch.Number);
        return epoch.DeriveIdentity(Purpose, number, memory);
    }
}
