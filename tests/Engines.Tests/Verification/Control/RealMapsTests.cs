using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

public class RealMapsTests
{
    [Fact]
    public void Look()
    {
        var source = Maps.RealSource();
        var o = TestContext.Current.TestOutputHelper!;
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var e = PolygonSeries.Encode(Maps.RealDays(), Outline.Ukraine);
        o.WriteLine($"encode {watch.ElapsedMilliseconds} bytes {e.Length} segments {source.Series.SegmentCount}");
        foreach (var (n, la, lo) in new[] { ("Sevastopol", 44.6054, 33.5254), ("Kerch", 45.3607, 36.4681), ("Mariupol", 47.0971, 37.5498), ("Luhansk", 48.5671, 39.3171), ("Donetsk", 48.0159, 37.8028), ("Pokrovsk", 48.2820, 37.1758), ("Kupiansk", 49.7064, 37.6168), ("Huliaipole", 47.6637, 36.2563), ("Kherson", 46.6354, 32.6169), ("Ochakiv", 46.6186, 31.5393), ("Henichesk", 46.177, 34.7989), ("Berdiansk", 46.7556, 36.7889), ("Vovchansk", 50.2881, 36.9411), ("Yalta", 44.4952, 34.1663), ("Novoazovsk", 47.1114, 38.0842), ("Milove", 49.3739, 40.1283), ("Svatove",49.4107,38.1500), ("Troitske",49.9133,38.3190), ("Armiansk",46.1061,33.6922), ("Skadovsk",46.1153,32.9120), ("Sumy",50.9077,34.7981),("Prymorske Kinburn",46.50,31.75),("Oleshky",46.6245,32.7186) })
        {
            var at = new Location(la, lo);
            o.WriteLine($"{n,-18} " + string.Join(" ", new[] { 0, 5, 10, 15, 20, 25, 29 }.Select(i => source.Series.Days[i]).Select(d => $"{(source.Series.Inside(at)[source.Series.IndexAt(d)] ? "in" : "out")} {source.KmToFront(at, d):0.0}/{source.KmToEdge(at, d):0.0}")));
        }
        o.WriteLine("front km " + source.Series.FrontOf(0).Sum(s => s.From.ToLocation().DistanceKm(s.To.ToLocation())));
        File.WriteAllLines("/tmp/vcontrol-front.txt", source.Series.FrontOf(11).Select(s => $"{s.From.X} {s.From.Y} {s.To.X} {s.To.Y}"));
    }
}
