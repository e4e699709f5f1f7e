using System.Security.Cryptography;
using System.Text;

namespace Understory.Verification;

/// <summary>
/// A report as one page that asks nobody for anything: style, script, map and words are in it. Its policy forbids every request,
/// so that what is in a story cannot make it send one.
/// </summary>
public static class HtmlReport
{
    private static readonly string Style = ShippedFiles.Text("report.css");
    private static readonly string Script = ShippedFiles.Text("report.js");

    /// <summary>Makes the page.</summary>
    /// <param name="story">The story.</param>
    /// <param name="report">What was found in it.</param>
    /// <param name="ground">What it was checked with; the map and the strips ask it.</param>
    /// <param name="outlines">What a map is drawn from; null where there are only towns.</param>
    /// <param name="texts">The language.</param>
    public static string Of(Story story, CheckReport report, IGround ground, IMapSource? outlines, Texts texts)
    {
        var words = new ReportWords(texts);
        var page = new Markup();
        var policy = $"default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Script)))}'";
        page.Add($"<!doctype html><html lang=\"{words.Language}\"><head><meta charset=\"utf-8\"><meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">");
        page.Add($"<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><meta name=\"referrer\" content=\"no-referrer\"><title>{story.Name}</title><style>");
        page.AddResource(Style);
        page.Add($"</style></head><body><header><p class=\"over\">{words["report.title"]}</p><h1>{story.Name}</h1>");
        WriteSummary(page, story, report, words);
        page.Add($"</header><main>");
        new Timeline(story, report, ground, words).Write(page);
        WriteFindings(page, story, report, words);
        var map = new StoryMap(report, story.Told, ground, outlines, words);
        if (!map.IsEmpty) map.Write(page);
        page.Add($"</main><footer><p>{words["report.people-decide"]}</p><p>{words["report.edition"]} {report.Edition}</p></footer><script>");
        page.AddResource(Script);
        page.Add($"</script></body></html>\n");
        return page.ToString();
    }

    private static void WriteSummary(Markup page, Story story, CheckReport report, ReportWords words)
    {
        var contradictions = report.Findings.Count(finding => finding.Verdict == Verdict.Contradicts);
        page.Add($"<p class=\"verdict {(report.Consistent ? "fine" : "clash")}\">{(contradictions == 0 ? words["report.no-contradictions"] : words.Count("report.contradictions", contradictions))}</p>");
        page.Add($"<p class=\"meta\">{words["report.told"]} {words.Day(story.Told)} · {words.Count("report.claims", story.Claims.Count)}</p>");
        if (report.LimitReached) page.Add($"<p class=\"note\">{words["report.limit-reached"]}</p>");
    }

    private static void WriteFindings(Markup page, Story story, CheckReport report, ReportWords words)
    {
        page.Add($"<section class=\"findings\" aria-labelledby=\"findings-title\"><h2 id=\"findings-title\">{words["said.findings"]}</h2>");
        if (report.Findings.Count == 0) page.Add($"<p>{words["said.no-findings"]}</p>");
        foreach (var (index, finding) in report.Findings.Index()) WriteFinding(page, index + 1, finding, story, words);
        page.Add($"</section>");
    }

    private static void WriteFinding(Markup page, int number, Finding finding, Story story, ReportWords words)
    {
        var verdict = finding.Verdict switch { Verdict.Contradicts => "contradicts", Verdict.Agrees => "agrees", _ => "cannot-tell" };
        page.Add($"<article class=\"finding {verdict}\" id=\"finding-{number}\"><h3><span class=\"number\">{number}</span> {words[$"report.{verdict}"]} <small>{words[$"kind.{ReportWriter.NameOf(finding.Kind)}"]}</small></h3>");
        page.Add($"<p class=\"explanation\">{words.Say(finding.Explanation)}</p>");
        page.Add($"<ul class=\"because\">");
        foreach (var id in finding.Claims)
        {
            var claim = story.Claims.FirstOrDefault(one => string.Equals(one.Id, id, StringComparison.Ordinal));
            page.Add($"<li><a href=\"#claim-{id}\">{id}</a> ");
            if (claim?.Says.Length > 0) page.Add($"<q>{claim.Says}</q>");
            page.Add($"</li>");
        }
        foreach (var reason in finding.Because.Where(reason => reason.Claim is null || reason.Kind == "rule")) page.Add($"<li>{words.Say(reason)}</li>");
        page.Add($"</ul>");
        if (finding.BySource.Count > 0)
        {
            page.Add($"<table><thead><tr><th scope=\"col\">{words["report.source"]}</th><th scope=\"col\">{words["report.day"]}</th><th scope=\"col\">{words["report.says"]}</th></tr></thead><tbody>");
            foreach (var word in finding.BySource)
                page.Add($"<tr><td>{words.Source(word.Source)} <small>{word.Version}</small></td><td>{words.Day(word.Day)}</td><td><i class=\"{ReportWords.ClassOf(word.Status)}\"></i> {words.Status(word.Status)} <small>{words.Basis(word.Basis)}</small></td></tr>");
            page.Add($"</tbody></table>");
        }
        if (finding.Repair is { } repair) page.Add($"<p class=\"repair\">{words.Repair(repair)}</p>");
        if (finding.Benign.Count > 0)
        {
            page.Add($"<h4>{words["said.benign"]}</h4><ul class=\"benign\">");
            foreach (var benign in finding.Benign) page.Add($"<li>{words.Say(benign)}</li>");
            page.Add($"</ul>");
        }
        if (finding.Ask is { } ask) page.Add($"<p class=\"ask\"><b>{words["report.ask"]}</b> {words.Say(ask)}</p>");
        page.Add($"</article>");
    }

}
