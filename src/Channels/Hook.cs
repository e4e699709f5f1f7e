using System.Diagnostics;

namespace Understory.Channels;

/// <summary>
/// A program of the operator's: run without a shell, without an argument, and with nothing in its environment but where programs are
/// found. What it prints is thrown away.
/// </summary>
internal static class Hook
{
    /// <summary>Runs it, and waits for its end.</summary>
    /// <param name="command">The whole path of a program.</param>
    /// <param name="input">What it reads on standard input; empty for nothing.</param>
    /// <param name="patience">After so long it is killed, with all that it started.</param>
    /// <param name="cancel">Kills it at once.</param>
    /// <returns>Null when it ended well, else a sentence.</returns>
    public static async Task<string?> RunAsync(string command, ReadOnlyMemory<byte> input, TimeSpan patience, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(command) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        start.Environment.Clear();
        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        try
        {
            using var process = Process.Start(start)!;
            using var end = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            end.CancelAfter(patience);
            try
            {
                // What it prints is read, so that it does not wait, and thrown away.
                await Task.WhenAll(
                    WriteAsync(process.StandardInput.BaseStream, input, end.Token),
                    process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, end.Token), process.StandardError.BaseStream.CopyToAsync(Stream.Null, end.Token),
                    process.WaitForExitAsync(end.Token));
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                cancel.ThrowIfCancellationRequested();
                return $"'{command}' did not end in {patience.TotalSeconds:0} seconds.";
            }
            return process.ExitCode == 0 ? null : $"'{command}' ended with status {process.ExitCode}.";
        }
        catch (Exception fault) when (fault is System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return $"'{command}' cannot be run.";
        }
    }

    private static async Task WriteAsync(Stream to, ReadOnlyMemory<byte> input, CancellationToken cancel)
    {
        try
        {
            await using (to) await to.WriteAsync(input, cancel);
        }
        catch (IOException)
        {
            // It did not want to read all of it. Whether that is wrong its status says.
        }
    }
}
