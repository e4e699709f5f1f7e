using System.Globalization;
using System.Text;
using Understory.Verification;

namespace Understory.Bench;

/// <summary>Stories of twenty claims with places, as people would write them: half of them stays, with who held the place, tied to each other by relations.</summary>
internal static class VerificationStories
{
    private const int Claims = 20;

    /// <summary>As YAML.</summary>
    /// <param name="loaded">Places are named from its gazetteer, and held as its sources say, but one in ten the other way.</param>
    /// <param name="count">How many.</param>
    /// <param name="seed">Of what is drawn.</param>
    public static List<byte[]> Make(Loaded loaded, int count, int seed)
    {
        var random = new Random(seed);
        var places = loaded.Gazetteer.Places.Where(place => place.Location is { Longitude: > 35 and < 40, Latitude: > 46 and < 50.5 } && place.Within.Count > 0).OrderBy(place => place.Id, StringComparer.Ordinal).ToArray();
        var stories = new List<byte[]>(count);
        for (var i = 0; i < count; i++) stories.Add(Encoding.UTF8.GetBytes(One(loaded.Atlas, places, random, i)));
        return stories;
    }

    private static string One(Atlas atlas, Candidate[] places, Random random, int number)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"story: made-{number}\ntold: 2025-03-10\nperson: {{ born: 1998-05/1998-12 }}\nclaims:\n"));
        var day = new DateOnly(2022, 3, 10).AddDays(random.Next(60));
        for (var i = 0; i < Claims; i++)
        {
            var place = places[random.Next(places.Length)];
            var end = day.AddDays(random.Next(15, 40));
            var held = Held(atlas, place, day, random);
            var where = $"where: {{ name: {Quoted(place.Name)}, within: {Quoted(place.Within[0])} }}{held}";
            text.Append(CultureInfo.InvariantCulture, $"- {{ id: c{i}, says: \"It was about then\", ");
            text.Append((i % 4) switch
            {
                0 => string.Create(CultureInfo.InvariantCulture, $"kind: stay, from: {day:yyyy-MM-dd}, until: {Words(end)}, {where}"),
                1 => $"when: {Words(day)}, {where}",
                2 => string.Create(CultureInfo.InvariantCulture, $"kind: stay, from: [{{ after: c{i - 1} }}, {Words(day)}], until: {Words(end)}, {where}"),
                _ => string.Create(CultureInfo.InvariantCulture, $"when: {{ after: c{i - 1}, by: two weeks }}"),
            });
            text.Append(" }\n");
            day = end.AddDays(random.Next(1, 15));
        }
        return text.ToString();
    }

    private static string Held(Atlas atlas, Candidate place, DateOnly day, Random random)
    {
        if (atlas.SideOf(place, day.DayNumber) is not { } side) return "";
        if (random.Next(10) == 0) side = side == Side.RU ? Side.UA : Side.RU;
        return $", held_by: {side}";
    }

    private static string Words(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{(day.Day <= 10 ? "early" : day.Day <= 20 ? "mid" : "late")} {day:MMMM yyyy}");

    private static string Quoted(string name) => $"\"{name.Replace("\"", "", StringComparison.Ordinal)}\"";
}
