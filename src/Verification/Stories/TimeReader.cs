namespace Understory.Verification;

/// <summary>Under which key a time stands.</summary>
internal enum TimeRole
{
    When,
    From,
    Until,
}

/// <summary>Reads <c>when:</c>, <c>from:</c> and <c>until:</c> of one claim: dates, phrases, relations, lists.</summary>
internal sealed class TimeReader(string claim, bool isStay, ClaimNames names, DateReader dates, Facts? facts, Faults faults)
{
    private const string FactMark = "fact:";

    private static readonly string[] s_keys = ["after", "before", "by", "within", "same_day_as", "all", "any"];

    /// <summary>Reads a time; null where nothing stands there, or with a fault.</summary>
    public When? Read(Node? node, TimeRole role) => node switch
    {
        null => null,
        Node.Scalar words => Said(words, role),
        Node.List list => Several(list, role, all: true),
        _ => Relation(node, role),
    };

    private When? Several(Node.List list, TimeRole role, bool all)
    {
        if (list.Items.Count == 0)
        {
            faults.Add("A list of times has at least one.", list.At);
            return null;
        }
        var several = list.Items.Select(item => Read(item, role)).OfType<When>().ToList();
        // With one missing there is a fault already; with one only, it is that one.
        return several.Count == 1 ? several[0] : all ? new When.All(several, list.At) : new When.Any(several, list.At);
    }

    private When.Said? Said(Node.Scalar words, TimeRole role)
    {
        if (string.IsNullOrWhiteSpace(words.Text))
        {
            faults.Add("Here a date is missing.", words.At);
            return null;
        }
        var phrase = dates.Read(words);
        // "From: since May" says May, and so does "until: till the end of May"; "from: after May" may be any day of the years to come.
        if (role == TimeRole.From && phrase is Phrase.Span { From: { } start, Until: null, NamesEdge: true }) phrase = start with { Words = phrase.Words };
        if (role == TimeRole.Until && phrase is Phrase.Span { From: null, Until: { } end, NamesEdge: true }) phrase = end with { Words = phrase.Words };
        switch (phrase)
        {
            case Phrase.Offset offset:
                var key = offset.IsEarlier ? "before" : "after";
                faults.Add($"'{Node.Shown(words.Text)}' is said of something else: name the claim, as {{ {key}: CLAIM, by: … }}.", words.At);
                return null;
            case Phrase.Lasting:
                faults.Add($"'{Node.Shown(words.Text)}' says how long and not when: {(isStay ? "a stay has 'for'" : "only a stay has a length, under 'for'")}.", words.At);
                return null;
            case Phrase.YearOf when !names.ServiceBegins:
                faults.Add($"'{Node.Shown(words.Text)}' counts from when service began, and no claim tells of that (conscripted, mobilised, contract-signed).", words.At);
                return null;
            case null:
                return null;
            default:
                return new When.Said(phrase, words.At);
        }
    }

    private When? Relation(Node node, TimeRole role)
    {
        var fields = Fields.Of(node, "a time", s_keys, faults);
        var map = (Node.Map)node;
        var relations = fields.Of("after", "before", "within", "same_day_as", "all", "any");
        if (relations.Count == 0)
        {
            if (map.Entries.Count == 0 || fields.Has("by")) faults.Add("Here a relation is missing: { after: CLAIM }, { before: CLAIM }, { within: STAY }, { same_day_as: EVENT }.", node.At);
            return null;
        }
        var distance = Distance(fields);
        var several = new List<When>();
        foreach (var key in relations)
        {
            if (key is "all" or "any")
            {
                if (fields[key] is Node.List list && Several(list, role, all: key == "all") is { } each) several.Add(each);
                else if (fields[key] is not Node.List) faults.Add($"'{key}' has a list of times.", fields[key]!.At);
                continue;
            }
            // A list of claims means all of them, as everywhere.
            var of = fields[key] is Node.List many ? many.Items : [fields[key]!];
            if (of.Count == 0) faults.Add($"'{key}' names a claim.", fields[key]!.At);
            foreach (var one in of) if (Reference(one, key, role) is { } reference) several.Add(Make(key, reference, distance, one.At));
        }
        return several.Count switch
        {
            0 => null,
            1 => several[0],
            _ => new When.All(several, node.At),
        };
    }

    private Amount? Distance(Fields fields)
    {
        if (!fields.Has("by")) return null;
        var of = fields.Of("after", "before");
        if (of.Count != 1 || fields[of[0]] is Node.List) faults.Add("'by' needs one claim that it counts from: { after: CLAIM, by: two months }.", fields["by"]!.At);
        return fields.Scalar("by") is { } words ? dates.Length(words) : null;
    }

    private static When Make(string key, Reference of, Amount? by, Position at) => key switch
    {
        "after" => new When.After(of, by, at),
        "before" => new When.Before(of, by, at),
        "within" => new When.Within(of, at),
        _ => new When.SameDayAs(of, at),
    };

    private Reference? Reference(Node node, string key, TimeRole role)
    {
        if (node is not Node.Scalar { Text: { Length: > 0 } text })
        {
            faults.Add($"'{key}' names a claim, or a fact as fact:ID.", node.At);
            return null;
        }
        if (key == "same_day_as" && isStay && role == TimeRole.When)
        {
            faults.Add("'same_day_as' is for events; a stay may have it under 'from' or 'until'.", node.At);
            return null;
        }
        return text.StartsWith(FactMark, StringComparison.Ordinal) ? Fact(text[FactMark.Length..], key, node.At) : Claim(text, key, node.At);
    }

    private Reference? Claim(string id, string key, Position at)
    {
        var fault = id == claim ? "A claim cannot be placed by itself."
            : !names.Has(id) ? $"There is no claim '{Node.Shown(id)}'."
            : key == "within" && !names.IsStay(id) ? $"'within' needs a stay, and '{id}' is an event."
            : key == "same_day_as" && names.IsStay(id) ? $"'same_day_as' needs an event, and '{id}' is a stay."
            : null;
        if (fault is null) return new Reference(id, IsFact: false);
        faults.Add(fault, at);
        return null;
    }

    private Reference? Fact(string id, string key, Position at)
    {
        var known = facts?.Find(id);
        var fault = id.Length is 0 or > ClaimNames.MaxLength ? "A fact is named as fact:ID."
            : facts is not null && known is null ? $"There is no fact '{Node.Shown(id)}'."
            : key == "within" && known is { Days.Count: 1 } ? $"'within' needs something with two ends, and the fact '{id}' is one day."
            : key == "same_day_as" && known is { Days.Count: > 1 } ? $"'same_day_as' needs one day, and the fact '{id}' has two ends."
            : null;
        if (fault is null) return new Reference(id, IsFact: true);
        faults.Add(fault, at);
        return null;
    }
}
