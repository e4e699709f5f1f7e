using System.Globalization;

namespace Understory.Verification;

/// <summary>A report as text for a terminal: claims with their windows, findings in sentences, what to ask.</summary>
/// <param name="to">Where it goes.</param>
/// <param name="texts">The language.</param>
/// <param name="width">Columns, at least 40.</param>
/// <param name="colours">Whether to use the colours of a terminal.</param>
public sealed class TextReport(TextWriter to, Texts texts, int width, bool colours)
{
    private const string Red = "31";
    private const string Green = "32";
    private const string Yellow = "33";
    private const string Bold = "1";
    private const string Faint = "2";

    /// <summary>So many windows and sources are shown; JSON has all.</summary>
    private const int MostShown = 6;

    private readonly int _width = Math.Clamp(width, 40, 110);

    /// <summary>Writes a report on a story.</summary>
    public void Write(Story story, CheckReport report)
    {
        var contradictions = report.Findings.Count(finding => finding.Verdict == Verdict.Contradicts);
        Line(0, $"{Paint(Bold, Plain(story.Name))}  {Paint(Faint, texts.Say("terminal.told", ("day", DayRange.Iso(story.Told))))}");
        Line(0, Paint(Faint, new string('─', _width)));
        if (report.Consistent) Wrapped(0, $"✓ {texts["terminal.consistent"]}", Green);
        else Wrapped(0, $"✗ {texts.Say("terminal.contradicts", ("count", Number(contradictions)))}", Red);
        Wrapped(2, texts["terminal.people"], Faint);
        if (report.LimitReached) Wrapped(2, texts["terminal.limit"], Yellow);

        Heading("terminal.claims");
        var clashing = report.Findings.Where(finding => finding.Verdict == Verdict.Contradicts).SelectMany(finding => finding.Claims).ToHashSet(StringComparer.Ordinal);
        var column = Math.Min(16, story.Claims.Max(claim => claim.Id.Length)) + 4;
        foreach (var claim in story.Claims) Write(claim, report.Claims.FirstOrDefault(result => result.Id == claim.Id), column, clashing.Contains(claim.Id));

        Heading("said.findings");
        if (report.Findings.Count == 0) Wrapped(2, texts["said.no-findings"]);
        for (var i = 0; i < report.Findings.Count; i++) Write(report.Findings[i], i + 1);
        Line(0, "");
        Wrapped(0, Plain(texts.Say("terminal.edition", ("edition", report.Edition))), Faint);
    }

    private void Write(Claim claim, ClaimResult? result, int column, bool clashes)
    {
        var id = Plain(claim.Id);
        var mark = clashes ? Paint(Red, "✗ ") : "  ";
        // A long id has a line to itself.
        var fits = id.Length <= column - 4;
        var lead = $"{mark}{Paint(Bold, id)}{(fits ? new string(' ', column - 2 - id.Length) : "")}";
        if (!fits) Line(0, lead);
        if (claim.Says.Length > 0)
        {
            Wrapped(column, texts.Quoted(Plain(claim.Says)), first: fits ? lead : null);
            fits = false;
        }
        var windows = result?.Windows ?? [];
        var when = texts.Days([.. windows.Take(MostShown)]) + (windows.Count > MostShown ? " …" : "");
        Wrapped(column, when, clashes ? Red : null, fits ? lead : null);
        var notes = new List<string>();
        if (result is { Derived: true }) notes.Add(texts["said.derived"]);
        if (result is { Readings: > 1 }) notes.Add(texts.Say("terminal.readings", ("count", Number(result.Readings))));
        if (claim.Kind is ClaimKind.Conscripted or ClaimKind.Mobilised && !claim.ByIsStated) notes.Add(texts.Say("terminal.call-up-by", ("side", claim.By.ToString())));
        if (result?.Place is { } place) notes.Add(Place(place));
        if (notes.Count > 0) Wrapped(column, Plain(string.Join(" · ", notes)), Faint);
    }

    private string Place(PlaceResult place) => place.Of == 0 ? texts["terminal.no-place"] : place.Of == 1 && place.List.Count == 1
        ? string.Join(", ", [place.List[0].Name, .. place.List[0].Within.Take(1)])
        : texts.Say("terminal.candidates", ("of", Number(place.Of)), ("holds", Number(place.Holds)));

