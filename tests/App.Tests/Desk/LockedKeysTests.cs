using System.Diagnostics;
using System.Globalization;
using System.Text;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// Somebody with 20,000 keys signs in to a Desk that runs as a user without rights, under the limit for locked memory that
/// Debian sets (8 MiB): all of it is locked, or the start refuses.
/// </summary>
public sealed class LockedKeysTests
{
    private const int Keys = 20_000;
    private const string Nobody = "65534";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_keys_are_locked_under_the_usual_limit()
    {
        using var folder = new TemporaryFolder();
        byte[] telephone;
        string passphrase;
        using (var office = Office.Found(folder: folder))
        {
            Fill(office);
            (telephone, passphrase) = (office.Lidia.TotpSecret.Span.ToArray(), Encoding.UTF8.GetString(office.Passphrase.Span));
        }
        using var desk = await StartAsync(folder.Path, 8192);
        var line = await desk.StandardOutput.ReadLineAsync(Cancel);
        line.ShouldNotBeNull();
        var before = Locked(desk);
        using var lidia = new Browser(new Uri(line.Split(' ')[^1]));
        await lidia.GetAsync("/sign-in?language=en");
        var code = Totp.CodeAt(telephone, Totp.StepAt(DateTimeOffset.UtcNow)).ToString("D6", CultureInfo.InvariantCulture);
        (await lidia.PostAsync("/sign-in?language=en", ("name", Office.User), ("passphrase", passphrase), ("code", code), ("then", "/staff"))).Status.ShouldBe303();
        (await lidia.GetAsync("/staff")).Body.ShouldContain(Office.User);
        (Locked(desk) - before).ShouldBeGreaterThanOrEqualTo(2 << 20, "the whole arena of the session is locked, and every key lies in it");
        desk.Kill();
        await desk.WaitForExitAsync(Cancel);
    }

    [Fact]
    public async Task Where_a_session_does_not_fit_the_start_refuses()
    {
        using var folder = new TemporaryFolder();
        using (Office.Found(folder: folder))
        {
        }
        using var desk = await StartAsync(folder.Path, 1024);
        (await desk.StandardOutput.ReadToEndAsync(Cancel)).ShouldBeEmpty();
        (await desk.StandardError.ReadToEndAsync(Cancel)).ShouldContain("locked");
        await desk.WaitForExitAsync(Cancel);
        desk.ExitCode.ShouldNotBe(0);
    }

    private static void Fill(Office office)
    {
        using var all = new Sealing.LockedMemory(4 << 20);
        office.Organisation.Store.Write(connection =>
        {
            office.Lidia.Refresh(connection);
            while (office.Lidia.Keychain.Count < Keys)
            {
                using var epoch = Epoch.Start(CaseId.New(), Compartment.Work, 1, all);
                office.Lidia.Add(epoch);
            }
            office.Lidia.Store(connection);
        });
    }

    /// <summary>Starts the built Desk as nobody, where the tests run as root, with so many KiB that may be locked.</summary>
    private static async Task<Process> StartAsync(string folder, int kibibytes)
    {
        var program = Path.Combine(folder, "program");
        if (!Directory.Exists(program)) await CopyAsync(program);
        var isRoot = Environment.UserName == "root";
        if (isRoot) (await Product.ShellAsync($"chown -R {Nobody}:{Nobody} '{folder}'", folder, Cancel)).Status.ShouldBe(0);
        var line = $"ulimit -l {kibibytes} && exec {(isRoot ? $"setpriv --reuid={Nobody} --regid={Nobody} --clear-groups " : "")}'{program}/understory' desk --data-dir '{folder}' --listen 127.0.0.1:0 --client-dir '{program}/client'";
        return Process.Start(new ProcessStartInfo("/bin/bash", ["-c", line]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    // The checkout may lie where nobody may look.
    private static async Task CopyAsync(string program)
    {
        Directory.CreateDirectory(program);
        (await Product.ShellAsync($"cp '{Product.Folder}/understory' '{Product.Folder}'/*.so '{program}/' && cp -r '{Product.Client}' '{program}/client' && chmod -R a+rX '{program}'", program, Cancel)).Status.ShouldBe(0);
    }

    private static long Locked(Process process) => 1024 * long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmLck:", StringComparison.Ordinal)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
}
