using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Stories;

/// <summary>A story is read as it stands, from YAML and from JSON, or refused with the place of the fault.</summary>
public class StoryReaderTests
{
    /// <summary>Everything that a story can have, with relations that point forward and in a circle.</summary>
    private const string Whole = """
        story: pavlo-1
        told: 2025-03-10
        person: { born: 2003-05-01/2003-12-31, age: { years: 21, on: 2025-03-10 } }
        constraints: { off: [mobilisation-2022] }
        claims:
          - id: drafted
            says: "They drafted me in December, \"NO\" they said"
            when: 2021-12-05
            kind: conscripted
            by: LDNR
            age: 18
          - id: town
            kind: stay
            when: { within: fact:war }
            from: 2022-06-03
            until: { before: moved }
            for: 2022-06-03
            where: Сватове
            held_by: RU
            unit: 1st of something
            leave: true
          - id: moved
            when:
              - { after: town }
              - any: [2022-09-20, { same_day_as: drafted }]
            where: { name: Куп'янськ, within: Харківська область }
          - { id: no, when: { after: [drafted, moved] }, where: { lat: 49.5, lon: -1, radius_km: 2.5 } }
          - { id: '007', when: { all: [{ after: no, before: yes }] }, where: { katottg: UA14040010080042209 } }
          - { id: yes, where: { geoname: 706483 } }

        """;

    private static string Text => Whole.Replace("    for: 2022-06-03\n", "", StringComparison.Ordinal);

    [Theory]
    [InlineData("from: since May 2022", "2022-05-01/2022-05-31")]
    [InlineData("from: с мая 2022", "2022-05-01/2022-05-31")]
    [InlineData("from: after May 2022", null)]
    [InlineData("from: после мая 2022", null)]
    [InlineData("from: not before May 2022", null)]
    [InlineData("from: 2022-05/..", null)]
    [InlineData("until: till the end of May 2022", "2022-05-21/2022-05-31")]
    [InlineData("until: до травня 2022", "2022-05-01/2022-05-31")]
    [InlineData("until: by May 2022", null)]
    [InlineData("until: before May 2022", null)]
    [InlineData("until: перед травнем 2022", null)]
    [InlineData("until: no later than May 2022", null)]
    [InlineData("until: ../2022-05", null)]
    public void A_word_that_only_bounds_an_edge_does_not_hold_it_to_the_month(string edge, string? days)
    {
        var claim = StoryReader.Read($"story: a\ntold: 2025-03-10\nclaims: [{{ id: town, kind: stay, {edge} }}]").Claims[0];
        var phrase = ((claim.From ?? claim.Until) as When.Said)!.Phrase;
        if (days is null) phrase.ShouldBeOfType<Phrase.Span>();
        else phrase.ShouldBeOfType<Phrase.Date>().Readings.ShouldHaveSingleItem().Days.ToString().ShouldBe(days);
    }

