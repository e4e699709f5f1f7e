using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>Machines on which something is missing: one sentence that says what to do, and never a stack trace.</summary>
public class HostTests
{
    [Fact]
    public async Task Without_libsodium_it_says_what_to_install()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("Hides the library by a mount namespace, which only Linux has.");
        using var folder = new TemporaryFolder();
        var probe = await Product.ShellAsync("unshare -rm true", folder.Path, TestContext.Current.CancellationToken);
        if (probe.Status != 0) Assert.Skip("This machine allows no mount namespaces.");
        const string Hide = "for f in $(ldconfig -p | grep -o '/.*libsodium.so.*'); do mount --bind /dev/null $(readlink -f $f); done";
        var result = await Product.ShellAsync($"unshare -rm sh -c \"{Hide.Replace("$", "\\$", StringComparison.Ordinal)}; understory keygen\"", folder.Path, TestContext.Current.CancellationToken);
        result.Status.ShouldBe(1);
        result.Error.ShouldBe("understory: libsodium was not found. Install it: `apt-get install libsodium23` on Debian, `brew install libsodium` on macOS.\n");
    }

    [Fact]
    public async Task Where_memory_cannot_be_locked_it_does_not_start()
    {
        Needs.Program("setpriv");
        using var folder = new TemporaryFolder();
        File.SetUnixFileMode(folder.Path, (UnixFileMode)0x1ff);
        var user = Environment.UserName == "root" ? "setpriv --reuid 65534 --clear-groups" : "";
        var result = await Product.ShellAsync($"ulimit -l 0; {user} understory keygen", folder.Path, TestContext.Current.CancellationToken);
        result.Status.ShouldBe(1);
        result.Error.ShouldContain("could not be locked");
        result.Error.ShouldContain("ulimit -l");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task As_an_ordinary_user_with_the_usual_limit_it_works()
    {
        Needs.Program("setpriv");
        using var folder = new TemporaryFolder();
        var user = Environment.UserName == "root" ? "setpriv --reuid 65534 --clear-groups" : "";
        var result = await Product.ShellAsync($"ulimit -l 8192; {user} understory keygen", folder.Path, TestContext.Current.CancellationToken);
        result.Status.ShouldBe(0, result.Error);
    }
}
