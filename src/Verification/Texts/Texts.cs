using System.Globalization;
using System.Text;

namespace Understory.Verification;

/// <summary>Puts what a check found into words of one language: sentences, days, numbers.</summary>
/// <remarks>
/// <c>sentences.tsv</c> has a line for each key: English, Russian, Ukrainian. In a text stand <c>{name}</c>, what is put in as
/// it is (what has its own words in every language stands under <c>name.en</c>, <c>name.ru</c>, <c>name.uk</c>); <c>{name:days}</c>, days written out; <c>{name:quoted}</c>, in the marks of the language; <c>{name:source}</c>, the
/// name of a source; and <c>{name|day|days}</c>, the form that goes with a number (three forms in Russian and Ukrainian).
/// </remarks>
public sealed class Texts
{
    private static readonly string[] s_languages = ["en", "ru", "uk"];
    private static readonly Texts[] s_all = Load();

    private readonly Dictionary<string, string> _texts;
    private readonly string[] _months;
    private readonly string[] _quotes;

    private Texts(string language, Dictionary<string, string> texts)
    {
        (Language, _texts) = (language, texts);
        _months = texts["months"].Split(' ');
        _quotes = texts["quotes"].Split(' ');
    }

    /// <summary>The languages there are.</summary>
    public static IReadOnlyList<string> Languages => s_languages;

    /// <summary>Its code: <c>en</c>, <c>ru</c> or <c>uk</c>.</summary>
    public string Language { get; }

    /// <summary>Every key, for the test that holds the languages together.</summary>
    public IEnumerable<string> Keys => _texts.Keys;

    /// <summary>A text as it stands, with what is to be put in.</summary>
    public string this[string key] => _texts[key];

    /// <summary>The texts of a language.</summary>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    public static Texts For(string language) => Array.IndexOf(s_languages, language) is >= 0 and var index
        ? s_all[index]
        : throw new ArgumentException($"There are no texts in '{language}'.", nameof(language));

    /// <summary>Puts a sentence into words.</summary>
    public string Say(Sentence sentence)
    {
        // A question about what nobody put into words has its own text.
        var isUnsaid = sentence.With.TryGetValue("says", out var says) && string.IsNullOrWhiteSpace(says) && Has($"{sentence.Key}.unsaid");
        return Say(isUnsaid ? $"{sentence.Key}.unsaid" : sentence.Key, sentence.With);
    }

