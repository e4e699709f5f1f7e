using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace Understory.Sealing;

/// <summary>
/// Reads what <see cref="CborWriter"/> writes, and refuses everything else: longer forms, indefinite lengths, maps,
/// negative numbers, floats, tags, text that is not UTF-8, anything after the end.
/// </summary>
/// <remarks>
/// A length is compared with the bytes that are there before anything is allocated. There is no recursion. What it gives
/// are slices of what it was given, but for <see cref="ReadText"/>, whose caller sets the limit.
/// </remarks>
/// <param name="bytes">What is read.</param>
/// <param name="fault">
/// Makes the exception of an engine from half a sentence, "a string ends too early, at byte 7". Null: a
/// <see cref="CborException"/>. Every method throws it, and nothing else.
/// </param>
public ref struct CborReader(ReadOnlySpan<byte> bytes, Func<string, Exception>? fault = null)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private readonly Func<string, Exception>? _fault = fault;
    private int _at;

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _at;

    /// <summary>Whether the next value is null; it is passed over if it is.</summary>
    public bool TryReadNull()
    {
        if (_at >= _bytes.Length || _bytes[_at] != 0xf6) return false;
        _at++;
        return true;
    }

    /// <summary>An unsigned integer of at most <paramref name="most"/>.</summary>
    public ulong ReadUnsigned(ulong most = ulong.MaxValue)
    {
        var value = Head(0);
        return value <= most ? value : throw Wrong("a number is too large");
    }

    /// <summary>An integer from 0 to <paramref name="most"/>.</summary>
    public int ReadInt32(int most = int.MaxValue) => (int)ReadUnsigned((ulong)most);

    /// <summary>An integer from <paramref name="least"/>, which is not negative, to <paramref name="most"/>.</summary>
    public int ReadInt32(int least, int most) => ReadInt32(most) is var value && value >= least ? value : throw Wrong("a number is too small");

    /// <summary>True or false.</summary>
    public bool ReadBool() => Take(1)[0] switch
    {
        0xf5 => true,
        0xf4 => false,
        _ => throw Wrong("a value is not true or false"),
    };

    /// <summary>A byte string of at most <paramref name="most"/> bytes: a slice of what is read.</summary>
    public ReadOnlySpan<byte> ReadBytes(int most = int.MaxValue) => String(2, most);

    /// <summary>A byte string of exactly so many bytes.</summary>
    public ReadOnlySpan<byte> ReadExactly(int length)
    {
        var found = String(2, length);
        return found.Length == length ? found : throw Wrong($"{found.Length} bytes where {length} belong");
    }

    /// <summary>A text string of at most <paramref name="most"/> bytes, as UTF-8: a slice of what is read.</summary>
    public ReadOnlySpan<byte> ReadUtf8(int most)
    {
        var utf8 = String(3, most);
        return Utf8.IsValid(utf8) ? utf8 : throw Wrong("a text is not UTF-8");
    }

    /// <summary>A text string of at most <paramref name="most"/> bytes of UTF-8.</summary>
    public string ReadText(int most) => Encoding.UTF8.GetString(ReadUtf8(most));

    /// <summary>The beginning of an array of at most <paramref name="most"/> values.</summary>
    public int ReadArray(int most)
    {
        var count = Head(4);
        // Each value takes a byte: a count that cannot be true is refused before anybody makes room for it.
        if (count > (ulong)(_bytes.Length - _at)) throw Wrong("an array ends too early");
        return count <= (ulong)most ? (int)count : throw Wrong("an array is too long");
    }

    /// <summary>The beginning of an array of exactly so many values.</summary>
    public void ReadArrayOf(int count)
    {
        if (ReadArray(int.MaxValue) != count) throw Wrong($"an array has not {count} values");
    }

    /// <summary>That nothing follows.</summary>
    public readonly void End()
    {
        if (_at != _bytes.Length) throw Wrong("something follows the end");
    }

    private ReadOnlySpan<byte> String(int major, int most)
    {
        var length = Head(major);
        if (length > (ulong)(_bytes.Length - _at)) throw Wrong("a string ends too early");
        return length <= (ulong)most ? Take((int)length) : throw Wrong("a string is too long");
    }

    private ulong Head(int major)
    {
        var first = Take(1)[0];
        if (first >> 5 != major) throw Wrong("a value is of another type");
        var (value, least) = (first & 31) switch
        {
            < 24 => ((ulong)(first & 31), 0ul),
            24 => (Take(1)[0], 24ul),
            25 => (BinaryPrimitives.ReadUInt16BigEndian(Take(2)), 1ul << 8),
            26 => (BinaryPrimitives.ReadUInt32BigEndian(Take(4)), 1ul << 16),
            27 => (BinaryPrimitives.ReadUInt64BigEndian(Take(8)), 1ul << 32),
            _ => throw Wrong("a length is indefinite"),
        };
        return value >= least ? value : throw Wrong("a number is not in its shortest form");
    }

    private ReadOnlySpan<byte> Take(int length)
    {
        if (length > _bytes.Length - _at) throw Wrong("it ends too early");
        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    private readonly Exception Wrong(string what)
    {
        var where = $"{what}, at byte {_at}";
        return _fault?.Invoke(where) ?? new CborException($"The content is damaged: {where}.");
    }
}
