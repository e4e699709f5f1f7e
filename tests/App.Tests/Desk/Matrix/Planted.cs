using System.Collections;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Understory.Casework;
using Understory.Sealing;

namespace Understory.App.Tests.Desk;

/// <summary>Words of which the test knows who may see them, and how to find them where they should not be.</summary>
/// <remarks>They are of letters a to z: escaping for HTML, for addresses and for JSON leaves them as they are.</remarks>
internal sealed class Planted
{
    private const string Beginning = "kanarka";
    private static readonly byte[][] s_beginnings = [.. Forms(Beginning)];
    private readonly List<(string Word, string What, Func<Person, bool> Knows)> _words = [];

    /// <summary>Every word, with what it stands for.</summary>
    public IEnumerable<(string Word, string What)> All => _words.Select(each => (each.Word, each.What));

    /// <summary>A new word, which those may see who know it.</summary>
    public string Word(string what, Func<Person, bool> knows)
    {
        var word = Beginning + RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 18);
        _words.Add((word, what, knows));
        return word;
    }

    /// <summary>What of it somebody may not see and these bytes hold; null where nothing is.</summary>
    public string? Leak(Person person, ReadOnlySpan<byte> bytes)
    {
        var some = false;
        foreach (var form in s_beginnings) some |= bytes.IndexOf(form) >= 0;
        if (!some) return null;
        foreach (var (word, what, knows) in _words)
        {
            if (knows(person)) continue;
            foreach (var form in Forms(word))
            {
                if (bytes.IndexOf(form) >= 0) return what;
            }
        }
        return null;
    }

    /// <summary>Which words these bytes hold, as they are.</summary>
    public IEnumerable<string> Among(byte[] bytes) => _words.Where(each => bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(each.Word)) >= 0).Select(each => each.Word);

    public string? Leak(Person person, string? text) => text is null ? null : Leak(person, Encoding.UTF8.GetBytes(text));

    /// <summary>The same of whatever an object leads to, what is private too.</summary>
    public string? LeakIn(Person person, object? root)
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        var waiting = new Stack<object?>([root]);
        while (waiting.TryPop(out var each))
        {
            if (each is null or Type or Delegate or Pointer or Organisation or Keyring or MemberInfo) continue;
            var type = each.GetType();
            if (type.IsPrimitive || type.IsEnum || (!type.IsValueType && !seen.Add(each))) continue;
            var leak = each switch
            {
                string text => Leak(person, text),
                byte[] bytes => Leak(person, bytes),
                char[] letters => Leak(person, new string(letters)),
                ReadOnlyMemory<byte> memory => Leak(person, memory.Span),
                Memory<byte> memory => Leak(person, memory.Span),
                Secret secret => Leak(person, secret.Span),
                _ => null,
            };
            if (leak is not null) return leak;
            if (each is string or byte[] or char[] or ReadOnlyMemory<byte> or Memory<byte> or Secret) continue;
            if (each is IEnumerable many)
            {
                foreach (var one in many) waiting.Push(one);
            }
            for (var of = type; of is not null && of != typeof(object) && of.Namespace?.StartsWith("Understory", StringComparison.Ordinal) == true; of = of.BaseType)
            {
                foreach (var field in of.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)) waiting.Push(field.GetValue(each));
            }
        }
        return null;
    }

    /// <summary>As <see cref="Canary.Forms"/>, and in hexadecimal.</summary>
    private static IEnumerable<byte[]> Forms(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        foreach (var form in Canary.Forms(text)) yield return form;
        yield return Encoding.ASCII.GetBytes(Convert.ToHexStringLower(utf8));
        yield return Encoding.ASCII.GetBytes(Convert.ToHexString(utf8));
        // Of a word that Canary has too short for it, too.
        for (var skip = 0; skip < 3; skip++) yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8[skip..^((utf8.Length - skip) % 3)]));
    }
}
