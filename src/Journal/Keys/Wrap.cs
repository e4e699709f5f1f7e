using System.Security.Cryptography;
using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// Gives the key of an epoch to somebody: an age file sealed to one post-quantum recipient, whose content says what it is
/// and is signed (<c>docs/formats/journal.md</c>, "Wrap"). All wraps have one length.
/// </summary>
public static class Wrap
{
    /// <summary>Length of every wrap.</summary>
    public const int Size = 1857;

    private const int SignatureSize = Primitives.Ed25519SignatureSize;
    private const int SignedSize = WrapTerms.Size + Epoch.KeySize;
    private const int ContentSize = SignedSize + SignatureSize;
    private const int LabelSize = 27;
    private const int MessageSize = LabelSize + SignedSize;

    private static ReadOnlySpan<byte> Label => "understory/journal/v1/wrap\0"u8;

    /// <summary>Seals the key of an epoch to a recipient.</summary>
    /// <param name="epoch">The epoch.</param>
    /// <param name="grantee">Who may open it from now on.</param>
    /// <param name="granter">Who gives it, and signs.</param>
    /// <exception cref="SealingException">The recipient is not a key that can be sealed to.</exception>
    public static byte[] Seal(Epoch epoch, HybridRecipient grantee, SigningKey granter)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        ArgumentNullException.ThrowIfNull(granter);
        Span<byte> content = stackalloc byte[ContentSize];
        try
        {
            WrapTerms.For(epoch, grantee, granter.PublicKey).CopyTo(content);
            epoch.Key.Span.CopyTo(content[WrapTerms.Size..]);
            // Why this is safe: the signature holds key and terms together, and the terms name the recipient. Whoever
            // opens a wrap can copy the key, but cannot pass it on as given to somebody else, or as another key. It
            // stands inside the seal: a seized disk does not show who grants.
            Sign(granter, content);
            return AgeFile.Seal(content, grantee);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(content);
        }
    }

    /// <summary>Opens a wrap whose terms are known from where it lies and from the entry that granted it.</summary>
    /// <param name="file">The age file.</param>
    /// <param name="expected">What it must say; every part is compared.</param>
    /// <param name="identity">Whose recipient it was sealed to.</param>
    /// <param name="memory">Where the key goes.</param>
    /// <exception cref="JournalException">It does not open, says something else, or its signature is not right.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Epoch Open(ReadOnlySpan<byte> file, WrapTerms expected, HybridIdentity identity, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(expected);
        using var content = OpenContent(file, identity, memory);
        var terms = Check(content, identity);
        if (terms != expected)
            throw new JournalException(JournalFault.Misplaced, $"The wrap is not the one that belongs here: {Difference(terms, expected)} differs.");
        return new Epoch(terms.Case, terms.Compartment, terms.Epoch, terms.KeyId, memory.Copy(content.Span.Slice(WrapTerms.Size, Epoch.KeySize)));
    }

    /// <summary>
    /// What a wrap says, for somebody who was just given it and knows nothing else. Signature and recipient are checked;
    /// whether the granter might grant this is the caller's to ask before <see cref="Open"/>.
    /// </summary>
    /// <exception cref="JournalException">It does not open, is for somebody else, or its signature is not right.</exception>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static WrapTerms ReadTerms(ReadOnlySpan<byte> file, HybridIdentity identity, LockedMemory memory)
    {
        using var content = OpenContent(file, identity, memory);
        return Check(content, identity);
    }

    /// <summary>The hash that the entry <c>access-granted</c> holds.</summary>
    public static Digest HashOf(ReadOnlySpan<byte> file) => Digest.Of(file);

    private static Secret OpenContent(ReadOnlySpan<byte> file, HybridIdentity identity, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(identity);
        // Why this is safe: beside one recipient of this kind a file of this length has room for no other. Else a wrap that is
        // recorded as given to one could have been given to two.
        if (file.Length != Size) throw JournalException.Malformed($"A wrap has {Size} bytes.");
        try
        {
            return AgeFile.OpenSecret(file, ContentSize, memory, identity);
        }
        catch (SealingException fault)
        {
            var what = fault.Fault switch
            {
                SealingFault.NoIdentityFits => JournalFault.NoKey,
                SealingFault.Tampered => JournalFault.Tampered,
                _ => JournalFault.Malformed,
            };
            throw new JournalException(what, fault.Message, fault);
        }
    }

    private static WrapTerms Check(Secret content, HybridIdentity identity)
    {
        var terms = WrapTerms.Parse(content.Span);
        Span<byte> message = stackalloc byte[MessageSize];
        try
        {
            WriteMessage(content.Span, message);
            if (!terms.Granter.Verify(message, content.Span[SignedSize..]))
                throw new JournalException(JournalFault.BadSignature, "The wrap's signature is not its granter's.");
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
        if (terms.Grantee != WrapTerms.GranteeOf((HybridRecipient)identity.ToRecipient()))
            throw new JournalException(JournalFault.Misplaced, "The wrap was given to somebody else and sealed again to you.");
        return terms;
    }

    private static void Sign(SigningKey granter, Span<byte> content)
    {
        Span<byte> message = stackalloc byte[MessageSize];
        try
        {
            WriteMessage(content, message);
            granter.Sign(message, content[SignedSize..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(message);
        }
    }

    private static void WriteMessage(ReadOnlySpan<byte> content, Span<byte> message)
    {
        Label.CopyTo(message);
        content[..SignedSize].CopyTo(message[Label.Length..]);
    }

    private static string Difference(WrapTerms found, WrapTerms expected) =>
        found.Case != expected.Case ? "the case"
        : found.Compartment != expected.Compartment ? "the compartment"
        : found.Epoch != expected.Epoch ? "the epoch"
        : found.KeyId != expected.KeyId ? "the key"
        : found.Grantee != expected.Grantee ? "the grantee"
        : "the granter";
}
