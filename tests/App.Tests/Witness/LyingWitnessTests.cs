using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Understory.App.Tests.Desk;
using Understory.Casework;
using Understory.Channels;
using Understory.Desk;
using Understory.Journal;
using Understory.Pages;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Witness;

/// <summary>What answers in the witness's place says anything: no word of it is kept that the witness did not sign, and all it can do is to call for people.</summary>
public sealed class LyingWitnessTests : IAsyncLifetime
{
    private const string Name = "witness.example/lying";
    private readonly Office _office = Office.Found();
    private readonly LockedMemory _memory = new();
    private readonly SigningKey _witness;
    private readonly SigningKey _stranger;
    private readonly List<string> _said = [];
    private WebApplication _web = null!;
    private Func<WitnessRequest, (int Status, byte[] Body)> _answer = _ => (500, []);
    private int _asked;

    public LyingWitnessTests() => (_witness, _stranger) = (SigningKey.Generate(_memory), SigningKey.Generate(_memory));

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Cosigned => Path.Combine(_office.Folder, "checkpoint-cosigned");

    public async ValueTask InitializeAsync()
    {
        using (var marta = _office.Somebody()) _office.Admit(marta);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _web = builder.Build();
        _web.Run(async http =>
        {
            using var body = new MemoryStream();
            await http.Request.Body.CopyToAsync(body);
            _asked++;
            var (status, answer) = _answer(WitnessRequest.Read(body.ToArray()));
            http.Response.StatusCode = status;
            await http.Response.Body.WriteAsync(answer);
        });
        await _web.StartAsync(Cancel);
    }

    [Fact]
    public async Task Nothing_is_kept_that_the_witness_did_not_sign()
    {
        await using var exporting = Exporting();
        foreach (var (status, body) in new (int, Func<Checkpoint, string>)[]
        {
            (200, _ => ""), (200, _ => "ok\n"), (200, now => Cosignature.Sign(now, Name, _stranger, 5)), (200, now => Cosignature.Sign(now, "witness.example/other", _witness, 5)),
            (200, now => Cosignature.Sign(now with { Size = now.Size + 1 }, Name, _witness, 5)), (200, now => Cosignature.Sign(now with { Root = Digest.Zero }, Name, _witness, 5)),
            (200, now => Cosignature.Sign(now, Name, _witness, 5)[..^5] + "AAA=\n"), (200, _ => new string('x', 9_000)), (409, _ => "many\n"), (409, _ => ""), (302, _ => ""), (500, _ => "5\n"),
        })
        {
            _answer = request => (status, Encoding.UTF8.GetBytes(body(Checkpoint.ReadTyped(request.Checkpoint))));
            await exporting.RoundAsync(Cancel);
            exporting.Places.ShouldHaveSingleItem().Trouble.ShouldBeOneOf(PlaceTrouble.Unusable, PlaceTrouble.Unreachable);
            File.Exists(Cosigned).ShouldBeFalse();
            using var session = _office.AnotherSession();
        }
        _said.Count.ShouldBeLessThan(4, "what does not work is said once, not in each round");
        _answer = Honest;
        await exporting.RoundAsync(Cancel);
        exporting.Places[0].Trouble.ShouldBe(PlaceTrouble.None);
        Cosignature.TimeOf(await File.ReadAllTextAsync(Cosigned, Cancel), Key).ShouldBe(5);
    }

    [Fact]
    public async Task A_longer_log_that_it_makes_up_stops_the_work_until_it_takes_that_back()
    {
        await using var exporting = Exporting();
        _answer = _ => (409, "999999\n"u8.ToArray());
        await exporting.RoundAsync(Cancel);
        exporting.Places[0].Trouble.ShouldBe(PlaceTrouble.KnowsAnother);
        var refused = Should.Throw<OtherLogException>(() => _office.AnotherSession());
        (refused.Memory, refused.Standing, refused.Seen).ShouldBe((LogMemory.Witness, CheckpointStanding.Behind, 999_999));
        await exporting.RoundAsync(Cancel);
        _asked.ShouldBe(2, "it goes on being asked");
        _answer = Honest;
        await exporting.RoundAsync(Cancel);
        using var session = _office.AnotherSession();
    }

    [Fact]
    public async Task A_witness_that_was_put_back_itself_is_not_believed_and_does_not_stop_the_work()
    {
        await using var exporting = Exporting();
        _answer = Honest;
        await exporting.RoundAsync(Cancel);
        var kept = await File.ReadAllTextAsync(Cosigned, Cancel);
        _answer = request => request.OldSize == 1 ? Honest(request) : (409, "1\n"u8.ToArray());
        await exporting.RoundAsync(Cancel);
        exporting.Places[0].Trouble.ShouldBe(PlaceTrouble.Unusable);
        (await File.ReadAllTextAsync(Cosigned, Cancel)).ShouldBe(kept);
        using var session = _office.AnotherSession();
    }

    [Fact]
    public async Task One_that_names_another_size_each_time_is_asked_a_few_times_and_no_more()
    {
        await using var exporting = Exporting();
        var size = 0;
        _answer = _ => (409, Encoding.ASCII.GetBytes($"{++size % 3}\n"));
        await exporting.RoundAsync(Cancel);
        _asked.ShouldBeLessThan(5);
        exporting.Places[0].Trouble.ShouldNotBe(PlaceTrouble.None);
    }

    [Fact]
    public async Task A_cosignature_that_somebody_put_beside_the_database_is_refused()
    {
        await using var exporting = Exporting();
        _answer = Honest;
        await exporting.RoundAsync(Cancel);
        var text = await File.ReadAllTextAsync(Cosigned, Cancel);
        var own = text.Split("\n\n")[0] + "\n\n" + text.Split("\n\n")[1].Split('\n')[0] + "\n";
        var forged = Convert.FromBase64String(text.TrimEnd().Split(' ')[^1]);
        forged[^1] ^= 1;
        foreach (var bad in new[] { "rubbish", own.Replace("\n\n", "\n", StringComparison.Ordinal), own + $"\u2014 {Name} {Convert.ToBase64String(forged)}\n" })
        {
            await File.WriteAllTextAsync(Cosigned, bad, Cancel);
            Should.Throw<OtherLogException>(() => _office.AnotherSession()).Memory.ShouldBe(LogMemory.Cosigned);
        }
        await File.WriteAllTextAsync(Cosigned, text, Cancel);
        using var session = _office.AnotherSession();
    }

    public async ValueTask DisposeAsync()
    {
        await _web.DisposeAsync();
        _office.Dispose();
        _witness.Dispose();
        _stranger.Dispose();
        _memory.Dispose();
    }

    private VerifierKey Key => new(Name, NoteKeyKind.Witness, _witness.PublicKey);

    private (int, byte[]) Honest(WitnessRequest request) => (200, Encoding.UTF8.GetBytes(Cosignature.Sign(Checkpoint.ReadTyped(request.Checkpoint), Name, _witness, 5)));

    /// <summary>It is not started: the test says when there is a round.</summary>
    private Exporting Exporting()
    {
        var address = _web.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        var options = new DeskOptions(_office.Folder) { Checkpoints = new CheckpointOptions { Witness = new IntakeAddress(new Uri(address + "/")), WitnessKey = Key } };
        return new Exporting(options, _office.Organisation, Catalogue.Of(typeof(Exporting).Assembly), TimeProvider.System, _said.Add);
    }
}
