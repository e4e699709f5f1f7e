using System.Text.Unicode;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>
/// A plain form (<c>application/x-www-form-urlencoded</c>, WHATWG URL, 5.1), read strictly into locked memory that is wiped
/// when it is disposed. The framework's own reader makes strings of what people write, and files.
/// </summary>
internal sealed class PlainForm : IDisposable
{
    /// <summary>The longest. A character of a field takes at most nine bytes of it.</summary>
    public const int MostBytes = 200_000;

    private readonly Secret _bytes;
    private readonly Dictionary<string, Range> _fields = new(StringComparer.Ordinal);

    private PlainForm(Secret bytes) => _bytes = bytes;

    /// <summary>A field in UTF-8, line ends as line feeds; empty where it was not sent.</summary>
    public ReadOnlySpan<byte> this[string name] => _fields.TryGetValue(name, out var range) ? _bytes.Span[range] : default;

    /// <summary>Reads the body of a request.</summary>
    /// <param name="body">Of a form.</param>
    /// <param name="memory">Where it goes.</param>
    /// <param name="names">The fields that there may be, each once.</param>
    /// <exception cref="RefusedException">It is not such a form, or not UTF-8.</exception>
    public static async Task<PlainForm> ReadAsync(RequestBody body, LockedMemory memory, params IReadOnlyList<string> names)
    {
        var bytes = memory.Allocate(body.Length);
        try
        {
            var at = 0;
            await body.TakeAsync(piece =>
            {
                piece.CopyTo(bytes.Span[at..]);
                at += piece.Length;
            });
            var form = new PlainForm(bytes);
            form.Parse(names);
            return form;
        }
        catch
        {
            bytes.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"PlainForm({_fields.Count} fields)";

    /// <summary>Wipes it.</summary>
    public void Dispose() => _bytes.Dispose();

    private static RefusedException Malformed() => new(IntakeErrorCode.Malformed);

    /// <summary>In place: what is decoded is never longer than what it was decoded from.</summary>
    private static int Decode(Span<byte> value)
    {
        var written = 0;
        for (var at = 0; at < value.Length; at++)
        {
            var next = value[at];
            if (next == '+')
            {
                next = (byte)' ';
            }
            else if (next == '%')
            {
                if (at + 2 >= value.Length) throw Malformed();
                next = (byte)(Digit(value[at + 1]) << 4 | Digit(value[at + 2]));
                at += 2;
            }
            // Browsers end lines with both: one is enough, and is what their scripts see.
            if (next == '\n' && written > 0 && value[written - 1] == '\r') written--;
            value[written++] = next;
        }
        value[..written].Replace((byte)'\r', (byte)'\n');
        return written;
    }

    private static int Digit(byte digit) => (char)digit switch
    {
        >= '0' and <= '9' => digit - '0',
        >= 'A' and <= 'F' => digit - 'A' + 10,
        >= 'a' and <= 'f' => digit - 'a' + 10,
        _ => throw Malformed(),
    };

    private void Parse(IReadOnlyList<string> names)
    {
        var all = _bytes.Span;
        for (var start = 0; start <= all.Length;)
        {
            var end = all[start..].IndexOf((byte)'&');
            var length = end < 0 ? all.Length - start : end;
            var field = all.Slice(start, length);
            var equals = field.IndexOf((byte)'=');
            if (equals < 0) throw Malformed();
            var name = Name(field[..equals], names) ?? throw Malformed();
            var value = field[(equals + 1)..];
            var decoded = Decode(value);
            var from = start + equals + 1;
            if (!Utf8.IsValid(value[..decoded]) || !_fields.TryAdd(name, from..(from + decoded))) throw Malformed();
            start += length + 1;
        }
    }

    private static string? Name(ReadOnlySpan<byte> given, IReadOnlyList<string> names)
    {
        foreach (var name in names)
        {
            if (System.Text.Ascii.Equals(given, name)) return name;
        }
        return null;
    }
}
