using Shouldly;
using Understory.Desk;
using Understory.Desk.Staff;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>How fast somebody may try, and how much longer those wait who failed: by a clock that waits for nobody.</summary>
public sealed class SignInPaceTests : IDisposable
{
    private readonly LockedMemory _memory = new();
    private readonly ImpatientClock _clock = new();
    private readonly SignInPace _pace;

    public SignInPaceTests() => _pace = new SignInPace(new DeskOptions("nowhere"), _memory, _clock);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>A wrong code takes longer to find out than a wrong name; a refusal comes at whole steps of two seconds.</summary>
    [Theory]
    [InlineData(0.4), InlineData(0.9), InlineData(1.9)]
    public async Task Whatever_is_wrong_it_takes_as_long(double seconds)
    {
        var began = _clock.Passed;
        (await TryAsync("Oleh", seconds)).ShouldBeFalse();
        (_clock.Passed - began).ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public async Task Who_is_right_does_not_wait()
    {
        (await _pace.TryAsync("Marta", () => _clock.Take(0.9, "keys"), Cancel)).ShouldBe("keys");
        _clock.Waits.ShouldBeEmpty();
    }

    [Fact]
    public async Task After_three_failures_the_wait_of_a_name_doubles_up_to_half_a_minute_and_of_no_other()
    {
        List<double> waits = [];
        for (var n = 0; n < 11; n++)
        {
            _clock.Waits.Clear();
            await TryAsync(n % 2 == 0 ? "Oleh" : "  OLEH ", 0.5);
            waits.Add(_clock.Waits.Count == 2 ? _clock.Waits[0].TotalSeconds : 0);
        }
        waits.ShouldBe([0, 0, 0, 1, 2, 4, 8, 16, 32, 32, 32]);
        _clock.Waits.Clear();
        await TryAsync("Vasyl", 0.5);
        _clock.Waits.Count.ShouldBe(1);

        // Nobody is locked out: who is right gets in, and starts anew.
        (await _pace.TryAsync("Oleh", () => "keys", Cancel)).ShouldBe("keys");
        _clock.Waits.Clear();
        await TryAsync("Oleh", 0.5);
        _clock.Waits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task After_an_hour_failures_are_forgotten()
    {
        for (var n = 0; n < 6; n++) await TryAsync("Oleh", 0.5);
        _clock.Take(3_601, "");
        _clock.Waits.Clear();
        await TryAsync("Oleh", 0.5);
        _clock.Waits.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_at_a_time_derives_and_the_line_is_bounded()
    {
        var (inside, most) = (0, 0);
        using var gate = new ManualResetEventSlim();
        string? Attempt()
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            gate.Wait(Cancel);
            Interlocked.Decrement(ref inside);
            return "keys";
        }

        var line = Enumerable.Range(0, 32).Select(n => _pace.TryAsync($"name {n / 4}", Attempt, Cancel)).ToList();
        (await Should.ThrowAsync<RequestRefusedException>(() => _pace.TryAsync("one more", Attempt, Cancel))).Status.ShouldBe(503);
        gate.Set();
        (await Task.WhenAll(line)).ShouldAllBe(result => result == "keys");
        most.ShouldBe(1);
        (await _pace.TryAsync("one more", () => "keys", Cancel)).ShouldBe("keys");
    }

    [Fact]
    public async Task Who_gave_up_before_their_turn_has_not_failed_and_a_name_is_one_however_it_is_written()
    {
        using var gate = new ManualResetEventSlim();
        var held = _pace.TryAsync("Vasyl", () => { gate.Wait(Cancel); return "keys"; }, Cancel);
        for (var n = 0; n < 4; n++)
        {
            using var gone = new CancellationTokenSource();
            var waiting = _pace.TryAsync("Zoë", () => "never", gone.Token);
            await gone.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        }
        gate.Set();
        (await held).ShouldBe("keys");
        _clock.Waits.Clear();
        await TryAsync("Zoë", 0.5);
        _clock.Waits.Count.ShouldBe(1, "only the step at which refusals come");

        // Composed, decomposed, in capitals: failures count together.
        foreach (var written in (string[])["Zoe\u0308", " ZOË"]) await TryAsync(written, 0.5);
        _clock.Waits.Clear();
        await TryAsync("zoë", 0.5);
        _clock.Waits.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Names_that_somebody_makes_up_do_not_push_out_the_one_that_they_try()
    {
        for (var n = 0; n < 5; n++) await TryAsync("Oleh", 0.1);
        for (var n = 0; n < 4_200; n++) (await _pace.TryAsync($"name {n}", () => "keys", Cancel)).ShouldBe("keys");
        _clock.Waits.Clear();
        await TryAsync("Oleh", 0.1);
        _clock.Waits.Count.ShouldBe(2, "the wait after failures is still there");
    }

    public void Dispose()
    {
        _pace.Dispose();
        _memory.Dispose();
    }

    private async Task<bool> TryAsync(string name, double seconds) => await _pace.TryAsync(name, () => _clock.Take<string?>(seconds, null), Cancel) is not null;

    /// <summary>Goes on when something takes its time, or waits; whoever waits is called at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public TimeSpan Passed { get; private set; }

        public List<TimeSpan> Waits { get; } = [];

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public T Take<T>(double seconds, T result)
        {
            Passed += TimeSpan.FromSeconds(seconds);
            return result;
        }

        public override long GetTimestamp() => Passed.Ticks;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + Passed;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Waits.Add(dueTime);
                Passed += dueTime;
            }
            return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
        }
    }
}
