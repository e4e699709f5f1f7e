using System.Text;

namespace Understory.App.Tests;

/// <summary>Words that must not be found in files.</summary>
internal static class Canary
{
    /// <summary>UTF-8, UTF-16, and what of it is the same in base64 wherever it begins.</summary>
    public static IEnumerable<byte[]> Forms(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        yield return utf8;
        yield return Encoding.Unicode.GetBytes(text);
        yield return Encoding.BigEndianUnicode.GetBytes(text);
        if (utf8.Length < 12) yield break;
        for (var skip = 0; skip < 3; skip++)
            yield return Encoding.ASCII.GetBytes(Convert.ToBase64String(utf8[skip..^((utf8.Length - skip) % 3)]));
    }
}
