using System.Collections.Immutable;
using System.Globalization;

namespace Understory.Verification;

/// <summary>A town of the starter set.</summary>
/// <param name="Place">The place; its name is the Ukrainian one.</param>
/// <param name="Names">In Ukrainian, Russian and English.</param>
/// <param name="Periods">Who held it when.</param>
public sealed record Town(Candidate Place, IReadOnlyList<string> Names, ControlPeriods Periods);

/// <summary>
/// What is known of well-known towns before anything is imported (<c>facts/towns.csv</c>, described in
/// <c>facts/README.md</c>): a gazetteer and a control source in one.
/// </summary>
public sealed class StarterSet : IControlSource
{
    private const int Columns = 10;
    private static readonly DayRange Days = DayRange.Of(new DateOnly(2014, 2, 20), new DateOnly(2025, 10, 31));

    private readonly Dictionary<string, Town> _byId;

    private StarterSet(IReadOnlyList<Town> towns)
    {
        Towns = towns;
        _byId = towns.ToDictionary(town => town.Place.Id, StringComparer.Ordinal);
    }

    /// <summary>The set that ships with the program.</summary>
    public static StarterSet Shipped { get; } = Load();

    /// <summary>All of its towns.</summary>
    public IReadOnlyList<Town> Towns { get; }

    /// <inheritdoc/>
    public string Name => "starter";

    /// <inheritdoc/>
    public string Version => DayRange.Iso(Days.Last);

    /// <inheritdoc/>
    public DayRange Covered => Days;

    /// <inheritdoc/>
    public ControlPeriods Of(Candidate place) => _byId.TryGetValue(place.Id, out var town) ? town.Periods : ControlPeriods.None;

    /// <summary>Reads a set in this form.</summary>
    /// <exception cref="DataException">A row is not as it must be.</exception>
    public static StarterSet Read(Stream text) =>
        new([.. DelimitedText.Read(text, ',', quotes: true).Skip(1).Select(row => ReadTown(row.Fields, row.Line))]);

    private static Town ReadTown(string[] cells, int line)
    {
        if (cells.Length != Columns) throw new DataException($"{cells.Length} columns instead of {Columns}.", line);
        if (!double.TryParse(cells[6], CultureInfo.InvariantCulture, out var latitude) || !double.TryParse(cells[7], CultureInfo.InvariantCulture, out var longitude))
            throw new DataException("The coordinates are none.", line);
        var within = cells[4..6].Where(name => name.Length > 0).ToList();
        return new Town(new Candidate(cells[0], cells[1], within, new Location(latitude, longitude)), cells[1..4], ReadPeriods(cells[8], line));
    }

    private static ControlPeriods ReadPeriods(string cell, int line)
    {
        if (cell.Length == 0) return ControlPeriods.None;
        var periods = ImmutableArray.CreateBuilder<ControlPeriod>();
        foreach (var period in cell.Split("; "))
        {
            var space = period.IndexOf(' ', StringComparison.Ordinal);
            var status = space < 0 ? null : Status(period[..space]);
            if (status is null || !DateOnly.TryParseExact(period.AsSpan(space + 1), "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var from))
                throw new DataException($"'{period}' is no period.", line);
            if (periods.Count > 0 && from.DayNumber <= periods[^1].From) throw new DataException($"'{period}' is not after the one before it.", line);
            periods.Add(new ControlPeriod(from.DayNumber, status.Value, "starter"));
        }
        periods.Add(new ControlPeriod(Days.Last + 1, ControlStatus.Nothing, "after-last-day"));
        return new ControlPeriods(periods.ToImmutable());

        static ControlStatus? Status(string word) => word switch
        {
            "RU" => ControlStatus.RU,
            "UA" => ControlStatus.UA,
            "contested" => ControlStatus.Contested,
            _ => null,
        };
    }

    private static StarterSet Load()
    {
        using var text = ShippedFiles.Open("towns.csv");
        return Read(text);
    }
}
