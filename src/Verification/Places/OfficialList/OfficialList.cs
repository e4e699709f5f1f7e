using System.Text;

namespace Understory.Verification;

/// <summary>
/// The official list of territories of hostilities and of occupation (order no. 376 of 28 February 2025 of the Ministry for
/// Development of Communities and Territories of Ukraine; before it orders no. 309 of 2022 and no. 75 of 2022) as a source of
/// control. <c>docs/formats/story.md</c>, "The official list", has what is repaired and what each section means.
/// </summary>
public sealed class OfficialList : IControlSource
{
    /// <summary>The list has been seen to lag by up to seven months (Bakhmut: taken in May, listed from December 2023); a year is taken.</summary>
    private const int LagDays = 365;

    private readonly UnitCodes _codes;
    private readonly ControlPeriods[] _sets;
    private readonly int[] _setOf;

    /// <summary>Of sets of periods, and for each unit of the codifier the number of its set; -1 where nothing is said of it.</summary>
    internal OfficialList(UnitCodes codes, ControlPeriods[] sets, int[] setOf, int edition, int rows)
    {
        (_codes, _sets, _setOf, Rows) = (codes, sets, setOf, rows);
        Covered = new DayRange(OrderDates.Earliest, edition);
        Version = DayRange.Iso(edition);
    }

    /// <inheritdoc/>
    public string Name => "order376";

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public DayRange Covered { get; }

    /// <summary>What was repaired or left out, in order of lines.</summary>
    public IReadOnlyList<DataWarning> Warnings { get; private init; } = [];

    /// <summary>How many rows were understood.</summary>
    public int Rows { get; }

    /// <summary>How many exceptions («за винятком») they name.</summary>
    public int Exceptions { get; private init; }

    /// <summary>The sets of periods.</summary>
    internal ReadOnlySpan<ControlPeriods> Sets => _sets;

    /// <summary>For each unit of the codifier the number of its set; -1 where nothing is said of it.</summary>
    internal ReadOnlySpan<int> SetOf => _setOf;

    /// <summary>
    /// Reads the table (<c>section,oblast,raion,katottg,name,date_start,date_end</c>). <paramref name="edition"/> is the day of
    /// the edition: what is open runs to it, and nothing is said after it.
    /// </summary>
    /// <exception cref="DataException">The file is damaged, or another file.</exception>
    public static OfficialList Read(Stream stream, DateOnly edition, Katottg katottg)
    {
        if (edition.DayNumber <= OrderDates.Earliest) throw new DataException($"The edition's day must be after {DayRange.Iso(OrderDates.Earliest)}.");
        var reader = new OfficialListReader(katottg, edition.DayNumber);
        reader.Read(stream);
        reader.Warnings.Sort((a, b) => a.Line.CompareTo(b.Line));

        var rows = reader.Rows.ToLookup(row => row.Unit.Code, StringComparer.Ordinal);
        // Where nothing of a raion was ever listed as occupied or fought over, "not listed" is as good as any other word of the list.
        var touched = reader.Rows.Where(row => row.Section != OrderSection.Possible)
            .Select(row => row.Unit.Parents.Count >= 2 ? row.Unit.Parents[1] : row.Unit.Code)
            .Concat(reader.Silenced.Select(code => katottg.Find(code)).OfType<KatottgUnit>().Select(unit => unit.Parents.Count >= 2 ? unit.Parents[1] : unit.Code))
            .ToHashSet(StringComparer.Ordinal);

        var interned = new Dictionary<string, int>(StringComparer.Ordinal);
        var sets = new List<ControlPeriods>();
        var setOf = new int[katottg.Units.Count];
        for (var i = 0; i < setOf.Length; i++)
        {
            setOf[i] = -1;
            var unit = katottg.Units[i];
            if (!unit.IsPlace) continue;
            // The most specific level first.
            string[] levels = [unit.Code, .. unit.Parents.Reverse()];
            if (levels.Any(reader.Silenced.Contains)) continue;
            var weak = levels.Any(touched.Contains);
            var periods = Periods([.. levels.Select(level => rows[level].Where(row => !levels.Any(row.Except.Contains)).ToList())], edition.DayNumber, weak);
            if (!interned.TryGetValue(Key(periods), out setOf[i]))
            {
                interned.Add(Key(periods), setOf[i] = sets.Count);
                sets.Add(new ControlPeriods([.. periods]));
            }
        }
        var codes = new UnitCodes([.. katottg.Units.Select(unit => UnitCodes.Number(unit.Code))]);
        return new OfficialList(codes, [.. sets], setOf, edition.DayNumber, reader.Rows.Count) { Warnings = reader.Warnings, Exceptions = reader.Exceptions };
    }

    /// <inheritdoc/>
    public ControlPeriods Of(Candidate place) => _codes.OfId(place.Id) is var unit and >= 0 && _setOf[unit] is var set and >= 0 ? _sets[set] : ControlPeriods.None;

    /// <summary>What one level of rows says from one day to another; the fields of <see cref="OrderPeriod"/> and its section.</summary>
    private readonly record struct Span(int First, int Last, OrderSection Section, bool IsOpen);

