using System.Security.Cryptography;
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

    /// <summary>Starts an epoch: a new random key.</summary>
    /// <param name="case">The case.</param>
    /// <param name="compartment">The compartment.</param>
    /// <param name="number">1, or one more than the epoch before.</param>
    /// <param name="memory">Where the key goes.</param>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Epoch Start(CaseId @case, Compartment compartment, int number, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
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

    /// <summary>Says which it is and nothing of the key.</summary>
    public override string ToString() => $"Epoch {Number} of {Compartment} in {Case}";

    /// <summary>Wipes the key.</summary>
    public void Dispose() => Key.Dispose();
}
