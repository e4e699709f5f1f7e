using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>Days, both included, counted from 1970-01-01 (UTC).</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Days(int First, int Last)
{
    /// <summary>How many.</summary>
    public long Count => (long)Last - First + 1;
}

/// <summary>
/// The root's word that a key is a coordinator's (<c>docs/formats/inbox-key.md</c>). The root signs nothing else.
/// </summary>
public sealed class CoordinatorCertificate
{
    /// <summary>Bytes of its encoding.</summary>
    public const int Size = Unsigned + Primitives.Ed25519SignatureSize;

    /// <summary>The most days that one may be valid.</summary>
    public const int MostDays = 800;

    internal const int Unsigned = 1 + 2 * Primitives.Ed25519KeySize + 8;

    private readonly byte[] _encoded;

    private CoordinatorCertificate(byte[] encoded) => _encoded = encoded;

    /// <summary>The root's public key, whose SHA-256 is the instance id.</summary>
    public ReadOnlySpan<byte> Root => _encoded.AsSpan(1, Primitives.Ed25519KeySize);

    /// <summary>The coordinator's public key.</summary>
    public ReadOnlySpan<byte> Coordinator => _encoded.AsSpan(33, Primitives.Ed25519KeySize);

    /// <summary>When it is valid.</summary>
    public Days Days => new(BinaryPrimitives.ReadInt32BigEndian(_encoded.AsSpan(65)), BinaryPrimitives.ReadInt32BigEndian(_encoded.AsSpan(69)));

    private static ReadOnlySpan<byte> Label => "understory/coordinator/v1\0"u8;

    /// <summary>The name of an organisation's instance: SHA-256 of its root's public key.</summary>
    public static byte[] InstanceId(ReadOnlySpan<byte> root) => SHA256.HashData(root);

    /// <summary>The key that an encoded certificate is for, without checking it.</summary>
    /// <exception cref="EnvelopeException">It is none.</exception>
    public static byte[] SignerOf(ReadOnlySpan<byte> encoded) => Read(encoded).Coordinator.ToArray();

    /// <summary>Signs a coordinator's key.</summary>
    /// <param name="rootSeed">32 bytes, the seed of the root key.</param>
    /// <param name="coordinator">32 bytes, a public key made for signing inbox keys.</param>
    /// <param name="days">When it is valid; at most <see cref="MostDays"/>.</param>
    public static CoordinatorCertificate Sign(Secret rootSeed, ReadOnlySpan<byte> coordinator, Days days)
    {
        ArgumentNullException.ThrowIfNull(rootSeed);
        Span<byte> root = stackalloc byte[Primitives.Ed25519KeySize];
        Primitives.Ed25519PublicKey(rootSeed.Span, root);
        if (!AreDays(days, MostDays)) throw new ArgumentException($"A coordinator is valid for 1 to {MostDays} days.", nameof(days));
        var body = new WireWriter(Unsigned).Bytes(root).Bytes(coordinator).UInt32(days.First).UInt32(days.Last).Finish();
        var signature = new byte[Primitives.Ed25519SignatureSize];
        Primitives.Ed25519Sign(rootSeed.Span, [.. Label, .. body], signature);
        return new CoordinatorCertificate([.. body, .. signature]);
    }

    /// <summary>Reads and checks one.</summary>
    /// <param name="encoded">137 bytes.</param>
    /// <param name="instanceId">The organisation's, from elsewhere than from whoever handed this over.</param>
    /// <param name="today">Today; days since 1970-01-01.</param>
    /// <exception cref="EnvelopeException">It is not valid; the fault says why.</exception>
    public static CoordinatorCertificate Verify(ReadOnlySpan<byte> encoded, ReadOnlySpan<byte> instanceId, int today)
    {
        var certificate = Read(encoded);
        certificate.CheckSigned(instanceId);
        CheckToday(today, certificate.Days);
        return certificate;
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => [.. _encoded];

    internal static CoordinatorCertificate Read(ReadOnlySpan<byte> encoded)
    {
        if (encoded.Length != Size || encoded[0] != WireWriter.Version) throw EnvelopeException.Malformed("it is not a coordinator's certificate");
        var certificate = new CoordinatorCertificate(encoded.ToArray());
        return AreDays(certificate.Days, MostDays) ? certificate : throw EnvelopeException.Malformed("its days are not right");
    }

    internal void CheckSigned(ReadOnlySpan<byte> instanceId)
    {
        if (!CryptographicOperations.FixedTimeEquals(SHA256.HashData(Root), instanceId))
            throw new EnvelopeException(EnvelopeFault.AnotherInstance, "This inbox key is of another organisation.");
        // Why this is safe: the root is named by its hash, which the caller had before; strict Ed25519; a label of its own.
        if (!Primitives.Ed25519Verify(Root, [.. Label, .. _encoded.AsSpan(0, Unsigned)], _encoded.AsSpan(Unsigned)))
            throw new EnvelopeException(EnvelopeFault.NotSignedByRoot, "The organisation's root did not sign this coordinator.");
    }

    internal static bool AreDays(Days days, int most) => days.First >= 0 && days.Last >= days.First && days.Count <= most;

    internal static void CheckToday(int today, params ReadOnlySpan<Days> all)
    {
        foreach (var days in all)
        {
            if (today < days.First) throw new EnvelopeException(EnvelopeFault.NotYetValid, "This inbox key is not valid yet, or the date of this device is wrong.");
        }
        foreach (var days in all)
        {
            if (today > days.Last) throw new EnvelopeException(EnvelopeFault.Expired, "This inbox key is out of date, or the date of this device is wrong.");
        }
    }
}
