using System.Text.RegularExpressions;
using Shouldly;
using Understory.Pages;
using Xunit;

namespace Understory.Architecture.Tests;

/// <summary>
/// What pages say, they say in every language: whatever stands in the code as <c>T["…"]</c>, <c>T.Count("…", "…"</c> or
/// <c>T.In("…", "…"</c> (also called <c>text</c>, or <c>this</c> in Pages) stands in each PO file of its project.
/// </summary>
public partial class TextTests
{
    /// <summary>Projects that have pages, by folder.</summary>
    public static TheoryData<string> Projects => ["Pages", "Intake", "Desk"];

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_text_is_there_in_every_language_and_nothing_else_is(string project)
    {
        var used = Used(project);
        foreach (var (language, file) in Files(project))
        {
            used.Keys.Where(id => !file.Forms.ContainsKey(id)).ShouldBeEmpty($"{language}.po of {project} lacks what the code says");
            file.Forms.Keys.Where(id => !used.ContainsKey(id) && !IsToldByAnEngine(project, id.Id)).ShouldBeEmpty($"{language}.po of {project} has what the code does not say");
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_translation_has_its_plural_forms_and_the_same_places(string project)
    {
        var used = Used(project);
        foreach (var (language, file) in Files(project))
        {
            foreach (var (id, forms) in file.Forms.Where(text => used.ContainsKey(text.Key)))
            {
                forms.Length.ShouldBe(used[id] is null ? 1 : file.Plural.Count, $"{language}.po: {id.Id}");
                // One of many may leave the number out ("one message"), in English as in others.
                string[] free = used[id] is null ? [] : ["{n}"];
                foreach (var form in forms)
                    Places(form).Except(free).ShouldBe(Places(used[id] ?? id.Id).Except(free), $"{language}.po: {id.Id}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Projects))]
    public void Every_translation_differs_from_the_english_and_ends_as_it_does(string project)
    {
        foreach (var (language, file) in Files(project))
        {
            foreach (var (id, forms) in file.Forms.Where(text => !Places(text.Key.Id).Any()))
            {
                forms.ShouldNotContain(id.Id, $"{language}.po");
                foreach (var form in forms) Ending(form).ShouldBe(Ending(id.Id), $"{language}.po: {id.Id}");
            }
        }
    }

    /// <summary>Sentences that the test above does not ask for, and that an engine says all the same.</summary>
    private static bool IsToldByAnEngine(string project, string sentence) => project == "Desk" && Checkout.Sources(".cs")
        .Where(path => path.StartsWith("src/Casework/", StringComparison.Ordinal) || path.StartsWith("src/Journal/", StringComparison.Ordinal) || path.StartsWith("src/Desk/", StringComparison.Ordinal))
        .Any(path => Checkout.Read(path).Contains($"\"{sentence}\"", StringComparison.Ordinal));

    private static char Ending(string text) => text[^1] is '.' or '?' or '!' or '…' or ':' ? text[^1] : ' ';

    private static IOrderedEnumerable<string> Places(string text) => Place().Matches(text).Select(place => place.Value).Distinct().Order();

    private static IEnumerable<(string Language, PoFile File)> Files(string project) =>
        from path in Checkout.Sources(".po")
        where path.StartsWith($"src/{project}/Texts/", StringComparison.Ordinal)
        select (Path.GetFileNameWithoutExtension(path), PoFile.Read(path, Checkout.Read(path)));

    /// <summary>What the code says, and its plural where it counts.</summary>
    private static Dictionary<TextId, string?> Used(string project)
    {
        var used = new Dictionary<TextId, string?>();
        foreach (var path in Checkout.Sources(".cs", ".razor").Where(path => path.StartsWith($"src/{project}/", StringComparison.Ordinal)))
        {
            var source = Remark().Replace(Checkout.Read(path), "");
            Unknown().Matches(source).ShouldBeEmpty($"{path}: what is looked up must stand there, or no test can hold it");
            foreach (Match said in Said().Matches(source)) used[new TextId("", Read(said.Groups["text"]))] = null;
            foreach (Match counted in Counted().Matches(source)) used[new TextId("", Read(counted.Groups["one"]))] = Read(counted.Groups["many"]);
            foreach (Match meant in Meant().Matches(source)) used[new TextId(Read(meant.Groups["context"]), Read(meant.Groups["text"]))] = null;
        }
        if (project == "Desk")
        {
            foreach (var sentence in Sentences()) used[new TextId("", sentence)] = null;
        }
        // The names of the months are looked up from an array.
        if (project == "Pages")
            foreach (Match month in Month().Matches(Checkout.Read("src", "Pages", "Text.cs"))) used[new TextId("month in a date", month.Value)] = null;
        return used;
    }

    /// <summary>What casework and channels say when something cannot be done: the Desk shows it.</summary>
    private static IEnumerable<string> Sentences() =>
        from path in Checkout.Sources(".cs")
        where path.StartsWith("src/Casework/", StringComparison.Ordinal) || path.StartsWith("src/Channels/", StringComparison.Ordinal)
            || path.StartsWith("src/Journal/Entries/", StringComparison.Ordinal)
        from Match said in Sentence().Matches(Checkout.Read(path))
        select Read(said.Groups["text"]);

    private static string Read(Group literal) => literal.Value.Replace("\\n", "\n", StringComparison.Ordinal).Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);

    [GeneratedRegex("""\b(?:[Tt]|[Tt]ext|this)\["(?<text>(?:[^"\\]|\\.)*)"[\],]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Said();

    [GeneratedRegex("""(?:CaseworkException\(|(?:IntakeTrouble|JournalFault)\.\w+,|JournalException\.Malformed\(|Sentence"?,? |Unopened =)\s*"(?<text>(?:[^"\\]|\\.)*)"[,);]""", RegexOptions.ExplicitCapture)]
    private static partial Regex Sentence();

    [GeneratedRegex("""\b(?:[Tt]|[Tt]ext)\.Count\(\s*"(?<one>(?:[^"\\]|\\.)*)",\s*"(?<many>(?:[^"\\]|\\.)*)",""", RegexOptions.ExplicitCapture)]
    private static partial Regex Counted();

    [GeneratedRegex("""\b(?:[Tt]|[Tt]ext)\.In\(\s*"(?<context>(?:[^"\\]|\\.)*)",\s*"(?<text>(?:[^"\\]|\\.)*)"\)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Meant();

    [GeneratedRegex(@"^\s*///.*$", RegexOptions.Multiline)]
    private static partial Regex Remark();

    [GeneratedRegex("""\bT\[(?!")""")]
    private static partial Regex Unknown();

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Place();

    [GeneratedRegex("(?<=\")(January|February|March|April|May|June|July|August|September|October|November|December)(?=\")", RegexOptions.ExplicitCapture)]
    private static partial Regex Month();
}
