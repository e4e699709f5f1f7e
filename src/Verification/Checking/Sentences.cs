using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>
/// All sentences that a finding may carry, with what stands in them. Reports put them into words in three languages; a
/// sentence that is asked of a person has no placeholder that could reveal a source or an expected date.
/// </summary>
/// <remarks>
/// Placeholders, wherever they occur: <c>claims</c> ids joined by ", "; <c>claim</c>, <c>other</c> one id; <c>days</c> a day
/// or two in ISO 8601 (<c>2022-09-21/2022-09-30</c>, several joined by ", "); <c>place</c>, <c>to</c> names of places;
/// <c>side</c>, <c>by</c> a side or jurisdiction (RU, UA, LDNR); <c>fact</c> the id of a fact, <c>what</c> its text in the
/// language of the report, <c>titles</c> its sources; <c>of</c> a claim's id or a fact's text, <c>amount</c> a length of time; <c>km</c>,
/// <c>count</c>, <c>years</c>, <c>repair</c> (days) whole numbers; <c>moves</c> the id of the claim that the repair moves;
/// <c>source</c> the name of a source, <c>text</c> its own words; <c>says</c> what the person said.
/// </remarks>
public static class Sentences
{
    /// <summary>The dates and the order cannot all be so: <c>claims</c>.</summary>
    public const string Time = "conflict.time";

    /// <summary>One claim's own dates do not fit each other: <c>claim</c>.</summary>
    public const string TimeAlone = "conflict.time.alone";

    /// <summary>The age does not fit the birth: <c>claims</c>.</summary>
    public const string Age = "conflict.age";

    /// <summary>What is said of the birth and of the age does not fit, whatever is told.</summary>
    public const string Birth = "conflict.birth";

    /// <summary>The place was not held by that side then: <c>claims</c>, <c>place</c>, <c>side</c>, <c>days</c>.</summary>
    public const string Place = "conflict.place";

    /// <summary>None of the places of that name was held by that side then: <c>claims</c>, <c>place</c>, <c>side</c>, <c>days</c>, <c>count</c>.</summary>
    public const string PlaceAny = "conflict.place.any";

    /// <summary>The front lay between two places on one day: <c>claims</c>, <c>place</c>, <c>to</c>.</summary>
    public const string Crossing = "conflict.travel.crossing";

    /// <summary>Two stays far apart share three days or more: <c>claims</c>, <c>place</c>, <c>to</c>, <c>km</c>.</summary>
    public const string Stays = "conflict.travel.stays";

    /// <summary>The way is too long for the time: <c>claims</c>, <c>place</c>, <c>to</c>, <c>km</c>.</summary>
    public const string Way = "conflict.travel.way";

    /// <summary>The law or the event did not allow it then: <c>claims</c>, <c>fact</c>, <c>what</c>, <c>by</c>.</summary>
    public const string Rule = "conflict.rule";

    /// <summary>The person was not of that age: <c>claims</c>, <c>fact</c>, <c>what</c>, <c>by</c>.</summary>
    public const string RuleAge = "conflict.rule.age";

    /// <summary>The sources say what was said: <c>claim</c>, <c>place</c>, <c>side</c>.</summary>
    public const string PlaceAgrees = "place.agrees";

    /// <summary>The sources disagree the whole time: <c>claim</c>, <c>place</c>, <c>side</c>.</summary>
    public const string PlaceDisagrees = "place.disagrees";

    /// <summary>It is not certain which rules applied: <c>claim</c>, <c>fact</c>, <c>what</c>.</summary>
    public const string RuleUnsure = "rule.unsure";

    /// <summary>A unit was reported near: <c>claim</c>, <c>place</c>, <c>km</c>, <c>days</c>, <c>source</c>, <c>text</c>.</summary>
    public const string UnitNear = "unit.near";

    /// <summary>Something was reported near: <c>claim</c>, <c>place</c>, <c>km</c>, <c>days</c>, <c>source</c>, <c>text</c>.</summary>
    public const string IncidentNear = "incident.near";

    /// <summary>Dates slip more than order does; people who were through much often remember when wrongly.</summary>
    public const string BenignMemory = "benign.memory";

    /// <summary>Another year may be meant.</summary>
    public const string BenignYear = "benign.year";

