namespace Understory.Verification;

/// <summary>A section of the official list.</summary>
internal enum OrderSection
{
    /// <summary>1: possible hostilities.</summary>
    Possible,

    /// <summary>2: active hostilities.</summary>
    Active,

    /// <summary>3: active hostilities, where the state's registers work.</summary>
    ActiveWithRegisters,

    /// <summary>II: occupied.</summary>
    Occupied,
}

/// <summary>A period of a row, both days in it; an open one runs to the edition's date.</summary>
internal readonly record struct OrderPeriod(int First, int Last, bool IsOpen);

/// <summary>A row, understood.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Section">What it says.</param>
/// <param name="Unit">Of what: a settlement, hromada, raion or oblast.</param>
/// <param name="Periods">When, in order; they do not overlap.</param>
/// <param name="Except">Codes of units that lie in it and are not meant.</param>
/// <param name="IsPart">It speaks of a part of a town only.</param>
internal sealed record OrderRow(int Line, OrderSection Section, KatottgUnit Unit, IReadOnlyList<OrderPeriod> Periods, IReadOnlySet<string> Except, bool IsPart);

/// <summary>Reads the dates of a row: <c>24.02.2022;15.09.2023</c> and <c>29.11.2022</c>.</summary>
internal static class OrderDates
{
    /// <summary>The law on the occupied territories has the occupation begin on this day (no. 1207-VII, article 1).</summary>
    public static readonly int Earliest = new DateOnly(2014, 2, 20).DayNumber;

    /// <summary>The dates of a cell, in order as they stand; null where it cannot be read. Repairs add a sentence each.</summary>
    public static List<int>? Read(string cell, List<string> repairs)
    {
        var dates = new List<int>();
        foreach (var part in cell.Split(';'))
        {
            var bare = string.Concat(part.Where(c => !char.IsWhiteSpace(c)));
            if (bare.Length == 0) continue;
            // "12.11 2022" has a space where a point was meant.
            var text = bare.Length == 9 && part.Trim().Length == 10 ? string.Concat(part.Trim().Select(c => char.IsWhiteSpace(c) ? '.' : c)) : bare;
            if (text.Length % 10 != 0 || text.Length > 40) return null;
            for (var at = 0; at < text.Length; at += 10)
            {
                if (!DateOnly.TryParseExact(text.AsSpan(at, 10), "dd.MM.yyyy", out var date)) return null;
                dates.Add(date.DayNumber);
            }
            if (text.Length > 10) repairs.Add($"the dates «{part.Trim()}» are glued together and were parted");
            else if (!string.Equals(text, part, StringComparison.Ordinal)) repairs.Add($"the date «{part.Trim()}» has a space in it");
        }
        return dates;
    }

    /// <summary>The periods of starts and ends; null, and why, where they do not fit together.</summary>
    public static List<OrderPeriod>? Pair(List<int> starts, List<int> ends, int edition, out string fault)
    {
        fault = "";
        if (starts.Count == 0) fault = "there is no start";
        else if (ends.Count > starts.Count) fault = "there are more ends than starts";
        else if (starts.Count > ends.Count + 1) fault = "there is more than one start without an end";
        else if (starts.Concat(ends).Any(day => day < Earliest || day > edition)) fault = $"a day lies before {DayRange.Iso(Earliest)} or after the edition's, {DayRange.Iso(edition)}";
        if (fault.Length > 0) return null;
        var periods = new List<OrderPeriod>();
        for (var i = 0; i < starts.Count; i++)
        {
            var isOpen = i == ends.Count;
            var last = isOpen ? edition : ends[i];
            if (last < starts[i]) fault = "a period ends before it begins";
            else if (i > 0 && starts[i] <= periods[^1].Last) fault = "a period begins before the one before it ends";
            if (fault.Length > 0) return null;
            periods.Add(new OrderPeriod(starts[i], last, isOpen));
        }
        return periods;
    }
}
