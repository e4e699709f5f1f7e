using System.Buffers;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>
/// What somebody filled in: a body of <c>application/x-www-form-urlencoded</c> (WHATWG URL, 5.1), read into one buffer of its
/// announced length and nowhere else, and wiped when the request is answered.
/// </summary>
/// <remarks>
/// A field becomes a string only when it is asked for as one; passphrases go from the buffer into locked memory. What the
/// server's own line buffers held before is not ours to wipe.
/// </remarks>
internal sealed class Form : IDisposable
{
    /// <summary>The longest form, in bytes, unless an endpoint says otherwise: some pages of text in any script.</summary>
    public const int UsualLength = 256 * 1024;

    /// <summary>The longest that any page sends, in bytes.</summary>
    public const int MostLength = 2 * 1024 * 1024;

    // A hundred common answers have three languages each, and a name.
    private const int MostFields = 1_024;
    private const string ContentType = "application/x-www-form-urlencoded";

    private readonly byte[] _body;
    private readonly List<(Range Name, Range Value)> _fields = [];

    private Form(byte[] body) => _body = body;

    /// <summary>The body as it came; for what is kept while somebody types a passphrase.</summary>
    public ReadOnlySpan<byte> Raw => _body;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="longest">Bytes that it may have.</param>
    /// <exception cref="RequestRefusedException">It is no form, does not say how long it is, is too long, or is cut off.</exception>
    public static async Task<Form> ReadAsync(HttpRequest request, int longest)
    {
        if (request.ContentType?.Split(';')[0].Trim().Equals(ContentType, StringComparison.OrdinalIgnoreCase) != true) throw new RequestRefusedException(StatusCodes.Status415UnsupportedMediaType);
        if (request.ContentLength is not { } length) throw new RequestRefusedException(StatusCodes.Status411LengthRequired);
        if (length > longest) throw new RequestRefusedException(StatusCodes.Status413PayloadTooLarge);
        // Pinned, so that the garbage collector leaves no copies behind when it moves things.
        var form = new Form(GC.AllocateUninitializedArray<byte>((int)length, pinned: true));
        try
        {
            await form.FillAsync(request);
            form.Split();
            return form;
        }
        catch
        {
            form.Dispose();
            throw;
        }
    }

    /// <summary>Takes a form that was kept (<see cref="Raw"/>).</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public static Form Of(byte[] raw)
    {
        var form = new Form(raw);
        form.Split();
        return form;
    }

    /// <summary>Whether there is a field of this name.</summary>
    public bool Has(string name) => Find(name) is not null;

