using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Understory.Witness;
using Xunit;

namespace Understory.App.Tests.Witness;

/// <summary>A witness as a process, over HTTP: whatever is asked of it, however often and however it ends, it never signs two logs that contradict each other.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Origin = "understory.log/of-a-test";

    private readonly TemporaryFolder _folder = new();
    private readonly LockedMemory _memory = new();
    private readonly SigningKey _desk;
    private readonly Log _log = new();
    private readonly Log _forked = new();
    private readonly HttpClient _http = new();

    public WitnessTests()
    {
        _desk = SigningKey.Generate(_memory);
        for (var leaf = 0; leaf < 400; leaf++)
        {
            _log.Append(MerkleTree.LeafHash(BitConverter.GetBytes(leaf)));
            _forked.Append(MerkleTree.LeafHash(BitConverter.GetBytes(leaf < 7 ? leaf : -leaf)));
        }
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private VerifierKey LogKey => new(Origin, NoteKeyKind.Log, _desk.PublicKey);

    [Fact]
    public async Task It_answers_as_C2SP_says()
    {
        using var witness = await StartAsync();
        var key = await KeyAsync(witness);
        var (status, type, body) = await AskAsync(witness, Ask(_log, 0, 12));
        status.ShouldBe(200);
        var signed = Cosignature.Attach(At(_log, 12).Sign(_desk), body, key);
        Cosignature.TimeOf(signed, key)!.Value.ShouldBeInRange(DateTimeOffset.UtcNow.ToUnixTimeSeconds() - 60, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        (await AskAsync(witness, Ask(_log, 12, 30))).Status.ShouldBe(200);

        (status, type, body) = await AskAsync(witness, Ask(_log, 0, 12));
        (status, type, Encoding.ASCII.GetString(body)).ShouldBe((409, "text/x.tlog.size", "30\n"));
        (await AskAsync(witness, Ask(_log, 12, 40))).Status.ShouldBe(409);
        (await AskAsync(witness, Ask(_forked, 30, 40))).Status.ShouldBe(422);
        (await AskAsync(witness, Ask(_log, 30, 40) with { Proof = [] })).Status.ShouldBe(422);
        (await AskAsync(witness, Ask(_forked, 30, 30))).Status.ShouldBe(409);
        (await AskAsync(witness, Ask(_log, 30, 30))).Status.ShouldBe(200);
        (await AskAsync(witness, Ask(_log, 30, 40) with { OldSize = 41 })).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Whoever_is_not_the_log_learns_nothing_from_it()
    {
        using var witness = await StartAsync();
        (await AskAsync(witness, Ask(_log, 0, 30))).Status.ShouldBe(200);
        using var stranger = SigningKey.Generate(_memory);
        var (status, type, body) = await AskAsync(witness, Ask(_log, 0, 12) with { Checkpoint = At(_log, 12).Sign(stranger) });
        (status, type, body.Length).ShouldBe((403, null, 0));
        (status, type, body) = await AskAsync(witness, Ask(_log, 0, 12) with { Checkpoint = (At(_log, 12) with { Origin = "understory.log/other" }).Sign(_desk) });
        (status, type, body.Length).ShouldBe((404, null, 0));
        (await AskAsync(witness, "rubbish"u8.ToArray())).Status.ShouldBe(400);
        (await AskAsync(witness, [])).Status.ShouldBe(400);
        (await AskAsync(witness, new byte[WitnessRequest.MaxLength + 1])).Status.ShouldBe(413);
        foreach (var path in new[] { "", "add-checkpoint", "checkpoint", "logs", "witness.key" })
        {
            using var answer = await _http.GetAsync(new Uri(witness.Address, path), Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsByteArrayAsync(Cancel)).ShouldBeEmpty();
            answer.Headers.Server.ShouldBeEmpty();
        }
    }

    /// <summary>Killed again and again in the midst of requests that all want another next state: what it signed before stays what it goes on from.</summary>
    [Fact]
    public async Task Killed_in_between_it_never_signs_what_contradicts_what_it_signed()
    {
        const int Rounds = 8;
        List<(Log Log, int Size)> signed = [];
        var known = 0;
        for (var round = 0; round < Rounds; round++)
        {
            using var witness = await StartAsync();
            var from = await KnownAsync(witness);
            from.ShouldBeGreaterThanOrEqualTo(signed.Select(one => one.Size).DefaultIfEmpty(0).Max(), "it knows at least what it said");
            from.ShouldBeInRange(known, 399);
            var began = Stopwatch.GetTimestamp();
            var asks = Enumerable.Range(1, 24).Select(async number =>
            {
                // Steps of one log, and of its fork, at once and out of order.
                for (var size = from + number % 5; ; size++)
                {
                    foreach (var log in new[] { _log, _forked })
                    {
                        var old = await KnownAsync(witness);
                        if (size < old || size > 399) continue;
                        if ((await AskAsync(witness, Ask(log, old, size))).Status == 200)
                        {
                            lock (signed) signed.Add((log, size));
                        }
                    }
                    if (size >= 399 || Stopwatch.GetElapsedTime(began) > TimeSpan.FromSeconds(20)) return;
                }
            }).ToList();
            while (Count() < 5 * (round + 1) && asks.Exists(ask => !ask.IsCompleted)) await Task.Delay(5, Cancel);
            await witness.KillAsync();
            foreach (var ask in asks)
            {
                try
                {
                    await ask;
                }
                catch (HttpRequestException)
                {
                    // It was killed with this one.
                }
            }
            lock (signed) known = signed.Select(one => one.Size).DefaultIfEmpty(0).Max();
        }
        signed.Count.ShouldBeGreaterThan(Rounds);
        // All that was ever signed lies on one line.
        foreach (var one in signed)
        {
            foreach (var other in signed.Where(other => other.Size >= one.Size))
                other.Log.RootAt(one.Size).ShouldBe(one.Log.RootAt(one.Size), string.Create(CultureInfo.InvariantCulture, $"{one.Size} and {other.Size}"));
        }

        int Count()
        {
            lock (signed) return signed.Count;
        }
    }

    [Fact]
    public async Task Of_requests_at_once_from_one_size_one_is_signed()
    {
        using var witness = await StartAsync();
        (await AskAsync(witness, Ask(_log, 0, 20))).Status.ShouldBe(200);
        // Each goes on from 20 rightly, and no two of them fit together: all but the first find that the size is another one.
        var logs = Enumerable.Range(0, 32).Select(Branch).ToList();
        var answers = await Task.WhenAll(logs.Select(log => AskAsync(witness, Ask(log, 20, 21))));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Count(answer => answer.Status == 409).ShouldBe(31);
    }

    [Fact]
    public async Task A_state_that_was_damaged_or_a_key_that_is_gone_keeps_it_from_starting()
    {
        using (var witness = await StartAsync()) (await AskAsync(witness, Ask(_log, 0, 12))).Status.ShouldBe(200);
        var kept = Directory.GetFiles(Path.Combine(_folder.Path, "logs")).ShouldHaveSingleItem();
        var text = await File.ReadAllTextAsync(kept, Cancel);
        foreach (var bad in new[] { "", text[..40], text.Replace("\n12\n", "\n2\n", StringComparison.Ordinal), new string('x', 9000) })
        {
            await File.WriteAllTextAsync(kept, bad, Cancel);
            (await Should.ThrowAsync<WitnessException>(HostAsync)).Message.ShouldContain(kept);
        }
        await File.WriteAllTextAsync(kept, text, Cancel);
        var key = Path.Combine(_folder.Path, "witness.key");
        File.Move(key, key + ".away");
        (await Should.ThrowAsync<WitnessException>(HostAsync)).Message.ShouldContain("is not there, though something was signed with it");
        File.Exists(key).ShouldBeFalse("no new key is made in its place");
        File.Move(key + ".away", key);
        await using var host = await HostAsync();
        host.Key.Name.ShouldStartWith("understory.witness/");
    }

    [Fact]
    public async Task What_cannot_be_kept_is_not_signed()
    {
        List<string> said = [];
        await using var host = await WitnessHost.StartAsync(new WitnessOptions(_folder.Path, [LogKey]) { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System, said.Add);
        // A folder where it writes: nothing is read-only to root.
        var inTheWay = Path.Combine(_folder.Path, "logs", $"{Digest.Of(Encoding.UTF8.GetBytes(Origin))}.new");
        Directory.CreateDirectory(inTheWay);
        for (var tries = 0; tries < 3; tries++)
        {
            using var answer = await _http.PostAsync(new Uri(host.Address, "add-checkpoint"), new ByteArrayContent(Ask(_log, 0, 12).ToBytes()), Cancel);
            answer.StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
            (await answer.Content.ReadAsByteArrayAsync(Cancel)).ShouldBeEmpty();
        }
        said.ShouldHaveSingleItem().ShouldContain("was not signed: look at the disk");
        Directory.Delete(inTheWay);
        using var after = await _http.PostAsync(new Uri(host.Address, "add-checkpoint"), new ByteArrayContent(Ask(_forked, 0, 9).ToBytes()), Cancel);
        after.StatusCode.ShouldBe(HttpStatusCode.OK, "of what was not signed nothing is remembered");
    }

    [Fact]
    public async Task Set_aside_a_log_begins_anew_under_another_key_and_the_old_state_stays()
    {
        VerifierKey before;
        using (var witness = await StartAsync())
        {
            before = await KeyAsync(witness);
            (await AskAsync(witness, Ask(_log, 0, 30))).Status.ShouldBe(200);
            Should.Throw<WitnessException>(() => WitnessHost.SetAside(_folder.Path, Origin, 30, TimeProvider.System)).Message.ShouldContain("in use");
        }
        Should.Throw<WitnessException>(() => WitnessHost.SetAside(_folder.Path, Origin, 12, TimeProvider.System)).Message.ShouldContain("has 30 entries here, not 12");
        var (aside, key) = WitnessHost.SetAside(_folder.Path, Origin, 30, TimeProvider.System);
        key.ShouldNotBe(before);
        Checkpoint.Open(await File.ReadAllTextAsync(Path.Combine(aside, "checkpoint"), Cancel), Origin, _desk.PublicKey).Size.ShouldBe(30);
        using var after = await StartAsync();
        (await KeyAsync(after)).ShouldBe(key);
        var (status, _, body) = await AskAsync(after, Ask(_forked, 0, 12));
        status.ShouldBe(200);
        Should.Throw<JournalException>(() => Cosignature.Attach(At(_forked, 12).Sign(_desk), body, before), "the old key never signs again");
    }

    public void Dispose()
    {
        _http.Dispose();
        _desk.Dispose();
        _memory.Dispose();
        _folder.Dispose();
    }

    private static Checkpoint At(Log log, int size) => new(Origin, size, log.RootAt(size));

    private WitnessRequest Ask(Log log, int old, int size) => new(old, log.ConsistencyProof(Math.Min(old, size), size), At(log, size).Sign(_desk));

    private Log Branch(int number)
    {
        var log = new Log();
        for (var leaf = 0; leaf < 20; leaf++) log.Append(MerkleTree.LeafHash(BitConverter.GetBytes(leaf)));
        log.Append(MerkleTree.LeafHash(BitConverter.GetBytes(1000 + number)));
        return log;
    }

    private Task<StartedProgram> StartAsync() => StartedProgram.StartAsync("witness", _folder.Path, "--log", LogKey.ToString());

    private Task<WitnessHost> HostAsync() => WitnessHost.StartAsync(new WitnessOptions(_folder.Path, [LogKey]) { Listen = new IPEndPoint(IPAddress.Loopback, 0) }, TimeProvider.System, _ => { });

    /// <summary>Asked about an empty log it names the size that it knows.</summary>
    private async Task<int> KnownAsync(StartedProgram witness)
    {
        var (status, _, body) = await AskAsync(witness, Ask(_log, 0, 0));
        return status == 200 ? 0 : (int)WitnessRequest.ReadConflict(body)!.Value;
    }

    /// <summary>From what it keeps: its key, and whose name stands in its answers.</summary>
    private async Task<VerifierKey> KeyAsync(StartedProgram witness)
    {
        _ = witness;
        using var key = SigningKey.FromSeed(await File.ReadAllBytesAsync(Path.Combine(_folder.Path, "witness.key"), Cancel), _memory);
        return new VerifierKey($"understory.witness/{Digest.Of(key.PublicKey.ToArray()).ToString()[..16]}", NoteKeyKind.Witness, key.PublicKey);
    }

    private Task<(int Status, string? Type, byte[] Body)> AskAsync(StartedProgram witness, WitnessRequest request) => AskAsync(witness, request.ToBytes());

    private async Task<(int Status, string? Type, byte[] Body)> AskAsync(StartedProgram witness, byte[] request)
    {
        using var content = new ByteArrayContent(request);
        using var answer = await _http.PostAsync(new Uri(witness.Address, "add-checkpoint"), content, Cancel);
        return ((int)answer.StatusCode, answer.Content.Headers.ContentType?.ToString(), await answer.Content.ReadAsByteArrayAsync(Cancel));
    }
}
