using Understory.Sealing;

namespace Understory.Journal;

/// <summary>An Ed25519 key (RFC 8032) that signs entries, wraps and checkpoints. Its seed lies in locked memory.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly Secret _seed;

    private SigningKey(Secret seed, PublicKey publicKey) => (_seed, PublicKey) = (seed, publicKey);

    /// <summary>The public half.</summary>
    public PublicKey PublicKey { get; }

    /// <summary>A new key.</summary>
    public static SigningKey Generate(LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        return Of(memory.Random(Primitives.Ed25519KeySize));
    }

    /// <summary>The key of a 32-byte seed, which is copied.</summary>
    /// <exception cref="ArgumentException">It has not 32 bytes.</exception>
    public static SigningKey FromSeed(ReadOnlySpan<byte> seed, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (seed.Length != Primitives.Ed25519KeySize) throw new ArgumentException("A seed has 32 bytes.", nameof(seed));
        return Of(memory.Copy(seed));
    }

    /// <summary>Signs a message into 64 bytes. The message begins with the label of what it is.</summary>
    public void Sign(ReadOnlySpan<byte> message, Span<byte> signature) => Primitives.Ed25519Sign(_seed.Span, message, signature);

    /// <summary>Says whose it is and nothing of the secret.</summary>
    public override string ToString() => $"SigningKey of {PublicKey}";

    /// <summary>Wipes the seed.</summary>
    public void Dispose() => _seed.Dispose();

    private static SigningKey Of(Secret seed)
    {
        try
        {
            Span<byte> publicKey = stackalloc byte[Primitives.Ed25519KeySize];
            Primitives.Ed25519PublicKey(seed.Span, publicKey);
            return new SigningKey(seed, PublicKey.From(publicKey));
        }
        catch
        {
            seed.Dispose();
            throw;
        }
    }
}

/// <summary>An Ed25519 public key, 32 bytes, as a value. Whose it is stands in the sealed directory and nowhere else.</summary>
public readonly record struct PublicKey
{
    /// <summary>Length in bytes.</summary>
    public const int Size = Primitives.Ed25519KeySize;

    private readonly Digest _bytes;

    private PublicKey(Digest bytes) => _bytes = bytes;

    /// <summary>Reads 32 bytes; whether they are a key shows when a signature is verified.</summary>
    /// <exception cref="ArgumentException">There are not 32.</exception>
    public static PublicKey From(ReadOnlySpan<byte> bytes) => new(Digest.From(bytes));

    /// <summary>Whether a signature of a message verifies under this key.</summary>
    public bool Verify(ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        Span<byte> key = stackalloc byte[Size];
        CopyTo(key);
        return Primitives.Ed25519Verify(key, message, signature);
    }

    /// <summary>Writes 32 bytes.</summary>
    public void CopyTo(Span<byte> bytes) => _bytes.CopyTo(bytes);

    /// <summary>The 32 bytes.</summary>
    public byte[] ToArray() => _bytes.ToArray();

    /// <summary>64 hexadecimal digits.</summary>
    public override string ToString() => _bytes.ToString();
}
