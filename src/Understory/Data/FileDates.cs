using System.Globalization;
using System.Text.RegularExpressions;

namespace Understory.Data;

/// <summary>Days in names of files: <c>map_20240708.geojson</c>, <c>2024-07-08.json</c>, <c>list-07052025.csv</c>, <c>list-16-05-2025.csv</c>.</summary>
internal static partial class FileDates
{
    /// <summary>The last day in a name, as a day number; null where there is none. A number that can be read both ways is a year first.</summary>
    public static int? Of(string name)
    {
        int? found = null;
        foreach (Match match in Digits().Matches(name))
        {
            var digits = match.Value.Replace("-", "", StringComparison.Ordinal).Replace("_", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal);
            foreach (var format in (string[])["yyyyMMdd", "ddMMyyyy"])
            {
                if (!DateOnly.TryParseExact(digits, format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 1990 or > 2199) continue;
                found = day.DayNumber;
                break;
            }
        }
        return found;
    }

    [GeneratedRegex(@"(?<!\d)(?:\d{8}|\d{4}[-_.]\d{2}[-_.]\d{2}|\d{2}[-_.]\d{2}[-_.]\d{4})(?!\d)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Digits();
}
