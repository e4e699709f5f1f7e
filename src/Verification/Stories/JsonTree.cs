using System.Text;
using System.Text.Json;

namespace Understory.Verification;

/// <summary>The same shape written as JSON (RFC 8259). Numbers, <c>true</c> and <c>false</c> are the text they are written as; <c>null</c> is empty text.</summary>
internal static class JsonTree
{
    /// <summary>The one value of a text.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="StoryException">A key stands twice, or it has characters that are no text.</exception>
    public static Node Parse(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Node.MaxDepth + 2 });
        reader.Read();
        var places = new Places(text);
        var root = Read(ref reader, ref places);
        // To the end: it complains of whatever comes after.
        while (reader.Read()) { }
        return root;
    }

    private static Node Read(ref Utf8JsonReader reader, ref Places places)
    {
        var at = places.Of((int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) items.Add(Read(ref reader, ref places));
                return new Node.List(items, at);
            case JsonTokenType.StartObject:
                var entries = new List<(Node.Scalar, Node)>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    var key = Text(ref reader, places.Of((int)reader.TokenStartIndex));
                    reader.Read();
                    entries.Add((key, Read(ref reader, ref places)));
                }
                return Node.Of(entries, at);
            default:
                return Text(ref reader, at);
        }
    }

    private static Node.Scalar Text(ref Utf8JsonReader reader, Position at)
    {
        var isQuoted = reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName;
        string text;
        try
        {
            text = reader.TokenType == JsonTokenType.Null ? "" : isQuoted ? reader.GetString()! : Encoding.UTF8.GetString(reader.ValueSpan);
        }
        catch (InvalidOperationException fault)
        {
            throw StoryException.InText("Text holds half of a character.", at, fault);
        }
        return Node.Plain(text, !reader.ValueIsEscaped, isQuoted ? at with { Column = at.Column + 1 } : at, at);
    }

    /// <summary>Lines and columns of places that come in order.</summary>
    private ref struct Places(ReadOnlySpan<byte> text)
    {
        private readonly ReadOnlySpan<byte> _text = text;
        private int _seen;
        private int _line = 1;
        private int _column = 1;

        public Position Of(int index)
        {
            // From where the last one was, so that a line of a megabyte is counted once.
            var between = _text[_seen..index];
            var lineEnd = between.LastIndexOf((byte)'\n');
            _line += between.Count((byte)'\n');
            _column = Encoding.UTF8.GetCharCount(between[(lineEnd + 1)..]) + (lineEnd < 0 ? _column : 1);
            _seen = index;
            return new Position(_line, _column);
        }
    }
}
