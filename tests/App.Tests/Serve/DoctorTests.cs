using Shouldly;
using Understory.App.Tests.Desk;
using Understory.Desk;
using Understory.Desk.Components;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Serve;

/// <summary>What doctor says of a healthy folder, and of one after each thing that can be wrong with it.</summary>
public sealed class DoctorTests : IDisposable
{
    private readonly Office _office = Office.Found();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_healthy_Desk_has_nothing_wrong_and_some_things_to_think_about()
    {
        using var marta = _office.Somebody();
        _office.Admit(marta);
        var findings = await ExamineAsync();
        findings.ShouldNotContain(finding => finding.Meaning == Meaning.Danger);
        Good(findings, "entries that its log names");
        Good(findings, "People can ask for help until");
        Look(findings, "Only one person can sign in");
        Look(findings, "Recovery depends on one sheet");
        Look(findings, "does not know yet where Intake is");
    }

    [Fact]
    public async Task An_entry_that_was_taken_out_is_found_without_a_key()
    {
        using var marta = _office.Somebody();
        _office.Admit(marta);
        _office.Execute("DELETE FROM entries WHERE leaf = 2");
        Wrong(await ExamineAsync(), "has not the entries that its log names");
    }

    [Fact]
    public async Task An_older_database_beside_a_newer_checkpoint_is_found()
    {
        using var marta = _office.Somebody();
        _office.Admit(marta);
        _office.Close();
        _office.Reopen();
        _office.Execute("DELETE FROM entries");
        _office.Execute("DELETE FROM log");
        Wrong(await ExamineAsync(), "is older than its checkpoint");
    }

    [Fact]
    public async Task A_changed_checkpoint_is_found()
    {
        var path = Path.Combine(_office.Folder, "checkpoint");
        var text = await File.ReadAllTextAsync(path, Cancel);
        await File.WriteAllTextAsync(path, text.Replace("understory.log/", "understory.log/0", StringComparison.Ordinal), Cancel);
        Wrong(await ExamineAsync(), "was not written by this machine");
    }

    [Fact]
    public async Task A_newer_database_is_found()
    {
        _office.Execute("PRAGMA user_version = 999");
        Wrong(await ExamineAsync(), "is of a newer Understory");
    }

    [Fact]
    public async Task What_is_no_database_is_found()
    {
        using var folder = new TemporaryFolder();
        Look(await ExamineAsync(folder: folder.Path), "There is no database");
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "desk.sqlite"), new string('x', 8192), Cancel);
        Wrong(await ExamineAsync(folder: folder.Path), "cannot be read by this user, or is none");
    }

    [Fact]
    public async Task A_key_that_others_may_read_is_found()
    {
        var key = Path.Combine(_office.Folder, "node.key");
        File.SetUnixFileMode(key, File.GetUnixFileMode(key) | UnixFileMode.OtherRead);
        File.SetUnixFileMode(_office.Folder, (UnixFileMode)0x1ed);
        var findings = await ExamineAsync();
        Wrong(findings, "node.key', which holds a key");
        Look(findings, "may look into");
    }

    [Fact]
    public async Task An_inbox_key_that_ended_or_ends_soon_is_found()
    {
        Look(await ExamineAsync(days: 30), "The inbox key ends on");
        Wrong(await ExamineAsync(days: 60), "There is no inbox key for today");
    }

    [Fact]
    public async Task A_clock_that_is_behind_is_found()
    {
        using var marta = _office.Somebody();
        _office.Arrive(marta.Ask("Marta was here"));
        Wrong(await ExamineAsync(days: -10), "The clock of this machine is behind");
    }

    [Fact]
    public async Task Intake_is_called_and_said_how_it_answers()
    {
        await using var intake = await Intake.RunningIntake.StartAsync();
        await File.WriteAllTextAsync(Path.Combine(_office.Folder, "intake-credential"), Convert.ToHexStringLower(Intake.RunningIntake.Credential), Cancel);
        Good(await ExamineAsync(new CollectingOptions { Intake = intake.Address.GetLeftPart(UriPartial.Authority) }), "answers, and knows this Desk");
        await File.WriteAllTextAsync(Path.Combine(_office.Folder, "intake-credential"), Convert.ToHexStringLower(new byte[Bearer.Size]), Cancel);
        Wrong(await ExamineAsync(new CollectingOptions { Intake = intake.Address.GetLeftPart(UriPartial.Authority) }), "bring it its settings by `scp ");
        Wrong(await ExamineAsync(new CollectingOptions { Intake = "http://127.0.0.1:9" }), "Intake cannot be reached");
        Wrong(await ExamineAsync(new CollectingOptions { Intake = "http://help.example.org" }), "Without TLS");
    }

    [Fact]
    public async Task An_Intake_without_what_it_needs_is_found()
    {
        await using var intake = await Intake.RunningIntake.StartAsync();
        Look(await ExamineAsync(folder: intake.Folder), "was not given what it needs from the Desk (instance, organisation)");
        await File.WriteAllTextAsync(Path.Combine(intake.Folder, "instance"), new string('0', 64), Cancel);
        await File.WriteAllTextAsync(Path.Combine(intake.Folder, "organisation"), "Open Door", Cancel);
        Wrong(await ExamineAsync(folder: intake.Folder), "Intake has no inbox key for today");
    }

    [Fact]
    public async Task The_command_prints_a_sign_before_each_sentence_and_no_secret()
    {
        var credential = Path.Combine(_office.Folder, "intake-credential");
        await File.WriteAllTextAsync(credential, new string('5', 64), Cancel);
        File.SetUnixFileMode(credential, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var good = await Product.ShellAsync($"understory doctor --data-dir {_office.Folder}", _office.Folder, Cancel);
        good.Status.ShouldBe(0, good.Output);
        foreach (var line in good.Output.TrimEnd().Split('\n')) line.ShouldMatch("^(ok  |look|wrong)  .*\\.$");
        _office.Execute("PRAGMA user_version = 999");
        var bad = await Product.ShellAsync($"understory doctor --data-dir {_office.Folder} --intake http://127.0.0.1:9", _office.Folder, Cancel);
        bad.Status.ShouldBe(1);
        bad.Output.ShouldStartWith("wrong  ");
        bad.Output.ShouldNotContain(new string('5', 8));
    }

    public void Dispose() => _office.Dispose();

    private Task<IReadOnlyList<Finding>> ExamineAsync(CollectingOptions? settings = null, int days = 0, string? folder = null) =>
        Doctor.ExamineAsync(folder ?? _office.Folder, settings ?? new CollectingOptions(), DateTimeOffset.UtcNow.AddDays(days), Cancel);

    private static void Good(IReadOnlyList<Finding> findings, string sentence) => Has(findings, Meaning.Good, sentence);

    private static void Look(IReadOnlyList<Finding> findings, string sentence) => Has(findings, Meaning.Warning, sentence);

    private static void Wrong(IReadOnlyList<Finding> findings, string sentence) => Has(findings, Meaning.Danger, sentence);

    private static void Has(IReadOnlyList<Finding> findings, Meaning meaning, string sentence) =>
        findings.ShouldContain(finding => finding.Meaning == meaning && finding.Sentence.Contains(sentence, StringComparison.Ordinal), string.Join('\n', findings));
}
