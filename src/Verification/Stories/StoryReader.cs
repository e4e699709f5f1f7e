using System.Text;
using System.Text.Json;

namespace Understory.Verification;

/// <summary>
/// Reads a story from YAML or JSON (<c>docs/formats/story.md</c>). What is not understood is an error with its place, never
/// a guess; up to twenty faults are found at once.
/// </summary>
public sealed class StoryReader
{
    /// <summary>The longest story, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>The most claims of one.</summary>
    public const int MaxClaims = 500;

    /// <summary>So many faults are told at once.</summary>
    public const int MaxFaults = 20;

    private readonly Faults _faults = new();
    private readonly Facts? _facts;

    private StoryReader(Facts? facts) => _facts = facts;

    /// <summary>Reads a story.</summary>
    /// <param name="text">UTF-8, perhaps with a byte order mark.</param>
    /// <param name="facts">The public facts that it may refer to; null: every id is taken.</param>
    /// <exception cref="StoryException">It is not understood.</exception>
    public static Story Read(ReadOnlySpan<byte> text, Facts? facts = null)
    {
        if (text.Length > MaxBytes) throw StoryException.InText("A story has at most 1 MB.", new Position(1, 1));
        if (text.StartsWith("\ufeff"u8)) text = text[3..];
        return new StoryReader(facts).Story(Tree(text));
    }

    /// <summary>Reads a story.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="facts">As above.</param>
    /// <exception cref="StoryException">It is not understood.</exception>
    public static Story Read(string text, Facts? facts = null)
    {
        if (text.Length > MaxBytes) throw StoryException.InText("A story has at most 1 MB.", new Position(1, 1));
        return Read(Encoding.UTF8.GetBytes(text), facts);
    }

    private static Node Tree(ReadOnlySpan<byte> text)
    {
        string words;
        try
        {
            words = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(text);
        }
        catch (DecoderFallbackException fault)
        {
            var line = text[..Math.Clamp(fault.Index, 0, text.Length)].Count((byte)'\n') + 1;
            throw StoryException.InText("This is not UTF-8.", new Position(line, 1), fault);
        }
        // YAML of one flow map begins like JSON; what JSON does not understand may be that.
        if (text.TrimStart(" \t\r\n"u8).StartsWith("{"u8))
        {
            try
            {
                return JsonTree.Parse(text);
            }
            catch (JsonException)
            {
            }
        }
        return YamlTree.Parse(words);
    }

    private Story Story(Node root)
    {
        try
        {
            var fields = Fields.Of(root, "a story", ["story", "told", "person", "claims", "constraints"], _faults);
            var name = fields.Text("story", 200) ?? _faults.Missing(root, "A story has a name: 'story: …'.", "");
            var told = Told(fields, root);
            var dates = new DateReader(told ?? DayRange.Latest, _faults);
            var person = Person(fields["person"], dates);
            var claims = Claims(fields["claims"], root, dates);
            var off = Off(fields["constraints"]);
            _faults.ThrowIfAny();
            return new Story(name, told!.Value, person, claims, off);
        }
        catch (StoryException) when (_faults.IsAny)
        {
            _faults.ThrowIfAny();
            throw;
        }
    }

    private int? Told(Fields fields, Node root)
    {
        if (fields.Scalar("told") is not { } told)
        {
            if (fields["told"] is null) _faults.Add("A story says when it was told: 'told: 2025-03-10'.", root.At);
            return null;
        }
        var exact = DateOnly.TryParseExact(told.Text, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None, out var day);
        if (exact && DayRange.Always.Contains(day.DayNumber)) return day.DayNumber;
        _faults.Add(exact ? "A story is told between 1900 and 2199." : $"'{Node.Shown(told.Text)}' is not one day, as 2025-03-10.", told.At);
        return null;
    }

    private Person Person(Node? node, DateReader dates)
    {
        if (node is null) return new Person(null, null);
        var fields = Fields.Of(node, "a person", ["born", "age"], _faults);
        var born = fields.Scalar("born") is { } words ? dates.Days(words, "when somebody was born") : null;
        return new Person(born, Age(fields["age"], dates));
    }

    private StatedAge? Age(Node? node, DateReader dates)
    {
        if (node is null) return null;
        var fields = Fields.Of(node, "an age", ["years", "on"], _faults);
        var years = fields.Whole("years", 0, 120);
        if (fields["years"] is null) _faults.Add("An age says how many years: { years: 21, on: 2025-03-10 }.", node.At);
        // Without a day it is the age on the day it was told.
        var on = fields.Scalar("on") is { } words ? dates.Days(words, "the day of an age") : DaySet.Of(new DayRange(dates.Told, dates.Told));
        return years is { } known && on is not null ? new StatedAge(known, on) : null;
    }

    private List<Claim> Claims(Node? node, Node root, DateReader dates)
    {
        if (node is null) _faults.Add("A story has claims: 'claims:' and a list.", root.At);
        if (node is not null && node is not Node.List) _faults.Add($"'claims' is a list, and this is {node.Called}.", node.At);
        if (node is not Node.List list) return [];
        if (list.Items.Count == 0) _faults.Add("A story has at least one claim.", list.At);
        if (list.Items.Count > MaxClaims) throw StoryException.InText($"A story has at most {MaxClaims} claims, and this has {list.Items.Count}.", list.At);
        var names = ClaimNames.Of(list, _faults);
        var reader = new ClaimReader(names, dates, _facts, _faults);
        var claims = new List<Claim>();
        foreach (var item in list.Items)
            if (reader.Read(item) is { } claim) claims.Add(claim);
        return claims;
    }

    /// <summary><c>constraints: { off: [names] }</c>.</summary>
    private List<string> Off(Node? node)
    {
        var off = new List<string>();
        if (node is null) return off;
        var fields = Fields.Of(node, "'constraints'", ["off"], _faults);
        foreach (var item in fields["off"] is Node.List list ? list.Items : fields["off"] is { } one ? [one] : [])
        {
            if (item is not Node.Scalar { Text: { Length: > 0 and <= 64 } name } || !name.All(sign => char.IsAsciiLetterLower(sign) || char.IsAsciiDigit(sign) || sign == '-'))
                _faults.Add("A constraint has a name of small letters, digits and '-'.", item.At);
            else if (_facts is not null && !Checker.CanBeTurnedOff(name, _facts)) _faults.Add($"There is no constraint '{name}'; there is {Checker.Travel}, {Checker.Places}, {Checker.Rules}, {Checker.Nearby}, and the id of each fact.", item.At);
            else if (off.Contains(name)) _faults.Add($"'{name}' stands here a second time.", item.At);
            else off.Add(name);
        }
        return off;
    }
}
