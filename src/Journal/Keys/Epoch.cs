using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// The key of one compartment of one case, for as long as the same people may read it. Taking access away starts the next
/// epoch. Whoever holds it may read: there is no other permission.
/// </summary>
public sealed class Epoch : IDisposable
{
    /// <summary>Length of the key.</summary>
    public const int KeySize = 32;

    /// <summary>The highest number: high enough, and so far from overflowing that one can always be added to it.</summary>
    public const int MaxNumber = 1_000_000;

    private const int MaxPurpose = 32;

    internal Epoch(CaseId @case, Compartment compartment, int number, KeyId keyId, Secret key) =>
        (Case, Compartment, Number, KeyId, Key) = (@case, compartment, number, keyId, key);

    /// <summary>The case.</summary>
    public CaseId Case { get; }

    /// <summary>The compartment.</summary>
    public Compartment Compartment { get; }

    /// <summary>Which epoch of the compartment it is, from 1.</summary>
    public int Number { get; }

    /// <summary>The random name that entries carry openly.</summary>
    public KeyId KeyId { get; }

    internal Secret Key { get; }

    private static ReadOnlySpan<byte> IdentityLabel => "understory/journal/v1/identity\0"u8;

    /// <summary>Starts an epoch: a new random key.</summary>
    /// <param name="case">The case.</param>
    /// <param name="compartment">The compartment.</param>
    /// <param name="number">1, or one more than the epoch before.</param>
    /// <param name="memory">Where the key goes.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number is not 1 to <see cref="MaxNumber"/>.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Epoch Start(CaseId @case, Compartment compartment, int number, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(number, MaxNumber);
        if (!Enum.IsDefined(compartment)) throw new ArgumentOutOfRangeException(nameof(compartment));
        // Why this is safe: the key is random and derived from nothing, so that an epoch tells nothing about the next.
        return new(@case, compartment, number, KeyId.New(), memory.Random(KeySize));
    }

    /// <summary>Whether it is the same epoch with the same key; the keys are compared in constant time.</summary>
    public bool IsSameAs(Epoch other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Case, Compartment, Number, KeyId) == (other.Case, other.Compartment, other.Number, other.KeyId)
            & CryptographicOperations.FixedTimeEquals(Key.Span, other.Key.Span);
    }

    /// <summary>
    /// The identity of this epoch for a purpose: what is sealed to its recipient opens for whoever may read the compartment.
    /// See <c>docs/formats/journal.md</c>, "Identities of an epoch".
    /// </summary>
    /// <param name="purpose">What it is for: 1 to 32 visible ASCII characters.</param>
    /// <param name="context">Which of that purpose it is: the week, the conversation.</param>
    /// <param name="memory">Where the identity goes.</param>
    /// <exception cref="ArgumentException">The purpose is none.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public HybridIdentity DeriveIdentity(string purpose, ReadOnlySpan<byte> context, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(purpose);
        if (purpose.Length is 0 or > MaxPurpose || purpose.AsSpan().ContainsAnyExceptInRange('!', '~'))
            throw new ArgumentException($"A purpose is 1 to {MaxPurpose} visible ASCII characters.", nameof(purpose));
        // Why this is safe: the key is uniformly random, so HKDF-Expand alone gives a seed that tells nothing about the key
        // or any other seed. Nothing else is expanded from it directly: seals extract with a salt first, which keys HMAC
        // with the salt and not with the key. Label and purpose end in zero, so no two (purpose, context) have one info.
        using var seed = Key.Expand([.. IdentityLabel, .. Encoding.ASCII.GetBytes(purpose), 0, .. context], KeySize);
        return HybridIdentity.FromSeed(seed.Span, memory);
    }

    /// <summary>A key derived from this epoch's, for naming things that only its holders can name.</summary>
    /// <param name="label">What it is for; a label of its own, as identities have theirs.</param>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public Secret DeriveKey(ReadOnlySpan<byte> label) => Key.Expand(label, KeySize);

    /// <summary>Writes compartment, number, id and key: 53 bytes, in locked memory that the caller wipes.</summary>
    public void CopyTo(Span<byte> record)
    {
        record[0] = (byte)Compartment;
        BinaryPrimitives.WriteInt32BigEndian(record[1..], Number);
        KeyId.CopyTo(record[5..]);
        Key.Span.CopyTo(record[(5 + KeyId.Size)..]);
    }

    /// <summary>Reads what <see cref="CopyTo"/> wrote.</summary>
    /// <exception cref="JournalException">It is no epoch.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Epoch Read(CaseId @case, ReadOnlySpan<byte> record, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var number = record.Length == 5 + KeyId.Size + KeySize ? BinaryPrimitives.ReadInt32BigEndian(record[1..]) : 0;
        if (number is < 1 or > MaxNumber || !Enum.IsDefined((Compartment)record[0])) throw JournalException.Malformed("That is no key of a compartment.");
        return new(@case, (Compartment)record[0], number, KeyId.From(record.Slice(5, KeyId.Size)), memory.Copy(record[(5 + KeyId.Size)..]));
    }

    /// <summary>The same epoch with a copy of its key, in the same memory.</summary>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public Epoch Copy() => new(Case, Compartment, Number, KeyId, Key.Memory.Copy(Key.Span));

    /// <summary>Says which it is and nothing of the key.</summary>
    public override string ToString() => $"Epoch {Number} of {Compartment} in {Case}";

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key.Dispose();
}
