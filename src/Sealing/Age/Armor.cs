using System.Buffers;
using System.Buffers.Text;

namespace Understory.Sealing;

/// <summary>
/// The strict PEM armor of age (RFC 7468, 3): lines of 64 characters, padded canonical base64, white space only before
/// and after, LF or CRLF.
/// </summary>
internal static class Armor
{
    public const int Columns = 64;
    public const int BytesPerLine = 48;

    public static ReadOnlySpan<byte> Begin => "-----BEGIN AGE ENCRYPTED FILE-----"u8;

    public static ReadOnlySpan<byte> End => "-----END AGE ENCRYPTED FILE-----"u8;

    public static bool IsSpace(byte b) => b is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';

    public static SealingException Fault(long line, string what, SealingFault fault = SealingFault.Malformed) =>
        new(fault, SealingPart.Armor, $"The armor is damaged in line {line}: {what}.");
}

/// <summary>Writes armor around what is written to it. Call <see cref="FinishAsync"/> at the end.</summary>
internal sealed class ArmorWriter(IByteSink output) : IByteSink
{
    private readonly byte[] _held = new byte[Armor.BytesPerLine];
    private int _count;
    private bool _begun;

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var buffer = ArrayPool<byte>.Shared.Rent((bytes.Length / Armor.BytesPerLine + 3) * (Armor.Columns + 1));
        try
        {
            var length = Encode(bytes.Span, buffer);
            await output.WriteAsync(buffer.AsMemory(0, length), cancel);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public async ValueTask FinishAsync(CancellationToken cancel)
    {
        var buffer = new byte[2 * (Armor.Columns + 1)];
        var at = Start(buffer);
        if (_count > 0) at += EncodeLine(_held.AsSpan(0, _count), buffer.AsSpan(at));
        Armor.End.CopyTo(buffer.AsSpan(at));
        at += Armor.End.Length;
        buffer[at++] = (byte)'\n';
        await output.WriteAsync(buffer.AsMemory(0, at), cancel);
        await output.FinishAsync(cancel);
    }

    private int Encode(ReadOnlySpan<byte> bytes, Span<byte> buffer)
    {
        var at = Start(buffer);
        if (_count > 0)
        {
            var take = Math.Min(Armor.BytesPerLine - _count, bytes.Length);
            bytes[..take].CopyTo(_held.AsSpan(_count));
            _count += take;
            bytes = bytes[take..];
            if (_count < Armor.BytesPerLine) return at;
            at += EncodeLine(_held, buffer[at..]);
        }
        for (; bytes.Length >= Armor.BytesPerLine; bytes = bytes[Armor.BytesPerLine..])
            at += EncodeLine(bytes[..Armor.BytesPerLine], buffer[at..]);
        bytes.CopyTo(_held);
        _count = bytes.Length;
        return at;
    }

    private int Start(Span<byte> buffer)
    {
        if (_begun) return 0;
        _begun = true;
        Armor.Begin.CopyTo(buffer);
        buffer[Armor.Begin.Length] = (byte)'\n';
        return Armor.Begin.Length + 1;
    }

    private static int EncodeLine(ReadOnlySpan<byte> bytes, Span<byte> line)
    {
        Base64.EncodeToUtf8(bytes, line, out _, out var written);
        line[written] = (byte)'\n';
        return written + 1;
    }
}

/// <summary>Reads what stands inside armor.</summary>
internal sealed class ArmorReader(BufferedInput input) : IByteSource
{
    private readonly byte[] _decoded = new byte[Armor.BytesPerLine];
    private int _start;
    private int _end;
    private long _line;
    private bool _short;
    private bool _finished;

    public async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel)
    {
        var written = 0;
        while (written < buffer.Length)
        {
            if (_start < _end)
            {
                var take = Math.Min(_end - _start, buffer.Length - written);
                _decoded.AsSpan(_start, take).CopyTo(buffer.Span[written..]);
                _start += take;
                written += take;
                continue;
            }
            if (_finished) break;
            if (_line == 0) await ReadBeginAsync(cancel);
            var length = await FindLineAsync(cancel);
            var fitting = DecodeLine(input.Buffered.Span[..length], buffer.Span[written..]);
            input.Consume(length);
            written += fitting;
            if (_finished) await ExpectOnlySpaceAsync(cancel);
        }
        return written;
    }

    private async ValueTask ReadBeginAsync(CancellationToken cancel)
    {
        // White space before the armor has been consumed by whoever saw that this is armor.
        _line = 1;
        var length = await FindLineAsync(cancel);
        if (!WithoutEnd(input.Buffered.Span[..length]).SequenceEqual(Armor.Begin))
            throw Armor.Fault(1, "it is not the armor of an age file");
        input.Consume(length);
        _line = 2;
    }

    /// <summary>Length of the next line with its end, or of what is left of the file.</summary>
    private async ValueTask<int> FindLineAsync(CancellationToken cancel)
    {
        while (true)
        {
            var bytes = input.Buffered.Span;
            var limit = Math.Min(bytes.Length, Armor.Columns + 2);
            var end = bytes[..limit].IndexOf((byte)'\n');
            if (end >= 0) return end + 1;
            if (limit == Armor.Columns + 2) throw Armor.Fault(_line, "a line longer than 64 characters");
            if (await input.FillAsync(cancel)) continue;
            if (input.Buffered.Length == 0) throw Armor.Fault(_line, "it ends before its last line", SealingFault.Truncated);
            return input.Buffered.Length;
        }
    }

    /// <summary>Decodes one line straight into the target where it fits, else into the held line.</summary>
    private int DecodeLine(ReadOnlySpan<byte> raw, Span<byte> target)
    {
        var line = WithoutEnd(raw);
        if (line.SequenceEqual(Armor.End))
        {
            _finished = true;
            return 0;
        }
        if (line.Length == 0 || line.Length > Armor.Columns || line.Length % 4 != 0)
            throw Armor.Fault(_line, "a line of the wrong length", raw[^1] == '\n' ? SealingFault.Malformed : SealingFault.Truncated);
        if (_short) throw Armor.Fault(_line, "more after the last line of content");
        var direct = target.Length >= Armor.BytesPerLine;
        var into = direct ? target : _decoded;
        var written = Decode(line, into);
        _short = line.Length < Armor.Columns || written < Armor.BytesPerLine;
        _line++;
        if (direct) return written;
        _start = 0;
        _end = written;
        return 0;
    }

    private int Decode(ReadOnlySpan<byte> line, Span<byte> into)
    {
        var characters = line.TrimEnd((byte)'=');
        if (line.Length - characters.Length > 2 || !RawBase64.TryDecode(characters, into, out var written))
            throw Armor.Fault(_line, "not canonical base64");
        return written;
    }

    private async ValueTask ExpectOnlySpaceAsync(CancellationToken cancel)
    {
        do
        {
            foreach (var b in input.Buffered.Span)
            {
                if (!Armor.IsSpace(b)) throw Armor.Fault(_line, "something stands after its end");
            }
            input.Consume(input.Buffered.Length);
        }
        while (await input.FillAsync(cancel));
    }

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        if (line.EndsWith("\r\n"u8)) return line[..^2];
        return line.EndsWith("\n"u8) ? line[..^1] : line;
    }
}
