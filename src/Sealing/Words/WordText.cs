using System.Text;

namespace Understory.Sealing;

/// <summary>Words of a list as one text in locked memory: joined by one space, UTF-8.</summary>
public static class WordText
{
    /// <summary>The text of these words.</summary>
    public static Secret Write(IReadOnlyList<string> words, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(words);
        ArgumentNullException.ThrowIfNull(memory);
        var text = memory.Allocate(words.Sum(word => Encoding.UTF8.GetByteCount(word)) + words.Count - 1);
        var at = 0;
        foreach (var word in words)
        {
            if (at > 0) text.Span[at++] = (byte)' ';
            at += Encoding.UTF8.GetBytes(word, text.Span[at..]);
        }
        return text;
    }

    /// <summary>The text of the words with these numbers.</summary>
    public static Secret Write(WordList list, ReadOnlySpan<int> numbers, LockedMemory memory)
    {
        // The words are the list's own strings; which ones they are stands only here, for a moment.
        ArgumentNullException.ThrowIfNull(list);
        var words = new string[numbers.Length];
        for (var i = 0; i < numbers.Length; i++) words[i] = list.Words[numbers[i]];
        var text = Write(words, memory);
        Array.Clear(words);
        return text;
    }
}
