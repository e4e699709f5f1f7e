using System.Text.Unicode;

namespace Understory.Envelopes;

/// <summary>
/// Reads what <see cref="CborWriter"/> writes and refuses every other encoding of it. Allocates nothing: what it gives
/// are slices of what it was given. Every fault is an <see cref="EnvelopeException"/>.
/// </summary>
internal ref struct CborReader(ReadOnlySpan<byte> encoded)
{
    private ReadOnlySpan<byte> _rest = encoded;

    public long Number() => Head(CborKind.Number);

    /// <summary>A number of at most <paramref name="most"/>.</summary>
    public int Number(int least, int most) =>
        Number() is var number && number >= least && number <= most ? (int)number : throw EnvelopeException.Malformed("a number is out of range");

    /// <summary>The head of an array; the caller reads its items.</summary>
    public int Array(int most) =>
        Head(CborKind.Array) is var items && items <= most ? (int)items : throw EnvelopeException.Malformed("a list is too long");

    public void ArrayOf(int items)
    {
        if (Head(CborKind.Array) != items) throw EnvelopeException.Malformed("a list has another length");
    }

    public ReadOnlySpan<byte> Bytes() => Take(Head(CborKind.Bytes));

    public ReadOnlySpan<byte> Bytes(int length) =>
        Bytes() is var bytes && bytes.Length == length ? bytes : throw EnvelopeException.Malformed("a field has another length");

    /// <summary>A text as UTF-8.</summary>
    public ReadOnlySpan<byte> Text(int most)
    {
        var text = Take(Head(CborKind.Text));
        if (text.Length > most) throw EnvelopeException.Malformed("a text is too long");
        if (!Utf8.IsValid(text)) throw EnvelopeException.Malformed("a text is not UTF-8");
        return text;
    }

    public bool IsNull()
    {
        if (_rest.IsEmpty || _rest[0] != CborKind.Null) return false;
        _rest = _rest[1..];
        return true;
    }

    public readonly void End()
    {
        if (!_rest.IsEmpty) throw EnvelopeException.Malformed("something stands behind its end");
    }

    private long Head(byte kind)
    {
        if (_rest.IsEmpty) throw EnvelopeException.Malformed("it ends too early");
        if ((_rest[0] & 0xe0) != kind) throw EnvelopeException.Malformed("a field is of another kind");
        var info = _rest[0] & 0x1f;
        _rest = _rest[1..];
        if (info < 24) return info;
        // 28 and above: reserved, or of indefinite length.
        if (info > 27) throw EnvelopeException.Malformed("a length is not definite");
        var size = 1 << (info - 24);
        var bytes = Take(size);
        ulong value = 0;
        foreach (var b in bytes) value = value << 8 | b;
        var least = size switch { 1 => 24UL, 2 => 1UL << 8, 4 => 1UL << 16, _ => 1UL << 32 };
        if (value < least) throw EnvelopeException.Malformed("a number is not in its shortest form");
        if (value > CborWriter.MaxNumber) throw EnvelopeException.Malformed("a number is out of range");
        return (long)value;
    }

    private ReadOnlySpan<byte> Take(long length)
    {
        if (length > _rest.Length) throw EnvelopeException.Malformed("it ends too early");
        var taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }
}
