using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>What a receipt opens at one organisation, in locked memory (<c>docs/formats/receipt.md</c>, "Keys").</summary>
public sealed class ReceiptKeys : IDisposable
{
    /// <summary>Length of an instance id.</summary>
    public const int InstanceIdSize = 32;

    /// <summary>Length of a look-up id.</summary>
    public const int LookUpIdSize = 16;

    private const int KeySize = 32;

    private ReceiptKeys(Secret lookUpId, Secret bearer, Secret conversation, HybridIdentity identity) =>
        (LookUpId, Bearer, Conversation, Identity) = (lookUpId, bearer, conversation, identity);

    /// <summary>16 bytes that name the conversation at Intake; derived from <see cref="Conversation"/>.</summary>
    public Secret LookUpId { get; }

    /// <summary>32 bytes shown to Intake, which keeps their SHA-256.</summary>
    public Secret Bearer { get; }

    /// <summary>32 bytes, K, that authenticate messages both ways.</summary>
    public Secret Conversation { get; }

    /// <summary>Opens answers.</summary>
    public HybridIdentity Identity { get; }

    private static ReadOnlySpan<byte> LookUpLabel => "understory/receipt/v1/look-up"u8;

    /// <summary>Wipes all of it.</summary>
    public void Dispose()
    {
        LookUpId.Dispose();
        Bearer.Dispose();
        Conversation.Dispose();
        Identity.Dispose();
    }

    /// <summary>The look-up id that belongs to K.</summary>
    /// <remarks>
    /// Why this is safe: K is uniform, so HKDF-Expand alone gives an id that tells nothing about it. Intake sees the id; to
    /// find another K that gives the same one takes 2^128 trials, so an opening that carries a K can lie under one id only.
    /// </remarks>
    internal static byte[] LookUpIdOf(ReadOnlySpan<byte> conversation)
    {
        var id = new byte[LookUpIdSize];
        HKDF.Expand(HashAlgorithmName.SHA256, conversation, id, LookUpLabel);
        return id;
    }

    internal static ReceiptKeys Derive(Secret text, ReadOnlySpan<byte> instanceId, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        if (instanceId.Length != InstanceIdSize) throw new ArgumentException("An instance id has 32 bytes.", nameof(instanceId));
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData([.. "understory/receipt"u8, 0, 1, .. instanceId], hash);

        // Why this is safe: the words carry 91 random bits, so that stretching is a courtesy and not the protection; the
        // cost is a constant of the code, and nothing that Intake says can change it.
        using var root = memory.Allocate(KeySize);
        Primitives.Argon2id(text.Span, hash[..Primitives.Argon2SaltSize], Argon2Cost.Receipt, root.Span);

        List<Secret> keys = [];
        try
        {
            keys.Add(root.Expand("understory/receipt/v1/conversation"u8, KeySize));
            keys.Add(keys[0].Expand(LookUpLabel, LookUpIdSize));
            keys.Add(root.Expand("understory/receipt/v1/bearer"u8, KeySize));
            using var seed = root.Expand("understory/receipt/v1/identity"u8, KeySize);
            return new ReceiptKeys(lookUpId: keys[1], bearer: keys[2], conversation: keys[0], HybridIdentity.FromSeed(seed.Span, memory));
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }
}
