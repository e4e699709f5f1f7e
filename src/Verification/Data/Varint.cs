namespace Understory.Verification;

/// <summary>Whole numbers in as few bytes as they need: seven bits a byte, the lowest first (LEB128); negative ones by zigzag.</summary>
internal sealed class VarintWriter
{
    private readonly List<byte> _bytes = [];

    public void Write(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }

    public void Write(int value) => Write(checked((ulong)value));

    public void WriteSigned(long value) => Write((ulong)((value << 1) ^ (value >> 63)));

    public void WriteText(string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        Write(bytes.Length);
        _bytes.AddRange(bytes);
    }

    public void WriteBytes(ReadOnlySpan<byte> bytes) => _bytes.AddRange(bytes);

    public byte[] ToArray() => _bytes.ToArray();
}

/// <summary>Reads what <see cref="VarintWriter"/> wrote. Damaged input is a <see cref="DataException"/>.</summary>
internal ref struct VarintReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    public readonly bool AtEnd => _at == _bytes.Length;

    /// <summary>How many bytes are left: no list can have more members.</summary>
    public readonly int Left => _bytes.Length - _at;

    public ulong Read()
    {
        if (_at < _bytes.Length && _bytes[_at] < 0x80) return _bytes[_at++];
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (_at == _bytes.Length) throw Damaged();
            var next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
        throw Damaged();
    }

    /// <summary>A number that is at least 0 and at most <paramref name="most"/>; none is, where that is negative.</summary>
    public int ReadInt(int most)
    {
        var value = Read();
        return most >= 0 && value <= (ulong)most ? (int)value : throw Damaged();
    }

    public long ReadSigned()
    {
        var value = Read();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public string ReadText(int most) => System.Text.Encoding.UTF8.GetString(Take(ReadInt(Math.Min(most, Left))));

    /// <summary>So many bytes as they stand.</summary>
    public ReadOnlySpan<byte> Take(int length)
    {
        if (length > Left) throw Damaged();
        var taken = _bytes.Slice(_at, length);
        _at += length;
        return taken;
    }

    /// <summary>The content was made by another version of this program.</summary>
    public static DataException OtherVersion() => new("It was made by another version of this program.");

    public static DataException Damaged() => new("The data file is damaged: its content is not what it should be.");
}
