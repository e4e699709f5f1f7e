namespace Understory.Verification;

/// <summary>Reads one claim after the other.</summary>
internal sealed class ClaimReader(ClaimNames names, DateReader dates, Facts? facts, Faults faults)
{
    private const int MaxWords = 10_000;
    private const int MaxUnit = 200;

    private static readonly string[] s_keys = ["id", "says", "kind", "by", "when", "from", "until", "for", "where", "held_by", "unit", "leave", "age"];
    private static readonly Dictionary<string, bool> s_yesNo = new(StringComparer.Ordinal) { ["true"] = true, ["false"] = false };

    private readonly PlaceReader _places = new(faults);

    /// <summary>Reads a claim; null where it has no id. What is wrong goes to the faults.</summary>
    public Claim? Read(Node node)
    {
        var fields = Fields.Of(node, "a claim", s_keys, faults);
        if (node is not Node.Map) return null;
        var id = Id(fields, node);
        var kind = fields.OneOf("kind", StoryWords.Kinds) ?? ClaimKind.Event;
        var isStay = kind == ClaimKind.Stay;
        CheckKind(fields, kind);

        var times = new TimeReader(id ?? "", isStay, names, dates, facts, faults);
        var by = fields.OneOf("by", StoryWords.Jurisdictions);
        var claim = new Claim
        {
            Id = id ?? "",
            Says = fields.Text("says", MaxWords) ?? "",
            Kind = kind,
            By = by ?? Jurisdiction.RU,
            ByIsStated = by is not null,
            When = times.Read(fields["when"], TimeRole.When),
            From = isStay ? times.Read(fields["from"], TimeRole.From) : null,
            Until = isStay ? times.Read(fields["until"], TimeRole.Until) : null,
            For = isStay && fields.Scalar("for") is { } length ? dates.Length(length) : null,
            Where = fields["where"] is { } where ? _places.Read(where) : null,
            HeldBy = fields.OneOf("held_by", StoryWords.Sides),
            Unit = fields.Text("unit", MaxUnit),
            Leave = isStay && (fields.OneOf("leave", s_yesNo) ?? false),
            Age = fields.Whole("age", 0, 120),
            At = node.At,
        };
        return id is null ? null : claim;
    }

    private string? Id(Fields fields, Node node)
    {
        if (!fields.Has("id")) faults.Add("A claim has an id: 'id: …'.", node.At);
        if (fields.Scalar("id") is not { } id) return null;
        if (ClaimNames.IsName(id.Text)) return id.Text;
        faults.Add($"An id has letters, digits, '-', '_' and '.', and at most {ClaimNames.MaxLength} of them.", id.At);
        return null;
    }

    private void CheckKind(Fields fields, ClaimKind kind)
    {
        if (kind != ClaimKind.Stay)
        {
            foreach (var key in fields.Of("from", "until", "for", "leave"))
                faults.Add($"'{key}' belongs to a stay ('kind: stay'); {(key is "from" or "until" ? "an event has 'when'" : "an event is one day")}.", fields[key]!.At);
        }
        if (fields.Has("by") && kind is not (ClaimKind.Conscripted or ClaimKind.Mobilised or ClaimKind.Summons or ClaimKind.ContractSigned))
            faults.Add("'by' says by whose law somebody was called up or signed: it belongs to conscripted, mobilised, summons and contract-signed.", fields["by"]!.At);
        if (fields.Has("held_by") && !fields.Has("where")) faults.Add("'held_by' needs a place: 'where: …'.", fields["held_by"]!.At);
    }
}
