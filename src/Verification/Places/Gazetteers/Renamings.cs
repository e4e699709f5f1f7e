using System.Globalization;

namespace Understory.Verification;

/// <summary>A name that a place had, or has besides its own.</summary>
/// <param name="Code">Its code in the codifier.</param>
/// <param name="Names">The name in its languages.</param>
/// <param name="Until">When it stopped being official, in ISO 8601: a day, or a year; null for names that are only usual.</param>
/// <param name="Source">The act, or where it is known from.</param>
public sealed record Renaming(string Code, IReadOnlyList<string> Names, string? Until, string Source);

/// <summary>The table of old and usual names: <c>facts/renamings.csv</c> (<c>katottg,present,old,old_ru,until,source</c>).</summary>
public static class Renamings
{
    private static readonly string[] Header = ["katottg", "present", "old", "old_ru", "until", "source"];

    /// <summary>Reads the table. It is our own: any fault is an error.</summary>
    public static IReadOnlyList<Renaming> Read(Stream stream)
    {
        var renamings = new List<Renaming>();
        var seenHeader = false;
        foreach (var (line, fields) in DelimitedText.Read(stream, ',', quotes: true))
        {
            if (!seenHeader)
            {
                if (!fields.SequenceEqual(Header)) throw new DataException($"The first line must be «{string.Join(',', Header)}».", line);
                seenHeader = true;
                continue;
            }
            if (fields.Length != Header.Length) throw new DataException($"There are {fields.Length} columns instead of {Header.Length}.", line);
            if (!Katottg.IsCode(fields[0])) throw new DataException("The code is not UA and seventeen digits.", line);
            var until = fields[4].Length > 0 ? fields[4] : null;
            if (until is not null && !DateOnly.TryParseExact(until, ["yyyy-MM-dd", "yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) throw new DataException("When it ended is neither a day nor a year in ISO 8601.", line);
            string[] names = [.. new[] { fields[2], fields[3] }.Where(name => name.Length > 0)];
            if (names.Length == 0 || fields[5].Length == 0) throw new DataException("A name and a source must be there.", line);
            renamings.Add(new Renaming(fields[0], names, until, fields[5]));
        }
        if (!seenHeader) throw new DataException("The file is empty.");
        return renamings;
    }
}
