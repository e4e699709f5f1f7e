using System.CommandLine;
using Understory.Checking;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Verbs;

/// <summary><c>understory check</c>: whether stories hold together, and fit what is known.</summary>
internal static class CheckVerb
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Print the findings as JSON; of a folder, one line for each story." };
        var language = new Option<string?>("--lang") { HelpName = "LANGUAGE", Description = "en, ru or uk. Else that of the terminal, else English." };
        language.AcceptOnlyFromAmong([.. Texts.Languages]);
        var html = new Option<string?>("--html") { HelpName = "FILE", Description = "Write the report as a page that needs no network, with a time line and a map." };
        var data = new Option<string?>("--data-dir") { HelpName = "DIR", Description = "Where imported data lies. Else the platform's data folder." };
        var save = new Option<string?>("--save") { HelpName = "FILE", Description = "Of a folder: keep the findings for a later --against, readable by you alone. It holds no words of anybody, but which claims clash, and days." };
        var against = new Option<string?>("--against") { HelpName = "FILE", Description = "Of a folder: say whose findings are not what --save kept, and which data changed. It may be the same file." };
        var story = new Argument<string>("STORY") { Description = "A story (docs/formats/story.md), a folder of stories, or - for standard input." };
        var verb = new Command("check", """
            Say what of a story cannot all be true, by which source, and what to ask. It never judges a person.

            Nothing is looked up anywhere: it works without a network. Exit status: 0 no contradiction, 1 contradictions,
            2 not understood; of a folder the highest.
            """)
        {
            json, html, language, data, save, against, story,
        };
        verb.SetAction((parsed, cancel) =>
        {
            var texts = Texts.For(parsed.GetValue(language) ?? Screen.Language());
            var ground = CheckingData.Open(parsed.GetValue(data));
            var name = parsed.GetValue(story)!;
            if (Directory.Exists(name))
            {
                if (parsed.GetValue(html) is not null) throw new UsageException("--html is the report of one story, and STORY is a folder.");
                return Task.FromResult(new StoryFolder(name, ground, texts).Check(parsed.GetValue(json), parsed.GetValue(against), parsed.GetValue(save), cancel));
            }
            if (parsed.GetValue(save) is not null || parsed.GetValue(against) is not null) throw new UsageException("--save and --against are for a folder of stories.");
            return Task.FromResult(One(name, ground, texts, parsed.GetValue(json), parsed.GetValue(html)));
        });
        return verb;
    }

    private static int One(string name, CheckingData data, Texts texts, bool json, string? html)
    {
        Story story;
        CheckReport report;
        try
        {
            using var input = Files.OpenInput(name);
            (story, report) = data.Check(CheckingData.ReadStory(input));
        }
        catch (StoryException fault)
        {
            foreach (var each in fault.Faults) Failure.Say($"{(Files.IsStandard(name) ? "standard input" : name)}, {TextReport.Plain(each.Message)}");
            return ExitStatus.NotUnderstood;
        }
        if (html is not null)
        {
            // A story is of somebody in danger: its report is for the owner alone.
            using var file = OutputFile.Create(html, isSecret: true);
            file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(data.Page(story, report, texts)));
            file.Finish();
        }
        if (json)
        {
            using var output = Console.OpenStandardOutput();
            output.Write(ReportWriter.ToJson(report, texts));
            output.Write("\n"u8);
        }
        else new TextReport(Console.Out, texts, Screen.Width(), Screen.HasColours()).Write(story, report);
        return report.Consistent ? ExitStatus.Done : ExitStatus.Refused;
    }
}