    [Fact]
    public void Everything_that_a_story_can_have_is_read()
    {
        var story = StoryReader.Read(Text);
        (story.Name, DayRange.Iso(story.Told)).ShouldBe(("pavlo-1", "2025-03-10"));
        story.Person.Born!.ToString().ShouldBe("2003-05-01/2003-12-31");
        (story.Person.Age!.Years, story.Person.Age.On.ToString()).ShouldBe((21, "2025-03-10"));
        story.Off.ShouldBe(["mobilisation-2022"]);
        story.Claims.Select(claim => claim.Id).ShouldBe(["drafted", "town", "moved", "no", "007", "yes"]);

        var (drafted, town, moved) = (story.Claims[0], story.Claims[1], story.Claims[2]);
        (drafted.Kind, drafted.By, drafted.ByIsStated, drafted.Age).ShouldBe((ClaimKind.Conscripted, Jurisdiction.LDNR, true, 18));
        drafted.Says.ShouldBe("They drafted me in December, \"NO\" they said");
        drafted.At.ShouldBe(new Position(6, 5));
        (town.IsStay, town.HeldBy, town.Unit, town.Leave, town.Until is When.Before).ShouldBe((true, Side.RU, "1st of something", true, true));
        town.When.ShouldBeOfType<When.Within>().Of.ShouldBe(new Reference("war", IsFact: true));
        var all = moved.When.ShouldBeOfType<When.All>();
        all.Of[0].ShouldBeOfType<When.After>().Of.ShouldBe(new Reference("town", IsFact: false));
        all.Of[1].ShouldBeOfType<When.Any>().Of.Count.ShouldBe(2);
        moved.Where.ShouldBeOfType<PlaceQuery.Named>().Within.ShouldBe("Харківська область");
        story.Claims[3].When.ShouldBeOfType<When.All>().Of.Count.ShouldBe(2);
        story.Claims[3].Where.ShouldBeOfType<PlaceQuery.Point>().RadiusKm.ShouldBe(2.5);
        story.Claims[4].When.ShouldBeOfType<When.All>().Of.Select(of => of.GetType().Name).ShouldBe(["After", "Before"]);
        story.Claims[4].Where.ShouldBeOfType<PlaceQuery.Katottg>().Code.ShouldBe("UA14040010080042209");
        story.Claims[5].Where.ShouldBeOfType<PlaceQuery.Geoname>().Number.ShouldBe(706483);
    }

    /// <summary>Somebody who says "after 27 August" does not say that it was on that day.</summary>
    [Theory]
    [InlineData("since 27 August 2024", "until 9 September 2024", false)]
    [InlineData("с 27 августа 2024", "до 9 сентября 2024", false)]
    [InlineData("after 27 August 2024", "before 9 September 2024", true)]
    [InlineData("после 27 августа 2024", "не позже 9 сентября 2024", true)]
    [InlineData("після 27 серпня 2024", "by 9 September 2024", true)]
    [InlineData("2024-08-27/..", "../2024-09-09", true)]
    public void After_and_before_leave_open_when_a_stay_began_and_ended(string from, string until, bool isOpen)
    {
        var claim = StoryReader.Read($"{{story: x, told: 2025-03-10, claims: [{{id: a, kind: stay, from: \"{from}\", until: \"{until}\"}}]}}").Claims[0];
        (claim.From.ShouldBeOfType<When.Said>().Phrase is Phrase.Span { Until: null }).ShouldBe(isOpen);
        (claim.Until.ShouldBeOfType<When.Said>().Phrase is Phrase.Span { From: null }).ShouldBe(isOpen);
    }

    [Fact]
    public void What_is_written_is_read_again_from_yaml_and_from_json()
    {
        var story = StoryReader.Read(Text);
        var (yaml, json) = (StoryWriter.ToYaml(story), StoryWriter.ToJson(story));
        Encoding.UTF8.GetString(StoryWriter.ToJson(StoryReader.Read(yaml))).ShouldBe(Encoding.UTF8.GetString(json));
        StoryWriter.ToYaml(StoryReader.Read(json)).ShouldBe(yaml);
    }

    [Theory]
    [InlineData("a: b"), InlineData("- a"), InlineData("\"q\" and \\"), InlineData("two\nlines"), InlineData("#"), InlineData("null"), InlineData("~"), InlineData("Інша 😀 історія"), InlineData("{x}"), InlineData("yes # no"), InlineData("a\u2028b"), InlineData("  spaced ")]
    public void Whatever_was_said_survives(string says)
    {
        var story = StoryReader.Read("{story: x, told: 2025-03-10, claims: [{id: a}]}");
        story = story with { Claims = [story.Claims[0] with { Says = says }] };
        StoryReader.Read(StoryWriter.ToYaml(story)).Claims[0].Says.ShouldBe(says);
        StoryReader.Read(StoryWriter.ToJson(story)).Claims[0].Says.ShouldBe(says);
    }

