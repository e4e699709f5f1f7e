using Understory.Verification;

namespace Understory.Engines.Tests.Verification.Time;

/// <summary>A phrase as the tables of tests write what it must mean.</summary>
internal static class Shown
{
    /// <summary>
    /// A date as its days, readings divided by <c>|</c>; a span as <c>from … until …</c>; otherwise <c>lasting 3 week</c>,
    /// <c>later 2-10 day</c>, <c>earlier 1 day</c>, <c>age 19</c>, <c>year-of 2</c>.
    /// </summary>
    public static string Of(Phrase phrase) => phrase switch
    {
        Phrase.Date date => string.Join(" | ", date.Readings.Select(reading => reading.Days)),
        Phrase.Span span => string.Join(" ", new[] { span.From is { } from ? $"from {Of(from)}" : "", span.Until is { } until ? $"until {Of(until)}" : "" }.Where(part => part.Length > 0)),
        Phrase.Lasting lasting => $"lasting {Of(lasting.Amount)}",
        Phrase.Offset offset => $"{(offset.IsEarlier ? "earlier" : "later")} {Of(offset.Amount)}",
        Phrase.AtAge age => $"age {age.Years}",
        Phrase.YearOf year => $"year-of {year.Ordinal}",
        _ => throw new ArgumentOutOfRangeException(nameof(phrase)),
    };

    public static string Of(Amount amount) =>
        $"{(amount.Least == amount.Most ? $"{amount.Least}" : $"{amount.Least}-{amount.Most}")} {amount.Unit.ToString().ToLowerInvariant()}";
}
