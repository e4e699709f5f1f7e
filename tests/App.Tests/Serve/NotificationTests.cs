using System.Net;
using System.Net.Sockets;
using System.Text;
using Shouldly;
using Understory.Channels;
using Xunit;

namespace Understory.App.Tests.Serve;

/// <summary>Whoever carries the news learns that there is some, and nothing else.</summary>
public sealed class NotificationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_program_is_run_without_an_argument_an_input_or_anything_in_its_environment()
    {
        Environment.SetEnvironmentVariable("UNDERSTORY_TEST_CANARY", "Marta");
        var program = Program($"(echo \"arguments: $#\"; echo \"input: $(cat)\"; env | grep -v '^PWD=\\|^SHLVL=\\|^_=') > {_folder.Path}/heard.new; mv {_folder.Path}/heard.new {_folder.Path}/heard");
        await using var notification = new Notification(program, null, null, TimeProvider.System, _said.Add);
        notification.Tell();
        await UntilAsync(() => File.Exists(Path.Combine(_folder.Path, "heard")));
        (await File.ReadAllTextAsync(Path.Combine(_folder.Path, "heard"), Cancel)).ShouldBe("arguments: 0\ninput: \nPATH=/usr/local/bin:/usr/bin:/bin\n");
        _said.ShouldBeEmpty();
    }

    [Fact]
    public async Task However_much_arrives_it_is_told_once_in_a_minute()
    {
        var clock = new MinuteClock();
        var program = Program($"echo told >> {_folder.Path}/heard");
        int Heard() => File.Exists(Path.Combine(_folder.Path, "heard")) ? File.ReadAllLines(Path.Combine(_folder.Path, "heard")).Length : 0;
        await using var notification = new Notification(program, null, null, clock, _said.Add);
        for (var n = 0; n < 50; n++) notification.Tell();
        await UntilAsync(() => Heard() == 1 && clock.Waits.Count == 1);
        clock.Waits.ShouldBe([TimeSpan.FromMinutes(1)]);
        for (var n = 0; n < 50; n++) notification.Tell();
        Heard().ShouldBe(1);
        clock.Pass();
        await UntilAsync(() => Heard() == 2);
    }

    [Fact]
    public async Task An_address_gets_an_empty_POST_that_says_nothing()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        await using var notification = new Notification(null, new Uri($"http://127.0.0.1:{port}/topic"), null, TimeProvider.System, _said.Add);
        notification.Tell();
        using var caller = await listener.AcceptTcpClientAsync(Cancel);
        var buffer = new byte[4096];
        var length = await caller.GetStream().ReadAsync(buffer, Cancel);
        Encoding.ASCII.GetString(buffer, 0, length).ShouldBe($"POST /topic HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 0\r\n\r\n");
        await caller.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\n\r\n"u8.ToArray(), Cancel);
    }

    [Fact]
    public async Task What_does_not_work_is_one_sentence_until_it_works()
    {
        var clock = new MinuteClock();
        await using var notification = new Notification(Program("exit 3"), null, null, clock, _said.Add);
        for (var round = 1; round <= 3; round++)
        {
            notification.Tell();
            await UntilAsync(() => clock.Waits.Count == round);
            clock.Pass();
        }
        _said.ShouldHaveSingleItem().ShouldContain("ended with status 3");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task UntilAsync(Func<bool> happened)
    {
        for (var tries = 0; !happened(); tries++)
        {
            tries.ShouldBeLessThan(1_500, "it never happened");
            await Task.Delay(20, Cancel);
        }
    }

    private string Program(string line)
    {
        var path = Path.Combine(_folder.Path, "something-is-new");
        File.WriteAllText(path, $"#!/bin/sh\n{line}\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    /// <summary>A clock whose timers go off when the test says so.</summary>
    private sealed class MinuteClock : TimeProvider
    {
        private readonly Lock _gate = new();
        private readonly List<TimeSpan> _waits = [];
        private Action? _due;

        public IReadOnlyList<TimeSpan> Waits
        {
            get
            {
                lock (_gate) return [.. _waits];
            }
        }

        public void Pass()
        {
            Action? due;
            lock (_gate) (due, _due) = (_due, null);
            due?.Invoke();
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _due = () => callback(state);
                _waits.Add(dueTime);
            }
            return new Idle();
        }

        private sealed class Idle : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
