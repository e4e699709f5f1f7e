using Shouldly;
using Understory.Desk;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>Who gets in, and what everybody else learns: nothing.</summary>
public sealed class SignInTests(RunningDesk desk) : IClassFixture<RunningDesk>
{
    [Fact]
    public async Task Marta_signs_in_and_comes_to_where_she_wanted_to_go()
    {
        var browser = desk.NewBrowser();
        (await browser.GetAsync("/account")).Location.ShouldBe("/sign-in?then=%2Faccount");
        (await desk.SignInAsync(browser, "  mArta ", desk.Passphrase.ToUpperInvariant().Replace(' ', '-'), then: "/account")).Location.ShouldBe("/account");
        (await browser.GetAsync("/account")).Body.ShouldContain("This session");
    }

    [Fact]
    public async Task Whatever_is_wrong_the_answer_is_the_same()
    {
        var browser = desk.NewBrowser();
        var code = desk.NextCode();
        var other = desk.Passphrase.Split(' ');
        Array.Reverse(other);
        List<Answer> answers =
        [
            await desk.SignInAsync(browser, name: "Oleh", code: code),
            await desk.SignInAsync(browser, passphrase: string.Join(' ', other), code: code),
            await desk.SignInAsync(browser, code: code == "000000" ? "000001" : "000000"),
        ];
        foreach (var answer in answers)
        {
            answer.Status.ShouldBe(422);
            answer.Body.Replace("Oleh", "Marta", StringComparison.Ordinal).ShouldBe(answers[0].Body.Replace("Oleh", "Marta", StringComparison.Ordinal));
            answer.Headers.ShouldNotContain("Set-Cookie");
        }
    }

    [Fact]
    public async Task A_code_is_used_once()
    {
        var code = desk.NextCode();
        (await desk.SignInAsync(desk.NewBrowser(), code: code)).Status.ShouldBe(303);
        (await desk.SignInAsync(desk.NewBrowser(), code: code)).Status.ShouldBe(422);
    }

    [Fact]
    public async Task What_was_left_out_or_mistyped_is_said_by_name_and_costs_nothing()
    {
        var browser = desk.NewBrowser();
        var answer = await desk.SignInAsync(browser, name: "", passphrase: "only four words here", code: "12");
        answer.Status.ShouldBe(422);
        answer.Body.ShouldContain("Enter your name.");
        answer.Body.ShouldContain("Enter the seven words");
        answer.Body.ShouldContain("Enter the six digits");
        answer.Body.ShouldContain("href=\"#passphrase\"");
        answer.Body.ShouldNotContain("only four words here");
    }

    /// <summary>It slows down, and never locks out: whoever knows her name could else keep Marta from her work.</summary>
    [Fact]
    public async Task After_many_failures_Marta_still_gets_in()
    {
        var browser = desk.NewBrowser();
        for (var n = 0; n < 6; n++) (await desk.SignInAsync(browser, code: "000000")).Status.ShouldBe(422);
        (await desk.SignInAsync(browser)).Status.ShouldBe(303);
    }

    [Fact]
    public async Task Where_one_goes_afterwards_is_never_elsewhere()
    {
        foreach (var then in (string[])["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "/a b", "/п", "", new string('/', 1_000)])
            DeskRequest.PathOrHome(then).ShouldBe("/", then);
        DeskRequest.PathOrHome("/cases/1?page=2#end").ShouldBe("/cases/1?page=2#end");
        (await desk.SignInAsync(desk.NewBrowser(), then: "//evil.example")).Location.ShouldBe("/");
        (await desk.NewBrowser().GetAsync("/account?q=%D0%BF%20x")).Location.ShouldBe("/sign-in?then=%2Faccount%3Fq%3D%25D0%25BF%2520x");
    }

    [Fact]
    public async Task I_lost_my_passphrase_leads_to_what_recovery_is()
    {
        var browser = desk.NewBrowser();
        (await browser.GetAsync("/sign-in?language=uk")).Body.ShouldContain("/lost-passphrase?language=uk");
        (await browser.GetAsync("/lost-passphrase?language=uk")).Body.ShouldContain("відновлення");
    }

    [Fact]
    public async Task No_page_needs_a_script_or_a_style_inside_it()
    {
        var browser = await desk.SignedInAsync();
        foreach (var path in (string[])["/account", "/sign-in", "/lost-passphrase", "/setup/done", "/nothing"])
        {
            var page = (await browser.GetAsync(path)).Body;
            page.ShouldNotContain("style=");
            page.ShouldNotContain("onclick", Case.Insensitive);
            page.ShouldNotContain("<script>");
        }
    }

    [Fact]
    public void The_process_keeps_its_memory_to_itself()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Only Linux has it.");
        ProcessMemory.IsPrivate.ShouldBeTrue();
        File.ReadAllLines("/proc/self/limits").Single(line => line.StartsWith("Max core file size", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[4..6].ShouldBe(["0", "0"]);
    }

}
