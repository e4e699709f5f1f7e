using System.Globalization;

namespace Understory.Verification;

/// <summary>Codes of units and the numbers that units have by their place in the codifier.</summary>
internal sealed class UnitCodes
{
    private const string Prefix = "katottg:";
    private const int Length = 19;
    private const long Limit = 100_000_000_000_000_000;
    private readonly long[] _codes;
    private readonly Dictionary<long, int> _units;

    /// <summary>Of codes without their letters, in the order of the codifier.</summary>
    /// <exception cref="DataException">One is none, or stands there twice.</exception>
    public UnitCodes(long[] codes)
    {
        _codes = codes;
        _units = new Dictionary<long, int>(codes.Length);
        foreach (var code in codes)
        {
            if (code is < 0 or >= Limit || !_units.TryAdd(code, _units.Count)) throw VarintReader.Damaged();
        }
    }

    /// <summary>The code of a unit: UA and seventeen digits.</summary>
    public string this[int unit] => string.Create(CultureInfo.InvariantCulture, $"UA{_codes[unit]:D17}");

    /// <summary>A code without its letters.</summary>
    public static long Number(ReadOnlySpan<char> code) => long.Parse(code[2..], NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>The id of a unit as a candidate.</summary>
    public string Id(int unit) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}UA{_codes[unit]:D17}");

    /// <summary>The unit of a code; -1 where there is none.</summary>
    public int Find(ReadOnlySpan<char> code)
    {
        if (code.Length != Length || code is not ['U', 'A', .. var digits]) return -1;
        long number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit)) return -1;
            number = (number * 10) + digit - '0';
        }
        return _units.TryGetValue(number, out var unit) ? unit : -1;
    }

    /// <summary>The unit of a candidate's id; -1 where it is of something else.</summary>
    public int OfId(string id) => id.Length == Prefix.Length + Length && id.StartsWith(Prefix, StringComparison.Ordinal) ? Find(id.AsSpan(Prefix.Length)) : -1;
}
