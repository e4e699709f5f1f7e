using System.Collections.Immutable;
using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Understory.Verification;

/// <summary>Reads facts from YAML (<c>docs/formats/story.md</c>, "Facts").</summary>
public static class FactsReader
{
    private static readonly Lazy<Facts> Ours = new(() => Read([.. ShippedFiles.Names("facts/").Select(ShippedFiles.Text)]));

    /// <summary>The facts that come with the program.</summary>
    public static Facts Shipped => Ours.Value;

    /// <summary>From texts of files; ids differ among all of them.</summary>
    /// <exception cref="StoryException">Not such a text; it has the line and column.</exception>
    public static Facts Read(params IEnumerable<string> texts)
    {
        List<Fact> facts = [];
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            foreach (var node in List(Root(text), "facts"))
            {
                var fact = ReadFact(Map(node, "id", "what", "days", "sources", "rule", "closed_sky", "benign"));
                if (!ids.Add(fact.Id)) throw Fault(node, $"two facts are called {fact.Id}");
                facts.Add(fact);
            }
        }
        return new Facts(facts);
    }

    private static YamlMappingNode Root(string text)
    {
        try
        {
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents.Count == 1 ? Map(stream.Documents[0].RootNode, "facts") : throw new StoryException("facts are one document", new Position(1, 1));
        }
        catch (YamlException fault)
        {
            throw new StoryException("this is not YAML", At(fault.Start), fault);
        }
    }

    private static Fact ReadFact(YamlMappingNode node)
    {
        var sources = List(node, "sources").Select(Source).ToImmutableArray();
        if (sources.IsEmpty) throw Fault(node, "a fact has at least one source");
        var rule = Find(node, "rule") is { } asked ? ReadRule(Map(asked, "kind", "by", "allowed")) : null;
        var sky = Find(node, "closed_sky") is null ? null : new Region([.. List(node, "closed_sky").Select(Box)]);
        var benign = Find(node, "benign") is { } said ? InEveryLanguage(said) : null;
        return new Fact(Text(node, "id"), InEveryLanguage(Child(node, "what")), sources, Days(Child(node, "days")), rule, sky, benign);
    }

    private static FactSource Source(YamlNode node)
    {
        var map = Map(node, "title", "date", "url");
        Day(Text(map, "date"), Child(map, "date"));
        return new FactSource(Text(map, "title"), Text(map, "date"), Find(map, "url") is { } url ? Scalar(url) : null);
    }

    /// <summary>A language that is missing is an error: nobody should read of a law in words that they do not know.</summary>
    private static FactText InEveryLanguage(YamlNode node)
    {
        var map = Map(node, "en", "ru", "uk");
        return new FactText(Text(map, "en"), Text(map, "ru"), Text(map, "uk"));
    }

    private static Rule ReadRule(YamlMappingNode node)
    {
        var kind = Child(node, "kind");
        var name = Scalar(kind).Replace("-", "", StringComparison.Ordinal);
        if (!Enum.TryParse<ClaimKind>(name, ignoreCase: true, out var parsed) || int.TryParse(name, out _)) throw Fault(kind, "this is not a kind of claim");
        Jurisdiction? by = null;
        if (Find(node, "by") is { } said) by = Scalar(said) is "RU" or "UA" or "LDNR" ? Enum.Parse<Jurisdiction>(Scalar(said)) : throw Fault(said, "by is RU, UA or LDNR");
        var allowed = List(node, "allowed").Select(Allowed).ToImmutableArray();
        return allowed.IsEmpty ? throw Fault(node, "a rule allows something") : new Rule(parsed, by, allowed);
    }

    private static Allowance Allowed(YamlNode node)
    {
        var map = Map(node, "days", "seasons", "years", "from_age", "below_age", "born", "unsure");
        var days = Find(map, "seasons") is null ? DaySet.Of(Days(Child(map, "days"))) : Seasons(map);
        return new Allowance(days, Number(map, "from_age"), Number(map, "below_age"), Find(map, "born") is { } born ? Days(born) : null, Find(map, "unsure") is { } unsure && (Scalar(unsure) is "true" or "false" ? Scalar(unsure) == "true" : throw Fault(unsure, "this is true or false")));
    }

    private static DaySet Seasons(YamlMappingNode map)
    {
        var years = Child(map, "years");
        var ends = Scalar(years).Split('/');
        if (!int.TryParse(ends[0], NumberStyles.None, CultureInfo.InvariantCulture, out var first) || !int.TryParse(ends[^1], NumberStyles.None, CultureInfo.InvariantCulture, out var last) || ends.Length > 2 || first < 1900 || last > 2199 || last < first) throw Fault(years, "these are not years");
        List<DayRange> days = [];
        foreach (var season in List(map, "seasons"))
        {
            var parts = Scalar(season).Split('/');
            if (parts.Length != 2) throw Fault(season, "a season is two days of the year: 04-01/07-15");
            for (var year = first; year <= last; year++)
            {
                var text = string.Create(CultureInfo.InvariantCulture, $"{year}");
                days.Add(new DayRange(Day($"{text}-{parts[0]}", season), Day($"{text}-{parts[1]}", season)));
            }
        }
        return DaySet.Of(days);
    }

    private static RegionBox Box(YamlNode node)
    {
        var map = Map(node, "south", "west", "north", "east");
        var box = new RegionBox(Degrees(map, "south"), Degrees(map, "west"), Degrees(map, "north"), Degrees(map, "east"));
        return box.South < box.North && box.West < box.East ? box : throw Fault(node, "this region is empty");
    }

    private static double Degrees(YamlMappingNode map, string name)
    {
        var node = Child(map, name);
        return double.TryParse(Scalar(node), NumberStyles.Float, CultureInfo.InvariantCulture, out var degrees) && Math.Abs(degrees) <= 180 ? degrees : throw Fault(node, "these are not degrees");
    }

    private static int? Number(YamlMappingNode map, string name)
    {
        if (Find(map, name) is not { } node) return null;
        return int.TryParse(Scalar(node), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= 150 ? number : throw Fault(node, "this is not an age");
    }

    private static DayRange Days(YamlNode node)
    {
        var ends = Scalar(node).Split('/');
        if (ends.Length > 2) throw Fault(node, "these are not days");
        var first = ends[0] == ".." ? DayRange.Earliest : Day(ends[0], node);
        var last = ends[^1] == ".." ? DayRange.Latest : Day(ends[^1], node);
        return first <= last ? new DayRange(first, last) : throw Fault(node, "the end lies before the start");
    }

    private static int Day(string text, YamlNode node) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && DayRange.Always.Contains(day.DayNumber) ? day.DayNumber : throw Fault(node, $"“{text}” is not a day");

    private static YamlMappingNode Map(YamlNode node, params ReadOnlySpan<string> keys)
    {
        if (node is not YamlMappingNode map) throw Fault(node, "this has keys and values");
        foreach (var (key, _) in map.Children) if (!keys.Contains(Scalar(key))) throw Fault(key, $"“{Scalar(key)}” is not known here");
        return map;
    }

    private static IEnumerable<YamlNode> List(YamlMappingNode map, string name) => Child(map, name) is YamlSequenceNode list ? list.Children : throw Fault(map, $"{name} is a list");

    private static YamlNode? Find(YamlMappingNode map, string name) => map.Children.FirstOrDefault(pair => Scalar(pair.Key) == name).Value;

    private static YamlNode Child(YamlMappingNode map, string name) => Find(map, name) ?? throw Fault(map, $"{name} is missing");

    private static string Text(YamlMappingNode map, string name) => Scalar(Child(map, name));

    private static string Scalar(YamlNode node) => node is YamlScalarNode { Value.Length: > 0 } scalar ? scalar.Value : throw Fault(node, "this is a word or a number");

    private static StoryException Fault(YamlNode node, string message) => new(message, At(node.Start));

    private static Position At(Mark mark) => new((int)mark.Line, (int)mark.Column);
}
