using System.IO.Compression;
using System.Text;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Control;

public class ViinaControlTests
{
    private const string Header = "geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status\n";

    private static readonly int[] s_places = [5, 3, 8];

    private readonly List<DataWarning> _warnings = [];

    private static MemoryStream Bytes(string text) => new(Encoding.UTF8.GetBytes(text));

    private ViinaControl Read(params string[] files)
    {
        var all = new ViinaControl();
        foreach (var file in files) all.Read(Bytes(file), _warnings);
        return ViinaControl.Decode(all.Encode());
    }

    private static ControlStatus At(ViinaControl all, string source, int geoname, string day) =>
        all.Sources("2022-12-31").Single(each => each.Name == source).Of(new Candidate($"geoname:{geoname}", "Marta's village", [], null)).At(Maps.Day(day));

    [Fact]
    public void Its_own_sources_are_kept_apart_and_the_joint_one_counts_only_alone()
    {
        var all = Read(Header + "691999,2022-09-01,RU,UA,,CONTESTED,RU\n691999,2022-09-02,,,,,UA\n");
        At(all, "viina-wiki", 691999, "2022-09-01").ShouldBe(ControlStatus.RU);
        At(all, "viina-boost", 691999, "2022-09-01").ShouldBe(ControlStatus.UA);
        At(all, "viina-isw", 691999, "2022-09-01").ShouldBe(ControlStatus.Contested);
        At(all, "viina", 691999, "2022-09-01").ShouldBe(ControlStatus.Nothing);
        At(all, "viina", 691999, "2022-09-02").ShouldBe(ControlStatus.UA);
        At(all, "viina-wiki", 691999, "2022-09-02").ShouldBe(ControlStatus.Nothing);
        all.Sources("x").Select(source => source.Name).ShouldBe(["viina", "viina-wiki", "viina-boost", "viina-isw"]); // nothing of dsm
        _warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Days_without_a_row_and_other_places_say_nothing()
    {
        var all = Read(Header + "691999,2022-09-01,RU,,,,\n691999,2022-09-03,RU,,,,\n");
        At(all, "viina-wiki", 691999, "2022-08-31").ShouldBe(ControlStatus.Nothing);
        At(all, "viina-wiki", 691999, "2022-09-02").ShouldBe(ControlStatus.Nothing);
        At(all, "viina-wiki", 691999, "2022-09-04").ShouldBe(ControlStatus.Nothing);
        At(all, "viina-wiki", 7, "2022-09-01").ShouldBe(ControlStatus.Nothing);
    }

    [Fact]
    public void Rows_in_any_order_and_years_in_several_files_are_the_same()
    {
        var rows = Enumerable.Range(0, 60).SelectMany(i => s_places.Select(id => $"{id},{new DateOnly(2022, 12, 1).AddDays(i):yyyyMMdd},{(i < 20 + id ? "RU" : "UA")},,,,")).ToArray();
        var expected = Read(Header + string.Join('\n', rows)).Encode();
        var shuffled = rows.ToArray();
        new Random(2).Shuffle(shuffled);
        Read(Header + string.Join('\n', shuffled)).Encode().ShouldBe(expected);
        Read(Header + string.Join('\n', rows[..90]), Header + string.Join('\n', rows[90..])).Encode().ShouldBe(expected);
        At(Read(Header + string.Join('\n', shuffled)), "viina-wiki", 8, "2022-12-28").ShouldBe(ControlStatus.RU);
        At(Read(Header + string.Join('\n', shuffled)), "viina-wiki", 8, "2022-12-29").ShouldBe(ControlStatus.UA);
    }

    [Fact]
    public void Two_rows_that_say_different_things_of_one_day_make_it_contested()
    {
        var all = Read(Header + "5,2022-09-01,RU,,,,\n5,2022-09-02,RU,,,,\n5,2022-09-02,UA,,,,\n5,2022-09-03,UA,,,,\n");
        At(all, "viina-wiki", 5, "2022-09-01").ShouldBe(ControlStatus.RU);
        At(all, "viina-wiki", 5, "2022-09-02").ShouldBe(ControlStatus.Contested);
        At(all, "viina-wiki", 5, "2022-09-03").ShouldBe(ControlStatus.UA);
    }

    [Fact]
    public void A_place_of_the_codifier_is_found_by_its_number()
    {
        var all = Read(Header + "5,2022-09-01,RU,,,,\n");
        var source = all.Sources("x", place => place.Id == "katottg:UA01" ? 5 : null).Single();
        source.Of(new Candidate("katottg:UA01", "Pavlo's town", [], null)).At(Maps.Day("2022-09-01")).ShouldBe(ControlStatus.RU);
        source.Of(new Candidate("katottg:UA02", "another", [], null)).ShouldBeSameAs(ControlPeriods.None);
    }

    [Fact]
    public void An_archive_is_read_and_a_damaged_one_refused()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("control_latest_2022.csv").Open();
            entry.Write(Encoding.UTF8.GetBytes(Header + string.Join('\n', Enumerable.Range(0, 200).Select(i => $"{i},2022-09-01,RU,UA,RU,RU,RU"))));
        }
        var bytes = zip.ToArray();
        var all = new ViinaControl();
        all.Read(new MemoryStream(bytes), _warnings);
        all.PlaceCount.ShouldBe(200);
        var random = new Random(4);
        for (var i = 0; i < 300; i++)
        {
            var damaged = i % 2 == 0 ? bytes[..random.Next(3, bytes.Length)] : bytes.ToArray();
            if (i % 2 == 1) damaged[random.Next(2, damaged.Length)] ^= (byte)random.Next(1, 256);
            try
            {
                new ViinaControl().Read(new MemoryStream(damaged), []);
            }
            catch (DataException)
            {
                continue;
            }
        }
        Should.Throw<DataException>(() => new ViinaControl().Read(new MemoryStream(bytes[..^10]), []));
    }

    [Fact]
    public void Rows_that_say_nothing_are_left_out_with_their_lines()
    {
        Read(Header + "x,2022-09-01,RU,,,,\n5,2022-13-01,RU,,,,\n5,2022-09-01\n5,2022-09-01,RUSSIA,UA,,,\n").PlaceCount.ShouldBe(1);
        _warnings.Select(warning => warning.Line).ShouldBe([2, 3, 4, 5]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a,b,c\n1,2,3\n")]
    [InlineData("geonameid,date\n1,2022-09-01\n")]
    public void Another_table_is_refused(string text) => Should.Throw<DataException>(() => new ViinaControl().Read(Bytes(text), _warnings));

    [Fact]
    public void Damaged_content_is_refused_or_read_and_nothing_else_happens()
    {
        var content = Read(Header + string.Join('\n', Enumerable.Range(1, 50).SelectMany(id => Enumerable.Range(0, 9).Select(i => $"{id},2022-09-0{i + 1},{(i < id % 9 ? "RU" : "UA")},UA,,,")))).Encode();
        var random = new Random(8);
        for (var i = 0; i < 3000; i++)
        {
            var damaged = i % 3 == 0 ? content[..random.Next(content.Length)] : content.ToArray();
            if (i % 3 != 0) damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            try
            {
                ViinaControl.Decode(damaged).Sources("x");
            }
            catch (DataException)
            {
                continue;
            }
        }
        Should.Throw<DataException>(() => ViinaControl.Decode(content.AsSpan()[..^1]));
    }
}
