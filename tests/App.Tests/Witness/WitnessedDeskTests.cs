using System.Globalization;
using System.Text;
using Shouldly;
using Understory.App.Tests.Desk;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Witness;

/// <summary>
/// The built Desk and the built witness, and somebody with the Desk's disk who puts back an older state with everything in its
/// folder: keychains, checkpoint and cosignature. Only what is elsewhere remembers.
/// </summary>
public sealed class WitnessedDeskTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _witnessFolder = new();
    private readonly TemporaryFolder _elsewhere = new();
    private readonly Office _office;
    private readonly byte[] _telephone;
    private readonly string _passphrase;
    private readonly VerifierKey _logKey;
    private readonly long _few;
    private readonly long _many;
    private long _usedStep;

    public WitnessedDeskTests()
    {
        _office = Office.Found(folder: _folder);
        _telephone = _office.Lidia.TotpSecret.Span.ToArray();
        _passphrase = Encoding.UTF8.GetString(_office.Passphrase.Span);
        _logKey = _office.Organisation.OutgoingCheckpoints.LogKey;
        _few = Entries();
        _office.Close();
        Copy(_folder.Path, Before);
        _office.Reopen();
        using (var marta = _office.Somebody()) _office.Admit(marta);
        _many = Entries();
        _office.Close();
        _many.ShouldBeGreaterThan(_few);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>The whole data directory, as it was before Marta asked.</summary>
    private string Before => Path.Combine(_elsewhere.Path, "before");

    private string Kept(string name) => Path.Combine(_folder.Path, name);

    [Fact]
    public async Task An_older_state_with_all_that_was_in_its_folder_is_refused_because_the_witness_remembers_until_both_operators_accept_it()
    {
        string key;
        using (var witness = await WitnessAsync())
        {
            key = await WitnessKeyAsync();
            using (var desk = await DeskAsync(witness.Address, key))
            {
                // Nobody is signed in.
                await UntilAsync(() => File.Exists(Kept("checkpoint-cosigned")));
                await desk.KillAsync();
            }
            Checkpoint.ReadTyped(await File.ReadAllTextAsync(Kept("checkpoint-cosigned"), Cancel)).Size.ShouldBe(_many);
            (await DoctorAsync()).Output.ShouldContain("is at http://127.0.0.1");

            PutBack();
            using (var desk = await DeskAsync(witness.Address, key))
            {
                var refused = await SignInAsync(desk.Address);
                refused.Status.ShouldBe(409);
                refused.Body.ShouldContain("The log is not the one that was seen");
                refused.Body.ShouldContain("the witness, when it was asked");
                refused.Body.ShouldContain($"<dd>{_few}</dd>");
                refused.Body.ShouldContain($"<dd>{_many}</dd>");
                (await SignInAsync(desk.Address, "uk")).Body.ShouldContain("Реєстр не той, який бачили");
                (await ShellAsync($"checkpoint accept --data-dir {_folder.Path} --entries {_few}")).Status.ShouldBe(1, "the Desk runs");
                await desk.KillAsync();
            }
            // The witness's file shows it to anybody, without a key.
            var doctor = await DoctorAsync();
            doctor.Status.ShouldBe(1);
            doctor.Output.ShouldContain("wrong  The witness knows a longer log");
            var seen = await ShellAsync($"checkpoint verify --data-dir {_folder.Path} <(understory witness show --data-dir {_witnessFolder.Path})");
            (seen.Status, seen.Output).ShouldBe((1, seen.Output));
            seen.Output.ShouldContain($"the database is older: it has {_few} entries, and there were {_many}.");
        }
        await BothAcceptAsync(key);
    }

    /// <summary>A backup, knowingly: neither of the two operators can do it alone.</summary>
    private async Task BothAcceptAsync(string key)
    {
        (await ShellAsync($"checkpoint accept --data-dir {_folder.Path} --entries {_many}")).Error.ShouldContain("nothing was changed");
        File.Exists(Kept("checkpoint-refused")).ShouldBeTrue();
        var accepted = await ShellAsync($"checkpoint accept --data-dir {_folder.Path} --entries {_few}");
        accepted.Status.ShouldBe(0, accepted.Error);
        using (var witness = await WitnessAsync())
        using (var desk = await DeskAsync(witness.Address, key))
        {
            (await SignInAsync(desk.Address)).Status.ShouldBe(409, "the witness still knows better");
            await desk.KillAsync();
        }
        (await ShellAsync($"checkpoint accept --data-dir {_folder.Path} --entries {_few}")).Status.ShouldBe(0);
        (await ShellAsync($"witness set-aside --data-dir {_witnessFolder.Path} --log {_logKey.Name} --entries {_many}")).Output.ShouldContain("witness-key = understory.witness/");
        using (var witness = await WitnessAsync())
        {
            using (var desk = await DeskAsync(witness.Address, key))
            {
                (await SignInAsync(desk.Address)).Status.ShouldBe(303);
                await desk.KillAsync();
            }
            File.Exists(Kept("checkpoint-cosigned")).ShouldBeFalse("the new key of the witness is not believed before it was entered");
            using (var desk = await DeskAsync(witness.Address, await WitnessKeyAsync()))
            {
                using var lidia = new Browser(desk.Address);
                (await SignInAsync(desk.Address, browser: lidia)).Status.ShouldBe(303);
                var page = (await lidia.GetAsync("/checkpoint")).Body;
                page.ShouldContain("Older states that were put back knowingly");
                page.ShouldContain(string.Create(CultureInfo.InvariantCulture, $"-{_many}-to-{_few}-"));
                page.ShouldContain("It has the newest one.");
            }
        }
        Checkpoint.ReadTyped(await File.ReadAllTextAsync(Kept("checkpoint-cosigned"), Cancel)).Size.ShouldBe(_few);
    }

    [Fact]
    public async Task A_log_that_went_on_from_an_older_state_is_refused_though_it_is_longer_by_now()
    {
        using var witness = await WitnessAsync();
        var key = await WitnessKeyAsync();
        using (var desk = await DeskAsync(witness.Address, key))
        {
            await UntilAsync(() => File.Exists(Kept("checkpoint-cosigned")));
            await desk.KillAsync();
        }
        PutBack();
        // Where no witness is asked, nobody notices; and somebody works on until it is longer than it was.
        _office.Reopen();
        for (var more = 0; Entries() <= _many; more++)
        {
            using var pavlo = _office.Somebody();
            _office.Admit(pavlo, "I was called up.", $"quiet field {more}");
        }
        _office.Close();
        using (var desk = await DeskAsync(witness.Address, key))
        {
            var refused = await SignInAsync(desk.Address);
            refused.Status.ShouldBe(409, refused.Body);
            refused.Body.ShouldContain("Entries that were there before are gone or were changed");
        }
        (await DoctorAsync()).Output.ShouldContain("The witness knows a longer log than the one in");
    }

    [Fact]
    public async Task A_file_in_another_place_remembers_as_well_and_a_program_gets_each_checkpoint_once()
    {
        var (file, heard, program) = (Path.Combine(_elsewhere.Path, "checkpoint"), Path.Combine(_elsewhere.Path, "heard"), Path.Combine(_elsewhere.Path, "mail"));
        await File.WriteAllTextAsync(program, $"#!/bin/sh\ncat >> {heard}\n", Cancel);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        for (var start = 0; start < 2; start++)
        {
            using var desk = await StartedProgram.StartAsync("desk", _folder.Path, "--client-dir", Product.Client, "--checkpoint-file", file, "--checkpoint-command", program, "--checkpoint-seconds", "1");
            await UntilAsync(() => File.Exists(file) && File.Exists(Kept("checkpoint-places")) && File.ReadAllText(Kept("checkpoint-places")).Split($" {_many} ").Length == 3);
            await desk.KillAsync();
        }
        Checkpoint.Open(await File.ReadAllTextAsync(file, Cancel), _logKey.Name, _logKey.Key).Size.ShouldBe(_many);
        (await File.ReadAllTextAsync(heard, Cancel)).ShouldBe(await File.ReadAllTextAsync(file, Cancel), "once, though it was started twice and asked every second");
        var newest = await File.ReadAllTextAsync(file, Cancel);

        PutBack();
        using (var desk = await StartedProgram.StartAsync("desk", _folder.Path, "--client-dir", Product.Client, "--checkpoint-file", file, "--checkpoint-seconds", "1"))
        {
            var refused = await SignInAsync(desk.Address);
            refused.Status.ShouldBe(409);
            refused.Body.ShouldContain("the file in another place");
            refused.Body.ShouldContain(file);
            await desk.KillAsync();
        }
        (await File.ReadAllTextAsync(file, Cancel)).ShouldBe(newest, "a longer one is never replaced");
        await File.WriteAllTextAsync(file, newest.Replace($"\n{_many}\n", $"\n{_few}\n", StringComparison.Ordinal), Cancel);
        using (var desk = await StartedProgram.StartAsync("desk", _folder.Path, "--client-dir", Product.Client, "--checkpoint-file", file, "--checkpoint-seconds", "1"))
            (await SignInAsync(desk.Address)).Body.ShouldContain("was changed, or belongs to another Desk");
    }

    [Fact]
    public async Task Kept_checkpoints_are_held_against_a_database_by_anybody()
    {
        var (good, typed, cut, foreign) = (Path.Combine(_elsewhere.Path, "good"), Path.Combine(_elsewhere.Path, "typed"), Path.Combine(_elsewhere.Path, "cut"), Path.Combine(_elsewhere.Path, "foreign"));
        var text = await File.ReadAllTextAsync(Path.Combine(Before, "checkpoint"), Cancel);
        await File.WriteAllTextAsync(good, text, Cancel);
        await File.WriteAllTextAsync(typed, "\r\n " + text.Split("\n\n")[0].Replace("\n", " \r\n ", StringComparison.Ordinal), Cancel);
        await File.WriteAllTextAsync(cut, text[..50], Cancel);
        await File.WriteAllTextAsync(foreign, text.Replace("understory.log/", "understory.log/0", StringComparison.Ordinal), Cancel);
        var all = await ShellAsync($"checkpoint verify --data-dir {_folder.Path} {good} {typed} {cut} {foreign}");
        all.Status.ShouldBe(1);
        var lines = all.Output.TrimEnd().Split('\n');
        lines[0].ShouldBe($"ok     {good}: all {_few} entries that it names are in the database, which has {_many}.");
        lines[1].ShouldStartWith($"ok     {typed}: all {_few}");
        lines[1].ShouldEndWith("worth as much as the paper it was typed from.");
        lines[2].ShouldContain("that is no checkpoint of this Desk's");
        lines[3].ShouldContain("it is a checkpoint of another log");
        var fingerprint = Checkpoint.ReadTyped(text).Fingerprint();
        (await ShellAsync($"checkpoint verify --data-dir {_folder.Path} --entries {_few} --fingerprint '{fingerprint}'")).Status.ShouldBe(0);
        (await ShellAsync($"checkpoint verify --data-dir {_folder.Path} --entries {_few} --fingerprint '{fingerprint.Replace(fingerprint[0], fingerprint[0] == '1' ? '2' : '1')}'")).Output.ShouldContain("wrong  as typed: what it stands for is not in the database");
        (await ShellAsync($"checkpoint verify --data-dir {_folder.Path} --entries {_many + 1} --fingerprint '{fingerprint}'")).Output.ShouldContain("the database is older");
        (await ShellAsync($"checkpoint show --data-dir {_folder.Path}")).Output.ShouldContain($"log key      {_logKey}");
        (await ShellAsync($"checkpoint accept --data-dir {_folder.Path} --entries {_many}")).Error.ShouldContain("nothing to accept");
    }

    public void Dispose()
    {
        _office.Dispose();
        _folder.Dispose();
        _witnessFolder.Dispose();
        _elsewhere.Dispose();
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.GetFiles(from)) File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
    }

    private static async Task UntilAsync(Func<bool> happened)
    {
        for (var tries = 0; !happened(); tries++)
        {
            tries.ShouldBeLessThan(3_000, "it never happened");
            await Task.Delay(20, Cancel);
        }
    }

    private long Entries() => _office.Query<long>("SELECT count(*) FROM entries");

    private void PutBack()
    {
        Directory.Delete(_folder.Path, recursive: true);
        Copy(Before, _folder.Path);
    }

    private Task<StartedProgram> WitnessAsync() => StartedProgram.StartAsync("witness", _witnessFolder.Path, "--log", _logKey.ToString());

    private async Task<string> WitnessKeyAsync()
    {
        using var memory = new Sealing.LockedMemory();
        using var key = SigningKey.FromSeed(await File.ReadAllBytesAsync(Path.Combine(_witnessFolder.Path, "witness.key"), Cancel), memory);
        return new VerifierKey($"understory.witness/{Digest.Of(key.PublicKey.ToArray()).ToString()[..16]}", NoteKeyKind.Witness, key.PublicKey).ToString();
    }

    private Task<StartedProgram> DeskAsync(Uri witness, string key) => StartedProgram.StartAsync(
        "desk", _folder.Path, "--client-dir", Product.Client, "--witness", witness.ToString(), "--witness-key", key, "--checkpoint-seconds", "1");

    private Task<Product.Result> ShellAsync(string arguments) => Product.ShellAsync($"understory {arguments}", _elsewhere.Path, Cancel);

    private Task<Product.Result> DoctorAsync() => ShellAsync($"doctor --data-dir {_folder.Path}");

    /// <summary>With a code that was not used yet: where all that would be taken now were used, with the next one.</summary>
    private async Task<Answer> SignInAsync(Uri address, string language = "en", Browser? browser = null)
    {
        using var own = browser is null ? new Browser(address) : null;
        for (var tries = 0; ; tries++)
        {
            _usedStep = Math.Max(_usedStep + 1, Totp.StepAt(DateTimeOffset.UtcNow) - Totp.Window);
            while (Totp.StepAt(DateTimeOffset.UtcNow) + Totp.Window < _usedStep) await Task.Delay(100, Cancel);
            var code = Totp.CodeAt(_telephone, _usedStep).ToString("D6", CultureInfo.InvariantCulture);
            var answer = await (browser ?? own!).PostAsync($"/sign-in?language={language}", ("name", Office.User), ("passphrase", _passphrase), ("code", code), ("then", "/"));
            // The half minute may have ended meanwhile.
            if (answer.Status != 422 || tries == 2) return answer;
        }
    }
}
