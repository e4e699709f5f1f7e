using System.Security.Cryptography;
using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>Debian's <c>age</c> opens what we seal, and we open what it seals.</summary>
public class AgeInteropTests
{
    public static TheoryData<int, bool> Files()
    {
        var files = new TheoryData<int, bool>();
        foreach (var size in new[] { 0, 1, 65_535, 65_536, 65_537, 100 * 1024 * 1024 })
        {
            files.Add(size, false);
            files.Add(size, true);
        }
        return files;
    }

    [Theory, MemberData(nameof(Files))]
    public async Task Either_opens_what_the_other_sealed(int size, bool armor)
    {
        Needs.Program("age");
        using var folder = new TemporaryFolder();
        await File.WriteAllBytesAsync(Path.Combine(folder.Path, "content"), RandomNumberGenerator.GetBytes(size), TestContext.Current.CancellationToken);
        var option = armor ? "-a" : "";
        foreach (var line in new[]
        {
            "age-keygen -o key 2>/dev/null && age-keygen -y key > recipient",
            $"understory seal {option} -R recipient -o ours content && age -d -i key ours > back && cmp content back",
            $"age {option} -R recipient -o theirs content && understory open -i key -o back2 theirs && cmp content back2",
        })
        {
            var result = await Product.ShellAsync(line, folder.Path, TestContext.Current.CancellationToken);
            result.Status.ShouldBe(0, $"$ {line}\n{result.Output}{result.Error}");
        }
    }

    /// <summary>age reads passphrases from a terminal only, so it is given one.</summary>
    [Fact]
    public async Task Either_opens_a_passphrase_file_of_the_other()
    {
        Needs.Program("age");
        Needs.Program("script");
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "content"), "Marta was here", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "words"), "seven invented words for this one test\n", TestContext.Current.CancellationToken);

        await using (var terminal = FakeTerminal.Start("age -p -o theirs content", folder.Path))
        {
            await terminal.AnswerAsync("Enter passphrase", "seven invented words for this one test");
            await terminal.AnswerAsync("Confirm passphrase", "seven invented words for this one test");
            (await terminal.EndAsync()).ShouldBe(0);
        }
        var opened = await Product.ShellAsync("understory open --passphrase-file words theirs", folder.Path, TestContext.Current.CancellationToken);
        opened.Output.ShouldBe("Marta was here");

        (await Product.ShellAsync("understory seal --passphrase-file words -o ours content", folder.Path, TestContext.Current.CancellationToken)).Status.ShouldBe(0);
        await using (var terminal = FakeTerminal.Start("age -d -o back ours", folder.Path))
        {
            await terminal.AnswerAsync("Enter passphrase", "seven invented words for this one test");
            (await terminal.EndAsync()).ShouldBe(0);
        }
        (await File.ReadAllTextAsync(Path.Combine(folder.Path, "back"), TestContext.Current.CancellationToken)).ShouldBe("Marta was here");
    }
}
