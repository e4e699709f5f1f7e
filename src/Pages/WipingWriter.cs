using System.Security.Cryptography;
using System.Text;

namespace Understory.Pages;

/// <summary>
/// Takes a page as it is rendered, in UTF-8, and overwrites all of it when it is disposed: pages hold what somebody asked, was
/// answered, or must never lose. Pinned, so that the garbage collector leaves no copies.
/// </summary>
internal sealed class WipingWriter : TextWriter
{
    private readonly Encoder _encoder = Encoding.UTF8.GetEncoder();
    private byte[] _bytes = GC.AllocateUninitializedArray<byte>(16 * 1024, pinned: true);
    private int _length;

    public override Encoding Encoding => Encoding.UTF8;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public override void Write(char value) => Write([value]);

    public override void Write(string? value) => Write(value.AsSpan());

    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    public override void Write(ReadOnlySpan<char> buffer)
    {
        var most = _length + Encoding.UTF8.GetMaxByteCount(buffer.Length);
        if (most > _bytes.Length) Grow(most);
        _length += _encoder.GetBytes(buffer, _bytes.AsSpan(_length), flush: false);
    }

    /// <summary>Fills up to a length with line feeds, which mean nothing behind the end of a page.</summary>
    public void Fill(int length)
    {
        if (length > _bytes.Length) Grow(length);
        _bytes.AsSpan(_length, length - _length).Fill((byte)'\n');
        _length = length;
    }

    protected override void Dispose(bool disposing)
    {
        CryptographicOperations.ZeroMemory(_bytes);
        _length = 0;
        base.Dispose(disposing);
    }

    private void Grow(int least)
    {
        var larger = GC.AllocateUninitializedArray<byte>(Math.Max(least, 2 * _bytes.Length), pinned: true);
        _bytes.AsSpan(0, _length).CopyTo(larger);
        CryptographicOperations.ZeroMemory(_bytes);
        _bytes = larger;
    }
}
