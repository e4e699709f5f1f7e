using System.CommandLine;
using System.Globalization;
using Understory.Data;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Verbs;

/// <summary><c>understory data at</c>: what each source says of a place on a day, and why.</summary>
internal static class DataAtVerb
{
    private const int MaxCandidates = 200;
    private const int MaxNear = 10;

    public static Command Create()
    {
        var place = new Argument<string>("PLACE") { Description = "A name in any language, perhaps with what it lies in (\"Іванівка, Херсонська область\"); a code of the codifier (UA…); geoname:NUMBER; or \"LATITUDE,LONGITUDE\" with, if wanted, \",KILOMETRES\"." };
        var date = new Argument<string>("DATE") { Description = "A day or days, in EDTF (2024-07-08, 2024-07, 2024-07-01/2024-07-20) or in words in Russian, Ukrainian or English (\"late September 2022\"). Of several days it says from when to when." };
        var folder = DataVerb.DataDir();
        var verb = new Command("at", "Say what each source says of a place on a day and why, how far the front was, and what was reported near. If several places or days may be meant, all of them.")
        {
            place, date, folder,
        };
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(place), DaysOf(parsed.GetRequiredValue(date)), parsed.GetValue(folder)));
        return verb;
    }

    private static int Run(string place, DaySet days, string? folder)
    {
        var query = Parse(place);
        var atlas = Grounds.Load(folder).Atlas;
        var candidates = atlas.Find(query);
        if (candidates.Count == 0)
        {
            Failure.Say($"No place is known that is called '{place}'.");
            return ExitStatus.Refused;
        }
        if (candidates.Count > 1) Console.Out.WriteLine($"{candidates.Count} places may be meant.");
        foreach (var candidate in candidates.Take(MaxCandidates)) Show(atlas, candidate, days);
        if (candidates.Count > MaxCandidates) Console.Out.WriteLine($"… and {candidates.Count - MaxCandidates} more: say what it lies in.");
        return ExitStatus.Done;
    }

    /// <summary>The days that somebody means: all readings of what was said.</summary>
    /// <exception cref="UsageException">It is not understood, or has no beginning or no end.</exception>
    private static DaySet DaysOf(string text)
    {
        try
        {
            var days = Phrases.Understand(text.Trim(), DateOnly.FromDateTime(DateTime.Now).DayNumber) switch
            {
                Phrase.Date date => date.Readings.Aggregate(DaySet.None, (days, reading) => days.Union(reading.Days)),
                Phrase.Span { From.Readings: var from, Until.Readings: var until } => DaySet.Of(new DayRange(from.Min(reading => reading.Days.Hull.First), until.Max(reading => reading.Days.Hull.Last))),
                _ => DaySet.None,
            };
            return days.IsEmpty ? throw new UsageException($"'{text}' is no day: write one as 2024-07-08, or days as 2024-07 or 2024-07-01/2024-07-20.") : days;
        }
        catch (StoryException fault)
        {
            throw new UsageException($"{fault.Message} Write a day as 2024-07-08.");
        }
    }

    private static void Show(Atlas atlas, Candidate place, DaySet days)
    {
        var where = place.Location is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Latitude:0.0000}, {at.Longitude:0.0000}") : "coordinates not known";
        // What was imported is text of others.
        Console.Out.WriteLine(TextReport.Plain($"{place.Name}{(place.Within.Count > 0 ? $" ({string.Join(", ", place.Within)})" : "")}  {place.Id}  {where}"));
        if (days.Hull.Count > 1) SayByPeriods(atlas, place, days);
        else foreach (var word in atlas.Ask(place, days.Hull.First)) Say(word, When(word.Since, word.Until));

        var (least, most) = (double.PositiveInfinity, double.NegativeInfinity);
        foreach (var day in days.Ranges.SelectMany(Days))
        {
            if (atlas.KmToFront(place, day) is { } km) (least, most) = (Math.Min(least, km), Math.Max(most, km));
        }
        var front = string.Create(CultureInfo.InvariantCulture, $"{least:0.0}{(most - least < 0.05 ? "" : $" to {most:0.0}")} km away");
        Console.Out.WriteLine($"  {"front",-12} {(most < least ? "not known" : front)}");
        var near = days.Ranges.SelectMany(range => atlas.Near(place, range, unit: null)).Distinct().OrderBy(each => each.Km).ToList();
        foreach (var each in near.Take(MaxNear))
        {
            Console.Out.WriteLine(TextReport.Plain(string.Create(CultureInfo.InvariantCulture, $"  {each.Source,-12} {each.Kind} {each.Km:0.0} km away, {each.Days}: {each.Text}")));
        }
        if (near.Count > MaxNear) Console.Out.WriteLine($"  … and {near.Count - MaxNear} more near");
    }

    /// <summary>What each source says of several days, one line as long as it says the same.</summary>
    private static void SayByPeriods(Atlas atlas, Candidate place, DaySet days)
    {
        var periods = new Dictionary<string, List<(SourceWord Word, int Last)>>(StringComparer.Ordinal);
        foreach (var day in days.Ranges.SelectMany(Days))
        {
            foreach (var word in atlas.Ask(place, day))
            {
                if (!periods.TryGetValue(word.Source, out var said)) periods.Add(word.Source, said = []);
                if (said.Count > 0 && said[^1] is var (before, last) && last == day - 1 && before.Status == word.Status && before.Basis == word.Basis) said[^1] = (before, day);
                else said.Add((word, day));
            }
        }
        foreach (var (word, last) in periods.Values.SelectMany(said => said)) Say(word, When(word.Day, last));
    }

    private static IEnumerable<int> Days(DayRange range) => Enumerable.Range(range.First, range.Count);

    private static void Say(SourceWord word, string when) => Console.Out.WriteLine(TextReport.Plain($"  {word.Source,-12} {Name(word.Status),-10} {word.Basis}{when} (edition {word.Version})"));

    private static string When(int? since, int? until) => (since, until) switch
    {
        ({ } from, { } to) when from == to => $", {DayRange.Iso(from)}",
        ({ } from, { } to) => $", {DayRange.Iso(from)} to {DayRange.Iso(to)}",
        ({ } from, null) => $", since {DayRange.Iso(from)}",
        (null, { } to) => $", until {DayRange.Iso(to)}",
        _ => "",
    };

    private static string Name(ControlStatus status) => status switch
    {
        ControlStatus.RU => "RU",
        ControlStatus.UA => "UA",
        ControlStatus.Contested => "contested",
        ControlStatus.NotRU => "not RU",
        _ => "nothing",
    };

    private static PlaceQuery Parse(string text)
    {
        var at = new Position(1, 1);
        text = text.Trim();
        if (text.Length == 0) throw new UsageException("The place is empty.");
        if (Katottg.IsCode(Without(text, "katottg:"))) return new PlaceQuery.Katottg(Without(text, "katottg:"), at);
        if (text.StartsWith("geoname:", StringComparison.Ordinal) && long.TryParse(text["geoname:".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return new PlaceQuery.Geoname(number, at);
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var numbers = parts.Select(part => double.TryParse(part, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : (double?)null).ToArray();
        if (parts.Length is 2 or 3 && numbers.All(value => value is not null))
        {
            var (latitude, longitude, radius) = (numbers[0]!.Value, numbers[1]!.Value, parts.Length == 3 ? numbers[2]!.Value : 0);
            if (Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180 || radius < 0) throw new UsageException("The coordinates are not latitude and longitude in degrees.");
            return new PlaceQuery.Point(latitude, longitude, radius, at);
        }
        return new PlaceQuery.Named(parts[0], parts.Length > 1 ? string.Join(", ", parts[1..]) : null, at);
    }

    private static string Without(string text, string prefix) => text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
}
