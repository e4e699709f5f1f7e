using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Understory.Verification;

/// <summary>Writes a story so that reading gives the same story: as JSON, or as YAML for people.</summary>
public static class StoryWriter
{
    /// <summary>JSON in the shape of the YAML contract.</summary>
    public static byte[] ToJson(Story story)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Json(writer, Tree(story));
        }
        return bytes.ToArray();
    }

    /// <summary>YAML: a line for each key, relations and places as flow maps.</summary>
    public static string ToYaml(Story story)
    {
        var text = new StringBuilder();
        foreach (var (key, value) in (Pairs)Tree(story))
        {
            if (key != "claims")
            {
                text.Append(key).Append(": ").Append(Flow(value)).Append('\n');
                continue;
            }
            text.Append("claims:\n");
            foreach (var claim in ((List<object>)value).Cast<Pairs>())
            {
                for (var i = 0; i < claim.Count; i++) text.Append(i == 0 ? "  - " : "    ").Append(claim[i].Key).Append(": ").Append(Flow(claim[i].Value)).Append('\n');
            }
        }
        return text.ToString();
    }

    private static Pairs Tree(Story story)
    {
        var root = new Pairs { { "story", story.Name }, { "told", DayRange.Iso(story.Told) } };
        var person = new Pairs();
        if (story.Person.Born is { } born) person.Add("born", Edtf(born));
        if (story.Person.Age is { } age) person.Add("age", new Pairs { { "years", Text(age.Years) }, { "on", Edtf(age.On) } });
        if (person.Count > 0) root.Add("person", person);
        if (story.Off.Count > 0) root.Add("constraints", new Pairs { { "off", story.Off.Cast<object>().ToList() } });
        root.Add("claims", story.Claims.Select(object (claim) => Tree(claim)).ToList());
        return root;
    }

    private static Pairs Tree(Claim claim)
    {
        var fields = new Pairs { { "id", claim.Id } };
        if (claim.Says.Length > 0) fields.Add("says", claim.Says);
        if (claim.Kind != ClaimKind.Event) fields.Add("kind", StoryWords.Of(claim.Kind));
        if (claim.ByIsStated) fields.Add("by", claim.By.ToString());
        if (claim.When is { } when) fields.Add("when", Tree(when));
        if (claim.From is { } from) fields.Add("from", Tree(from));
        if (claim.Until is { } until) fields.Add("until", Tree(until));
        if (claim.For is { } length) fields.Add("for", length.Words);
        if (claim.Where is { } where) fields.Add("where", Tree(where));
        if (claim.HeldBy is { } side) fields.Add("held_by", side.ToString());
        if (claim.Unit is { } unit) fields.Add("unit", unit);
        if (claim.Leave) fields.Add("leave", "true");
        if (claim.Age is { } age) fields.Add("age", Text(age));
        return fields;
    }

    private static object Tree(When when) => when switch
    {
        When.Said said => said.Phrase.Words,
        When.After after => Relation("after", after.Of, after.By),
        When.Before before => Relation("before", before.Of, before.By),
        When.Within within => Relation("within", within.Of, null),
        When.SameDayAs same => Relation("same_day_as", same.Of, null),
        When.All all => new Pairs { { "all", all.Of.Select(Tree).ToList() } },
        When.Any any => new Pairs { { "any", any.Of.Select(Tree).ToList() } },
        _ => throw new ArgumentException("There is no such time.", nameof(when)),
    };

    private static Pairs Relation(string key, Reference of, Amount? by)
    {
        var relation = new Pairs { { key, of.IsFact ? $"fact:{of.Id}" : of.Id } };
        if (by is not null) relation.Add("by", by.Words);
        return relation;
    }

    private static object Tree(PlaceQuery place) => place switch
    {
        PlaceQuery.Named { Within: null } named => named.Name,
        PlaceQuery.Named named => new Pairs { { "name", named.Name }, { "within", named.Within! } },
        PlaceQuery.Point point => new Pairs { { "lat", Text(point.Latitude) }, { "lon", Text(point.Longitude) }, { "radius_km", Text(point.RadiusKm) } },
        PlaceQuery.Katottg code => new Pairs { { "katottg", code.Code } },
        PlaceQuery.Geoname number => new Pairs { { "geoname", number.Number.ToString(CultureInfo.InvariantCulture) } },
        _ => throw new ArgumentException("There is no such place.", nameof(place)),
    };

    /// <summary>Days as EDTF: a day, an interval, or one of several.</summary>
    private static string Edtf(DaySet days) =>
        days.Ranges.Length == 1 ? days.Ranges[0].ToString() : $"[{string.Join(',', days.Ranges.Select(range => range.First == range.Last ? DayRange.Iso(range.First) : $"{DayRange.Iso(range.First)}..{DayRange.Iso(range.Last)}"))}]";

    private static string Text(double number) => number.ToString("0.##########", CultureInfo.InvariantCulture);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Json(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case string text:
                writer.WriteStringValue(text);
                break;
            case List<object> list:
                writer.WriteStartArray();
                foreach (var item in list) Json(writer, item);
                writer.WriteEndArray();
                break;
            case Pairs pairs:
                writer.WriteStartObject();
                foreach (var (key, item) in pairs)
                {
                    writer.WritePropertyName(key);
                    Json(writer, item);
                }
                writer.WriteEndObject();
                break;
        }
    }

    private static string Flow(object value) => value switch
    {
        string text => Scalar(text),
        List<object> list => $"[{string.Join(", ", list.Select(Flow))}]",
        Pairs pairs => $"{{ {string.Join(", ", pairs.Select(pair => $"{pair.Key}: {Flow(pair.Value)}"))} }}",
        _ => throw new ArgumentException("There is no such value.", nameof(value)),
    };

    /// <summary>As it is where that reads well and can mean nothing else; otherwise in double quotes, escaped.</summary>
    private static string Scalar(string text)
    {
        var isPlain = text.Length > 0 && char.IsLetterOrDigit(text[0]) && text[^1] != ' ' && text.All(sign => char.IsLetterOrDigit(sign) || sign is ' ' or '-' or '.' or '/' or '_' or '\'' or 'ʼ' or '’');
        return isPlain ? text : $"\"{string.Concat(text.Select(Escaped))}\"";
    }

    /// <summary>What YAML takes for the end of a line or of the text is escaped; every other character stays.</summary>
    private static string Escaped(char sign) => sign switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\n' => "\\n",
        '\t' => "\\t",
        '\u0085' or '\u2028' or '\u2029' or '\ufeff' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)sign:x4}"),
        _ => sign.ToString(),
    };

    private sealed class Pairs : List<KeyValuePair<string, object>>
    {
        public void Add(string key, object value) => Add(new KeyValuePair<string, object>(key, value));
    }
}
