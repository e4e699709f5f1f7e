using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Stories;

/// <summary>What is not understood is told with line and column of the very node, in one sentence.</summary>
public class StoryFaultTests
{
    private static readonly Facts s_facts = new(
    [
        new Fact("call", FactText.Of("Something of one day."), [], DayRange.On(new DateOnly(2022, 9, 21))),
        new Fact("war", FactText.Of("Something with two ends."), [], DayRange.Of(new DateOnly(2022, 2, 24), new DateOnly(2024, 1, 1))),
    ]);

    /// <summary>The head is three lines: story, told, claims. A claim of one line begins in column 3.</summary>
    [Theory]
    [InlineData("- {id: a, wen: 2022-01-01}", 4, 11, "There is no key 'wen' in a claim; is 'when' meant?")]
    [InlineData("- {id: a, colour: red}", 4, 11, "There is no key 'colour' in a claim; there is id, says, kind")]
    [InlineData("- {id: a, id: b}", 4, 11, "The key 'id' stands here a second time (first in line 4).")]
    [InlineData("- {id: a}\n- {id: a}", 5, 8, "There are two claims with the id 'a'.")]
    [InlineData("- {says: hello}", 4, 3, "A claim has an id")]
    [InlineData("- {id: 'a b'}", 4, 8, "An id has letters, digits")]
    [InlineData("- {id: 'fact:a'}", 4, 8, "An id has letters, digits")]
    [InlineData("- {id: }", 4, 8, "'id' has nothing behind it.")]
    [InlineData("- {id: [a]}", 4, 8, "'id' is text, and this is a list.")]
    [InlineData("- hello", 4, 3, "Here stands a claim, a map ('key: value'), and this is text.")]
    [InlineData("- {id: a, kind: capture}", 4, 17, "'capture' is no 'kind'; is 'captured' meant?")]
    [InlineData("- {id: a, kind: Stay}", 4, 17, "is 'stay' meant?")]
    [InlineData("- {id: a, when: in those days}", 4, 20, "“those” is not a word")]
    [InlineData("- {id: a, when: }", 4, 17, "Here a date is missing.")]
    [InlineData("- {id: a, when: []}", 4, 17, "A list of times has at least one.")]
    [InlineData("- {id: a, when: {}}", 4, 17, "Here a relation is missing")]
    [InlineData("- {id: a, when: {by: two days}}", 4, 17, "Here a relation is missing")]
    [InlineData("- {id: a, when: {afer: b}}\n- {id: b}", 4, 18, "There is no key 'afer' in a time; is 'after' meant?")]
    [InlineData("- {id: a, when: {after: b}}", 4, 25, "There is no claim 'b'.")]
    [InlineData("- {id: a, when: {after: a}}", 4, 25, "A claim cannot be placed by itself.")]
    [InlineData("- {id: a, when: {after: {b: c}}}", 4, 25, "'after' names a claim, or a fact as fact:ID.")]
    [InlineData("- {id: a, when: {after: fact:peace}}", 4, 25, "There is no fact 'peace'.")]
    [InlineData("- {id: a, when: {within: fact:call}}", 4, 26, "'within' needs something with two ends, and the fact 'call' is one day.")]
    [InlineData("- {id: a, when: {same_day_as: fact:war}}", 4, 31, "'same_day_as' needs one day, and the fact 'war' has two ends.")]
    [InlineData("- {id: a, when: {within: b}}\n- {id: b}", 4, 26, "'within' needs a stay, and 'b' is an event.")]
    [InlineData("- {id: a, when: {same_day_as: b}}\n- {id: b, kind: stay}", 4, 31, "'same_day_as' needs an event, and 'b' is a stay.")]
    [InlineData("- {id: a, kind: stay, when: {same_day_as: b}}\n- {id: b}", 4, 43, "'same_day_as' is for events")]
    [InlineData("- {id: a, when: {within: b, by: two days}}\n- {id: b, kind: stay}", 4, 33, "'by' needs one claim that it counts from")]
    [InlineData("- {id: a, when: {after: [b, c], by: two days}}\n- {id: b}\n- {id: c}", 4, 37, "'by' needs one claim that it counts from")]
    [InlineData("- {id: a, when: {any: b}}\n- {id: b}", 4, 23, "'any' has a list of times.")]
    [InlineData("- {id: a, from: 2022-01-01}", 4, 17, "'from' belongs to a stay")]
    [InlineData("- {id: a, until: 2022-01-01}", 4, 18, "'until' belongs to a stay")]
    [InlineData("- {id: a, for: two days}", 4, 16, "'for' belongs to a stay")]
    [InlineData("- {id: a, leave: true}", 4, 18, "'leave' belongs to a stay")]
    [InlineData("- {id: a, kind: stay, leave: yes}", 4, 30, "'yes' is no 'leave'; there is true, false.")]
    [InlineData("- {id: a, by: UA}", 4, 15, "'by' says by whose law")]
    [InlineData("- {id: a, kind: mobilised, by: DNR}", 4, 32, "'DNR' is no 'by'")]
    [InlineData("- {id: a, held_by: RU}", 4, 20, "'held_by' needs a place")]
    [InlineData("- {id: a, where: X, held_by: NATO}", 4, 30, "'NATO' is no 'held_by'")]
    [InlineData("- {id: a, where: []}", 4, 18, "A place is a name")]
    [InlineData("- {id: a, where: {}}", 4, 18, "A place is said in one way")]
    [InlineData("- {id: a, where: {name: X, geoname: 5}}", 4, 18, "A place is said in one way")]
    [InlineData("- {id: a, where: {within: X}}", 4, 18, "'within' needs a 'name'.")]
    [InlineData("- {id: a, where: {lat: 49, lon: 37}}", 4, 18, "Coordinates are { lat:, lon:, radius_km: }")]
    [InlineData("- {id: a, where: {lat: 91, lon: 37, radius_km: 1}}", 4, 24, "'lat' is a number from -90 to 90")]
    [InlineData("- {id: a, where: {lat: '49,5', lon: 37, radius_km: 1}}", 4, 24, "with a point")]
    [InlineData("- {id: a, where: {lat: NaN, lon: 37, radius_km: 1}}", 4, 24, "'lat' is a number")]
    [InlineData("- {id: a, where: {katottg: UA14}}", 4, 28, "A code of the codifier is UA and 17 digits.")]
    [InlineData("- {id: a, where: {geoname: -5}}", 4, 28, "A number of GeoNames has digits only.")]
    [InlineData("- {id: a, age: 1.5}", 4, 16, "'age' is a whole number from 0 to 120.")]
    [InlineData("- {id: a, when: 1899-12-31}", 4, 17, "1899-12-31")]
    [InlineData("- {id: a, when: 2026-01-01}", 4, 17, "'2026-01-01' lies outside the years from 1900 to that of the telling, 2025.")]
    [InlineData("- &x {id: a}", 4, 3, "A story has no anchors")]
    [InlineData("- *x", 4, 3, "A story has no aliases")]
    [InlineData("- !!map {id: a}", 4, 3, "A story has no tags")]
    [InlineData("- {id: !x a}", 4, 8, "A story has no tags")]
    [InlineData("- {id: a, <<: {says: b}}", 4, 11, "There is no key '<<' in a claim")]
    [InlineData("- {[a]: b}", 4, 4, "A key is a word.")]
    [InlineData("- {id: a", 5, 1, "This is not YAML")]
    [InlineData("- {id: a, says: \"\\e[31m\"}", 4, 17, "Text holds a character that is not text (U+001B).")]
    [InlineData("- {id: a}\n---\nstory: b", 5, 1, "A second document begins here; one file holds one story.")]
    public void The_place_of_a_fault_is_exact(string claims, int line, int column, string sentence)
    {
        var fault = Should.Throw<StoryException>(() => StoryReader.Read($"story: x\ntold: 2025-03-10\nclaims:\n{claims}\n", s_facts));
        fault.Message.ShouldContain(sentence);
        (fault.At?.Line, fault.At?.Column).ShouldBe((line, column), fault.Message);
        fault.Message.ShouldStartWith($"line {line}, column {column}: ");
        fault.Message.ShouldMatch("[.?]$");
    }

