using System.Reflection;
using System.Text;

namespace Understory.Sealing;

/// <summary>
/// One share of a secret, as words on paper: SLIP-0039 (SatoshiLabs, final). Ten bits a word; four words say of which division
/// and which place in it, three are a checksum that finds every three wrong words.
/// </summary>
public sealed class SecretShare : IDisposable
{
    internal const int BitsPerWord = 10;
    private const int HeaderWords = 4;
    private const int ChecksumWords = 3;

    /// <summary>The least bytes of a secret.</summary>
    internal const int LeastBytes = 16;

    /// <summary>The most; the format has no bound, and nobody types more.</summary>
    internal const int MostBytes = 64;

    private static readonly Lazy<string[]> s_words = new(Load);
    private static readonly uint[] s_generator = [0xE0E040, 0x1C1C080, 0x3838100, 0x7070200, 0xE0E0009, 0x1C0C2412, 0x38086C24, 0x3090FC48, 0x21B1F890, 0x3F3F120];

    internal SecretShare(ShareHeader header, Secret value) => (Header, Value) = (header, value);

    /// <summary>Which place it has among its group, from 0.</summary>
    public int Member => Header.Member;

    /// <summary>How many of its group are needed together.</summary>
    public int Threshold => Header.MemberThreshold;

    /// <summary>Names the division that it is of; not secret.</summary>
    public int Division => Header.Identifier;

    internal ShareHeader Header { get; }

    internal Secret Value { get; }

    /// <summary>Reads what somebody typed: words of the list, whole, in any case, with any space between.</summary>
    /// <exception cref="SharingException">It is no share; the message says where.</exception>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public static SecretShare Read(ReadOnlySpan<char> typed, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        // More cannot be right, and a flood is not worth reading.
        Span<ushort> numbers = stackalloc ushort[HeaderWords + (((MostBytes * 8) + BitsPerWord - 1) / BitsPerWord) + ChecksumWords];
        try
        {
            var count = Numbers(typed, numbers);
            var words = numbers[..count];
            var padding = (count - HeaderWords - ChecksumWords) * BitsPerWord % 16;
            var bytes = (((count - HeaderWords - ChecksumWords) * BitsPerWord) - padding) / 8;
            if (bytes < LeastBytes || padding > 8) throw new SharingException(SharingFault.WrongLength, $"A share has 20 words, or 33, or another number that fits: not {count}.");
            var header = ShareHeader.Of(words[..HeaderWords]);
            if (Checksum(words, header.IsExtendable) != 1) throw new SharingException(SharingFault.Mistyped, "At least one word is another one than on the paper: compare them one by one.");
            if (words[HeaderWords] >> (BitsPerWord - padding) != 0) throw new SharingException(SharingFault.Malformed, "The share is whole, but begins as none may.");
            if (header.GroupThreshold > header.GroupCount) throw new SharingException(SharingFault.Malformed, "The share asks for more groups than there are.");
            var value = memory.Allocate(bytes);
            Unpack(words[HeaderWords..^ChecksumWords], padding, value.Span);
            return new SecretShare(header, value);
        }
        finally
        {
            numbers.Clear();
        }
    }

    /// <summary>Its words, joined by spaces, UTF-8.</summary>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public Secret Write(LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        var words = ((Value.Length * 8) + BitsPerWord - 1) / BitsPerWord;
        Span<ushort> numbers = stackalloc ushort[HeaderWords + words + ChecksumWords];
        Span<byte> text = stackalloc byte[numbers.Length * 9];
        try
        {
            Header.Write(numbers);
            Pack(Value.Span, (words * BitsPerWord) - (Value.Length * 8), numbers[HeaderWords..^ChecksumWords]);
            var checksum = Checksum(numbers, Header.IsExtendable) ^ 1;
            for (var i = 0; i < ChecksumWords; i++) numbers[^(i + 1)] = (ushort)(checksum >> (BitsPerWord * i) & 1023);
            var length = 0;
            foreach (var number in numbers)
            {
                if (length > 0) text[length++] = (byte)' ';
                length += Encoding.ASCII.GetBytes(s_words.Value[number], text[length..]);
            }
            return memory.Copy(text[..length]);
        }
        finally
        {
            numbers.Clear();
            text.Clear();
        }
    }

    /// <summary>Wipes it.</summary>
    public void Dispose() => Value.Dispose();

    /// <inheritdoc/>
    public override string ToString() => $"SecretShare({Value.Length} bytes)";

    private static int Numbers(ReadOnlySpan<char> typed, Span<ushort> to)
    {
        var count = 0;
        Span<char> lower = stackalloc char[8];
        foreach (var range in typed.SplitAny([' ', '\t', '\r', '\n', '\u00a0']))
        {
            var word = typed[range];
            if (word.IsEmpty) continue;
            if (count == to.Length) throw new SharingException(SharingFault.WrongLength, $"A share has at most {to.Length} words.");
            var number = word.Length <= lower.Length ? Find(lower[..word.ToLowerInvariant(lower)]) : -1;
            if (number < 0) throw new SharingException(SharingFault.UnknownWord, $"Word {count + 1} is not on the list of words.");
            to[count++] = (ushort)number;
        }
        lower.Clear();
        return count;
    }

    private static int Find(ReadOnlySpan<char> word)
    {
        var (low, high) = (0, s_words.Value.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var order = word.SequenceCompareTo(s_words.Value[middle]);
            if (order == 0) return middle;
            if (order < 0) high = middle - 1;
            else low = middle + 1;
        }
        return -1;
    }

    /// <summary>RS1024 over the words, after the name of the scheme; 1 where they are whole, the checksum included.</summary>
    private static uint Checksum(ReadOnlySpan<ushort> words, bool isExtendable)
    {
        var sum = 1u;
        foreach (var sign in isExtendable ? "shamir_extendable"u8 : "shamir"u8) sum = Step(sum, sign);
        foreach (var word in words) sum = Step(sum, word);
        return sum;

        static uint Step(uint sum, uint value)
        {
            var top = sum >> 20;
            sum = ((sum & 0xFFFFF) << 10) ^ value;
            // Why this is safe: masks instead of branches, as the words are secret.
            for (var i = 0; i < s_generator.Length; i++) sum ^= s_generator[i] & (0u - (top >> i & 1));
            return sum;
        }
    }

    private static void Unpack(ReadOnlySpan<ushort> words, int padding, Span<byte> to)
    {
        var (bits, held, at) = (0u, -padding, 0);
        foreach (var word in words)
        {
            bits = (bits << BitsPerWord) | word;
            held += BitsPerWord;
            while (held >= 8)
            {
                held -= 8;
                to[at++] = (byte)(bits >> held);
            }
        }
    }

    private static void Pack(ReadOnlySpan<byte> value, int padding, Span<ushort> to)
    {
        var (bits, held, at) = (0u, padding, 0);
        foreach (var one in value)
        {
            bits = (bits << 8) | one;
            held += 8;
            while (held >= BitsPerWord)
            {
                held -= BitsPerWord;
                to[at++] = (ushort)(bits >> held & 1023);
            }
        }
    }

    private static string[] Load()
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("Sharing.slip39.txt")!, Encoding.ASCII);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}

