using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Xunit;

namespace Understory.App.Tests.Serve;

/// <summary>Both zones on one machine, as somebody meets them who tries it out.</summary>
public sealed class ServeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string Data => Path.Combine(_folder.Path, "data");

    [Fact]
    public async Task The_second_start_prints_the_same_and_changes_nothing()
    {
        string first;
        Dictionary<string, string> left;
        Served ports;
        await using (var served = ports = await Served.StartAsync(Data, ["--empty"], ssh: "198.51.100.7 50122 203.0.113.5 2222"))
        {
            first = served.Screen;
            first.ShouldContain($"People ask at     {served.Intake}");
            first.ShouldContain($"Staff work at     {served.Desk}");
            first.ShouldContain("for trying out, not for people who ask for help");
            first.ShouldContain($"ssh -p 2222 -L {served.Intake.Port}:127.0.0.1:{served.Intake.Port} -L {served.Desk.Port}:127.0.0.1:{served.Desk.Port}");
            first.ShouldMatch("One-time code     [A-Z2-7]{4}-[A-Z2-7]{4}");
            using var http = new HttpClient();
            (await http.GetAsync(new Uri(served.Desk, "/setup"), Cancel)).StatusCode.ShouldBe(HttpStatusCode.OK);

            // Browsers send a cookie to all ports of a host: neither zone answers by the other's.
            foreach (var (zone, own, other) in ((Uri, string, string)[])[(served.Intake, "127.0.0.1", "localhost"), (served.Desk, "localhost", "127.0.0.1")])
            {
                zone.Host.ShouldBe(own);
                (await http.GetAsync(new UriBuilder(zone) { Host = other }.Uri, Cancel)).StatusCode.ShouldBe(HttpStatusCode.MisdirectedRequest);
            }
            (await served.StopAsync()).ShouldBe(0);
            left = Contents();
        }
        await using (var again = await Served.StartAsync(Data, ["--empty"], ports, ssh: "198.51.100.7 50122 203.0.113.5 2222"))
        {
            again.Screen.ShouldBe(first);
            (await again.StopAsync()).ShouldBe(0);
        }
        Contents().ShouldBe(left);
        foreach (var path in Directory.EnumerateFileSystemEntries(Data, "*", SearchOption.AllDirectories).Prepend(Data))
            (File.GetUnixFileMode(path) & (UnixFileMode.OtherRead | UnixFileMode.GroupRead)).ShouldBe(UnixFileMode.None, path);
    }

    [Fact]
    public async Task A_zone_that_dies_is_started_again_and_nothing_outlives_the_whole()
    {
        await using var served = await Served.StartAsync(Data);
        var (intake, desk) = (served.ZoneId("intake"), served.ZoneId("desk"));
        intake.ShouldNotBe(0);
        await Served.SignalAsync(intake, "KILL");
        await served.UntilAsync("Intake ended by itself (status 137). It is started again in 1 s.");
        await served.UntilAsync("Intake runs again.");
        using var http = new HttpClient();
        (await http.GetAsync(new Uri(served.Intake, "/en/"), Cancel)).IsSuccessStatusCode.ShouldBeTrue();

        intake = served.ZoneId("intake");
        await Served.SignalAsync(served.Id, "KILL");
        for (var tries = 0; Served.IsAlive(intake) || Served.IsAlive(desk); tries++)
        {
            tries.ShouldBeLessThan(500, "both end with whoever started them");
            await Task.Delay(20, Cancel);
        }
    }

    [Fact]
    public async Task A_port_in_use_is_one_sentence()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var result = await Product.ShellAsync($"understory serve --data-dir data --desk-listen 127.0.0.1:{port} --intake-listen 127.0.0.1:0", _folder.Path, Cancel);
        result.Status.ShouldBe(2);
        result.Error.ShouldBe($"understory: 127.0.0.1:{port} is in use by another program: choose another with --desk-listen, or stop what runs there.\n");
        result.Output.ShouldBeEmpty();
        Directory.Exists(Data).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--demo --empty", "exclude each other")]
    [InlineData("--desk-listen 0.0.0.0:8444", "is not an address of this machine alone")]
    [InlineData("--desk-listen nowhere", "is not an address and a port")]
    [InlineData("--demo --data-dir .", "holds no demonstration")]
    public async Task What_makes_no_sense_is_one_sentence(string options, string sentence)
    {
        var result = await Product.ShellAsync($"understory serve --intake-listen 127.0.0.1:0 {options}", _folder.Path, Cancel);
        result.Status.ShouldBe(2);
        result.Error.ShouldContain(sentence);
        result.Error.Trim().ShouldNotContain("\n");
    }

    public void Dispose() => _folder.Dispose();

    private Dictionary<string, string> Contents() => Directory.EnumerateFiles(Data, "*", SearchOption.AllDirectories).ToDictionary(
        path => Path.GetRelativePath(Data, path),
        path => path.EndsWith(".sqlite", StringComparison.Ordinal) ? Rows(path) : Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path))));

    /// <summary>Every row of a database but Intake's beat, which is random each minute so that the file's times tell nothing.</summary>
    private static string Rows(string path)
    {
        using var connection = new SqliteConnection($"Data Source={path};Mode=ReadOnly;Pooling=False");
        var tables = connection.Query<string>("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").ToList();
        return string.Join('\n', tables.SelectMany(table => connection.Query($"SELECT * FROM {table}").Cast<IDictionary<string, object?>>()
            .Select(row => $"{table}: {string.Join(", ", row.Where(cell => cell.Key != "beat").Select(cell => cell.Value is byte[] bytes ? Convert.ToHexString(bytes) : cell.Value))}")));
    }
}
