using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Understory.Verification;

/// <summary>
/// YAML as far as a story needs it: maps, lists and text, in block and in flow style. From the parser's events and not
/// through an object deserialiser: every scalar stays text, nothing is made that the file names, and trimming takes nothing
/// away.
/// </summary>
internal static class YamlTree
{
    /// <summary>The one document of a text.</summary>
    /// <exception cref="StoryException">It is not YAML, or has what a story does not: aliases, tags, several documents.</exception>
    public static Node Parse(string text)
    {
        try
        {
            var events = new Parser(new StringReader(text));
            Skip<StreamStart>(events);
            if (events.Current is StreamEnd) throw StoryException.InText("There is nothing here.", new Position(1, 1));
            Skip<DocumentStart>(events);
            var root = Read(events, 0);
            Skip<DocumentEnd>(events);
            if (events.Current is not StreamEnd) throw StoryException.InText("A second document begins here; one file holds one story.", At(events.Current!));
            return root;
        }
        catch (YamlException fault)
        {
            throw StoryException.InText($"This is not YAML: {Sentence(fault.Message)}", new Position(Math.Max(1, (int)fault.Start.Line), Math.Max(1, (int)fault.Start.Column)), fault);
        }
        catch (Exception fault) when (fault is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // Faults of the parser itself: whatever it stumbles over is not a story.
            throw StoryException.InText("This is not YAML.", new Position(1, 1), fault);
        }
    }

    private static Node Read(Parser events, int depth)
    {
        var at = At(events.Current!);
        if (depth > Node.MaxDepth) throw StoryException.InText($"This is nested more than {Node.MaxDepth} deep; no story is.", at);
        if (events.Current is AnchorAlias) throw StoryException.InText("A story has no aliases ('*name'); write it out.", at);
        if (events.Current is NodeEvent { Anchor.IsEmpty: false }) throw StoryException.InText("A story has no anchors ('&name'); write it out.", at);
        if (events.Current is NodeEvent { Tag.IsEmpty: false }) throw StoryException.InText("A story has no tags ('!name'); everything in it is text.", at);
        switch (events.Current)
        {
            case Scalar scalar:
                events.MoveNext();
                return Text(scalar, at);
            case SequenceStart:
                events.MoveNext();
                var items = new List<Node>();
                while (events.Current is not SequenceEnd) items.Add(Read(events, depth + 1));
                events.MoveNext();
                return new Node.List(items, at);
            case MappingStart:
                events.MoveNext();
                var entries = new List<(Node.Scalar, Node)>();
                while (events.Current is not MappingEnd)
                {
                    var keyAt = At(events.Current!);
                    var key = Read(events, depth + 1) as Node.Scalar ?? throw StoryException.InText("A key is a word.", keyAt);
                    entries.Add((key, Read(events, depth + 1)));
                }
                events.MoveNext();
                return Node.Of(entries, at);
            default:
                throw StoryException.InText("This is not YAML that a story has.", at);
        }
    }

    private static Node.Scalar Text(Scalar scalar, Position at)
    {
        var isQuoted = scalar.Style is ScalarStyle.SingleQuoted or ScalarStyle.DoubleQuoted;
        var isOneLine = scalar.Start.Line == scalar.End.Line && scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded);
        // As long in the file as here, but for the quotes: then nothing was escaped or folded.
        var isVerbatim = isOneLine && scalar.End.Column - scalar.Start.Column == scalar.Value.Length + (isQuoted ? 2 : 0);
        return Node.Plain(scalar.Value, isVerbatim, isQuoted ? at with { Column = at.Column + 1 } : at, at);
    }

    private static void Skip<T>(Parser events) where T : ParsingEvent
    {
        if (events.Current is null) events.MoveNext();
        if (events.Current is not T) throw StoryException.InText("This is not YAML that a story has.", events.Current is null ? new Position(1, 1) : At(events.Current));
        events.MoveNext();
    }

    private static Position At(ParsingEvent seen) => new((int)seen.Start.Line, (int)seen.Start.Column);

    /// <summary>The parser's words, as a sentence.</summary>
    private static string Sentence(string message)
    {
        var words = message.ReplaceLineEndings(" ").Trim();
        return words.EndsWith('.') ? words : $"{words}.";
    }
}
