using System.Diagnostics;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Engines.Tests.Verification.Places;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification;

/// <summary>
/// Files and words that were bent at random: each is read or refused in one sentence, with the exception that says so, in bounded
/// time and memory. The seed is printed; <c>UNDERSTORY_FUZZ_SEED</c> sets it and <c>UNDERSTORY_FUZZ_SECONDS</c> how long each lasts.
/// </summary>
public sealed class BentInputTests(ITestOutputHelper output)
{
    private const long MostBytes = 1L << 30;
    private static readonly TimeSpan s_mostTime = TimeSpan.FromSeconds(20);
    private static readonly Loaded s_data = Loaded.From([]);
    private static readonly Codifier s_codifier = Codifier.Read(Codifier.Encode(PlacesData.SmallCodifier()));

    private static readonly string[] s_pieces =
    [
        "\"", "'", "{", "}", "[", "]", ":", ",", "\n", "\t", "  ", "- ", "#", "|", ">", "&a ", "*a", "!!str ", "---\n", "...", "? ", "%", "@", "`", "\0", "\u001b[2J", "\u009b31m", "\u202e", "\ufeff", "\\u0000", "\ud83d\ude00", "́",
        "0", "-1", "9", "2147483648", "99999999999999999999", "1e308", "NaN", "-Infinity", "0.0000001", "null", "true",
        "2022", "2022-02-30", "1899", "2200-01-01", "Y17E7", "XXXX-XX-XX", "2022?/..", "[..2022]", "{", "after", "before", "by", "any", "all", "within", "same_day_as", "fact:mobilisation-ru-2022", "from", "until", "for",
        "third week of", "last", "по", "с", "до", "через", "two", "year", "месяц", "в", "Easter", "’22", "-", "/", "and", "or",
        "UA63080010010000012", "01.01.2022", "05.03.202207.04.2023", ";", "\"type\":\"Polygon\"", "\"coordinates\":[[[", "[37,48],", "]]]", "RU", "UA", "PK\u0003\u0004",
    ];

    private static TimeSpan Lasts => TimeSpan.FromSeconds(double.TryParse(Environment.GetEnvironmentVariable("UNDERSTORY_FUZZ_SECONDS"), out var seconds) ? seconds : 0.3);

