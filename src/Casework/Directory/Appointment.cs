using System.Buffers.Binary;
using Understory.Envelopes;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The root's word that a user is a coordinator of this directory, and may sign inbox keys. Without it nobody enrols anybody.
/// </summary>
/// <param name="Days">When it is valid.</param>
/// <param name="Signature">The root's.</param>
/// <param name="Certificate">The root's word for the key that signs inbox keys, which the world sees.</param>
internal sealed record Appointment(Days Days, ReadOnlyMemory<byte> Signature, byte[]? Certificate)
{
    private static ReadOnlySpan<byte> Label => "understory/appointment/v1\0"u8;

    /// <summary>Appoints.</summary>
    /// <param name="rootSeed">The seed of the organisation's root key.</param>
    /// <param name="directory">The directory's journal.</param>
    /// <param name="user">Whom.</param>
    /// <param name="author">The key that they sign with.</param>
    /// <param name="inboxSigner">The key that they sign inbox keys with.</param>
    /// <param name="today">Days since 1970-01-01.</param>
    public static Appointment Sign(Secret rootSeed, CaseId directory, UserId user, PublicKey author, ReadOnlySpan<byte> inboxSigner, int today)
    {
        // A day before: two machines' clocks.
        var first = Math.Max(0, today - 1);
        var days = new Days(first, first + CoordinatorCertificate.MostDays - 1);
        var signature = new byte[Primitives.Ed25519SignatureSize];
        // Why this is safe: the label is the root's second and last one, ends in zero, and differs from that of certificates;
        // everything behind it has a fixed length.
        Primitives.Ed25519Sign(rootSeed.Span, Message(directory, user, author, days), signature);
        return new Appointment(days, signature, CoordinatorCertificate.Sign(rootSeed, inboxSigner, days).ToBytes());
    }

    /// <summary>Whether the root said it.</summary>
    public bool IsBy(ReadOnlySpan<byte> root, CaseId directory, UserId user, PublicKey author) =>
        Days.Last >= Days.First && Days.Count <= CoordinatorCertificate.MostDays && Primitives.Ed25519Verify(root, Message(directory, user, author, Days), Signature.Span);

    public void Write(CborWriter writer)
    {
        writer.WriteArray(4);
        writer.Write((long)Days.First);
        writer.Write((long)Days.Last);
        writer.Write(Signature.Span);
        if (Certificate is null) writer.WriteNull();
        else writer.Write(Certificate);
    }

    public static Appointment? ReadOrNull(ref CborReader reader)
    {
        if (reader.TryReadNull()) return null;
        reader.ReadArrayOf(4);
        var days = new Days(reader.ReadInt32(), reader.ReadInt32());
        var signature = reader.ReadExactly(Primitives.Ed25519SignatureSize).ToArray();
        return new Appointment(days, signature, reader.TryReadNull() ? null : reader.ReadExactly(CoordinatorCertificate.Size).ToArray());
    }

    private static byte[] Message(CaseId directory, UserId user, PublicKey author, Days days)
    {
        Span<byte> numbers = stackalloc byte[8];
        BinaryPrimitives.WriteInt32BigEndian(numbers, days.First);
        BinaryPrimitives.WriteInt32BigEndian(numbers[4..], days.Last);
        return [.. Label, .. directory.ToArray(), .. user.ToArray(), .. author.ToArray(), .. numbers];
    }
}
