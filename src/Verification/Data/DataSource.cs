using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>A source that can be imported: what is known of it before any file is read.</summary>
/// <param name="Name">As the command line and reports call it.</param>
/// <param name="Origin">Who makes it.</param>
/// <param name="Licence">On what terms it may be used.</param>
/// <param name="Endings">Files of a folder with these endings are its files.</param>
/// <param name="IsDaily">Whether its files are of one day each, which their names say.</param>
/// <param name="Grows">Whether new files are added to those that were imported before; otherwise they take their place.</param>
public sealed record DataSource(string Name, string Origin, string Licence, ImmutableArray<string> Endings, bool IsDaily = false, bool Grows = false)
{
    /// <summary>All of them.</summary>
    public static ImmutableArray<DataSource> All { get; } =
    [
        new("order376", "Ministry for Development of Communities and Territories of Ukraine, Order 376 of 28 February 2025", "official act", [".csv"]),
        new("katottg", "Ministry for Development of Communities and Territories of Ukraine, codifier", "open government data", [".csv"]),
        new("gazetteer", "nuclearfall/warreport_ua_settlement_aliases, from OpenStreetMap and Wikidata", "GPL-2.0, ODbL", [".csv"]),
        new("geonames", "GeoNames, country dump", "CC BY 4.0", [".txt", ".zip"]),
        new("viina", "VIINA 2.0, Zhukov and Ayers", "ODbL", [".csv", ".zip"], Grows: true),
        new("deepstate", "DeepState", "data © DeepState", [".geojson", ".json"], IsDaily: true, Grows: true),
        new("polygons", "not said: polygons that somebody imported", "not said", [".geojson", ".json"], IsDaily: true, Grows: true),
        new("ucdp", "UCDP Georeferenced Event Dataset, Uppsala University", "CC BY 4.0", [".csv", ".zip"]),
        new("units", "simonhuwiler/uawardata, H. Schlottman", "free with citation", [".csv"]),
    ];

    /// <summary>The one of a name; null where there is none.</summary>
    public static DataSource? Find(string name) => All.FirstOrDefault(source => source.Name == name);
}

/// <summary>A file to be imported: what the engine needs to know of it.</summary>
/// <param name="Name">What warnings and errors call it.</param>
/// <param name="Day">The day that its name says; null where it says none.</param>
/// <param name="Open">Opens it at its beginning; it can seek.</param>
public sealed record DataInput(string Name, int? Day, Func<Stream> Open);

/// <summary>A warning and the file it is of.</summary>
public sealed record ImportWarning(string File, DataWarning Warning);

/// <summary>What an import gave: ready to be written as a data file.</summary>
/// <param name="Header">What it is.</param>
/// <param name="Content">Its content.</param>
/// <param name="Summary">What was read, in some words: <c>30 days</c>.</param>
public sealed record Imported(DataHeader Header, byte[] Content, string Summary);