    [Fact]
    public void Stories()
    {
        var seeds = Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "examples"), "*.yaml").Select(File.ReadAllBytes).ToList();
        seeds.AddRange([.. seeds.Select(text => StoryWriter.ToJson(StoryReader.Read(text, FactsReader.Shipped)))]);
        seeds.Count.ShouldBeGreaterThan(10);
        Bend<StoryException>(seeds, text =>
        {
            var story = StoryReader.Read(text, FactsReader.Shipped);
            var report = Checker.Check(story, s_data.Atlas, FactsReader.Shipped);
            foreach (var language in Texts.Languages)
            {
                ReportWriter.ToJson(report, Texts.For(language)).ShouldNotBeEmpty();
                using var terminal = new StringWriter();
                new TextReport(terminal, Texts.For(language), 80, colours: false).Write(story, report);
                terminal.ToString().Any(sign => char.IsControl(sign) && !terminal.NewLine.Contains(sign)).ShouldBeFalse("a terminal is moved by a story");
            }
            HtmlReport.Of(story, report, s_data.Atlas, null, Texts.For("en")).ShouldNotContain("<img");
            // What was read and written again says the same.
            StoryReader.Read(StoryWriter.ToYaml(story), FactsReader.Shipped).Claims.Count.ShouldBe(story.Claims.Count);
        });
    }

    [Fact]
    public void Phrases_and_lengths()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "phrases", "phrases.tsv"));
        var seeds = lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => Encoding.UTF8.GetBytes(line.Split('\t')[0])).ToList();
        seeds.Count.ShouldBeGreaterThan(200);
        var told = new DateOnly(2025, 3, 10).DayNumber;
        Bend<StoryException>(seeds, text => Understory.Verification.Phrases.Understand(Encoding.UTF8.GetString(text), told).Words.ShouldNotBeNull());
        string[] lengths = ["two months", "a few days", "недели две", "півтора місяця", "two to three weeks", "about 5 years", "меньше часа", "more than a year and a half"];
        Bend<StoryException>([.. lengths.Select(Encoding.UTF8.GetBytes)], text => Amounts.Understand(Encoding.UTF8.GetString(text)).Least.ShouldBeGreaterThanOrEqualTo(0));
    }

    public static TheoryData<string> Sources => [.. DataSource.All.Select(source => source.Name)];

    [Theory, MemberData(nameof(Sources))]
    public void Files_of_sources(string name)
    {
        var source = DataSource.Find(name)!;
        Bend<DataException>(Samples(name), text => Loaded.From(Needed(name).Append(Store(Import(source, text)))).Atlas.Edition.ShouldNotBeNull());
    }

    /// <summary>Somebody who knows the format makes the checksum fit: contents are read with care all the same.</summary>
    [Theory, MemberData(nameof(Sources))]
    public void Contents_of_data_files(string name)
    {
        var source = DataSource.Find(name)!;
        var imported = Samples(name).Take(1).Select(text => Import(source, text)).Single();
        var place = new Candidate("katottg:UA63080010010000012", "Дворічна", [], new Location(49.8, 37.6));
        Bend<DataException>([imported.Content], content =>
        {
            var atlas = Loaded.From(Needed(name).Append(Store(imported with { Content = content }))).Atlas;
            foreach (var side in (Side[])[Side.RU, Side.UA]) atlas.Judge(place, side).ShouldNotBeNull();
            atlas.Near(place, DayRange.Always, "1st Tank Army").Count.ShouldBeLessThan(1000);
        });
        // The head too, and the packed bytes.
        using var whole = new MemoryStream();
        DataFile.Write(whole, imported.Header, imported.Content);
        Bend<DataException>([whole.ToArray()[..^32]], body => Loaded.From(Needed(name).Append(DataFile.Read(new MemoryStream([.. body, .. SHA256.HashData(body)])))).ShouldNotBeNull());
    }

    [Fact]
    public void Millions_of_slips_are_counted_once_and_some_are_kept()
    {
        var points = Encoding.UTF8.GetBytes($$"""{"type":"FeatureCollection","features":[{{string.Concat(Enumerable.Repeat("{\"type\":\"Point\",\"coordinates\":[1,2]},\n", 400_000))}}{"type":"Point","coordinates":[1,2]}]}""");
        var import = new DataImport();
        var watch = Stopwatch.StartNew();
        import.Read(DataSource.Find("deepstate")!, [new DataInput("map", 739_000, () => new MemoryStream(points))], null, null, null);
        watch.Elapsed.ShouldBeLessThan(s_mostTime, "each warning counted all lines before it: minutes");
        import.Warnings.Count.ShouldBe(10_000);
        import.Dropped.ShouldBe(390_001);
        import.Warnings[^1].Warning.Line.ShouldBe(10_000);
    }

    private static Imported Import(DataSource source, byte[] text) => new DataImport().Read(source, [new DataInput("file", new DateOnly(2025, 4, 30).DayNumber, () => new MemoryStream(text))], former: null, edition: null, s_codifier);

    private static IEnumerable<DataFile> Needed(string name) => name == "order376" ? [Store(Import(DataSource.Find("katottg")!, Encoding.UTF8.GetBytes(PlacesData.SmallCodifierText)))] : [];

    private static DataFile Store(Imported imported)
    {
        using var file = new MemoryStream();
        DataFile.Write(file, imported.Header, imported.Content);
        file.Position = 0;
        return DataFile.Read(file);
    }

    private static List<byte[]> Samples(string name)
    {
        var text = name switch
        {
            "order376" => PlacesData.ListHeader + PlacesData.Row("ІІ", "UA63080010010000012", "с-ще Дворічна", "24.02.2022", "11.09.2022") + PlacesData.Row("2", "UA63080010000000011", "Дворічанська територіальна громада (за винятком с. Іванівка)", "24.02.2022;15.09.2022", "10.03.2022"),
            "katottg" => PlacesData.SmallCodifierText,
            "gazetteer" => "name,aliases,place,wikidata,region,group,usage,lon,lat,cid\nivanivka,ivanivka;ivanovka,village,,kharkiv region,,0,37.7,49.8,1\nkupiansk,kupiansk;kupyansk,town,,kharkiv region,,0,37.6,49.7,5\n",
            "geonames" => string.Concat(Enumerable.Range(1, 4).Select(i => string.Join('\t', i, "Ivanivka", "Ivanivka", "Ивановка,Іванівка", "49.8", "37.7", "P", "PPL", "UA", "", "07", "", "", "", "100", "", "", "", "2024-01-01") + "\n")),
            "viina" => "geonameid,date,status_wiki,status_boost,status_dsm,status_isw,status\n1,20220301,RU,RU,CONTESTED,,RU\n1,20220302,RU,UA,UA,,RU\n2,2022-03-01,UA,UA,UA,UA,UA\n",
            "ucdp" => "id,where_prec,where_coordinates,latitude,longitude,date_prec,date_start,date_end,side_a,side_b,best\n1,1,Kupiansk,49.7,37.6,1,2022-09-18,2022-09-20,a,b,1\n2,2,x,49.15,37.81,2,2022-09-20,2022-09-21,a,b,1\n",
            "units" => "date,lat,lng,unit,type_of_btg,country\n2022-03-27,49.8,37.6,1st Tank Army,vdv,ru\n2022-03-28,49.8,37.7,2nd Guards Regiment,x,ru\n",
            _ => """{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"x"},"geometry":{"type":"Polygon","coordinates":[[[37,48],[38,48],[38,49],[37,49],[37,48]],[[37.2,48.2],[37.3,48.2],[37.3,48.3],[37.2,48.2]]]}},{"type":"Feature","properties":null,"geometry":{"type":"MultiPolygon","coordinates":[[[[37.5,48.5],[39,48.5],[37.5,49.5],[39,49.5],[37.5,48.5]]]]}}]}""",
        };
        var bytes = Encoding.UTF8.GetBytes(text);
        if (!DataSource.Find(name)!.Endings.Contains(".zip")) return [bytes];
        using var archive = new MemoryStream();
        using (var zip = new ZipArchive(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var entry in (string[])["UA.txt", "UA.csv", "readme.txt"])
            {
                using var to = zip.CreateEntry(entry).Open();
                to.Write(entry[0] == 'r' ? "notes"u8 : bytes);
            }
        }
        return [bytes, archive.ToArray()];
    }

    /// <summary>Bends samples for a while; what is thrown is of one type, and one clear sentence.</summary>
    private void Bend<TRefusal>(IReadOnlyList<byte[]> samples, Action<byte[]> read)
        where TRefusal : Exception
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("UNDERSTORY_FUZZ_SEED"), out var set) ? set : RandomNumberGenerator.GetInt32(int.MaxValue);
        var random = new Random(seed);
        var (done, refused, all) = (0, 0, Stopwatch.StartNew());
        foreach (var sample in samples) read(sample);
        for (; all.Elapsed < Lasts || done < 20; done++)
        {
            var bent = Bent(random, samples);
            var (before, watch) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
            try
            {
                read(bent);
            }
            catch (TRefusal refusal)
            {
                refused++;
                refusal.Message.ReplaceLineEndings("\n").Count(sign => sign == '\n').ShouldBe(0, $"seed {seed}, {done}: {refusal.Message}");
                refusal.Message.Length.ShouldBeInRange(10, 2000, $"seed {seed}, {done}: {refusal.Message}");
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Seed {seed}, {done}: {fault.GetType().Name} from {Convert.ToBase64String(bent)}", fault);
            }
            watch.Elapsed.ShouldBeLessThan(s_mostTime, $"seed {seed}, {done}: {Convert.ToBase64String(bent)}");
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(MostBytes, $"seed {seed}, {done}: {Convert.ToBase64String(bent)}");
        }
        output.WriteLine($"seed {seed}: {done} bent, {refused} refused");
        refused.ShouldBeGreaterThan(0, $"seed {seed}");
    }

    private static byte[] Bent(Random random, IReadOnlyList<byte[]> samples)
    {
        var bent = samples[random.Next(samples.Count)].ToList();
        for (var changes = 1 + random.Next(random.Next(4) == 0 ? 12 : 3); changes > 0; changes--)
        {
            var at = random.Next(bent.Count + 1);
            var length = Math.Min(random.Next(1, random.Next(5) == 0 ? 200 : 12), bent.Count - at);
            switch (random.Next(8))
            {
                case 0 when at < bent.Count: bent[at] ^= (byte)(1 << random.Next(8)); break;
                case 1 when at < bent.Count: bent[at] = (byte)random.Next(256); break;
                case 2: bent.RemoveRange(at, length); break;
                case 3: bent.InsertRange(random.Next(bent.Count + 1), bent.GetRange(at, length)); break;
                case 4: bent.InsertRange(at, Enumerable.Repeat(Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)]), 1 + (random.Next(6) == 0 ? random.Next(300) : 0)).SelectMany(piece => piece)); break;
                case 5 when random.Next(4) == 0: bent.RemoveRange(at, bent.Count - at); break;
                case 6:
                    var other = samples[random.Next(samples.Count)];
                    var from = random.Next(other.Length + 1);
                    bent.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(60))]);
                    break;
                default:
                    bent.RemoveRange(at, length);
                    bent.InsertRange(at, Encoding.UTF8.GetBytes(s_pieces[random.Next(s_pieces.Length)]));
                    break;
            }
        }
        return [.. bent];
    }
}
