namespace Understory.Verification;

/// <summary>What a check can use of the data files: the atlas, and for maps and for answers the parts it was made of.</summary>
/// <param name="Atlas">The ground of a check.</param>
/// <param name="Gazetteer">All places that can be named.</param>
/// <param name="Sources">Who held places.</param>
/// <param name="Maps">What a map can be drawn from.</param>
public sealed record Loaded(Atlas Atlas, Gazetteer Gazetteer, IReadOnlyList<IControlSource> Sources, IReadOnlyList<IMapSource> Maps)
{
    /// <summary>
    /// Puts together what was imported, with the starter facts that ship. Without any file there are only these. A file that
    /// does not say what it should is an error: to go on without it would make a silent source of a damaged one.
    /// </summary>
    /// <param name="files">The data files, each of another source.</param>
    /// <exception cref="DataException">One is damaged, or the official list is there without the codifier.</exception>
    public static Loaded From(IEnumerable<DataFile> files)
    {
        var byName = files.ToDictionary(file => file.Header.Name, StringComparer.Ordinal);
        T? Read<T>(string name, Func<DataFile, T> read)
            where T : class
        {
            if (!byName.TryGetValue(name, out var file)) return null;
            try
            {
                return read(file);
            }
            catch (DataException fault)
            {
                throw new DataException($"The data of {name} cannot be used, import them again: {fault.Message}", inner: fault);
            }
        }

        var codifier = Read("katottg", file => Codifier.Read(file.Content.Span));
        string[] coordinates = ["geonames", "gazetteer"];
        var located = coordinates.Select(name => Read(name, file => LocatedTable.Read(file.Content.Span))).OfType<LocatedTable>().ToList();
        var starter = StarterSet.Shipped;
        // Who imported the places of other countries has these among them, with coordinates.
        var isAbroadKnown = located.Exists(table => Enumerable.Range(0, table.Count).Any(place => !table.IsUkrainian(place)));
        var gazetteer = new Gazetteer(codifier, located, ReadRenamings(), [.. starter.Towns.Select(town => new KnownPlace(town.Place, town.Names)), .. isAbroadKnown ? [] : Elsewhere.Shipped]);

        var order = Read("order376", file => OfficialListCodec.Read(file.Content.Span, codifier ?? throw new DataException("The official list needs the codifier (katottg).")));
        string[] maps = ["deepstate", "polygons"];
        var polygons = maps
            .Select(name => Read(name, file => new PolygonSource(name, file.Header.Edition, PolygonSeries.Read(file.Content), Outline.Ukraine))).OfType<PolygonSource>().ToArray();
        var viina = Read("viina", file => ViinaControl.Decode(file.Content.Span).Sources(file.Header.Edition, place => (int?)gazetteer.GeonameOf(place.Id)));
        INearbySource?[] nearby =
        [
            Read("ucdp", file => Incidents.Decode(file.Content.Span, file.Header.Edition)),
            Read("units", file => UnitPositions.Decode(file.Content.Span, file.Header.Edition)),
        ];

        List<IControlSource> sources = [.. order is null ? [] : new[] { order }, .. polygons, .. viina ?? [], starter];
        IFront? front = polygons.Length switch { 0 => null, 1 => polygons[0], _ => new NearestFront(polygons) };
        return new Loaded(new Atlas(gazetteer, sources, front, [.. nearby.OfType<INearbySource>()]), gazetteer, sources, polygons);
    }

    private static IReadOnlyList<Renaming> ReadRenamings()
    {
        using var stream = ShippedFiles.Open("renamings.csv");
        return Renamings.Read(stream);
    }
}