    [Theory]
    [InlineData("", 1, 1, "There is nothing here.")]
    [InlineData("# only a remark\n", 1, 1, "There is nothing here.")]
    [InlineData("hello", 1, 1, "Here stands a story")]
    [InlineData("[]", 1, 1, "Here stands a story")]
    [InlineData("told: 2025-03-10\nclaims: [{id: a}]", 1, 1, "A story has a name")]
    [InlineData("story: x\nclaims: [{id: a}]", 1, 1, "A story says when it was told")]
    [InlineData("story: x\ntold: 2025-03\nclaims: [{id: a}]", 2, 7, "'2025-03' is not one day")]
    [InlineData("story: x\ntold: 1812-09-07\nclaims: [{id: a}]", 2, 7, "A story is told between 1900 and 2199.")]
    [InlineData("story: x\ntold: 2025-03-10", 1, 1, "A story has claims")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: a", 3, 9, "'claims' is a list, and this is text.")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: []", 3, 9, "A story has at least one claim.")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: [{id: a}]\nperson: {born: 2003-05-01, name: P}", 4, 28, "There is no key 'name' in a person")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: [{id: a}]\nperson: {age: {on: 2025-03-10}}", 4, 15, "An age says how many years")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: [{id: a}]\nconstraints: {off: [A b]}", 4, 21, "A constraint has a name")]
    [InlineData("story: x\ntold: 2025-03-10\nclaims: [{id: a}]\nconstraints: {of: [a]}", 4, 15, "is 'off' meant?")]
    [InlineData("{\"story\": \"x\",\n \"told\": \"2025-03-10\",\n \"claims\": [{\"id\": \"я\", \"says\": \"😀\", \"wen\": 5}]}", 3, 39, "There is no key 'wen'")]
    [InlineData("{\"story\": \"x\", \"story\": \"y\"}", 1, 16, "The key 'story' stands here a second time")]
    [InlineData("{\"story\": \"\\ud800\"}", 1, 11, "half of a character")]
    public void So_is_that_of_the_story_and_of_json(string text, int line, int column, string sentence)
    {
        var fault = Should.Throw<StoryException>(() => StoryReader.Read(text, s_facts));
        fault.Message.ShouldContain(sentence);
        (fault.At?.Line, fault.At?.Column).ShouldBe((line, column), fault.Message);
    }

    [Fact]
    public void Several_faults_are_told_at_once_in_the_order_of_the_text_and_no_more_than_twenty()
    {
        var fault = Should.Throw<StoryException>(() => StoryReader.Read("story: x\nfoo: y\ntold: never\nclaims:\n- {id: a, kind: x}\n- {id: a, age: old}\n"));
        fault.Faults.Select(one => one.At!.Value.Line).ShouldBe([2, 3, 5, 6, 6]);
        var many = "story: x\ntold: 2025-03-10\nclaims:\n" + string.Concat(Enumerable.Range(0, 100).Select(i => $"- {{id: a{i}, age: x}}\n"));
        Should.Throw<StoryException>(() => StoryReader.Read(many)).Faults.Count.ShouldBe(StoryReader.MaxFaults);
    }

    [Fact]
    public void Text_that_is_not_utf8_is_told_with_its_line()
    {
        var fault = Should.Throw<StoryException>(() => StoryReader.Read([.. "story: x\ntold: "u8, 0xff, 0xfe]));
        (fault.At!.Value.Line, fault.Message).ShouldBe((2, "line 2, column 1: This is not UTF-8."));
    }

    /// <summary>What is meant to hurt the reader is refused at once, in one sentence.</summary>
    [Theory]
    [InlineData("deep yaml"), InlineData("deep json"), InlineData("deep block"), InlineData("long"), InlineData("claims"), InlineData("bombs"), InlineData("keys"), InlineData("one line"), InlineData("quotes")]
    public void Hostile_text_is_refused_soon(string what)
    {
        var hostile = what switch
        {
            "deep yaml" => "{story: x, told: " + new string('[', 500_000),
            "deep json" => "{\"story\": " + new string('[', 500_000),
            "deep block" => "story: x\ntold:\n" + string.Concat(Enumerable.Range(0, 500).Select(i => new string(' ', i) + "-\n")),
            "long" => "story: " + new string('x', StoryReader.MaxBytes),
            "claims" => "story: x\ntold: 2025-03-10\nclaims:\n" + string.Concat(Enumerable.Range(0, StoryReader.MaxClaims + 1).Select(i => $"- {{id: a{i}}}\n")),
            "bombs" => "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
            "keys" => "{" + string.Concat(Enumerable.Range(0, 90_000).Select(i => $"k{i}: v,")) + "}",
            "one line" => "{\"story\": [" + string.Concat(Enumerable.Repeat("1,", 400_000)) + "1]}",
            _ => "story: \"" + string.Concat(Enumerable.Repeat("\\\"", 400_000)),
        };
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        var fault = Should.Throw<StoryException>(() => StoryReader.Read(hostile));
        fault.At.ShouldNotBeNull();
        System.Diagnostics.Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }
}
