namespace Understory.Verification;

/// <summary>
/// Towns of Russia and Belarus where soldiers are stationed, trained or gathered (<c>facts/elsewhere.csv</c>). Many share their
/// name with a village of Ukraine: without them, who says «в Клинцах» and means Bryansk oblast would be held to a village that was
/// never occupied. They have no coordinates on purpose: a candidate of which nothing is known denies nothing.
/// </summary>
public static class Elsewhere
{
    private static readonly string[] s_header = ["id", "name_uk", "name_ru", "name_en", "country", "region"];

    /// <summary>The list that ships with the program.</summary>
    public static IReadOnlyList<KnownPlace> Shipped { get; } = Load();

    /// <summary>Reads the table. It is our own: any fault is an error.</summary>
    /// <exception cref="DataException">A row is not as it must be.</exception>
    public static IReadOnlyList<KnownPlace> Read(Stream text)
    {
        var rows = DelimitedText.Read(text, ',', quotes: true).ToList();
        if (rows.Count == 0 || !rows[0].Fields.SequenceEqual(s_header)) throw new DataException($"The first line must be «{string.Join(',', s_header)}».", 1);
        return [.. rows.Skip(1).Select(row => ReadPlace(row.Fields, row.Line))];
    }

    private static KnownPlace ReadPlace(string[] cells, int line)
    {
        if (cells.Length != s_header.Length) throw new DataException($"{cells.Length} columns instead of {s_header.Length}.", line);
        if (!cells[0].StartsWith("elsewhere:", StringComparison.Ordinal) || cells.Any(string.IsNullOrWhiteSpace)) throw new DataException("A name is missing.", line);
        return new KnownPlace(new Candidate(cells[0], cells[1], [cells[5], cells[4]], Location: null), cells[1..4]);
    }

    private static IReadOnlyList<KnownPlace> Load()
    {
        using var text = ShippedFiles.Open("elsewhere.csv");
        return Read(text);
    }
}
