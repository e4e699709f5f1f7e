using System.Buffers.Binary;
using Microsoft.Data.Sqlite;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>That somebody read compartments of a case.</summary>
/// <param name="User">Who; null where the directory does not know the key.</param>
/// <param name="Case">Which case.</param>
/// <param name="Compartments">Which parts.</param>
/// <param name="Time">When.</param>
public sealed record ReadingLine(UserId? User, CaseId Case, IReadOnlyList<Compartment> Compartments, DateTimeOffset Time);

/// <summary>
/// The journal of readings: once for each session, case and compartment. Everybody writes it; what was read, only coordinators
/// open (<c>docs/formats/directory.md</c>, "Readings").
/// </summary>
internal static class Readings
{
    private const string Purpose = "readings";
    private const int ContentSize = CaseId.Size + 2;

    /// <summary>Whom readings are sealed to, by the newest key of coordinators.</summary>
    public static HybridRecipient RecipientOf(Keyring keyring, Places places)
    {
        var epoch = keyring.Keychain.Newest(places.Directory, Compartment.Contact) ?? throw new CaseworkException("Only a coordinator can do this.");
        using var identity = epoch.DeriveIdentity(Purpose, [], keyring.Memory);
        return (HybridRecipient)identity.ToRecipient();
    }

    /// <summary>Says in the directory whom readings are sealed to, where coordinators have a new key.</summary>
    public static void KeepOversight(Organisation organisation, SqliteConnection connection, Keyring keyring, Places places)
    {
        var recipient = RecipientOf(keyring, places);
        if (keyring.Directory.Oversight is { } known && known.PublicKey.SequenceEqual(recipient.PublicKey)) return;
        new DirectoryJournal(organisation, connection, keyring, places.Directory).Append(Kind.OversightSet, DirectoryBodies.OversightSet(recipient, Archive.RecipientOf(keyring, places)));
        keyring.RefreshDirectory(connection);
    }

    /// <summary>Writes down what the user read for the first time in this session.</summary>
    public static void Write(Organisation organisation, SqliteConnection connection, Keyring keyring, CaseId @case, IReadOnlyCollection<Compartment> compartments)
    {
        if (organisation.Places(connection) is not { } places || keyring.Directory.Oversight is not { } oversight) return;
        if (keyring.Keychain.Newest(places.Readings, Compartment.Work) is not { } epoch) throw new CaseworkException("What you read cannot be written down: you have no key to the journal of readings (yet). Ask a coordinator.");
        Span<byte> content = stackalloc byte[ContentSize];
        @case.CopyTo(content);
        BinaryPrimitives.WriteUInt16BigEndian(content[CaseId.Size..], (ushort)compartments.Sum(compartment => 1 << (int)compartment));
        var sealedContent = AgeFile.Seal(content, oversight);
        var head = JournalRows.HeadOf(connection, places.Readings);
        var body = Bodies.Write(writer =>
        {
            writer.WriteArray(1);
            writer.Write(sealedContent);
        });
        JournalRows.Append(organisation, connection, keyring.SigningKey, head, epoch, Kind.CompartmentRead, body).Opened.Dispose();
    }

    /// <summary>The newest readings, for coordinators.</summary>
    public static IReadOnlyList<ReadingLine> Newest(Organisation organisation, SqliteConnection connection, Keyring keyring, int most)
    {
        List<ReadingLine> lines = [];
        if (organisation.Places(connection) is not { } places) return lines;
        var identities = keyring.Keychain.All(places.Directory, Compartment.Contact).Select(epoch => epoch.DeriveIdentity(Purpose, [], keyring.Memory)).ToList();
        if (identities.Count == 0) return lines;
        try
        {
            var rows = JournalRows.ReadLast(connection, places.Readings, most);
            foreach (var bytes in rows.Entries)
            {
                var entry = SealedEntry.Parse(bytes.Span);
                if (!rows.Log.Contains(entry.LeafHash) || keyring.Keychain.Find(entry.Header.KeyId) is not { } epoch) continue;
                using var opened = entry.Open(epoch, Kinds.Current);
                if (opened.Kind != Kind.CompartmentRead) continue;
                lines.Add(Read(keyring, rows, opened, identities));
            }
        }
        finally
        {
            foreach (var identity in identities) identity.Dispose();
        }
        return lines;
    }

    private static ReadingLine Read(Keyring keyring, JournalRows rows, Entry entry, List<HybridIdentity> identities)
    {
        var reader = Bodies.Read(entry, 1);
        var content = AgeFile.Open(reader.ReadBytes(4096), [.. identities]);
        if (content.Length != ContentSize) throw new CaseworkException($"Entry {entry.Header.Sequence} of the readings is damaged.");
        var bits = BinaryPrimitives.ReadUInt16BigEndian(content.AsSpan(CaseId.Size));
        return new ReadingLine(
            keyring.Directory.SignerAt(entry.Author, rows.Leaves[entry.Header.Sequence])?.Id, CaseId.From(content.AsSpan(0, CaseId.Size)),
            [.. Enum.GetValues<Compartment>().Where(compartment => (bits & (1 << (int)compartment)) != 0)], DateTimeOffset.FromUnixTimeSeconds(entry.Time));
    }
}