    /// <summary>One claim moved by so many days would do: <c>moves</c>, <c>repair</c>.</summary>
    public const string BenignFewDays = "benign.few-days";

    /// <summary>Another village of this name may be meant, or one nearby: <c>place</c>.</summary>
    public const string BenignVillage = "benign.village";

    /// <summary>A list or map may lag behind the ground.</summary>
    public const string BenignLag = "benign.lag";

    /// <summary>Control may have changed hands for a few days that no source shows: <c>place</c>.</summary>
    public const string BenignContested = "benign.contested";

    /// <summary>They may have been away from a stay for a time.</summary>
    public const string BenignLeave = "benign.leave";

    /// <summary>Another office or authority may have called them up; nobody said which: <c>claim</c>.</summary>
    public const string BenignJurisdiction = "benign.jurisdiction";

    /// <summary>Practice may have differed from the law.</summary>
    public const string BenignPractice = "benign.practice";

    /// <summary>Why a claim may differ from a rule and be true: <c>what</c>.</summary>
    public const string BenignFact = "benign.fact";

    /// <summary>A birthday may be written wrongly in papers, or an age counted otherwise.</summary>
    public const string BenignBirth = "benign.birth";

    /// <summary>Words may be translated or taken down wrongly.</summary>
    public const string BenignWords = "benign.words";

    /// <summary>Asks for the time around something: the season, what came before, what next: <c>says</c>.</summary>
    public const string AskTime = "ask.time";

    /// <summary>Asks for the order of several things: <c>says</c> (each in quotation marks, joined by ", ").</summary>
    public const string AskOrder = "ask.order";

    /// <summary>Asks to describe the place: what is near, how they came there: <c>says</c>.</summary>
    public const string AskPlace = "ask.place";

    /// <summary>Asks how they came from one to the other: <c>says</c>.</summary>
    public const string AskWay = "ask.way";

    /// <summary>Asks how the call-up went: who came, where it was, what was given: <c>says</c>.</summary>
    public const string AskCallUp = "ask.call-up";

    /// <summary>Asks for the birth and for what school year or age they remember.</summary>
    public const string AskBirth = "ask.birth";

    /// <summary>What a fact says and by what source: <c>what</c>, <c>titles</c>.</summary>
    public const string Fact = "fact.said";

    /// <summary>A way between two places: <c>place</c>, <c>to</c>, <c>km</c>.</summary>
    public const string WayOf = "way.said";

    /// <summary>Who held a place: <c>side</c>.</summary>
    public const string HeldBy = "held-by.said";

    /// <summary>A date, as one of several ways: <c>text</c>.</summary>
    public const string Said = "order.said";

    /// <summary>After something: <c>of</c>.</summary>
    public const string After = "order.after";

    /// <summary>So long after something: <c>of</c>, <c>amount</c>.</summary>
    public const string AfterBy = After + By;

    /// <summary>Before something: <c>of</c>.</summary>
    public const string Before = "order.before";

    /// <summary>So long before something: <c>of</c>, <c>amount</c>.</summary>
    public const string BeforeBy = Before + By;

    /// <summary>During something: <c>of</c>.</summary>
    public const string Within = "order.within";

    /// <summary>On the day of something: <c>of</c>.</summary>
    public const string SameDay = "order.same-day";

    /// <summary>Behind the key of a relation that has an amount.</summary>
    internal const string By = "-by";

    /// <summary>Every key, so that a test can hold that all are put into words.</summary>
    public static ImmutableArray<string> All { get; } =
    [
        Time, TimeAlone, Age, Birth, Place, PlaceAny, Crossing, Stays, Way, Rule, RuleAge, PlaceAgrees, PlaceDisagrees,
        RuleUnsure, UnitNear, IncidentNear, BenignMemory, BenignYear, BenignFewDays, BenignVillage, BenignLag, BenignContested,
        BenignLeave, BenignJurisdiction, BenignPractice, BenignBirth, BenignWords, AskTime, AskOrder, AskPlace, AskWay,
        AskCallUp, AskBirth, BenignFact, Fact, WayOf, HeldBy, Said, After, AfterBy, Before, BeforeBy, Within, SameDay,
    ];
}
