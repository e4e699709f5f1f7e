using System.Collections.Frozen;
using System.Globalization;
using System.Reflection;

namespace Understory.Verification;

/// <summary>What a report says in one language beside its findings: labels, days, numbers.</summary>
public sealed class ReportWords
{
    private static readonly FrozenDictionary<string, string[]> Labels = Load();

    private readonly int _column;
    private readonly Func<Sentence, string> _say;
    private readonly CultureInfo _culture;

    /// <summary>For a language: <c>en</c>, <c>ru</c> or <c>uk</c>.</summary>
    /// <param name="language">Which.</param>
    /// <param name="say">Puts a finding's sentence into words of it.</param>
    public ReportWords(string language, Func<Sentence, string> say)
    {
        _column = language switch { "en" => 0, "ru" => 1, "uk" => 2, _ => throw new ArgumentException($"There are no reports in '{language}'.", nameof(language)) };
        (Language, _say) = (language, say);
        _culture = CultureInfo.InvariantCulture;
    }

    /// <summary>Its code.</summary>
    public string Language { get; }

    /// <summary>A label.</summary>
    public string this[string key] => Labels[key][_column];

    /// <summary>A sentence of a finding.</summary>
    public string Say(Sentence sentence) => _say(sentence);

    /// <summary>A label with numbers in it: <c>{0}</c>, <c>{1}</c>.</summary>
    public string With(string key, params int[] numbers) => string.Format(_culture, this[key], [.. numbers.Cast<object>()]);

    /// <summary>A label that has a form for each kind of number, as <c>one|few|many</c> (in English <c>one|many</c>), and perhaps one for none before them.</summary>
    public string Count(string key, int count)
    {
        var forms = this[key].Split('|');
        var kinds = _column == 0 ? 2 : 3;
        if (forms.Length > kinds)
        {
            if (count == 0) return forms[0];
            forms = forms[1..];
        }
        return string.Format(_culture, forms[KindOf(count)], count);
    }

    /// <summary>A day, written out: 24 February 2022.</summary>
    public string Day(int day)
    {
        var date = DateOnly.FromDayNumber(day);
        return string.Create(_culture, $"{date.Day} {Months("report.months-of")[date.Month - 1]} {date.Year}{(_column == 0 ? "" : this["report.year-of"])}");
    }

    /// <summary>A window, written out, with nothing said twice.</summary>
    public string Days(DayRange window)
    {
        if (window.First == window.Last) return Day(window.First);
        var (first, last) = (DateOnly.FromDayNumber(window.First), DateOnly.FromDayNumber(window.Last));
        if (first.Year != last.Year) return $"{Day(window.First)} – {Day(window.Last)}";
        return first.Month == last.Month
            ? string.Create(_culture, $"{first.Day}–{Day(window.Last)}")
            : string.Create(_culture, $"{first.Day} {Months("report.months-of")[first.Month - 1]} – {Day(window.Last)}");
    }

    /// <summary>What stands at a mark of the time line: a year, or a short month.</summary>
    public string MarkOf(int day, bool isYear)
    {
        var date = DateOnly.FromDayNumber(day);
        return isYear ? date.Year.ToString(_culture) : Months("report.months-short")[date.Month - 1];
    }

    /// <summary>What a source says.</summary>
    public string Status(ControlStatus status) => this["report.status-" + ClassOf(status)];

    /// <summary>By how much a claim would have to move.</summary>
    public string Repair(Repair repair) => string.Format(_culture, this[repair.Later ? "report.repair-later" : "report.repair-earlier"], repair.Claim, Count("report.days", repair.Days), Days(repair.To));

    /// <summary>The name of a town.</summary>
    internal string NameOf(Town town) => town.Names[_column switch { 0 => 2, 1 => 1, _ => 0 }];

    /// <summary>The name that styles and scripts give to a status.</summary>
    internal static string ClassOf(ControlStatus status) => status switch
    {
        ControlStatus.RU => "ru",
        ControlStatus.UA => "ua",
        ControlStatus.Contested => "contested",
        ControlStatus.NotRU => "not-ru",
        _ => "none",
    };

    private int KindOf(int count)
    {
        if (_column == 0) return count == 1 ? 0 : 1;
        var (one, ten) = (count % 10, count % 100);
        if (one == 1 && ten != 11) return 0;
        return one is >= 2 and <= 4 && ten is not (>= 12 and <= 14) ? 1 : 2;
    }

    private string[] Months(string key) => this[key].Split(' ');

    private static FrozenDictionary<string, string[]> Load()
    {
        using var text = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream("labels.tsv")!);
        var labels = new Dictionary<string, string[]>(StringComparer.Ordinal);
        while (text.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            labels.Add(cells[0], cells[1..]);
        }
        return labels.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
