using System.Globalization;

namespace Understory.Desk;

/// <summary>Days as numbers since 1970-01-01, and as pages show and ask for them.</summary>
internal static class Days
{
    /// <summary>The day of a number; the last one there is for what lies beyond.</summary>
    public static DateOnly Of(int day) => DateOnly.FromDateTime(DateTime.UnixEpoch).AddDays(Math.Clamp(day, 0, 2_900_000));

    /// <summary>As a field for dates has it.</summary>
    public static string ToField(int? day) => day is { } known ? Of(known).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}
