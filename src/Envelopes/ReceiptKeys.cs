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

    /// <summary>16 bytes that name the conversation at Intake.</summary>
    public Secret LookUpId { get; }

    /// <summary>32 bytes shown to Intake, which keeps their SHA-256.</summary>
    public Secret Bearer { get; }

    /// <summary>32 bytes, K, that authenticate messages both ways.</summary>
    public Secret Conversation { get; }

    /// <summary>Opens answers.</summary>
    public HybridIdentity Identity { get; }

    /// <summary>Wipes all of it.</summary>
    public void Dispose()
    {
        LookUpId.Dispose();
        Bearer.Dispose();
        Conversation.Dispose();
        Identity.Dispose();
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
            keys.Add(root.Expand("understory/receipt/v1/look-up"u8, LookUpIdSize));
            keys.Add(root.Expand("understory/receipt/v1/bearer"u8, KeySize));
            keys.Add(root.Expand("understory/receipt/v1/conversation"u8, KeySize));
            using var seed = root.Expand("understory/receipt/v1/identity"u8, KeySize);
            return new ReceiptKeys(keys[0], keys[1], keys[2], HybridIdentity.FromSeed(seed.Span, memory));
        }
        catch
        {
            keys.ForEach(key => key.Dispose());
            throw;
        }
    }
}
