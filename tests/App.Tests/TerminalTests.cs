using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>What somebody sees who sits at a terminal.</summary>
public class TerminalTests
{
    [Fact]
    public async Task A_passphrase_is_asked_twice_and_never_shown()
    {
        Needs.Program("script");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "note"), "Marta was here", TestContext.Current.CancellationToken);
        await using (var terminal = FakeTerminal.Start("understory seal -p -o note.age note; stty -a", folder.Path))
        {
            await terminal.AnswerAsync("Passphrase: ", "цілком таємно");
            await terminal.AnswerAsync("The same again: ", "цілком таємно");
            await terminal.EndAsync();
            terminal.Screen.ShouldNotContain("таємно");
            // Echo is back for whoever types next.
            terminal.Screen.ShouldContain(" echo ");
        }
        await using (var terminal = FakeTerminal.Start("understory open -p note.age", folder.Path))
        {
            await terminal.AnswerAsync("Passphrase: ", "цілком таємно");
            (await terminal.EndAsync()).ShouldBe(0);
            terminal.Screen.ShouldContain("Marta was here");
            terminal.Screen.ShouldNotContain("таємно");
        }
    }

    [Fact]
    public async Task Two_different_passphrases_are_refused()
    {
        Needs.Program("script");
        using var folder = new TemporaryFolder();
        await using var terminal = FakeTerminal.Start("understory seal -p -o note.age /dev/null", folder.Path);
        await terminal.AnswerAsync("Passphrase: ", "one");
        await terminal.AnswerAsync("The same again: ", "other");
        (await terminal.EndAsync()).ShouldBe(2);
        terminal.Screen.ShouldContain("not the same");
        File.Exists(Path.Combine(folder.Path, "note.age")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_sealed_file_is_not_spilled_over_the_screen()
    {
        Needs.Program("script");
        using var folder = new TemporaryFolder();
        await using var terminal = FakeTerminal.Start("understory keygen -o k; understory recipient -i k > r; understory seal -R r k", folder.Path);
        (await terminal.EndAsync()).ShouldBe(2);
        terminal.Screen.ShouldContain("use -o OUT, or -a");
    }

    [Fact]
    public async Task Long_work_shows_how_far_it_is()
    {
        Needs.Program("script");
        using var folder = new TemporaryFolder();
        await using var terminal = FakeTerminal.Start(
            "understory keygen -o k; understory recipient -i k > r; (for i in $(seq 24); do head -c 20000000 /dev/zero; sleep 0.05; done) | understory seal -R r > /dev/null",
            folder.Path);
        (await terminal.EndAsync()).ShouldBe(0);
        terminal.Screen.ShouldContain("Sealing");
        terminal.Screen.ShouldContain("/s");
    }
}
