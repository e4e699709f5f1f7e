namespace Understory.Verification;

/// <summary>The story as a line of time: a row for each claim, with the windows it can have been in and who held its place.</summary>
internal sealed class Timeline(Story story, CheckReport report, IGround ground, ReportWords words)
{
    private readonly TimeScale _scale = TimeScale.Around(report.Claims.SelectMany(claim => claim.Windows), story.Told);

    public void Write(Markup to)
    {
        to.Add($"<section class=\"timeline\" aria-labelledby=\"timeline-title\"><h2 id=\"timeline-title\">{words["report.timeline"]}</h2>");
        to.Add($"<p class=\"hint\">{words["report.timeline-hint"]}</p><div class=\"rows\"><div class=\"axis\" aria-hidden=\"true\">");
        foreach (var (day, isYear) in _scale.Marks())
        {
            var mark = isYear ? "mark year" : "mark";
            to.Add($"<span class=\"{mark}\" style=\"left:{_scale.At(day)}%\"><b>{words.MarkOf(day, isYear)}</b></span>");
        }
        to.Add($"</div><ol>");
        foreach (var (claim, result) in story.Claims.Zip(report.Claims)) WriteRow(to, claim, result);
        to.Add($"</ol></div></section>");
    }

    private void WriteRow(Markup to, Claim claim, ClaimResult result)
    {
        var numbers = Clashes(claim.Id);
        to.Add($"<li class=\"{(numbers.Count > 0 ? "row clash" : "row")}\" id=\"claim-{claim.Id}\"><div class=\"words\"><b>{claim.Id}</b> ");
        if (claim.Says.Length > 0) to.Add($"<q>{claim.Says}</q>");
        foreach (var number in numbers) to.Add($" <a class=\"number\" href=\"#finding-{number}\" title=\"{words["report.finding"]} {number}\">{number}</a>");
        to.Add($"</div><div class=\"track\">");
        foreach (var window in result.Windows)
        {
            if (_scale.Of(window) is not var (left, width)) continue;
            to.Add($"<i class=\"window{(claim.IsStay ? " stay" : "")}{(window.First < _scale.Days.First ? " from-before" : "")}\" style=\"left:{left}%;width:{width}%\" title=\"{words.Days(window)}\"></i>");
        }
        to.Add($"</div>");
        if (result.Place is { List.Count: 1 } place) WriteControl(to, place.List[0]);
        to.Add($"<div class=\"when\">{string.Join("; ", result.Windows.Take(3).Select(words.Days))}");
        if (result.Windows.Count > 3) to.Add($" …");
        if (result.Derived) to.Add($" <span class=\"note\">{words["said.derived"]}</span>");
        if (result.Place is { Of: 0 }) to.Add($" <span class=\"note\">{words["terminal.no-place"]}</span>");
        if (result.Place is { Of: > 1 } several) to.Add($" <span class=\"note\">{words.Say("report.candidates", ("of", ReportWords.Number(several.Of)), ("holds", ReportWords.Number(several.Holds)))}</span>");
        to.Add($"</div></li>");
    }

    /// <summary>A strip of who held the place, day by day, for each source that says something.</summary>
    private void WriteControl(Markup to, Candidate place)
    {
        var bySource = new Dictionary<string, List<(int From, ControlStatus Status)>>(StringComparer.Ordinal);
        for (var day = _scale.Days.First; day <= _scale.Days.Last; day++)
        {
            foreach (var word in ground.Ask(place, day))
            {
                if (!bySource.TryGetValue(word.Source, out var strip)) bySource[word.Source] = strip = [(_scale.Days.First, ControlStatus.Nothing)];
                if (strip[^1].Status != word.Status) strip.Add((day, word.Status));
            }
        }
        foreach (var (source, strip) in bySource)
        {
            if (strip.All(part => part.Status == ControlStatus.Nothing)) continue;
            to.Add($"<div class=\"control\" title=\"{place.Name}, {words.Source(source)}\">");
            for (var i = 0; i < strip.Count; i++)
            {
                var until = i + 1 < strip.Count ? strip[i + 1].From - 1 : _scale.Days.Last;
                if (strip[i].Status == ControlStatus.Nothing || _scale.Of(new DayRange(strip[i].From, until)) is not var (left, width)) continue;
                to.Add($"<i class=\"{ReportWords.ClassOf(strip[i].Status)}\" style=\"left:{left}%;width:{width}%\"></i>");
            }
            to.Add($"<small>{words.Source(source)}</small></div>");
        }
    }

    private List<int> Clashes(string claim) =>
        [.. report.Findings.Index().Where(finding => finding.Item.Verdict == Verdict.Contradicts && finding.Item.Claims.Contains(claim)).Select(finding => finding.Index + 1)];
}
