using System.Net;
using System.Net.Sockets;
using Shouldly;
using Xunit;

namespace Understory.App.Tests;

/// <summary>
/// Checking a story asks nobody: a look-up at somebody's server would tell it where and when a person in danger was. So in a
/// network namespace that has no interface but a loopback that is down, everything works and says the same to the byte.
/// </summary>
public class NoNetworkTests
{
    private const string Stories = """
        mkdir -p stories maps
        printf 'story: marta\ntold: 2025-03-10\nclaims:\n- {id: post, says: "We held it", when: 2024-03-10, where: {lat: 48.5, lon: 37.5, radius_km: 1}, held_by: UA}\n- {id: home, when: {after: post, by: two weeks}, where: Kharkiv}\n' > stories/marta.yaml
        printf 'story: pavlo\ntold: 2025-03-10\nclaims:\n- {id: town, says: "Мы стояли там", kind: stay, from: 2022-06-01, until: 2022-06-30, where: Сватове, held_by: RU}\n' > stories/pavlo.yaml
        for day in 20240201 20240301 20240320 20240420; do echo '{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,49],[37,48]]]}' > maps/$day.geojson; done
        """;

    [Theory]
    [InlineData("understory check stories/marta.yaml --data-dir data", 1, "CONTRADICTS")]
    [InlineData("understory check stories/pavlo.yaml --data-dir data --json", 0, "\"consistent\": true")]
    [InlineData("understory check stories --data-dir data --save kept; cat kept", 0, "2 stories")]
    [InlineData("understory check stories/marta.yaml --data-dir data --html page.html --lang uk >/dev/null; cat page.html", 0, "<html")]
    [InlineData("understory data at 48.5,37.5 2024-03-10 --data-dir data", 0, "between 2024-03-01 and 2024-03-20")]
    [InlineData("understory data at Сватове 2022-06-15 --data-dir data", 0, "starter")]
    [InlineData("understory data list --data-dir data", 0, "DeepState")]
    [InlineData("understory data import deepstate maps --fresh --data-dir anew && od -c anew/deepstate.data | head -20", 0, "4 days")]
    public async Task Without_a_network_all_is_the_same(string command, int status, string says)
    {
        using var folder = new TemporaryFolder();
        await NeedNamespacesAsync(folder.Path);
        var made = await ShellAsync($"{Stories}\nunderstory data import deepstate maps --data-dir data", folder.Path);
        made.Status.ShouldBe(0, made.Error);

        var with = await ShellAsync(command, folder.Path);
        var without = await ShellAsync($"unshare -rn bash -c '{command}'", folder.Path);
        (with.Status, with.Output.Contains(says, StringComparison.Ordinal)).ShouldBe((status, true), with.Output + with.Error);
        without.ShouldBe(with);
    }

    /// <summary>That the namespace holds: who listens on this machine is reached from here, and not from there.</summary>
    [Fact]
    public async Task In_that_namespace_nothing_can_be_reached()
    {
        using var folder = new TemporaryFolder();
        await NeedNamespacesAsync(folder.Path);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var connect = $": </dev/tcp/127.0.0.1/{((IPEndPoint)listener.LocalEndpoint).Port}";

        (await ShellAsync(connect, folder.Path)).Status.ShouldBe(0);
        (await ShellAsync($"unshare -rn bash -c '{connect}'", folder.Path)).Error.ShouldContain("unreachable");
        var interfaces = await ShellAsync("unshare -rn bash -c 'grep -c : /proc/self/net/dev; cat /proc/self/net/route | wc -l'", folder.Path);
        interfaces.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)[0].ShouldBe("1");
    }

    private static Task<Product.Result> ShellAsync(string line, string folder) => Product.ShellAsync(line, folder, TestContext.Current.CancellationToken);

    private static async Task NeedNamespacesAsync(string folder)
    {
        Needs.Program("unshare");
        var tried = await ShellAsync("unshare -rn true", folder);
        if (tried.Status != 0) Assert.Skip($"Namespaces are not allowed here: {tried.Error.Trim()}");
    }
}