    /// <summary>One line: what cannot be seen is removed, white space at the ends too. Empty where the field is missing.</summary>
    public string Line(string name)
    {
        if (Find(name) is not { } value) return "";
        var line = new StringBuilder();
        foreach (var rune in Decode(value).EnumerateRunes())
        {
            if (!IsUnseen(rune)) line.Append(Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
        }
        return line.ToString().Trim();
    }

    /// <summary>A whole number that a page put there; null where the field is missing.</summary>
    /// <exception cref="RequestRefusedException">It is none.</exception>
    public long? Number(string name) => !Has(name) ? null
        : long.TryParse(Line(name), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number
        : throw new RequestRefusedException(StatusCodes.Status400BadRequest);

    /// <summary>Several lines, ending in <c>\n</c>; control characters are removed. Empty where the field is missing.</summary>
    public string Lines(string name)
    {
        if (Find(name) is not { } value) return "";
        var text = Decode(value).Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        return string.Concat(text.Where(c => c is '\n' or '\t' || !char.IsControl(c)));
    }

    /// <summary>Every value of a name, as <see cref="Line"/> has it: what was ticked.</summary>
    public IReadOnlyList<string> All(string name) => [.. _fields.Where(field => Is(field.Name, name)).Select(field => Decode(field.Value))];

    /// <summary>Every field by name and value, in order.</summary>
    public IEnumerable<(string Name, string Value)> Fields => _fields.Select(each => (Decode(each.Name), Decode(each.Value)));

    /// <summary>The passphrase in a field, understood as <see cref="Passphrase.Read"/> does; null where it is none.</summary>
    /// <exception cref="NotEnoughMemoryException">The locked memory is full.</exception>
    public Secret? Passphrase(string name, LockedMemory memory)
    {
        if (Find(name) is not { } value || value.End.Value - value.Start.Value > 4_096) return null;
        var encoded = _body.AsSpan(value);
        if (encoded.IsEmpty) return null;
        using var bytes = memory.Allocate(encoded.Length);
        using var typed = memory.Allocate(encoded.Length * sizeof(char));
        var chars = MemoryMarshal.Cast<byte, char>(typed.Span);
        var length = Encoding.UTF8.GetChars(bytes.Span[..Decode(encoded, bytes.Span)], chars);
        return Sealing.Passphrase.Read(chars[..length], memory);
    }

    /// <summary>Says nothing of what is in it.</summary>
    public override string ToString() => $"Form ({_fields.Count} fields)";

    /// <summary>Wipes it.</summary>
    public void Dispose() => CryptographicOperations.ZeroMemory(_body);

    // Format characters change the direction or the look of what stands around them; joiners are part of how some scripts write.
    private static bool IsUnseen(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        System.Globalization.UnicodeCategory.Control => !Rune.IsWhiteSpace(rune),
        System.Globalization.UnicodeCategory.Format => rune.Value is not (0x200c or 0x200d),
        System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator => false,
        _ => false,
    };

    private static int Decode(ReadOnlySpan<byte> encoded, Span<byte> decoded)
    {
        var length = 0;
        for (var at = 0; at < encoded.Length; at++)
        {
            var b = encoded[at];
            if (b == '%')
            {
                var high = at + 2 < encoded.Length ? HexValue(encoded[at + 1]) : -1;
                var low = high >= 0 ? HexValue(encoded[at + 2]) : -1;
                if (low < 0) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
                decoded[length++] = (byte)(high << 4 | low);
                at += 2;
                continue;
            }
            decoded[length++] = b == '+' ? (byte)' ' : b;
        }
        return length;
    }

    private static int HexValue(byte b) => (char)b switch
    {
        >= '0' and <= '9' => b - '0',
        >= 'a' and <= 'f' => b - 'a' + 10,
        >= 'A' and <= 'F' => b - 'A' + 10,
        _ => -1,
    };

    private string Decode(Range range)
    {
        var encoded = _body.AsSpan(range);
        var decoded = ArrayPool<byte>.Shared.Rent(Math.Max(1, encoded.Length));
        var length = 0;
        try
        {
            length = Decode(encoded, decoded);
            return Encoding.UTF8.GetString(decoded, 0, length);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(decoded.AsSpan(0, Math.Max(length, encoded.Length)));
            ArrayPool<byte>.Shared.Return(decoded);
        }
    }

    private Range? Find(string name)
    {
        foreach (var field in _fields)
        {
            if (Is(field.Name, name)) return field.Value;
        }
        return null;
    }

    private bool Is(Range range, string name) => Decode(range) == name;

    private async Task FillAsync(HttpRequest request)
    {
        var reader = request.BodyReader;
        var rest = _body.AsMemory();
        while (!rest.IsEmpty)
        {
            var read = await reader.ReadAsync(request.HttpContext.RequestAborted);
            var some = read.Buffer.Slice(0, Math.Min(read.Buffer.Length, rest.Length));
            some.CopyTo(rest.Span);
            rest = rest[(int)some.Length..];
            reader.AdvanceTo(some.End);
            if (read.IsCompleted && !rest.IsEmpty) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        }
    }

    private void Split()
    {
        for (var start = 0; start < _body.Length;)
        {
            var length = _body.AsSpan(start).IndexOf((byte)'&');
            var end = length < 0 ? _body.Length : start + length;
            if (end > start)
            {
                if (_fields.Count == MostFields) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
                var name = _body.AsSpan(start, end - start).IndexOf((byte)'=');
                _fields.Add(name < 0 ? (start..end, end..end) : (start..(start + name), (start + name + 1)..end));
            }
            start = end + 1;
        }
    }
}
