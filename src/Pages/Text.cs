using System.Globalization;
using System.Text;

namespace Understory.Pages;

/// <summary>What pages say, in one language. The English text is the key, as in gettext: <c>T["Ask for help"]</c>.</summary>
public sealed class Text
{
    private readonly Dictionary<TextId, string[]> _forms;
    private readonly PluralRule _plural;

    internal Text(string language, Dictionary<TextId, string[]> forms, PluralRule plural) =>
        (Language, _forms, _plural) = (language, forms, plural);

    /// <summary><c>ru</c>, <c>uk</c> or <c>en</c>: the name of the PO file.</summary>
    public string Language { get; }

    /// <summary>A text without numbers or names in it.</summary>
    public string this[string english] => Find("", english);

    /// <summary>A text with places for <c>{names}</c>.</summary>
    public string this[string english, params ReadOnlySpan<(string Name, object? Value)> values] => Fill(Find("", english), values);

    /// <summary>
    /// A sentence that somebody without languages says, a fault of an engine: in the reader's language where it is known, in
    /// English where it is not.
    /// </summary>
    public string Told(string sentence) => Find("", sentence);

    /// <summary>A short text that means another thing elsewhere: <c>T.In("stage of a case", "Help")</c>.</summary>
    public string In(string context, string english) => Find(context, english);

    /// <summary>A text with a number, which stands where <c>{n}</c> is.</summary>
    /// <param name="one">English, for one.</param>
    /// <param name="many">English, for any other number.</param>
    /// <param name="n">The number.</param>
    /// <param name="values">What else stands in it.</param>
    public string Count(string one, string many, long n, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        var text = _forms.TryGetValue(new TextId("", one), out var forms) && forms.Length == _plural.Count
            ? forms[_plural.Form(n)]
            : PluralRule.English.Form(n) == 0 ? one : many;
        return Fill(text, [("n", n), .. values]);
    }

    /// <summary>"22 November 2026", in the order and case of the language.</summary>
    public string Date(DateOnly day) => Fill(
        this["{day} {month} {year}"], [("day", day.Day), ("month", In("month in a date", MonthNames[day.Month - 1])), ("year", day.Year)]);

    /// <summary>"22 November 2026, 14:05".</summary>
    public string Moment(DateTime local) => $"{Date(DateOnly.FromDateTime(local))}, {local.ToString("HH:mm", CultureInfo.InvariantCulture)}";

    private static string[] MonthNames { get; } =
        ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

    private static string Fill(string text, ReadOnlySpan<(string Name, object? Value)> values)
    {
        var filled = new StringBuilder(text.Length + 32);
        for (var at = 0; at < text.Length;)
        {
            var open = text.IndexOf('{', at);
            var close = open < 0 ? -1 : text.IndexOf('}', open);
            if (close < 0)
            {
                filled.Append(text, at, text.Length - at);
                break;
            }
            filled.Append(text, at, open - at);
            var name = text.AsSpan(open + 1, close - open - 1);
            var known = false;
            foreach (var (each, value) in values)
            {
                if (!name.SequenceEqual(each)) continue;
                // What is put in is never looked at for places: whoever writes {n} into a name changes nothing.
                filled.Append(CultureInfo.InvariantCulture, $"{value}");
                known = true;
                break;
            }
            if (!known) filled.Append(text, open, close - open + 1);
            at = close + 1;
        }
        return filled.ToString();
    }

    private string Find(string context, string english) =>
        _forms.TryGetValue(new TextId(context, english), out var forms) ? forms[0] : english;
}
