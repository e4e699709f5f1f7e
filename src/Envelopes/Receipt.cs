using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Envelopes;

/// <summary>
/// The nine words that a person keeps: 91 random bits and an 8-bit checksum. The form is in
/// <c>docs/formats/receipt.md</c>. It prints as its language and nothing else.
/// </summary>
public sealed class Receipt : IDisposable
{
    /// <summary>Words in a receipt.</summary>
    public const int WordCount = 9;

    /// <summary>Random bits in a receipt.</summary>
    public const int EntropyBits = 91;

    private const int EntropySize = 12;
    private const int UnusedBits = EntropySize * 8 - EntropyBits;
    private readonly Secret _text;

    private Receipt(string language, Secret text) => (Language, _text) = (language, text);

    /// <summary>The language of the words: <c>ru</c>, <c>uk</c> or <c>en</c>.</summary>
    public string Language { get; }

    /// <summary>The words in order, joined by spaces, UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8Text => _text.Span;

    /// <summary>A new receipt. Receipts are made, never chosen.</summary>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public static Receipt Create(WordList list, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(list);
        Span<byte> entropy = stackalloc byte[EntropySize];
        try
        {
            // Why this is safe: 91 bits from the system's generator; the five bits that have no place are cleared.
            RandomNumberGenerator.Fill(entropy);
            entropy[^1] &= unchecked((byte)(0xff << UnusedBits));
            return FromEntropy(list, entropy, memory);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(entropy);
        }
    }

    /// <summary>Reads what somebody typed.</summary>
    /// <param name="typed">Any text.</param>
    /// <param name="language">The language of the receipt, or null to find it out.</param>
    /// <param name="memory">Where the words go.</param>
    /// <returns>The receipt, or what is wrong; nothing is thrown for what is not understood.</returns>
    public static ReceiptReading Read(ReadOnlySpan<char> typed, string? language, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var lists = language is null ? WordList.All : [WordList.For(language)];
        List<Attempt> attempts = [];
        foreach (var list in lists) attempts.Add(new Attempt(list, TypedWords.Read(typed, list)));

        var whole = attempts.FindAll(attempt => attempt.IsWhole);
        if (whole.Count > 1) return new ReceiptReading(whole[0].List.Language, ReceiptFault.Language, WordCount, []);
        if (whole.Count == 1)
        {
            var text = WordText.Write([.. whole[0].Words.Select(word => word.Word!)], memory);
            return new ReceiptReading(new Receipt(whole[0].List.Language, text));
        }

        var best = attempts.MaxBy(attempt => attempt.Understood)!;
        List<TypedWord> problems = [.. best.Words.Where(word => word.Word is null)];
        var fault = problems.Count > 0 ? ReceiptFault.Words
            : best.Words.Count != WordCount ? ReceiptFault.Count
            : ReceiptFault.Checksum;
        return new ReceiptReading(best.List.Language, fault, best.Words.Count, problems);
    }

    /// <summary>Derives what the receipt opens; takes about 20 ms and 19 MiB.</summary>
    /// <param name="instanceId">32 bytes that name the organisation's instance.</param>
    /// <param name="memory">Where the keys go.</param>
    /// <exception cref="ArgumentException">The instance id has not 32 bytes.</exception>
    public ReceiptKeys DeriveKeys(ReadOnlySpan<byte> instanceId, LockedMemory memory) =>
        ReceiptKeys.Derive(_text, instanceId, memory);

    /// <inheritdoc/>
    public override string ToString() => $"Receipt({Language})";

    /// <summary>Wipes the words.</summary>
    public void Dispose() => _text.Dispose();

    /// <summary>The receipt of 12 bytes of entropy, of which the last five bits are zero.</summary>
    internal static Receipt FromEntropy(WordList list, ReadOnlySpan<byte> entropy, LockedMemory memory)
    {
        Span<int> numbers = stackalloc int[WordCount];
        try
        {
            var bits = (UInt128)BinaryPrimitives.ReadUInt64BigEndian(entropy) << 32 | BinaryPrimitives.ReadUInt32BigEndian(entropy[8..]);
            bits = bits >> UnusedBits << 8 | Check(list.Language, entropy);
            for (var i = WordCount - 1; i >= 0; i--, bits >>= WordList.BitsPerWord)
                numbers[i] = (int)(uint)bits & (WordList.Size - 1);
            return new Receipt(list.Language, WordText.Write(list, numbers, memory));
        }
        finally
        {
            numbers.Clear();
        }
    }

    private static byte Check(string language, ReadOnlySpan<byte> entropy)
    {
        ReadOnlySpan<byte> label = "understory/receipt/v1/check"u8;
        Span<byte> input = stackalloc byte[label.Length + 1 + 2 + 1 + EntropySize];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        input.Clear();
        label.CopyTo(input);
        Encoding.ASCII.GetBytes(language, input[(label.Length + 1)..]);
        entropy.CopyTo(input[^EntropySize..]);
        SHA256.HashData(input, hash);
        CryptographicOperations.ZeroMemory(input);
        return hash[0];
    }

    private static bool IsChecked(WordList list, IReadOnlyList<TypedWord> words)
    {
        UInt128 bits = 0;
        foreach (var word in words) bits = bits << WordList.BitsPerWord | (uint)list.IndexOf(word.Word!);
        var check = (byte)bits;
        bits = bits >> 8 << UnusedBits;
        Span<byte> entropy = stackalloc byte[EntropySize];
        BinaryPrimitives.WriteUInt64BigEndian(entropy, (ulong)(bits >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(entropy[8..], (uint)bits);
        var fits = Check(list.Language, entropy) == check;
        CryptographicOperations.ZeroMemory(entropy);
        return fits;
    }

    private sealed record Attempt(WordList List, IReadOnlyList<TypedWord> Words)
    {
        public int Understood { get; } = Words.Count(word => word.Word is not null);

        public bool IsWhole => Words.Count == WordCount && Understood == WordCount && IsChecked(List, Words);

        public override string ToString() => List.Language;
    }
}

/// <summary>Why what somebody typed is not a receipt.</summary>
public enum ReceiptFault
{
    /// <summary>Some words are not understood; <see cref="ReceiptReading.Problems"/> names them.</summary>
    Words,

    /// <summary>All words are understood, and there are not nine.</summary>
    Count,

    /// <summary>Nine words of the list that do not belong together: one was mistaken for another, or the order is wrong.</summary>
    Checksum,

    /// <summary>The words are a receipt in more than one language, which must be said.</summary>
    Language,
}

/// <summary>What came of reading a receipt.</summary>
public sealed class ReceiptReading
{
    internal ReceiptReading(Receipt receipt)
        : this(receipt.Language, null, Receipt.WordCount, []) => Receipt = receipt;

    internal ReceiptReading(string language, ReceiptFault? fault, int count, IReadOnlyList<TypedWord> problems) =>
        (Language, Fault, Count, Problems) = (language, fault, count, problems);

    /// <summary>The receipt, if it is one; the caller's to dispose.</summary>
    public Receipt? Receipt { get; }

    /// <summary>The language it was read in.</summary>
    public string Language { get; }

    /// <summary>What is wrong, if it is not a receipt.</summary>
    public ReceiptFault? Fault { get; }

    /// <summary>How many words there are.</summary>
    public int Count { get; }

    /// <summary>The words that are not understood, with their positions and the nearest words of the list.</summary>
    public IReadOnlyList<TypedWord> Problems { get; }
}
