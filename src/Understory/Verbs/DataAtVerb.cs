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
        var date = new Argument<string>("DATE") { Description = "A day, as 2024-07-08." };
        var folder = DataVerb.DataDir();
        var verb = new Command("at", "Say what each source says of a place on a day and why, how far the front was, and what was reported near. If several places may be meant, all of them.")
        {
            place, date, folder,
        };
        verb.SetAction(parsed => Run(parsed.GetRequiredValue(place), DataVerb.DayOf(parsed.GetRequiredValue(date)), parsed.GetValue(folder)));
        return verb;
    }

    private static int Run(string place, int day, string? folder)
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
        foreach (var candidate in candidates.Take(MaxCandidates)) Show(atlas, candidate, day);
        if (candidates.Count > MaxCandidates) Console.Out.WriteLine($"… and {candidates.Count - MaxCandidates} more: say what it lies in.");
        return ExitStatus.Done;
    }

    private static void Show(Atlas atlas, Candidate place, int day)
    {
        var where = place.Location is { } at ? string.Create(CultureInfo.InvariantCulture, $"{at.Latitude:0.0000}, {at.Longitude:0.0000}") : "coordinates not known";
        // What was imported is text of others.
        Console.Out.WriteLine(TextReport.Plain($"{place.Name}{(place.Within.Count > 0 ? $" ({string.Join(", ", place.Within)})" : "")}  {place.Id}  {where}"));
        foreach (var word in atlas.Ask(place, day))
        {
            var days = (word.Since, word.Until) switch
            {
                ({ } since, { } until) => $", {DayRange.Iso(since)} to {DayRange.Iso(until)}",
                ({ } since, null) => $", since {DayRange.Iso(since)}",
                (null, { } until) => $", until {DayRange.Iso(until)}",
                _ => "",
            };
            Console.Out.WriteLine(TextReport.Plain($"  {word.Source,-12} {Name(word.Status),-10} {word.Basis}{days} (edition {word.Version})"));
        }
        Console.Out.WriteLine($"  {"front",-12} {(atlas.KmToFront(place, day) is { } km ? string.Create(CultureInfo.InvariantCulture, $"{km:0.0} km away") : "not known")}");
        var near = atlas.Near(place, new DayRange(day, day), unit: null);
        foreach (var each in near.Take(MaxNear))
        {
            Console.Out.WriteLine(TextReport.Plain(string.Create(CultureInfo.InvariantCulture, $"  {each.Source,-12} {each.Kind} {each.Km:0.0} km away, {each.Days}: {each.Text}")));
        }
        if (near.Count > MaxNear) Console.Out.WriteLine($"  … and {near.Count - MaxNear} more near");
    }

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
