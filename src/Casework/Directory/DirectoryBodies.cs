using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>What is in the entries of the directory (<c>docs/formats/directory.md</c>, "Entries").</summary>
internal static class DirectoryBodies
{
    public const int MostShares = 16;

    private const int LookUpSize = 16;
    private const int SignInLookUpSize = 32;

    public sealed record Enrolment(UserId User, PublicKey Author, HybridRecipient Recipient, Roles Roles, int First, int? Last, Appointment? Appointment);

    public sealed record Change(UserId User, Roles Roles, int First, int? Last, Appointment? Appointment);

    public sealed record Rekeying(UserId User, PublicKey Author, HybridRecipient Recipient, Appointment? Appointment);

    /// <summary>An invitation as coordinators keep it; its key lies in the body alone.</summary>
    public sealed record Invited(UserId User, Roles Roles, int First, int? Last, string Name, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> LookUp, int Expires);

    public static byte[] Enrolled(Enrolment it) => Bodies.Write(writer =>
    {
        writer.WriteArray(7);
        writer.Write(it.User.ToArray());
        writer.Write(it.Author.ToArray());
        writer.Write(it.Recipient.PublicKey);
        Write(writer, it.Roles, it.First, it.Last);
        Write(writer, it.Appointment);
    });

    public static Enrolment ReadEnrolled(Entry entry)
    {
        var reader = Bodies.Read(entry, 7);
        var (user, author, recipient) = (ReadUser(ref reader), PublicKey.From(reader.ReadExactly(PublicKey.Size)), ReadRecipient(ref reader));
        var (roles, first, last) = ReadTerms(ref reader);
        var it = new Enrolment(user, author, recipient, roles, first, last, Appointment.ReadOrNull(ref reader));
        reader.End();
        return it;
    }

    public static byte[] Changed(Change it) => Bodies.Write(writer =>
    {
        writer.WriteArray(5);
        writer.Write(it.User.ToArray());
        Write(writer, it.Roles, it.First, it.Last);
        Write(writer, it.Appointment);
    });

    public static Change ReadChanged(Entry entry)
    {
        var reader = Bodies.Read(entry, 5);
        var user = ReadUser(ref reader);
        var (roles, first, last) = ReadTerms(ref reader);
        var it = new Change(user, roles, first, last, Appointment.ReadOrNull(ref reader));
        reader.End();
        return it;
    }

    public static byte[] Rekeyed(Rekeying it) => Bodies.Write(writer =>
    {
        writer.WriteArray(4);
        writer.Write(it.User.ToArray());
        writer.Write(it.Author.ToArray());
        writer.Write(it.Recipient.PublicKey);
        Write(writer, it.Appointment);
    });

    public static Rekeying ReadRekeyed(Entry entry)
    {
        var reader = Bodies.Read(entry, 4);
        var it = new Rekeying(ReadUser(ref reader), PublicKey.From(reader.ReadExactly(PublicKey.Size)), ReadRecipient(ref reader), Appointment.ReadOrNull(ref reader));
        reader.End();
        return it;
    }

    public static byte[] Named(UserId user, string name) => Bodies.Write(writer =>
    {
        writer.WriteArray(2);
        writer.Write(user.ToArray());
        writer.Write(name);
    });

    /// <summary>The name goes into locked memory and nowhere else.</summary>
    public static (UserId User, Secret Name) ReadNamed(Entry entry, LockedMemory memory)
    {
        var reader = Bodies.Read(entry, 2);
        var user = ReadUser(ref reader);
        var name = reader.ReadUtf8(Texts.MaxName);
        reader.End();
        return (user, memory.Copy(name));
    }

    /// <summary>A user and nothing else: <c>user-left</c>, <c>invitation-ended</c>.</summary>
    public static byte[] Of(UserId user) => Bodies.Write(writer =>
    {
        writer.WriteArray(1);
        writer.Write(user.ToArray());
    });

    public static UserId ReadUserAlone(Entry entry)
    {
        var reader = Bodies.Read(entry, 1);
        var user = ReadUser(ref reader);
        reader.End();
        return user;
    }

    public static byte[] UserInvited(Invited it, Secret key) => Bodies.Write(writer =>
    {
        writer.WriteArray(8);
        writer.Write(it.User.ToArray());
        Write(writer, it.Roles, it.First, it.Last);
        writer.Write(it.Name);
        writer.Write(key.Span);
        writer.Write(it.LookUp.Span);
        writer.Write((long)it.Expires);
    });

