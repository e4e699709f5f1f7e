using System.Globalization;

namespace Understory.Verification;

/// <summary>What the page says in one language beside its findings: labels, days, numbers.</summary>
internal sealed class ReportWords(Texts texts)
{
    /// <summary>The language's code.</summary>
    public string Language => texts.Language;

    /// <summary>A label.</summary>
    public string this[string key] => texts[key];

    /// <summary>A sentence of a finding.</summary>
    public string Say(Sentence sentence) => texts.Say(sentence);

    /// <summary>What a finding rests on.</summary>
    public string Say(Reason reason) => texts.Say(reason);

    /// <summary>The name of a source.</summary>
    public string Source(string name) => texts.Called("source", name);

    /// <summary>What a source rests on.</summary>
    public string Basis(string basis) => texts.Basis(basis);

    /// <summary>A label with something put in.</summary>
    public string Say(string key, params (string Name, string Value)[] with) => texts.Say(key, with);

    /// <summary>A label in the form that goes with a number.</summary>
    public string Count(string key, int count) => texts.Say(key, ("count", Number(count)));

    /// <summary>A day, written out: 24 February 2022.</summary>
    public string Day(int day) => Days(new DayRange(day, day));

    /// <summary>A window, written out, with nothing said twice.</summary>
    public string Days(DayRange window) => texts.Dates("dates", window);

    /// <summary>What stands at a mark of the time line: a year, or a short month.</summary>
    public string MarkOf(int day, bool isYear)
    {
        var date = DateOnly.FromDayNumber(day);
        return isYear ? Number(date.Year) : this["report.months-short"].Split(' ')[date.Month - 1];
    }

    /// <summary>What a source says.</summary>
    public string Status(ControlStatus status) => this["report.status-" + ClassOf(status)];

    /// <summary>By how much a claim would have to move.</summary>
    public string Repair(Repair repair) => texts.Say(
        repair.Later ? "report.repair-later" : "report.repair-earlier", ("claim", repair.Claim), ("days", Count("report.days", repair.Days)), ("to", Days(repair.To)));

    /// <summary>The name of a town.</summary>
    public string NameOf(Town town) => town.Names[Language switch { "en" => 2, "ru" => 1, _ => 0 }];

    /// <summary>A number, for a text.</summary>
    public static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The name that styles and scripts give to a status.</summary>
    public static string ClassOf(ControlStatus status) => status switch
    {
        ControlStatus.RU => "ru",
        ControlStatus.UA => "ua",
        ControlStatus.Contested => "contested",
        ControlStatus.NotRU => "not-ru",
        _ => "none",
    };
}