    /// <summary>The person's words are words: nothing turns into a number, a truth or a moment.</summary>
    [Fact]
    public void Scalars_stay_text()
    {
        var story = StoryReader.Read("story: NO\ntold: 2025-03-10\nclaims:\n- id: 0x10\n  says: 2001-12-14t21:59:43.10-05:00\n  unit: 1_000\n- {id: on, says: null, unit: ~}\n");
        story.Name.ShouldBe("NO");
        (story.Claims[0].Id, story.Claims[0].Says, story.Claims[0].Unit).ShouldBe(("0x10", "2001-12-14t21:59:43.10-05:00", "1_000"));
        (story.Claims[1].Id, story.Claims[1].Says, story.Claims[1].Unit).ShouldBe(("on", "null", "~"));
    }

    [Fact]
    public void Numbers_and_truths_of_json_are_text_too_and_flow_yaml_is_no_json()
    {
        var json = StoryReader.Read("""{"story": 7, "told": "2025-03-10", "claims": [{"id": 1, "kind": "stay", "leave": true, "age": 20, "where": {"lat": 49.50, "lon": 37, "radius_km": 1e0}}]}""".Replace("1e0", "1.0"));
        var yaml = StoryReader.Read("{story: 7, told: 2025-03-10, claims: [{id: 1, kind: stay, leave: true, age: 20, where: {lat: 49.50, lon: 37, radius_km: 1.0}}]}");
        StoryWriter.ToYaml(json).ShouldBe(StoryWriter.ToYaml(yaml));
    }

    [Fact]
    public void A_mark_in_front_of_a_text_is_not_part_of_it() =>
        StoryReader.Read([0xEF, 0xBB, 0xBF, .. "story: x\ntold: 2025-03-10\nclaims: [{id: a}]"u8]).Name.ShouldBe("x");

    /// <summary>A damaged or mutated story is refused with a place, and nothing else ever happens.</summary>
    [Fact]
    public void Whatever_happens_to_a_story_it_is_read_or_refused_with_a_place()
    {
        string[] bits = ["{", "}", "[", "]", ":", "- ", "? ", "&a ", "*a", "!!str ", "|", ">", "'", "\"", "#", "%", "@", "`", "\n", "  ", "\t", "\r", "\u0085", "\u2028", "\ud800", "\0", "\ufeff", "---\n", "...\n", "<<: ", "\\x", "\\u12", "\"\\ud800\"", "%YAML 9.9\n", "after", "fact:", "0", "-", ","];
        string[] seeds = [Text, Encoding.UTF8.GetString(StoryWriter.ToJson(StoryReader.Read(Text)))];
        Prop.ForAll<NonNegativeInt, (int At, int Bit, byte Cut)[]>((which, edits) =>
        {
            var text = new StringBuilder(seeds[which.Get % seeds.Length]);
            foreach (var (at, bit, cut) in edits)
            {
                var where = (int)((uint)at * 2654435761u % (uint)(text.Length + 1));
                text.Remove(where, Math.Min(cut % 8, text.Length - where));
                text.Insert(where, bits[(uint)bit % (uint)bits.Length]);
            }
            try
            {
                return StoryReader.Read(text.ToString()).Claims.Count > 0;
            }
            catch (StoryException fault)
            {
                return fault.At is { Line: >= 1, Column: >= 1 } && fault.Message.StartsWith($"{fault.At}: ", StringComparison.Ordinal) && fault.Faults.Count is >= 1 and <= StoryReader.MaxFaults;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    [Fact]
    public void Any_bytes_are_read_or_refused()
    {
        Prop.ForAll<byte[], bool>((bytes, json) =>
        {
            try
            {
                StoryReader.Read(json ? [(byte)'{', .. bytes] : bytes);
                return false;
            }
            catch (StoryException fault)
            {
                return fault.At is not null;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }
}