/// <summary>What the first four words of a share say: 40 bits, none of them secret.</summary>
/// <param name="Identifier">15 random bits, the same in all shares of a division.</param>
/// <param name="IsExtendable">Whether the identifier is left out of the encryption, so that more divisions of one secret can be made.</param>
/// <param name="Exponent">Of the work that a passphrase costs.</param>
/// <param name="Group">Which group, from 0.</param>
/// <param name="GroupThreshold">How many groups are needed.</param>
/// <param name="GroupCount">How many groups there are.</param>
/// <param name="Member">Which place in the group, from 0.</param>
/// <param name="MemberThreshold">How many of the group are needed.</param>
internal readonly record struct ShareHeader(int Identifier, bool IsExtendable, int Exponent, int Group, int GroupThreshold, int GroupCount, int Member, int MemberThreshold)
{
    internal static ShareHeader Of(ReadOnlySpan<ushort> words)
    {
        var bits = 0ul;
        foreach (var word in words) bits = (bits << SecretShare.BitsPerWord) | word;
        return new ShareHeader(
            (int)(bits >> 25), (bits >> 24 & 1) == 1, Four(20), Four(16), Four(12) + 1, Four(8) + 1, Four(4), Four(0) + 1);

        int Four(int at) => (int)(bits >> at & 15);
    }

    internal void Write(Span<ushort> to)
    {
        var low = (uint)((Exponent << 20) | (Group << 16) | ((GroupThreshold - 1) << 12) | ((GroupCount - 1) << 8) | (Member << 4) | (MemberThreshold - 1));
        var bits = ((ulong)(uint)Identifier << 25) | ((IsExtendable ? 1ul : 0) << 24) | low;
        for (var i = 0; i < 4; i++) to[i] = (ushort)(bits >> (SecretShare.BitsPerWord * (3 - i)) & 1023);
    }
}
