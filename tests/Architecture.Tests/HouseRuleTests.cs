using System.Text.RegularExpressions;
using Shouldly;
using Xunit;

namespace Understory.Architecture.Tests;

/// <summary>The rules of STYLE.md that a machine can hold.</summary>
public partial class HouseRuleTests
{
    [Fact]
    public void No_file_is_longer_than_500_lines() =>
        Checkout.Sources(".cs", ".ts", ".mjs", ".razor", ".css", ".md")
            .Where(file => File.ReadLines(Path.Combine(Checkout.Folder, file)).Count() > 500).ShouldBeEmpty();

    [Fact]
    public void There_is_no_drawer_without_a_name() =>
        Checkout.Sources(".cs", ".ts").Where(file => Drawer().IsMatch(file)).ShouldBeEmpty();

    /// <summary>The engines take bytes, streams and values: no paths, no network, no clock.</summary>
    [Theory]
    [InlineData("Sealing"), InlineData("Envelopes"), InlineData("Journal"), InlineData("Verification")]
    public void Engines_know_no_paths_no_network_and_no_clock(string project)
    {
        foreach (var file in Checkout.Sources(".cs").Where(file => file.StartsWith($"src/{project}/", StringComparison.Ordinal)))
            World().Matches(Checkout.Read(file)).Select(match => match.Value).ShouldBeEmpty(file);
    }

    /// <summary>What prints itself must not print secrets: no record may hold one.</summary>
    [Fact]
    public void No_record_holds_a_secret() =>
        Checkout.Sources(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .Where(file => SecretInRecord().IsMatch(Checkout.Read(file))).ShouldBeEmpty();

    /// <summary>
    /// Intake opens nothing: no identity, no receipt and no passphrase is named in it. But for a visitor whose browser runs no
    /// scripts it does in memory, for one request, what their device would do; that is in one folder and nowhere else, and
    /// the rest of Intake gets from it what pages show, and no key.
    /// </summary>
    [Fact]
    public void Intake_names_nothing_that_opens_but_where_it_stands_in_for_a_device()
    {
        const string StandsIn = "src/Intake/WithoutScripts/";
        foreach (var file in Checkout.Sources(".cs", ".razor").Where(file => file.StartsWith("src/Intake/", StringComparison.Ordinal) && !file.StartsWith(StandsIn, StringComparison.Ordinal)))
            Opens().Matches(Checkout.Read(file)).Select(match => match.Value).ShouldBeEmpty(file);
        Directory.Exists(Path.Combine(Checkout.Folder, StandsIn)).ShouldBeTrue();
    }

    /// <summary>The analyzer holds the list; this holds that it is asked, and cannot be told to look away.</summary>
    [Fact]
    public void What_spills_to_disk_is_banned_in_Intake()
    {
        var banned = Checkout.Read("src", "Intake", "BannedSymbols.txt");
        foreach (var symbol in (string[])["IFormFile", "HttpRequest.Form", "ReadFormAsync", "HttpRequest.Body", "FileBufferingReadStream", "HttpContext.Connection"])
            banned.ShouldContain(symbol);
        Checkout.Read("src", "Intake", "Intake.csproj").ShouldContain("BannedApiAnalyzers");
        foreach (var file in Checkout.Sources(".cs", ".csproj").Where(file => file.StartsWith("src/Intake/", StringComparison.Ordinal)))
            Checkout.Read(file).ShouldNotContain("RS0030", customMessage: file);
    }

    /// <summary>At the Desk too: case notes and answers are words.</summary>
    [Fact]
    public void What_spills_to_disk_is_banned_at_the_Desk()
    {
        var banned = Checkout.Read("src", "Desk", "BannedSymbols.txt");
        foreach (var symbol in (string[])["IFormFile", "HttpRequest.Form", "ReadFormAsync", "HttpRequest.Body", "FileBufferingReadStream", "HttpContext.Connection"])
            banned.ShouldContain(symbol);
        Checkout.Read("src", "Desk", "Desk.csproj").ShouldContain("BannedApiAnalyzers");
        foreach (var file in Checkout.Sources(".cs", ".csproj").Where(file => file.StartsWith("src/Desk/", StringComparison.Ordinal)))
            Checkout.Read(file).ShouldNotContain("RS0030", customMessage: file);
    }

    [Fact]
    public void Every_use_of_a_random_generator_is_the_cryptographic_one() =>
        Checkout.Sources(".cs").Where(file => file.StartsWith("src/", StringComparison.Ordinal))
            .Where(file => Checkout.Read(file).Contains("new Random(", StringComparison.Ordinal) || Checkout.Read(file).Contains("Random.Shared", StringComparison.Ordinal))
            .ShouldBeEmpty();

    [GeneratedRegex(@"\b(\w*Identity|Receipt|ReceiptKeys(?!\.LookUpIdSize)|ConversationChain|Passphrase|Secret|LockedMemory|AgeFile|ILogger\w*)\b")]
    private static partial Regex Opens();

    [GeneratedRegex("(^|/)(Helpers?|Utils?|Common|Misc|Manager|Service)[^/]*\\.(cs|ts)$")]
    private static partial Regex Drawer();

    [GeneratedRegex(@"\b(File|Directory|Path|FileStream|HttpClient|Socket|Dns|DateTime|DateTimeOffset|TimeProvider|Stopwatch|Environment|Console)\.\w+|new (FileStream|HttpClient|Socket)\b")]
    private static partial Regex World();

    [GeneratedRegex(@"record[^;{]*\([^)]*\bSecret\b")]
    private static partial Regex SecretInRecord();
}
