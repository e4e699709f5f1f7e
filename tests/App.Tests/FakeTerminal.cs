using System.Diagnostics;
using System.Text;
using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>A program at a terminal of its own (by <c>script</c>), with somebody who waits for a question before typing.</summary>
internal sealed class FakeTerminal : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly StringBuilder _shown = new();
    private int _read;

    private FakeTerminal(Process process) => _process = process;

    /// <summary>All that was to be seen on the screen.</summary>
    public string Screen => _shown.ToString();

    public static FakeTerminal Start(string line, string folder)
    {
        var start = new ProcessStartInfo("script")
        {
            ArgumentList = { "-qefc", line, "/dev/null" },
            WorkingDirectory = folder,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PATH"] = $"{Product.Folder}:{Environment.GetEnvironmentVariable("PATH")}";
        start.Environment["TERM"] = "xterm";
        return new FakeTerminal(Process.Start(start)!);
    }

    /// <summary>Waits until the question stands on the screen, and types the answer.</summary>
    public async Task AnswerAsync(string question, string answer)
    {
        await WaitAsync(question);
        await _process.StandardInput.WriteAsync($"{answer}\n");
        await _process.StandardInput.FlushAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>Reads to the end; the program's status.</summary>
    public async Task<int> EndAsync()
    {
        _shown.Append(await _process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(Patience, TestContext.Current.CancellationToken));
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task WaitAsync(string text)
    {
        var buffer = new char[1024];
        while (!Screen[_read..].Contains(text, StringComparison.Ordinal))
        {
            var count = await _process.StandardOutput.ReadAsync(buffer, TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
            count.ShouldBeGreaterThan(0, $"“{text}” was never shown, only: {Screen}");
            _shown.Append(buffer, 0, count);
        }
        _read = Screen.IndexOf(text, _read, StringComparison.Ordinal) + text.Length;
    }
}