    public static Invited ReadInvited(Entry entry)
    {
        var reader = Bodies.Read(entry, 8);
        var user = ReadUser(ref reader);
        var (roles, first, last) = ReadTerms(ref reader);
        var name = reader.ReadText(Texts.MaxName);
        reader.ReadExactly(InvitationCode.KeySize);
        // A part of the body itself, which is wiped with the entry: no copy of the key.
        var key = entry.Body.Slice(reader.Position - InvitationCode.KeySize, InvitationCode.KeySize);
        var it = new Invited(user, roles, first, last, name, key, reader.ReadExactly(LookUpSize).ToArray(), reader.ReadInt32());
        reader.End();
        return it;
    }

    public static byte[] KeyringKnown(UserId user, ReadOnlyMemory<byte> lookUp, ReadOnlyMemory<byte> chain) => Bodies.Write(writer =>
    {
        writer.WriteArray(3);
        writer.Write(user.ToArray());
        writer.Write(lookUp.Span);
        writer.Write(chain.Span);
    });

    public static (UserId User, byte[] LookUp, byte[] Chain) ReadKeyringKnown(Entry entry)
    {
        var reader = Bodies.Read(entry, 3);
        var it = (ReadUser(ref reader), reader.ReadExactly(SignInLookUpSize).ToArray(), reader.ReadExactly(LookUpSize).ToArray());
        reader.End();
        return it;
    }

    public static byte[] RecoverySet(HybridRecipient recipient, int threshold, IReadOnlyList<UserId?> officers) => Bodies.Write(writer =>
    {
        writer.WriteArray(3);
        writer.Write(recipient.PublicKey);
        writer.Write((long)threshold);
        writer.WriteArray(officers.Count);
        foreach (var officer in officers)
        {
            if (officer is { } user) writer.Write(user.ToArray());
            else writer.WriteNull();
        }
    });

    public static RecoveryState ReadRecoverySet(Entry entry)
    {
        var reader = Bodies.Read(entry, 3);
        var (recipient, threshold) = (ReadRecipient(ref reader), reader.ReadInt32(1, MostShares));
        List<UserId?> officers = [];
        for (var count = reader.ReadArray(MostShares); count > 0; count--) officers.Add(reader.TryReadNull() ? null : ReadUser(ref reader));
        reader.End();
        return threshold <= officers.Count ? new RecoveryState(recipient, threshold, officers, DateTimeOffset.FromUnixTimeSeconds(entry.Time))
            : throw new CaseworkException($"Entry {entry.Header.Sequence}: more shares are asked for than there are.");
    }

    public static byte[] OversightSet(HybridRecipient readings, HybridRecipient archive) => Bodies.Write(writer =>
    {
        writer.WriteArray(2);
        writer.Write(readings.PublicKey);
        writer.Write(archive.PublicKey);
    });

    public static (HybridRecipient Readings, HybridRecipient Archive) ReadOversightSet(Entry entry)
    {
        var reader = Bodies.Read(entry, 2);
        var it = (ReadRecipient(ref reader), ReadRecipient(ref reader));
        reader.End();
        return it;
    }

    public static UserId ReadUser(ref CborReader reader) => UserId.From(reader.ReadExactly(UserId.Size));

    private static HybridRecipient ReadRecipient(ref CborReader reader) => new(reader.ReadExactly(HybridRecipient.PublicKeySize));

    private static void Write(CborWriter writer, Roles roles, int first, int? last)
    {
        writer.Write((long)roles);
        writer.Write((long)first);
        if (last is { } day) writer.Write((long)day);
        else writer.WriteNull();
    }

    private static void Write(CborWriter writer, Appointment? appointment)
    {
        if (appointment is null) writer.WriteNull();
        else appointment.Write(writer);
    }

    private static (Roles Roles, int First, int? Last) ReadTerms(ref CborReader reader)
    {
        var (roles, first) = ((Roles)reader.ReadInt32(1, (int)RoleRules.All), reader.ReadInt32());
        return (roles, first, reader.TryReadNull() ? null : reader.ReadInt32(first, int.MaxValue));
    }
}
