using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// STREAM as age has it: chunks of 64 KiB, each ChaCha20-Poly1305 under the payload key with the chunk's number and
/// a mark on the last one as nonce (C2SP age, "Payload").
/// </summary>
/// <remarks>
/// Why this is safe: the payload key comes from a random file key and a random nonce and is used for one file only, so
/// a counter cannot repeat a nonce; number and mark in the nonce make reordering, cutting and appending fail.
/// </remarks>
internal static class Payload
{
    public const int ChunkSize = 64 * 1024;
    public const int TagSize = 16;
    public const int SealedChunkSize = ChunkSize + TagSize;
    public const int NonceSize = 16;
    private const int CipherNonceSize = 12;

    /// <summary>A cipher for the payload of one file. Not for two threads at once.</summary>
    public static ChaCha20Poly1305 CreateCipher(ReadOnlySpan<byte> fileKey, ReadOnlySpan<byte> nonce)
    {
        Span<byte> key = stackalloc byte[32];
        try
        {
            HKDF.DeriveKey(HashAlgorithmName.SHA256, fileKey, key, nonce, "payload"u8);
            return new ChaCha20Poly1305(key);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    /// <summary>Bytes of content in a payload of this many bytes after its nonce; negative when there is no such payload.</summary>
    public static long ContentLength(long payload)
    {
        var chunks = (payload + SealedChunkSize - 1) / SealedChunkSize;
        var content = payload - chunks * TagSize;
        var last = payload - (chunks - 1) * SealedChunkSize;
        return chunks == 0 || last < TagSize || (last == TagSize && chunks > 1) ? -1 : content;
    }

    /// <summary>
    /// Seals content, whole chunks but for the end of the file, and returns the length. With <paramref name="final"/>
    /// the content ends the file, and its last chunk is marked so.
    /// </summary>
    public static int Seal(ChaCha20Poly1305 cipher, long firstChunk, bool final, ReadOnlySpan<byte> content, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[CipherNonceSize];
        var written = 0;
        do
        {
            var chunk = content[..Math.Min(ChunkSize, content.Length)];
            content = content[chunk.Length..];
            WriteNonce(nonce, firstChunk++, final && content.IsEmpty);
            cipher.Encrypt(nonce, chunk, output.Slice(written, chunk.Length), output.Slice(written + chunk.Length, TagSize));
            written += chunk.Length + TagSize;
        }
        while (!content.IsEmpty);
        return written;
    }

    /// <summary>
    /// Opens sealed chunks. What was verified stands in <paramref name="output"/>, <paramref name="written"/> bytes,
    /// also when a fault is returned.
    /// </summary>
    public static SealingException? Open(
        ChaCha20Poly1305 cipher, long firstChunk, bool final, ReadOnlySpan<byte> sealedChunks, Span<byte> output, out int written)
    {
        written = 0;
        do
        {
            var chunk = sealedChunks[..Math.Min(SealedChunkSize, sealedChunks.Length)];
            sealedChunks = sealedChunks[chunk.Length..];
            var last = final && sealedChunks.IsEmpty;
            if (OpenChunk(cipher, firstChunk, last, chunk, output[written..]) is { } fault)
            {
                if (fault.Released) written += chunk.Length - TagSize;
                return fault.Exception;
            }
            written += chunk.Length - TagSize;
            firstChunk++;
        }
        while (!sealedChunks.IsEmpty);
        return null;
    }

    private static (SealingException Exception, bool Released)? OpenChunk(
        ChaCha20Poly1305 cipher, long number, bool last, ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        if (chunk.Length < TagSize) return (Fault(SealingFault.Truncated, number, "it ends too early"), false);
        if (chunk.Length == TagSize && number > 0) return (Fault(SealingFault.Tampered, number, "an empty last chunk"), false);
        if (TryOpen(cipher, number, last, chunk, output)) return null;
        if (chunk.Length == SealedChunkSize && TryOpen(cipher, number, !last, chunk, output))
        {
            // The chunk is genuine and verified, and its mark says that the file should go on, or should have ended.
            return last
                ? (Fault(SealingFault.Truncated, number, "the rest is missing"), true)
                : (Fault(SealingFault.Tampered, number, "something stands after its end"), true);
        }
        return (Fault(SealingFault.Tampered, number, "it was changed or cut after it was sealed"), false);
    }

    private static SealingException Fault(SealingFault fault, long number, string what) =>
        new(fault, SealingPart.Payload, $"The content is damaged at byte {number * ChunkSize}: {what}.");

    private static bool TryOpen(ChaCha20Poly1305 cipher, long number, bool last, ReadOnlySpan<byte> chunk, Span<byte> output)
    {
        Span<byte> nonce = stackalloc byte[CipherNonceSize];
        WriteNonce(nonce, number, last);
        try
        {
            cipher.Decrypt(nonce, chunk[..^TagSize], chunk[^TagSize..], output[..(chunk.Length - TagSize)]);
            return true;
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }
    }

    private static void WriteNonce(Span<byte> nonce, long number, bool last)
    {
        nonce[..3].Clear();
        BinaryPrimitives.WriteInt64BigEndian(nonce[3..], number);
        nonce[11] = last ? (byte)1 : (byte)0;
    }
}
