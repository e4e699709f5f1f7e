using System.Text.Json;
using System.Text.Unicode;

namespace Understory.Verification;

/// <summary>
/// Reads the polygons of a GeoJSON file (RFC 7946), in CRS84: <c>FeatureCollection</c>, <c>Feature</c> or a bare geometry, of
/// <c>Polygon</c>, <c>MultiPolygon</c> and <c>GeometryCollection</c>. Every polygon is taken as held by Russia; points and
/// lines are left out with a warning.
/// </summary>
public static class GeoJsonPolygons
{
    /// <summary>More bytes than this is no day's map.</summary>
    public const int MaxBytes = 64 << 20;

    private const int MaxPoints = 2_000_000;

    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Reads one day.</summary>
    /// <param name="json">The file, UTF-8, with or without a byte order mark.</param>
    /// <param name="day">Of which day it is: the file does not say.</param>
    /// <param name="warnings">What was repaired or left out.</param>
    /// <exception cref="DataException">It is no such file, or damaged.</exception>
    public static PolygonDay Read(ReadOnlySpan<byte> json, int day, IList<DataWarning> warnings)
    {
        if (json.Length > MaxBytes) throw new DataException($"The map has more than {MaxBytes >> 20} MB.");
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        if (!Utf8.IsValid(json)) throw new DataException("The file is not UTF-8.");
        var parser = new Parser(json, warnings);
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            reader.Read();
            parser.ReadObject(ref reader);
            if (reader.Read()) throw parser.Fault(reader, "something stands after the end of the map");
        }
        catch (JsonException fault)
        {
            throw new DataException("this is not JSON, or it was cut off.", (int)Math.Min(int.MaxValue, (fault.LineNumber ?? 0) + 1), fault);
        }
        if (!parser.HasGeometry) throw new DataException("The map has no polygon, and does not say that it has none.");
        return new PolygonDay(day, parser.Polygons);
    }

    private ref struct Parser(ReadOnlySpan<byte> json, IList<DataWarning> warnings)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private readonly List<GridPolygon> _polygons = [];
        private int _points;
        private (int At, int Line) _counted = (0, 1);

        public readonly List<GridPolygon> Polygons => _polygons;

        /// <summary>Whether there was a geometry or a list of features, even an empty one: a day on which nothing was held.</summary>
        public bool HasGeometry { get; private set; }

        /// <summary>Reads an object that the reader stands at, to its end. Its members come in any order, so two of them are read when the type is known.</summary>
        public void ReadObject(ref Utf8JsonReader reader)
        {
            if (reader.TokenType is not JsonTokenType.StartObject) throw Fault(reader, "an object of GeoJSON is expected");
            var start = reader;
            string? type = null;
            Utf8JsonReader content = default;
            var hasContent = false;
            while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (name is "type")
                {
                    if (reader.TokenType is not JsonTokenType.String || type is not null) throw Fault(reader, "\"type\" is one text");
                    type = reader.GetString();
                }
                else if (name is "features" or "geometries" or "geometry" or "coordinates")
                {
                    if (hasContent) throw Fault(reader, $"\"{name}\" stands where there is content already");
                    content = reader;
                    hasContent = true;
                }
                else if (name is "crs")
                {
                    CheckCrs(reader);
                }
                reader.Skip();
            }
            if (!hasContent) throw Fault(start, "an object of GeoJSON without content");
            ReadContent(type, ref content, start);
        }

        private void ReadContent(string? type, ref Utf8JsonReader content, Utf8JsonReader start)
        {
            switch (type)
            {
                case "FeatureCollection" or "GeometryCollection":
                    HasGeometry = true;
                    ReadList(ref content);
                    break;
                case "Feature" when content.TokenType is JsonTokenType.Null: break;
                case "Feature": ReadObject(ref content); break;
                case "Polygon": ReadPolygon(ref content); break;
                case "MultiPolygon": ReadMultiPolygon(ref content); break;
                case "Point" or "MultiPoint" or "LineString" or "MultiLineString":
                    warnings.Add(new DataWarning(LineOf(start), $"A {type} was left out: only polygons say who held a place."));
                    break;
                default: throw Fault(start, $"an object of type \"{Short(type)}\" is not understood");
            }
        }

        private void ReadList(ref Utf8JsonReader reader)
        {
            ExpectArray(reader);
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) ReadObject(ref reader);
        }

        private void ReadMultiPolygon(ref Utf8JsonReader reader)
        {
            HasGeometry = true;
            ExpectArray(reader);
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) ReadPolygon(ref reader);
        }

        private void ReadPolygon(ref Utf8JsonReader reader)
        {
            HasGeometry = true;
            ExpectArray(reader);
            var rings = new List<GridPoint[]>();
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                var start = reader;
                var ring = ReadRing(ref reader);
                if (ring.Length >= 3) rings.Add(ring);
                else if (rings.Count == 0)
                {
                    // Without its outer ring a hole would become an area.
                    warnings.Add(new DataWarning(LineOf(start), "A polygon without area was left out."));
                    SkipRest(ref reader);
                    return;
                }
                else warnings.Add(new DataWarning(LineOf(start), "A hole without area was left out."));
            }
            if (rings.Count > 0) _polygons.Add(new GridPolygon(rings));
        }

        private static void SkipRest(ref Utf8JsonReader reader)
        {
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray) reader.Skip();
        }

        private GridPoint[] ReadRing(ref Utf8JsonReader reader)
        {
            ExpectArray(reader);
            var start = reader;
            var ring = new List<GridPoint>();
            GridPoint? first = null, last = null;
            while (reader.Read() && reader.TokenType is not JsonTokenType.EndArray)
            {
                if (++_points > MaxPoints) throw Fault(reader, $"the map has more than {MaxPoints} points");
                var point = ReadPosition(ref reader);
                first ??= point;
                if (point != last) ring.Add(point);
                last = point;
            }
            if (ring.Count > 1 && ring[^1] == ring[0]) ring.RemoveAt(ring.Count - 1);
            else if (ring.Count > 2) warnings.Add(new DataWarning(LineOf(start), "A ring that does not end where it began was closed."));
            return [.. ring];
        }

        private GridPoint ReadPosition(ref Utf8JsonReader reader)
        {
            ExpectArray(reader);
            var longitude = ReadNumber(ref reader);
            var latitude = ReadNumber(ref reader);
            while (reader.Read() && reader.TokenType is JsonTokenType.Number) { } // height
            if (reader.TokenType is not JsonTokenType.EndArray) throw Fault(reader, "a position is a list of numbers");
            if (!(Math.Abs(longitude) <= 180 && Math.Abs(latitude) <= 90)) throw Fault(reader, "a position is not in degrees of longitude and latitude");
            return GridPoint.Of(longitude, latitude);
        }

        private double ReadNumber(ref Utf8JsonReader reader)
        {
            reader.Read();
            if (reader.TokenType is not JsonTokenType.Number || !reader.TryGetDouble(out var value)) throw Fault(reader, "a number is expected");
            return value;
        }

        /// <summary>Old files name their coordinates; others than longitude and latitude of WGS 84 would land elsewhere.</summary>
        private void CheckCrs(Utf8JsonReader reader)
        {
            var start = reader;
            if (reader.TokenType is JsonTokenType.Null) return;
            var depth = reader.CurrentDepth;
            while (reader.Read() && reader.CurrentDepth > depth)
            {
                if (reader.TokenType is not JsonTokenType.PropertyName || !reader.ValueTextEquals("name"u8)) continue;
                reader.Read();
                var name = reader.TokenType is JsonTokenType.String ? reader.GetString()! : "";
                if (name.EndsWith("CRS84", StringComparison.Ordinal) || name.EndsWith(":4326", StringComparison.Ordinal)) return;
            }
            throw Fault(start, "the coordinates are not of CRS84");
        }

        private void ExpectArray(Utf8JsonReader reader)
        {
            if (reader.TokenType is not JsonTokenType.StartArray) throw Fault(reader, "a list is expected");
        }

        private static string Short(string? text) => text is null ? "" : Node.Shown(text);

        /// <summary>Counted on from the last one: a map of a million slips is counted once.</summary>
        private int LineOf(Utf8JsonReader reader)
        {
            var at = (int)reader.TokenStartIndex;
            if (at < _counted.At) _counted = (0, 1);
            _counted = (at, _counted.Line + _json[_counted.At..at].Count((byte)'\n'));
            return _counted.Line;
        }

        public DataException Fault(Utf8JsonReader reader, string what) => new($"{what}.", LineOf(reader));
    }
}
