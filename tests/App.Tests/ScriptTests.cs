using System.Text;
using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>
/// The command line, in scripts that read as a session at a terminal. Lines of a script:
/// <list type="bullet">
/// <item><c>$ line</c> runs a line of bash in an empty folder; it must end with status 0, or the next line says otherwise;</item>
/// <item><c>status N</c> the status of the line before;</item>
/// <item><c>stdout TEXT</c>, <c>stderr TEXT</c> what it printed contains this; <c>!stdout</c>, <c>!stderr</c> it does not; an empty TEXT with <c>!</c> means nothing was printed;</item>
/// <item><c># …</c> a remark.</item>
/// </list>
/// </summary>
public class ScriptTests
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Scripts");

    public static TheoryData<string> Names =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Names))]
    public async Task Script(string name)
    {
        using var folder = new TemporaryFolder();
        Product.Result? last = null;
        var statusSeen = true;
        var command = "";
        var number = 0;
        foreach (var line in await File.ReadAllLinesAsync(Path.Combine(Folder, $"{name}.txt"), TestContext.Current.CancellationToken))
        {
            number++;
            if (line.Length == 0 || line[0] == '#') continue;
            var (verb, rest) = line.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? (line[..space], line[(space + 1)..]) : (line, "");
            void Expect(bool holds)
            {
                if (holds) return;
                Assert.Fail(new StringBuilder($"{name}.txt:{number}: {line}\n$ {command}\nstatus {last?.Status}\nstdout: {last?.Output}\nstderr: {last?.Error}").ToString());
            }

            if (verb is "$")
            {
                if (!statusSeen) Expect(last!.Status == 0);
                command = rest;
                last = await Product.ShellAsync(rest, folder.Path, TestContext.Current.CancellationToken);
                statusSeen = false;
                continue;
            }
            last.ShouldNotBeNull($"{name}.txt begins with no command");
            switch (verb)
            {
                case "status": Expect(last.Status == int.Parse(rest)); statusSeen = true; break;
                case "stdout": Expect(last.Output.Contains(rest, StringComparison.Ordinal)); break;
                case "stderr": Expect(last.Error.Contains(rest, StringComparison.Ordinal)); break;
                case "!stdout": Expect(rest.Length == 0 ? last.Output.Length == 0 : !last.Output.Contains(rest, StringComparison.Ordinal)); break;
                case "!stderr": Expect(rest.Length == 0 ? last.Error.Length == 0 : !last.Error.Contains(rest, StringComparison.Ordinal)); break;
                default: Assert.Fail($"{name}.txt:{number}: not understood: {line}"); break;
            }
        }
        if (!statusSeen) last!.Status.ShouldBe(0, $"$ {command}\n{last.Output}{last.Error}");
    }
}
