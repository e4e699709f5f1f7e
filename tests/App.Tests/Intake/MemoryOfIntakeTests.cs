using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Tests;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>Somebody reads the whole memory of the running Intake, as root of a machine in use can.</summary>
public sealed class MemoryOfIntakeTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private readonly SimulatedDesk _desk = new();
    private StartedProgram _intake = null!;

    private Uri Address => _intake.Address;

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "collector"), Convert.ToHexString(Understory.Envelopes.Bearer.Hash(RunningIntake.Credential)));
        _desk.SetUp(_folder.Path, (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400));
        _intake = await StartedProgram.StartAsync("intake", _folder.Path);
    }

    public ValueTask DisposeAsync()
    {
        _intake.Dispose();
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData("application/x-www-form-urlencoded", 201_000, "too long")]
    [InlineData("text/plain", 30_000, "of another type")]
    [InlineData("application/x-www-form-urlencoded", 30_000, "from another site")]
    public async Task Of_a_form_that_was_refused_unread_nothing_is_left(string type, int length, string why)
    {
        var canary = Canary();
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
            var stream = client.GetStream();
            // While its end is not there yet, it lies in the server's buffers: what looks for it finds it.
            await stream.WriteAsync(Encoding.ASCII.GetBytes(
                $"POST /en/write HTTP/1.1\r\nHost: x\r\nSec-Fetch-Site: {(why == "from another site" ? "cross-site" : "same-origin")}\r\nContent-Type: {type}\r\nContent-Length: {length}\r\n\r\n{canary}"),
                TestContext.Current.CancellationToken);
            (await stream.ReadAsync(new byte[16], TestContext.Current.CancellationToken)).ShouldBeGreaterThan(0, "it is refused before it is whole");
            await stream.WriteAsync(new byte[length - canary.Length], TestContext.Current.CancellationToken);
        }
        await GoneAsync(Encoding.ASCII.GetBytes(canary));
    }

    [Fact]
    public async Task What_lies_in_a_buffer_is_found_while_it_is_there()
    {
        var canary = Encoding.ASCII.GetBytes(Canary());
        using (var client = new TcpClient())
        {
            await client.ConnectAsync(Address.Host, Address.Port, TestContext.Current.CancellationToken);
            await client.GetStream().WriteAsync((byte[])[.. "POST /en/write HTTP/1.1\r\nHost: x\r\nX-Held: "u8, .. canary], TestContext.Current.CancellationToken);
            while (await FindAsync(canary) == 0) await Task.Delay(20, TestContext.Current.CancellationToken);
        }
        await GoneAsync(canary);
    }

    [Fact]
    public async Task Of_words_that_were_sealed_and_of_the_page_with_the_nine_words_no_bytes_are_left()
    {
        string nine;
        var (canary, safely) = (Canary(), Canary());
        using (var http = new HttpClient { BaseAddress = Address })
        {
            var olena = await new PlainVisitor(http, "en").GetAsync("write");
            await olena.SendAsync("write", ("words", canary), ("safely", safely));
            olena.Status.ShouldBe(200);
            nine = olena.NineWords;
        }
        await GoneAsync(Encoding.UTF8.GetBytes(canary));
        await GoneAsync(Encoding.UTF8.GetBytes(safely));
        (await FindAsync(Encoding.Unicode.GetBytes(canary))).ShouldBe(0);
        // As the page lists them, and as its form carries them on. As a string of the program they stay until it is collected.
        await GoneAsync(Encoding.UTF8.GetBytes(nine));
        await GoneAsync(Encoding.UTF8.GetBytes($"<li>{nine.Replace(" ", "</li>\n        <li>", StringComparison.Ordinal)}</li>"));
    }

    private static string Canary() => $"canary-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";

    /// <summary>What goes back into the pool does so when the server has seen the end of the line: a moment later.</summary>
    private async Task GoneAsync(byte[] canary)
    {
        var until = Stopwatch.StartNew();
        while (await FindAsync(canary) is var found and > 0)
        {
            until.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20), $"{found} copies are left");
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<int> FindAsync(byte[] canary)
    {
        var sought = new SoughtBytes(canary);
        await MemoryImage.SearchAsync(_intake.Process, [sought]);
        return sought.Copies(SoughtBytes.Form);
    }
}
