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
    private const int InAWeek = 16;
    private const int DaysKept = 30;
    private const int LastDayAt = 141;
    private const string Purpose = "inbox";

    /// <summary>Makes this week's key where there is none yet and the user may sign one.</summary>
    public static void KeepCurrent(Organisation organisation, Keyring keyring)
    {
        if (!keyring.May(Roles.Coordinator | Roles.Triage)) return;
        var made = false;
        lock (keyring.Gate)
        {
            made = organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                DestroyOld(organisation, connection, keyring);
                // By its number and not by being the newest: a clock that once was wrong must not end it for years.
                return keyring.IsCoordinator && Newest(organisation, connection) is null && TryMake(organisation, connection, keyring, NumberOf(WeekOf(organisation), 0));
            });
        }
        if (made) organisation.SayChanged();
    }

    /// <summary>The highest number that a key of this week can have; those of weeks to come were made by a clock that was wrong.</summary>
    public static int LastOfWeek(Organisation organisation) => NumberOf(WeekOf(organisation), InAWeek - 1);

    /// <summary>The identities of all weeks that the user holds, the newest first; the caller's to dispose.</summary>
    public static IReadOnlyList<Identity> Of(Organisation organisation, Keyring keyring) =>
        [.. keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).Where(epoch => epoch.Number > 1).Select(epoch => Derive(epoch, keyring.Memory))];

    /// <summary>Another key for this week, as somebody who had it reads new requests no longer.</summary>
    public static void Renew(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var next = Newest(organisation, connection) is { } newest ? newest + 1 : NumberOf(WeekOf(organisation), 0);
        // In a week with sixteen of them, the sixteenth stays until the next.
        if (WeekOfNumber(next) == WeekOf(organisation)) TryMake(organisation, connection, keyring, next);
    }

    /// <summary>A key is signed by a coordinator. One who does not read new requests gives it to those who do, and keeps nothing.</summary>
    private static bool TryMake(Organisation organisation, SqliteConnection connection, Keyring keyring, int number)
    {
        if (CertificateFor(organisation, connection, keyring) is not { } certificate) return false;
        Make(organisation, connection, keyring, certificate, number);
        SharedKeys.Give(organisation, connection, keyring);
        if (keyring.May(Roles.Triage) || !keyring.Directory.Users.Any(user => user.May(Roles.Triage, organisation.Today))) return true;
        foreach (var epoch in keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).Where(epoch => epoch.Number == number).ToList()) keyring.Remove(epoch.KeyId);
        keyring.Store(connection);
        return true;
    }

    /// <summary>The number of this week's newest key; null where there is none.</summary>
    private static int? Newest(Organisation organisation, SqliteConnection connection)
    {
        var week = WeekOf(organisation);
        return (int?)connection.ExecuteScalar<long?>("SELECT max(number) FROM inbox_keys WHERE number BETWEEN @first AND @last", new { first = NumberOf(week, 0), last = NumberOf(week, InAWeek - 1) });
    }

    /// <summary>
    /// Wipes the keys of weeks that are long over, once nothing that came in them waits: what was sealed to them then cannot be
    /// opened by anybody, whoever recorded it.
    /// </summary>
    private static void DestroyOld(Organisation organisation, SqliteConnection connection, Keyring keyring)
    {
        var over = connection.Query<(long Number, byte[] Statement)>("SELECT number, statement FROM inbox_keys").ToDictionary(row => row.Number, row => LastDayOf(row.Statement));
        var oldest = connection.ExecuteScalar<long?>("SELECT min(day) FROM arrivals WHERE look_up NOT IN (SELECT look_up FROM conversations)") ?? long.MaxValue;
        var gone = false;
        foreach (var epoch in keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).Where(epoch => epoch.Number > 1).ToList())
        {
            // Those of before there was a directory were numbered otherwise.
            if (!over.TryGetValue(epoch.Number, out var last) && !over.TryGetValue(epoch.Number - 1, out last)) continue;
            if (last + DaysKept >= organisation.Today || oldest <= last) continue;
            keyring.Remove(epoch.KeyId);
            gone = true;
        }
        if (gone) keyring.Store(connection);
    }

    private static int LastDayOf(byte[] statement) => statement.Length == InboxKeyStatement.Size ? BinaryPrimitives.ReadInt32BigEndian(statement.AsSpan(LastDayAt)) : int.MaxValue - DaysKept;

    private static void Make(Organisation organisation, SqliteConnection connection, Keyring keyring, CoordinatorCertificate certificate, int number)
    {
        var today = organisation.Today;
        // The key may be there and the statement not: somebody deleted it, or another session's was not told yet.
        var epoch = keyring.Keychain.All(organisation.Founded.Journal, Compartment.Contact).FirstOrDefault(epoch => epoch.Number == number);
        if (epoch is null)
        {
            using var started = Epoch.Start(organisation.Founded.Journal, Compartment.Contact, number, keyring.Memory);
            keyring.Add(started);
            epoch = keyring.Keychain.Find(started.KeyId)!;
            keyring.Store(connection);
        }
        using var identity = Derive(epoch, keyring.Memory);
        using var seed = keyring.InboxSigningSeed();
        var first = Math.Max(0, today - ClockSlack);
        var statement = InboxKeyStatement.Sign(
            seed, certificate, (HybridRecipient)identity.ToRecipient(), new Days(first, Math.Min(first + InboxKeyStatement.MostDays - 1, certificate.Days.Last)));
        connection.Execute("INSERT INTO inbox_keys VALUES (@number, @statement, 0)", new { number, statement = statement.ToBytes() });
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

    // The first epoch is the journal's own; the weeks come far after it, each with room for keys that had to be made anew.
    private static int NumberOf(int week, int turn) => (week * InAWeek) + turn;

    // Epochs end at a million: a clock that stands beyond the year 3100 has one week for ever.
    private static int WeekOf(Organisation organisation) => Math.Min(organisation.Today / 7 + 1, (Epoch.MaxNumber / InAWeek) - 1);

    private static int WeekOfNumber(int number) => number / InAWeek;

    private static HybridIdentity Derive(Epoch epoch, LockedMemory memory)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(number, epoch.Number);
        return epoch.DeriveIdentity(Purpose, number, memory);
    }
}