    private static List<ControlPeriod> Periods(List<OrderRow>[] levels, int edition, bool weak)
    {
        var whole = levels.Select(level => Tidy(level.Where(row => !row.IsPart))).ToArray();
        var parts = levels.SelectMany(level => level).Where(row => row.IsPart)
            .SelectMany(row => row.Periods.Select(period => new Span(period.First, period.Last, row.Section, period.IsOpen))).ToList();

        var days = new SortedSet<int> { OrderDates.Earliest };
        foreach (var span in whole.SelectMany(spans => spans).Concat(parts))
        {
            days.Add(span.First);
            if (span.Last < edition) days.Add(span.Last + 1);
        }
        var periods = new List<ControlPeriod>();
        foreach (var day in days)
        {
            var period = On(day, whole, weak);
            // A part of a town that another side held than the rest is neither's word on the town.
            if (parts.Exists(span => span.First <= day && day <= span.Last && Status(span.Section) != period.Status)) period = new ControlPeriod(day, ControlStatus.Contested, "part");
            Add(periods, period);
        }
        return WithLag(periods, edition);
    }

    /// <summary>The most specific level that has anything to say of a day says it.</summary>
    private static ControlPeriod On(int day, List<Span>[] levels, bool weak)
    {
        foreach (var level in levels)
        {
            var covering = level.Where(span => span.First <= day && day <= span.Last).ToList();
            if (covering.Count == 0) continue;
            var section = covering[0].Section;
            if (covering.Exists(span => span.Section != section)) return new ControlPeriod(day, ControlStatus.Contested, "overlap");
            var force = section switch
            {
                OrderSection.Occupied => covering.TrueForAll(span => span.IsOpen) ? Force.NeedsAgreement : Force.Denies,
                // Fighting goes on, and the list is late to say who won it.
                OrderSection.ActiveWithRegisters => Force.NeedsAgreement,
                _ => Force.Denies,
            };
            return new ControlPeriod(day, Status(section), Basis(section), force);
        }
        return new ControlPeriod(day, ControlStatus.UA, "not-listed", weak ? Force.NeedsAgreement : Force.Denies);
    }

    /// <summary>
    /// Rows of one level that share one day only: it is the day of the change, and goes to the row that begins. What shares
    /// more is left as it is.
    /// </summary>
    private static List<Span> Tidy(IEnumerable<OrderRow> rows)
    {
        var spans = rows.SelectMany(row => row.Periods.Select(period => new Span(period.First, period.Last, row.Section, period.IsOpen)))
            .OrderBy(span => span.First).ThenBy(span => span.Last).ToList();
        for (var i = 0; i < spans.Count; i++)
        {
            if (!spans.Skip(i + 1).Any(later => later.First == spans[i].Last)) continue;
            if (spans[i].First == spans[i].Last) spans.RemoveAt(i--);
            else spans[i] = spans[i] with { Last = spans[i].Last - 1 };
        }
        return spans;
    }

    /// <summary>
    /// What is said to be Ukraine's until the list's own last day, or until it says occupied, may have been lost some time
    /// before; in the last year of such a period the list alone denies nothing. Ends with the edition.
    /// </summary>
    private static List<ControlPeriod> WithLag(List<ControlPeriod> periods, int edition)
    {
        var split = new List<ControlPeriod>();
        for (var i = 0; i < periods.Count; i++)
        {
            var period = periods[i];
            var end = i + 1 < periods.Count ? periods[i + 1].From - 1 : edition;
            var lags = period is { Status: ControlStatus.UA, Force: Force.Denies, Basis: not "not-listed" } && (i + 1 == periods.Count || periods[i + 1].Status == ControlStatus.RU);
            var sure = end - LagDays;
            if (!lags) split.Add(period);
            else if (sure < period.From) split.Add(period with { Force = Force.NeedsAgreement });
            else split.AddRange([period, period with { From = sure + 1, Force = Force.NeedsAgreement }]);
        }
        split.Add(new ControlPeriod(edition + 1, ControlStatus.Nothing, "after-edition"));
        return split;
    }

    private static void Add(List<ControlPeriod> periods, ControlPeriod period)
    {
        if (periods.Count > 0 && period with { From = periods[^1].From } == periods[^1]) return;
        periods.Add(period);
    }

    private static string Key(List<ControlPeriod> periods)
    {
        var key = new StringBuilder();
        foreach (var period in periods) key.Append(period.From).Append(period.Basis).Append((int)period.Force).Append(';');
        return key.ToString();
    }

    private static ControlStatus Status(OrderSection section) => section switch
    {
        OrderSection.Occupied => ControlStatus.RU,
        OrderSection.Active => ControlStatus.Contested,
        _ => ControlStatus.UA,
    };

    private static string Basis(OrderSection section) => section switch
    {
        OrderSection.Occupied => "section-II",
        OrderSection.Possible => "section-1",
        OrderSection.Active => "section-2",
        _ => "section-3",
    };
}