    /// <summary>Puts a sentence into words.</summary>
    public string Say(string key, params (string Name, string Value)[] with) =>
        Say(key, with.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.Ordinal));

    /// <summary>What a finding rests on, in words, without its days.</summary>
    public string Say(Reason reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        var text = string.Join(_texts["reason.or"], reason.Said.Select(together => string.Join(_texts["reason.and"], together.Select(Say))));
        var key = $"reason.{reason.Kind}";
        if (text.Length == 0) text = reason.Text;
        return Has(key) ? Say(key, ("claim", reason.Claim ?? ""), ("text", text)) : text;
    }

    /// <summary>Whether there is such a sentence.</summary>
    public bool Has(string key) => _texts.ContainsKey(key);

    /// <summary>What something is called that has a stable name, as <c>status.RU</c>; otherwise the name.</summary>
    public string Called(string prefix, string name) => _texts.GetValueOrDefault($"{prefix}.{name}") ?? name;

    /// <summary>What a source rests on: a stable name, or two days of maps between which something holds (<c>between 2022-09-01 and 2022-09-20</c>).</summary>
    public string Basis(string basis)
    {
        ArgumentNullException.ThrowIfNull(basis);
        return basis.Split(' ') is ["between", var from, "and", var to] ? Say("basis.between", ("from", from), ("to", to)) : Called("basis", basis);
    }

    /// <summary>A day, written out.</summary>
    public string Day(int day) => Days(new DayRange(day, day));

    /// <summary>Days, written out, with nothing said twice: "21 to 30 September 2022".</summary>
    public string Days(DayRange days) => Dates("days", days);

    /// <summary>From one day to another in the words of a style, as <c>dates</c>: the short one of tables and time lines.</summary>
    internal string Dates(string style, DayRange days)
    {
        if (days.First <= DayRange.Earliest && days.Last >= DayRange.Latest) return _texts["days.always"];
        if (days.First <= DayRange.Earliest && days.Last > days.First) return Say($"{style}.until", ("to", Dates(style, new DayRange(days.Last, days.Last))));
        if (days.Last >= DayRange.Latest && days.Last > days.First) return Say($"{style}.since", ("from", Dates(style, new DayRange(days.First, days.First))));
        var (first, last) = (DateOnly.FromDayNumber(days.First), DateOnly.FromDayNumber(days.Last));
        var form = first == last ? "one" : first.Year != last.Year ? "years" : first.Month != last.Month ? "year" : "month";
        return Say(
            $"{style}.{form}",
            ("day", Number(first.Day)), ("month", _months[first.Month - 1]), ("year", Number(first.Year)),
            ("last", Number(last.Day)), ("lastmonth", _months[last.Month - 1]), ("lastyear", Number(last.Year)));
    }

    /// <summary>Several, one after the other.</summary>
    public string Days(IReadOnlyList<DayRange> days) => days.Count == 0 ? _texts["days.none"] : string.Join(", ", days.Select(Days));

    /// <summary>In the quotation marks of the language. What stands in English ones already gets those of the language instead.</summary>
    public string Quoted(string text) => text.StartsWith('“')
        ? text.Replace("“", _quotes[0], StringComparison.Ordinal).Replace("”", _quotes[1], StringComparison.Ordinal)
        : $"{_quotes[0]}{text}{_quotes[1]}";

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Say(string key, IReadOnlyDictionary<string, string> with)
    {
        var said = new StringBuilder();
        Fill(said, _texts[key], with);
        return said.ToString();
    }

    private void Fill(StringBuilder said, ReadOnlySpan<char> text, IReadOnlyDictionary<string, string> with)
    {
        while (text.IndexOf('{') is >= 0 and var open)
        {
            said.Append(text[..open]);
            var close = End(text, open);
            Put(said, text[(open + 1)..close], with);
            text = text[(close + 1)..];
        }
        said.Append(text);
    }

    /// <summary>Where what opens is closed: forms of a number may themselves have something put in.</summary>
    private static int End(ReadOnlySpan<char> text, int open)
    {
        var depth = 0;
        for (var i = open; i < text.Length; i++)
        {
            if (text[i] == '{') depth++;
            else if (text[i] == '}' && --depth == 0) return i;
        }
        return text.Length - 1;
    }

    private void Put(StringBuilder said, ReadOnlySpan<char> what, IReadOnlyDictionary<string, string> with)
    {
        if (what.IndexOf('|') is > 0 and var bar)
        {
            var forms = what[(bar + 1)..].ToString().Split('|');
            var number = int.TryParse(with.GetValueOrDefault(what[..bar].ToString()), CultureInfo.InvariantCulture, out var known) ? known : 0;
            Fill(said, forms[Math.Min(Form(number), forms.Length - 1)], with);
            return;
        }
        var (name, kind) = what.IndexOf(':') is > 0 and var colon ? (what[..colon].ToString(), what[(colon + 1)..].ToString()) : (what.ToString(), "");
        var value = with.GetValueOrDefault($"{name}.{Language}") ?? with.GetValueOrDefault(name) ?? "";
        said.Append((name, kind) switch
        {
            (_, "days") => string.Join(", ", value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(WrittenOut)),
            ("claims", "quoted") => string.Join(", ", value.Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Quoted)),
            (_, "quoted") => Quoted(value),
            (_, "source") => Called("source", value),
            ("side", _) => Called("side", value),
            ("by", _) => Called("by", value),
            _ => value,
        });
    }

    private string WrittenOut(string days)
    {
        var ends = days.Split('/');
        if (ends.Length <= 2 && Iso(ends[0]) is { } first && Iso(ends[^1]) is { } last && first <= last) return Days(new DayRange(first, last));
        return days;
    }

    private static int? Iso(string day) => DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date.DayNumber : null;

    /// <summary>Which form goes with a number (Unicode CLDR, cardinal): one and other in English; one, few and many in Russian and Ukrainian.</summary>
    private int Form(int number)
    {
        if (Language == "en") return number == 1 ? 0 : 1;
        var (one, two) = (Math.Abs(number % 10), Math.Abs(number % 100));
        if (one == 1 && two != 11) return 0;
        return one is >= 2 and <= 4 && two is not (>= 12 and <= 14) ? 1 : 2;
    }

    private static Texts[] Load()
    {
        using var file = new StreamReader(ShippedFiles.Open("sentences.tsv"));
        var texts = s_languages.Select(_ => new Dictionary<string, string>(StringComparer.Ordinal)).ToArray();
        while (file.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            for (var i = 0; i < texts.Length; i++) texts[i].Add(cells[0], cells[i + 1]);
        }
        return [.. texts.Select((of, i) => new Texts(s_languages[i], of))];
    }
}
