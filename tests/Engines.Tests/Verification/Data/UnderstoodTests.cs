using System.Security.Cryptography;
using Shouldly;
using Understory.Engines.Tests.Verification.Places;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Data;

/// <summary>The codifier, coordinates and the official list as they lie in data files: understood once, and read with care.</summary>
public sealed class UnderstoodTests
{
    private const string Aliases = "name,aliases,place,wikidata,region,group,usage,lon,lat,cid\nivanivka,ivanivka;ivanovka,village,,kharkiv region,,0,37.7,49.8,1\nkupiansk,kupiansk;kupyansk,town,,kharkiv region,,0,37.61,49.71,5\n";

    private static readonly string s_rows = PlacesData.Row("ІІ", "UA63080020010000021", "м. Куп’янськ Куп’янської міської територіальної громади", "27.02.2022", "10.09.2022");

    private static byte[] Codes => Codifier.Encode(PlacesData.SmallCodifier());

    private static byte[] Located => LocatedTable.Encode(CoordinateFiles.ReadAliases(PlacesData.Bytes(Aliases), []));

    private static byte[] List => OfficialListCodec.Encode(PlacesData.SmallList(s_rows), Codifier.Read(Codes));

    [Fact]
    public void The_codifier_comes_back_row_by_row()
    {
        var rows = PlacesData.SmallCodifier();
        var back = Codifier.Read(Codifier.Encode(rows)).ToRows();
        back.Units.Select(unit => (unit.Code, unit.Category, unit.Name, string.Join(' ', unit.Parents)))
            .ShouldBe(rows.Units.Select(unit => (unit.Code, unit.Category, unit.Name, string.Join(' ', unit.Parents))));
        Codifier.Encode(back).ShouldBe(Codifier.Encode(rows));
    }

    [Fact]
    public void The_official_list_says_after_it_was_stored_what_it_said_before()
    {
        var codifier = Codifier.Read(Codes);
        var before = PlacesData.SmallList(s_rows);
        var after = OfficialListCodec.Read(List, codifier);
        (after.Version, after.Covered, after.Rows).ShouldBe((before.Version, before.Covered, before.Rows));
        foreach (var unit in PlacesData.SmallCodifier().Units)
        {
            after.Of(PlacesData.At(unit.Code)).All.ShouldBe(before.Of(PlacesData.At(unit.Code)).All, unit.Name);
        }
        after.Of(PlacesData.At("UA63080020010000021")).At(PlacesData.Day(2022, 5, 1)).ShouldBe(ControlStatus.RU);
        after.Of(new Candidate("geoname:1", "", [], null)).ShouldBe(ControlPeriods.None);
    }

    [Fact]
    public void The_real_list_and_codifier_come_back_as_they_were()
    {
        var rows = PlacesData.RealCodifier;
        var before = PlacesData.RealList;
        var codifier = Codifier.Read(Codifier.Encode(rows));
        var after = OfficialListCodec.Read(OfficialListCodec.Encode(before, codifier), codifier);
        foreach (var unit in rows.Units)
        {
            var (was, now) = (before.Of(PlacesData.At(unit.Code)).All, after.Of(PlacesData.At(unit.Code)).All);
            if (!now.SequenceEqual(was)) Assert.Fail($"{unit.Name} ({unit.Code})");
        }
    }

    [Fact]
    public void A_list_that_was_read_with_another_codifier_is_refused()
    {
        var other = Codifier.Read(Codifier.Encode(Katottg.Read(PlacesData.Bytes(PlacesData.SmallCodifierText.Replace("Дворічна\n", "Дворічне\n", StringComparison.Ordinal)))));
        Should.Throw<DataException>(() => OfficialListCodec.Read(List, other)).Message.ShouldContain("another edition of the codifier");
    }

    [Fact]
    public void Content_of_another_version_is_told_apart_from_damage()
    {
        foreach (var (content, read) in Readers())
        {
            content[0]++;
            Should.Throw<DataException>(() => read(content)).Message.ShouldContain("another version");
        }
    }

    [Fact]
    public void Content_that_is_cut_off_or_goes_on_is_refused()
    {
        foreach (var (content, read) in Readers())
        {
            for (var length = 0; length < content.Length; length++) Should.Throw<DataException>(() => read(content[..length]), $"{length} of {content.Length} bytes");
            Should.Throw<DataException>(() => read([.. content, 0]));
        }
    }

    /// <summary>Somebody who can write into the folder makes the checksum fit: then only what is checked here stands between.</summary>
    [Fact]
    public void Hostile_content_is_refused_or_answers_and_nothing_else_happens()
    {
        var random = new Random(4);
        foreach (var (content, read) in Readers())
        {
            var refused = 0;
            for (var i = 0; i < 4000; i++)
            {
                var hostile = content.ToArray();
                for (var changes = random.Next(1, 4); changes > 0; changes--) hostile[random.Next(hostile.Length)] = (byte)random.Next(256);
                try
                {
                    read(hostile);
                }
                catch (DataException)
                {
                    refused++;
                }
            }
            refused.ShouldBeGreaterThan(100);
        }
    }

    /// <summary>A few bytes that claim to be much must not make the reader ask for it.</summary>
    [Fact]
    public void A_short_file_that_says_it_is_long_costs_nothing()
    {
        byte[] most = [0xff, 0xff, 0xff, 0xff, 0x07];
        byte[][] hostile = [[1, .. new byte[32], .. most, .. most], [1, .. new byte[32], 0x7f, .. most, .. new byte[100]], [1, .. most, .. most]];
        foreach (var content in hostile)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            Should.Throw<DataException>(() => Codifier.Read(content));
            Should.Throw<DataException>(() => LocatedTable.Read(content));
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        }
    }

    /// <summary>
    /// Keys are made when data is imported. Where this fails because the rules for names were changed, raise
    /// <see cref="NameKeys.Version"/>, so that old files are not read with new rules, and put the new sum here.
    /// </summary>
    [Fact]
    public void The_rules_for_names_are_those_of_the_version() =>
        (NameKeys.Version, Convert.ToHexStringLower(SHA256.HashData(Codifier.Encode(PlacesData.SmallCodifier())))[..16]).ShouldBe((1, "16ea7259e05c3c84"));

    private static IEnumerable<(byte[] Content, Action<byte[]> Read)> Readers()
    {
        var codifier = Codifier.Read(Codes);
        yield return (Codes, content => Ask(new Gazetteer(Codifier.Read(content), [LocatedTable.Read(Located)], [], [])));
        yield return (Located, content => Ask(new Gazetteer(codifier, [LocatedTable.Read(content)], [], [])));
        yield return (List, content =>
        {
            var list = OfficialListCodec.Read(content, codifier);
            foreach (var unit in PlacesData.SmallCodifier().Units) list.Of(PlacesData.At(unit.Code)).At(PlacesData.Day(2022, 5, 1));
        }
        );
    }

    private static void Ask(Gazetteer gazetteer)
    {
        foreach (var name in (string[])["Куп'янськ", "в Іванівці", "Kupyansk", "Дворiчна", "Ивановка"])
        {
            gazetteer.Find(new PlaceQuery.Named(name, null, default));
            gazetteer.Find(new PlaceQuery.Named(name, "Харківська область", default));
        }
        foreach (var place in gazetteer.Places) gazetteer.GeonameOf(place.Id);
    }
}
