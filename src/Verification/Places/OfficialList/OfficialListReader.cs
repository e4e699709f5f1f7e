namespace Understory.Verification;

/// <summary>Reads the table of the official list into rows, and keeps account of what was repaired and what could not be.</summary>
internal sealed class OfficialListReader(Katottg katottg, int edition)
{
    private static readonly string[] Header = ["section", "oblast", "raion", "katottg", "name", "date_start", "date_end"];
    private readonly OrderNames _names = new(katottg);
    private int _unrepaired;

    /// <summary>What could be understood.</summary>
    public List<OrderRow> Rows { get; } = [];

    /// <summary>Codes of units of which, and of all in which, the list says nothing: a row of theirs could not be repaired.</summary>
    public HashSet<string> Silenced { get; } = new(StringComparer.Ordinal);

    /// <summary>What was repaired or left out.</summary>
    public List<DataWarning> Warnings { get; } = [];

    /// <summary>How many exceptions the rows name.</summary>
    public int Exceptions { get; private set; }

    /// <summary>Reads all of it.</summary>
    public void Read(Stream stream)
    {
        var (seenHeader, count) = (false, 0);
        var ambiguous = new List<(int Line, KatottgUnit From, IReadOnlyList<KatottgUnit> Units, HashSet<string> Except)>();
        foreach (var (line, fields) in DelimitedText.Read(stream, ',', quotes: true))
        {
            if (!seenHeader)
            {
                if (!fields.Select(field => field.Trim()).SequenceEqual(Header)) throw new DataException($"This is not the official list: its first line must be «{string.Join(',', Header)}».", line);
                seenHeader = true;
                continue;
            }
            count++;
            if (fields.Length != Header.Length) throw new DataException($"There are {fields.Length} columns instead of {Header.Length}.", line);
            if (Parse(line, fields, ambiguous) is { } row) Rows.Add(row);
        }
        if (!seenHeader) throw new DataException("The file is empty.");
        if (count == 0) throw new DataException("There is no row in the file.");
        // A few slips of the pen are the list as it is; many are another file, or one that was damaged on its way.
        if (_unrepaired > Math.Max(3, count / 50)) throw new DataException($"{_unrepaired} of {count} rows cannot be understood: the file is damaged.", Warnings[^1].Line);
        Settle(ambiguous);
    }

    private OrderRow? Parse(int line, string[] fields, List<(int, KatottgUnit, IReadOnlyList<KatottgUnit>, HashSet<string>)> ambiguous)
    {
        var section = Section(fields[0]) ?? throw new DataException("The section is none of 1, 2, 3 and II.", line);
        var (name, exceptions) = OrderNames.Split(fields[4]);
        if (Unit(line, fields, name) is not { } unit) return null;

        var repairs = new List<string>();
        var fault = "a date cannot be read";
        var (starts, ends) = (OrderDates.Read(fields[5], repairs), OrderDates.Read(fields[6], repairs));
        var periods = starts is null || ends is null ? null : OrderDates.Pair(starts, ends, edition, out fault);
        foreach (var repair in repairs) Warn(line, $"{unit.Name} ({unit.Code}): {repair}.");
        if (periods is null)
        {
            Silence(line, unit, fault);
            return null;
        }
        if (periods.Count > 1 && periods[^1].IsOpen) Warn(line, $"{unit.Name} ({unit.Code}): the last of {periods.Count} starts has no end and is taken as open.");

        var except = new HashSet<string>(StringComparer.Ordinal);
        foreach (var exception in exceptions)
        {
            Exceptions++;
            // The rest of the town is meant by the row; what is said of the part stands in a row of its own.
            if (OrderNames.IsPart(exception)) continue;
            var units = _names.Excepted(exception, unit);
            if (units.Count == 0) Warn(line, $"The exception «{exception}» names nothing in {unit.Name} ({unit.Code}); it is passed over.");
            else if (units.Count > 1) ambiguous.Add((line, unit, units, except));
            else except.Add(units[0].Code);
        }
        return new OrderRow(line, section, unit, periods, except, OrderNames.IsPart(name));
    }

    private KatottgUnit? Unit(int line, string[] fields, string name)
    {
        var code = string.Concat(fields[3].Where(c => !char.IsWhiteSpace(c)));
        if (katottg.Find(code) is { } unit)
        {
            if (code.Length != fields[3].Length) Warn(line, $"The code {code} has a space in it.");
            if (OrderNames.Fits(name, unit) || OrderNames.IsPart(name)) return unit;
            if (_names.Namesake(name, unit) is not { } other)
            {
                Warn(line, $"{code} is {unit.Name} and not «{Short(name)}»; the code is followed.");
                return unit;
            }
            Silence(line, unit, $"its name is that of {other.Name} ({other.Code})");
            Silenced.Add(other.Code);
            return null;
        }
        if (_names.Resolve(name, fields[1]) is { } named)
        {
            Warn(line, $"The code {Short(code)} is not in the codifier; «{Short(name)}» is {named.Code}.");
            return named;
        }
        var around = _names.Around(name, fields[2], fields[1]) ?? throw new DataException("The row names no unit of the codifier, and neither its hromada, raion nor oblast is known.", line);
        Silence(line, around, $"«{Short(name)}» with the code {Short(code)} is not in the codifier, and lies in it");
        return null;
    }

    /// <summary>
    /// An exception that several places of the row bear the name of means the one that has a row of its own; where that does
    /// not tell them apart, the list says nothing of any of them.
    /// </summary>
    private void Settle(List<(int Line, KatottgUnit From, IReadOnlyList<KatottgUnit> Units, HashSet<string> Except)> ambiguous)
    {
        var own = Rows.Select(row => row.Unit.Code).ToHashSet(StringComparer.Ordinal);
        foreach (var (line, from, units, except) in ambiguous)
        {
            var listed = units.Where(unit => own.Contains(unit.Code)).ToList();
            if (listed.Count == 1)
            {
                except.Add(listed[0].Code);
                Warn(line, $"{units.Count} places in {from.Name} are called {units[0].Name}; the exception is {listed[0].Code}, which has a row of its own.");
                continue;
            }
            foreach (var unit in units) Silenced.Add(unit.Code);
            Warn(line, $"{units.Count} places in {from.Name} are called {units[0].Name}, and nothing tells which is the exception; nothing is said of them.");
        }
    }

    private void Silence(int line, KatottgUnit unit, string fault)
    {
        _unrepaired++;
        Silenced.Add(unit.Code);
        Warn(line, $"{unit.Name} ({unit.Code}): {fault}; nothing is said of it.");
    }

    private void Warn(int line, string text) => Warnings.Add(new DataWarning(line, text));

    /// <summary>A damaged field may be long; a warning is one line.</summary>
    private static string Short(string text) => Node.Shown(text);

    private static OrderSection? Section(string text) => text.Split('.')[0].Trim() switch
    {
        "1" => OrderSection.Possible,
        "2" => OrderSection.Active,
        "3" => OrderSection.ActiveWithRegisters,
        // In Cyrillic letters, and in Latin ones.
        "ІІ" or "II" => OrderSection.Occupied,
        _ => null,
    };
}
