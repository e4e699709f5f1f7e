using System.Globalization;

namespace Understory.Verification;

/// <summary>Reads <c>where:</c>.</summary>
internal sealed class PlaceReader(Faults faults)
{
    private const int MaxName = 200;

    /// <summary>Farther than this from a point says nothing about where.</summary>
    private const double MaxRadiusKm = 500;

    /// <summary>Reads a name, or a map of one of the four forms.</summary>
    public PlaceQuery? Read(Node node)
    {
        if (node is Node.Scalar { Text.Length: <= MaxName } name && !string.IsNullOrWhiteSpace(name.Text)) return new PlaceQuery.Named(name.Text.Trim(), null, node.At);
        if (node is not Node.Map map)
        {
            faults.Add($"A place is a name of at most {MaxName} characters, or {{ name:, within: }}, {{ lat:, lon:, radius_km: }}, {{ katottg: }}, {{ geoname: }}.", node.At);
            return null;
        }
        var fields = Fields.Of(node, "a place", ["name", "within", "lat", "lon", "radius_km", "katottg", "geoname"], faults);
        string[][] forms = [["name", "within"], ["lat", "lon", "radius_km"], ["katottg"], ["geoname"]];
        var meant = forms.Where(form => fields.Of(form).Count > 0).ToList();
        if (meant.Count != 1)
        {
            if (map.Entries.Count == 0 || meant.Count > 1) faults.Add("A place is said in one way: a name, coordinates, or a code.", node.At);
            return null;
        }
        return meant[0][0] switch
        {
            "name" => Named(fields, node),
            "lat" => Point(fields, node),
            "katottg" => Code(fields, node),
            _ => Number(fields, node),
        };
    }

    private PlaceQuery.Named? Named(Fields fields, Node node)
    {
        if (!fields.Has("name")) faults.Add("'within' needs a 'name'.", node.At);
        var (name, within) = (fields.Text("name", MaxName), fields.Text("within", MaxName));
        return name is null ? null : new PlaceQuery.Named(name.Trim(), within?.Trim(), node.At);
    }

    private PlaceQuery.Point? Point(Fields fields, Node node)
    {
        foreach (var key in (string[])["lat", "lon", "radius_km"])
            if (!fields.Has(key)) faults.Add("Coordinates are { lat:, lon:, radius_km: }, with how far from there it may be.", node.At);
        var (latitude, longitude, radius) = (fields.Number("lat", -90, 90), fields.Number("lon", -180, 180), fields.Number("radius_km", 0, MaxRadiusKm));
        return latitude is { } lat && longitude is { } lon && radius is { } km ? new PlaceQuery.Point(lat, lon, km, node.At) : null;
    }

    private PlaceQuery.Katottg? Code(Fields fields, Node node)
    {
        if (fields.Scalar("katottg") is not { } code) return null;
        var isCode = code.Text.Length == 19 && code.Text.StartsWith("UA", StringComparison.Ordinal) && code.Text.AsSpan(2).IndexOfAnyExceptInRange('0', '9') < 0;
        if (isCode) return new PlaceQuery.Katottg(code.Text, node.At);
        faults.Add("A code of the codifier is UA and 17 digits.", code.At);
        return null;
    }

    private PlaceQuery.Geoname? Number(Fields fields, Node node)
    {
        if (fields.Scalar("geoname") is not { } number) return null;
        if (long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is > 0 and <= int.MaxValue) return new PlaceQuery.Geoname(value, node.At);
        faults.Add("A number of GeoNames has digits only.", number.At);
        return null;
    }
}
