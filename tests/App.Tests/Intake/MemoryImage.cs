using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Understory.App.Tests.Serve;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>What somebody finds who reads the memory of a running process (proc(5)): every region that can be read, while it stands still.</summary>
internal static class MemoryImage
{
    /// <summary>Counts copies of secrets. The process is stopped meanwhile, and goes on.</summary>
    /// <returns>How many bytes were looked through.</returns>
    public static async Task<long> SearchAsync(Process process, IReadOnlyList<Sought> secrets)
    {
        foreach (var secret in secrets) secret.Forget();
        await Served.SignalAsync(process.Id, "STOP");
        try
        {
            return Search(process.Id, secrets);
        }
        finally
        {
            await Served.SignalAsync(process.Id, "CONT");
        }
    }

    private static long Search(int process, IReadOnlyList<Sought> secrets)
    {
        using var memory = Open(process);
        var all = 0L;
        foreach (var line in File.ReadLines($"/proc/{process}/maps"))
        {
            // 7f0c4a000000-7f0c4a021000 rw-p 00000000 00:00 0   [name]
            var columns = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            // The kernel's own pages, the same in every process, cannot be read this way.
            if (columns[1][0] != 'r' || columns.Length > 5 && columns[5].TrimStart().StartsWith("[v", StringComparison.Ordinal)) continue;
            var ends = columns[0].Split('-').Select(end => long.Parse(end, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToArray();
            var region = new byte[checked((int)(ends[1] - ends[0]))];
            memory.Seek(ends[0], SeekOrigin.Begin);
            memory.ReadExactly(region);
            foreach (var secret in secrets) secret.LookIn(region);
            all += region.Length;
        }
        return all;
    }

    private static FileStream Open(int process)
    {
        try
        {
            return new FileStream($"/proc/{process}/mem", FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Assert.Skip($"The memory of another process cannot be read here ({fault.GetType().Name}): this needs root, or Linux without restrictions on ptrace.");
            throw;
        }
    }
}

/// <summary>
/// A secret whose copies are counted, by the form in which they lie. A copy of which a part was overwritten counts: it is as many
/// copies as there are of the piece that there are most of.
/// </summary>
internal abstract class Sought(string name)
{
    /// <summary>As text in UTF-8; in UTF-16; as a form carries it; in base64, in any of its three alignments.</summary>
    public static readonly IReadOnlyList<string> FormNames = ["UTF-8", "UTF-16", "form", "base64"];

    private readonly Dictionary<(string Form, int Piece), int> _found = [];

    public string Name => name;

    public abstract void LookIn(ReadOnlySpan<byte> memory);

    public int Copies(string form) => _found.Where(one => one.Key.Form == form).Select(one => one.Value).DefaultIfEmpty().Max();

    public void Forget() => _found.Clear();

    public override string ToString() => $"{name}: {string.Join(", ", FormNames.Select(form => $"{form} {Copies(form)}"))}";

    protected void Found(string form, int piece) => CollectionsMarshal.GetValueRefOrAddDefault(_found, (form, piece), out _)++;

    protected static IEnumerable<(string Form, byte[] Bytes)> Forms(string text)
    {
        var forms = Canary.Forms(text).ToList();
        yield return ("UTF-8", forms[0]);
        yield return ("UTF-16", forms[1]);
        yield return ("UTF-16", forms[2]);
        if (WebUtility.UrlEncode(text) is var encoded && encoded != text) yield return ("form", Encoding.ASCII.GetBytes(encoded));
        foreach (var base64 in forms.Skip(3)) yield return ("base64", base64);
    }
}

/// <summary>These bytes and no others.</summary>
internal sealed class SoughtBytes(byte[] bytes) : Sought("bytes")
{
    public const string Form = "as they are";

    public override void LookIn(ReadOnlySpan<byte> memory)
    {
        for (var rest = memory; rest.IndexOf(bytes) is >= 0 and var hit; rest = rest[(hit + 1)..]) Found(Form, 0);
    }
}

/// <summary>What somebody wrote, as long as real messages are: many pieces, each with a number behind random letters.</summary>
internal sealed class SoughtText : Sought
{
    private const string Letters = "бвгджзклмнпрстфхцчшщ";

    private readonly List<(string Form, byte[] Bytes)> _forms;

    public SoughtText(string name, int pieces = 40)
        : base(name)
    {
        var marker = new string(RandomNumberGenerator.GetItems<char>(Letters, 12));
        _forms = [.. Forms(marker)];
        Words = string.Join(' ', Enumerable.Range(0, pieces).Select(piece => $"{marker}{piece:D2}"));
    }

    public string Words { get; }

    public override void LookIn(ReadOnlySpan<byte> memory)
    {
        foreach (var (form, bytes) in _forms)
        {
            for (int at = 0, found; (found = memory[at..].IndexOf(bytes)) >= 0;)
            {
                at += found + bytes.Length;
                Found(form, NumberAt(memory[at..], form == "UTF-16" ? 2 : 1));
            }
        }
    }

    // Cut off, or in base64: -1, and all of those count as one piece.
    private static int NumberAt(ReadOnlySpan<byte> memory, int width) =>
        memory.Length > width && char.IsAsciiDigit((char)memory[0]) && char.IsAsciiDigit((char)memory[width]) ? 10 * (memory[0] - '0') + memory[width] - '0' : -1;
}

/// <summary>The nine words of a receipt: any three that follow each other, whatever stands between them (a space, a plus, markup).</summary>
internal sealed class SoughtReceipt : Sought
{
    private const int Run = 3;
    private const int MostBetween = 64;

    private readonly List<(string Form, byte[][] Words)> _forms = [];
    private readonly List<byte[]> _base64 = [];

    public SoughtReceipt(string name, string words)
        : base(name)
    {
        var each = words.Split(' ').Select(word => Forms(word).Where(one => one.Form != "base64").ToList()).ToList();
        for (var form = 0; form < each.Min(forms => forms.Count); form++) _forms.Add((each[0][form].Form, [.. each.Select(forms => forms[form].Bytes)]));
        for (var first = 0; first + Run <= each.Count; first++)
            _base64.AddRange(Forms(string.Join(' ', words.Split(' ')[first..(first + Run)])).Where(one => one.Form == "base64").Select(one => one.Bytes));
    }

    public override void LookIn(ReadOnlySpan<byte> memory)
    {
        foreach (var (form, words) in _forms)
        {
            for (var first = 0; first + Run <= words.Length; first++)
            {
                for (int at = 0, found; (found = memory[at..].IndexOf(words[first])) >= 0;)
                {
                    at += found + words[first].Length;
                    if (Follow(memory[at..], words.AsSpan(first + 1, Run - 1))) Found(form, first);
                }
            }
        }
        foreach (var base64 in _base64)
        {
            for (int at = 0, found; (found = memory[at..].IndexOf(base64)) >= 0; at += found + base64.Length) Found("base64", -1);
        }
    }

    private static bool Follow(ReadOnlySpan<byte> memory, ReadOnlySpan<byte[]> words)
    {
        foreach (var word in words)
        {
            var found = memory[..Math.Min(memory.Length, MostBetween + word.Length)].IndexOf(word);
            if (found < 0) return false;
            memory = memory[(found + word.Length)..];
        }
        return true;
    }
}
