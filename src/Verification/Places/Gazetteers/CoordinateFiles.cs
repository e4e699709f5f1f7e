using System.Globalization;

namespace Understory.Verification;

/// <summary>A place with coordinates, as a file of coordinates has it.</summary>
/// <param name="Names">Its names, the main one first; in any of the languages.</param>
/// <param name="Region">The oblast as the file names it; empty where it does not.</param>
/// <param name="Location">Where it is.</param>
/// <param name="Country">ISO 3166 code: <c>UA</c>, <c>RU</c>…</param>
/// <param name="Geoname">Its number in GeoNames; null where the file has none.</param>
/// <param name="Population">How many live there; 0 where the file does not say.</param>
public sealed record LocatedPlace(IReadOnlyList<string> Names, string Region, Location Location, string Country, long? Geoname, long Population);

/// <summary>
/// Reads files of coordinates: the aliases of settlements (<c>name,aliases,place,wikidata,region,group,usage,lon,lat,cid</c>)
/// and GeoNames country dumps (nineteen columns parted by tabs, no header).
/// </summary>
public static class CoordinateFiles
{
    private static readonly string[] AliasHeader = ["name", "aliases", "place", "wikidata", "region", "group", "usage", "lon", "lat", "cid"];
    private const int MostNames = 200;

    /// <summary>The regions of Ukraine by GeoNames' own number (admin1), as the codifier names them.</summary>
    private static readonly string[] GeonamesRegions =
    [
        "", "Черкаська", "Чернігівська", "Чернівецька", "Дніпропетровська", "Донецька", "Івано-Франківська", "Харківська", "Херсонська", "Хмельницька", "Кіровоградська",
        "Автономна Республіка Крим", "Київ", "Київська", "Луганська", "Львівська", "Миколаївська", "Одеська", "Полтавська", "Рівненська", "Севастополь", "Сумська", "Тернопільська",
        "Вінницька", "Волинська", "Закарпатська", "Запорізька", "Житомирська",
    ];

    /// <summary>Reads a file of aliases. A row without usable coordinates is left out with a warning; a row of another shape is an error.</summary>
    public static IReadOnlyList<LocatedPlace> ReadAliases(Stream stream, ICollection<DataWarning> warnings)
    {
        var places = new List<LocatedPlace>();
        var seenHeader = false;
        foreach (var (line, fields) in DelimitedText.Read(stream, ',', quotes: true))
        {
            if (!seenHeader)
            {
                if (!fields.Select(field => field.Trim()).SequenceEqual(AliasHeader)) throw new DataException($"This is not a file of aliases: its first line must be «{string.Join(',', AliasHeader)}».", line);
                seenHeader = true;
                continue;
            }
            if (fields.Length != AliasHeader.Length) throw new DataException($"There are {fields.Length} columns instead of {AliasHeader.Length}.", line);
            // Parts of towns are no candidates of their own.
            if (fields[2].Trim() is "suburb" or "neighbourhood" or "locality" or "isolated_dwelling") continue;
            if (At(fields[8], fields[7]) is not { } location)
            {
                warnings.Add(new DataWarning(line, "The coordinates are none; the row is left out."));
                continue;
            }
            string[] names = [.. fields[1].Split(';', MostNames).Prepend(fields[0]).Select(name => name.Trim()).Where(name => name.Length is > 0 and <= 100).Distinct()];
            if (names.Length > 0) places.Add(new LocatedPlace(names, Region(fields[4].Trim(), line), location, "UA", null, 0));
        }
        if (!seenHeader) throw new DataException("The file is empty.");
        return places;
    }

    /// <summary>
    /// Reads a country dump of GeoNames: of all its rows the populated places (class P) without sections of towns. A row of
    /// another shape is an error.
    /// </summary>
    public static IReadOnlyList<LocatedPlace> ReadGeonames(Stream stream, ICollection<DataWarning> warnings)
    {
        var places = new List<LocatedPlace>();
        var any = false;
        foreach (var (line, fields) in DelimitedText.Read(stream, '\t', quotes: false))
        {
            any = true;
            if (fields.Length != 19) throw new DataException($"There are {fields.Length} columns instead of 19: this is not a country dump of GeoNames.", line);
            if (!long.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is 0) throw new DataException("The number of GeoNames is none.", line);
            if (fields[6] is not "P" || fields[7] is "PPLX" or "PPLH" or "PPLQ" or "PPLW") continue;
            if (At(fields[4], fields[5]) is not { } location)
            {
                warnings.Add(new DataWarning(line, "The coordinates are none; the row is left out."));
                continue;
            }
            var country = fields[8].Trim().ToUpperInvariant();
            if (country.Length > 2) throw new DataException("The country is no code of two letters.", line);
            var region = country is "UA" && int.TryParse(fields[10], NumberStyles.None, CultureInfo.InvariantCulture, out var admin) && admin < GeonamesRegions.Length ? GeonamesRegions[admin] : "";
            _ = long.TryParse(fields[14], NumberStyles.None, CultureInfo.InvariantCulture, out var population);
            string[] names = [.. fields[3].Split(',', MostNames).Prepend(fields[2]).Prepend(fields[1]).Select(name => name.Trim()).Where(name => name.Length is > 0 and <= 100).Distinct()];
            if (names.Length > 0) places.Add(new LocatedPlace(names, region, location, country, number, population));
        }
        if (!any) throw new DataException("The file is empty.");
        return places;
    }

    private static string Region(string text, int line) => text.Length <= 100 ? text : throw new DataException("The region has more than 100 characters.", line);

    private static Location? At(string latitude, string longitude)
    {
        const NumberStyles Style = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite;
        if (!double.TryParse(latitude, Style, CultureInfo.InvariantCulture, out var lat) || !double.TryParse(longitude, Style, CultureInfo.InvariantCulture, out var lon)) return null;
        return double.Abs(lat) <= 90 && double.Abs(lon) <= 180 && (lat, lon) != (0, 0) ? new Location(lat, lon) : null;
    }
}
