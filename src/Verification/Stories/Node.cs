namespace Understory.Verification;

/// <summary>A piece of a story's text, before anything is known of what it means: YAML and JSON become the same.</summary>
/// <param name="At">Where it stands.</param>
internal abstract record Node(Position At)
{
    /// <summary>More than the deepest story needs (claims, claim, when, any, after: five), and little enough for any stack.</summary>
    public const int MaxDepth = 16;

    /// <summary>What a reader of a fault calls it.</summary>
    public abstract string Called { get; }

    /// <summary>A word, a number, a sentence: always text.</summary>
    /// <param name="Text">As it stands, without quotes.</param>
    /// <param name="IsVerbatim">Whether every character stands in the file as it is here, on one line: then a fault can point into it.</param>
    /// <param name="TextAt">Where the text itself begins, behind an opening quote.</param>
    /// <param name="At">Where it stands.</param>
    public sealed record Scalar(string Text, bool IsVerbatim, Position TextAt, Position At) : Node(At)
    {
        public override string Called => "text";
    }

    /// <summary>Several, in order.</summary>
    /// <param name="Items">They.</param>
    /// <param name="At">Where it stands.</param>
    public sealed record List(IReadOnlyList<Node> Items, Position At) : Node(At)
    {
        public override string Called => "a list";
    }

    /// <summary>Values under keys, in order. That no key stands twice is checked when it is made.</summary>
    /// <param name="Entries">They.</param>
    /// <param name="At">Where it stands.</param>
    public sealed record Map(IReadOnlyList<(Scalar Key, Node Value)> Entries, Position At) : Node(At)
    {
        public override string Called => "a map";
    }

    /// <summary>Refuses text that is none: characters that move a cursor or start a colour, halves of characters.</summary>
    /// <exception cref="StoryException">It has one.</exception>
    public static Scalar Plain(string text, bool isVerbatim, Position textAt, Position at)
    {
        for (var i = 0; i < text.Length; i++)
        {
            var pair = char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]);
            if (pair) i++;
            else if (char.IsSurrogate(text[i]) || (char.IsControl(text[i]) && text[i] is not ('\n' or '\t')))
                throw StoryException.InText($"Text holds a character that is not text (U+{(int)text[i]:X4}).", at);
        }
        return new Scalar(text, isVerbatim, textAt, at);
    }

    /// <summary>A map whose keys differ.</summary>
    /// <exception cref="StoryException">A key stands twice.</exception>
    public static Map Of(List<(Scalar Key, Node Value)> entries, Position at)
    {
        var seen = new Dictionary<string, Position>(StringComparer.Ordinal);
        foreach (var (key, _) in entries)
            if (!seen.TryAdd(key.Text, key.At)) throw StoryException.InText($"The key '{Shown(key.Text)}' stands here a second time (first in line {seen[key.Text].Line}).", key.At);
        return new Map(entries, at);
    }

    /// <summary>Text for a message: short, on one line.</summary>
    public static string Shown(string text)
    {
        var line = text.ReplaceLineEndings(" ").Replace('\t', ' ');
        return line.Length <= 60 ? line : $"{line[..(char.IsHighSurrogate(line[58]) ? 58 : 59)]}…";
    }
}
