using System.Buffers.Binary;
using Dapper;
using Microsoft.Data.Sqlite;
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
        var made = false;
        lock (keyring.Gate)
        {
            made = organisation.Store.Write(connection =>
            {
                // By its number and not by being the newest: a clock that once was wrong must not end it for years.
                if (connection.ExecuteScalar<long>("SELECT count(*) FROM inbox_keys WHERE number = @week", new { week = WeekOf(organisation) }) > 0) return false;
                keyring.Refresh(connection);
                return CertificateFor(organisation, connection, keyring) is { } certificate && Make(organisation, connection, keyring, certificate);
            });
        }
        if (made) organisation.SayChanged();
    }

    /// <summary>The number of this week's key; those of weeks to come were made by a clock that was wrong.</summary>
    public static int WeekOf(Organisation organisation) => organisation.Today / 7 + 1;

    /// <summary>The identities of all weeks that the user holds, the newest first; the caller's to dispose.</summary>
    public static IReadOnlyList<Identity> Of(Organisation organisation, Keyring keyring) =>
        [.. keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).Where(epoch => epoch.Number > 1).Select(epoch => Derive(epoch, keyring.Memory))];

    private static bool Make(Organisation organisation, SqliteConnection connection, Keyring keyring, CoordinatorCertificate certificate)
    {
        var (today, week) = (organisation.Today, WeekOf(organisation));
        // The key may be there and the statement not: somebody deleted it, or another session's was not told yet.
        var epoch = keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).FirstOrDefault(epoch => epoch.Number == NumberOf(week));
        if (epoch is null)
        {
            using var started = Epoch.Start(organisation.Founded.Journal, Compartment.Contact, NumberOf(week), keyring.Memory);
            keyring.Add(started);
            epoch = keyring.Keychain.Find(started.KeyId)!;
            keyring.Store(connection);
        }
        using var identity = Derive(epoch, keyring.Memory);
        using var seed = keyring.InboxSigningSeed();
        var first = Math.Max(0, today - ClockSlack);
        var statement = InboxKeyStatement.Sign(
            seed, certificate, (HybridRecipient)identity.ToRecipient(), new Days(first, Math.Min(first + InboxKeyStatement.MostDays - 1, certificate.Days.Last)));
        connection.Execute("INSERT INTO inbox_keys VALUES (@week, @statement, 0)", new { week, statement = statement.ToBytes() });
        return true;
    }

    /// <summary>The user's certificate; signed anew in good time, or when the clock had been wrong, by whoever has the root's key.</summary>
    private static CoordinatorCertificate? CertificateFor(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var (today, id) = (organisation.Today, organisation.Founded.Id);
        var certificate = Valid();
        if (certificate is not null && certificate.Days.Last - today >= InboxKeyStatement.MostDays) return certificate;
        var first = Math.Max(0, today - ClockSlack);
        return keyring.TryRenewCertificate(connection, new Days(first, first + CoordinatorCertificate.MostDays - 1)) ? Valid() : certificate;

        CoordinatorCertificate? Valid()
        {
            try
            {
                return CoordinatorCertificate.Verify(keyring.Certificate, id, today);
            }
            catch (EnvelopeException)
            {
                return null;
            }
        }
    }

    // The first epoch is the journal's own; the weeks come after it.
    private static int NumberOf(int week) => week + 1;

    private static HybridIdentity Derive(Epoch epoch, LockedMemory memory)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, epoch.Number);
        return epoch.DeriveIdentity(Purpose, number, memory);
    }
}