    private void Write(Finding finding, int number)
    {
        var colour = finding.Verdict switch
        {
            Verdict.Contradicts => Red,
            Verdict.Agrees => Green,
            _ => Yellow,
        };
        if (number > 1) Line(0, "");
        var verdict = texts[$"verdict.{ReportWriter.NameOf(finding.Verdict)}"].ToUpper(CultureInfo.InvariantCulture);
        Line(2, $"{Number(number)}  {Paint(colour, verdict)}  {Paint(Faint, $"{texts[$"kind.{ReportWriter.NameOf(finding.Kind)}"]} · {Plain(string.Join(", ", finding.Claims))}")}");
        Wrapped(5, Plain(texts.Say(finding.Explanation)));
        if (finding.Verdict != Verdict.Agrees) Section("terminal.because", finding.Because.Select(Because));
        Section("terminal.sources", Sources(finding.BySource));
        if (finding.Repair is { } repair)
        {
            Wrapped(5, Plain(texts.Say(
                repair.Later ? "terminal.repair-later" : "terminal.repair-earlier",
                ("claim", repair.Claim), ("days", Number(repair.Days)), ("to", repair.To.ToString()))));
        }
        Section("said.benign", finding.Benign.Select(texts.Say));
        if (finding.Ask is not { } ask) return;
        Line(5, Paint(Bold, texts["terminal.ask"]));
        Wrapped(7, Plain(texts.Say(ask)), "36");
    }

    private string Because(Reason reason)
    {
        var what = texts.Say(reason);
        // Days that were said as days need no second time, and a rule says its own.
        var isSaid = reason.Days.Count == 0 || reason.Kind == "rule" || (reason.Days.Count == 1 && reason.Days[0].ToString() == reason.Text);
        return isSaid ? what : texts.Say("reason.allows", ("what", what), ("days", string.Join(", ", reason.Days.Take(MostShown))));
    }

    /// <summary>A line for each word; those of one source that only differ in the day are one.</summary>
    private IEnumerable<string> Sources(IReadOnlyList<SourceWord> words) =>
        from word in words
        group word by (word.Source, word.Version, word.Status, word.Basis) into same
        let days = same.Select(word => word.Day).Order().ToList()
        let when = days.Count <= 3 ? string.Join(", ", days.Select(texts.Day)) : texts.Days(new DayRange(days[0], days[^1]))
        select $"{texts.Called("source", same.Key.Source)} ({same.Key.Version}), {when}: {texts.Called("status", same.Key.Status.ToString())} ({texts.Basis(same.Key.Basis)})";

    private void Section(string heading, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return;
        Line(5, Paint(Bold, texts[heading]));
        foreach (var line in all) Wrapped(9, Plain(line), first: "       · ");
    }

    private void Heading(string key)
    {
        Line(0, "");
        Line(0, Paint(Bold, texts[key]));
        Line(0, "");
    }

    /// <summary>Words in lines of the width, each behind a margin; the first behind what stands there already.</summary>
    private void Wrapped(int margin, string text, string? colour = null, string? first = null)
    {
        var lead = first ?? new string(' ', margin);
        foreach (var line in Lines(text, Math.Max(20, _width - margin)))
        {
            Line(0, lead + Paint(colour, line));
            lead = new string(' ', margin);
        }
    }

    private static IEnumerable<string> Lines(string text, int room)
    {
        var line = "";
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > room)
            {
                yield return line;
                line = word;
            }
            else line = line.Length == 0 ? word : $"{line} {word}";
        }
        yield return line;
    }

    private string Paint(string? colour, string text) => colours && colour is not null && text.Length > 0 ? $"\e[{colour}m{text}\e[0m" : text;

    private void Line(int margin, string text) => to.WriteLine(text.Length == 0 ? "" : new string(' ', margin) + text);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>On one line, and without characters that move the cursor or turn the direction of writing: text of others is shown.</summary>
    public static string Plain(string text) => string.Concat(text.Select(sign => char.IsWhiteSpace(sign) ? ' ' : sign)
        .Where(sign => char.GetUnicodeCategory(sign) is not (UnicodeCategory.Control or UnicodeCategory.Format)));
}
