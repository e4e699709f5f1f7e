namespace Understory.Verification;

/// <summary>The names of all claims, and which are stays: references may point forward and in circles.</summary>
internal sealed class ClaimNames
{
    /// <summary>Longer names tell nobody anything.</summary>
    public const int MaxLength = 64;

    private readonly Dictionary<string, bool> _stays = new(StringComparer.Ordinal);

    /// <summary>Whether some claim begins service, from which years of it can be counted.</summary>
    public bool ServiceBegins { get; private set; }

    /// <summary>Names in the order of the story.</summary>
    public IEnumerable<string> All => _stays.Keys;

    /// <summary>Collects them; a name twice is a fault.</summary>
    public static ClaimNames Of(Node.List claims, Faults faults)
    {
        var names = new ClaimNames();
        foreach (var claim in claims.Items.OfType<Node.Map>())
        {
            var (id, kind) = (Find(claim, "id"), Find(claim, "kind")?.Text);
            if (kind is "conscripted" or "mobilised" or "contract-signed") names.ServiceBegins = true;
            if (id is null || !IsName(id.Text)) continue;
            if (!names._stays.TryAdd(id.Text, kind == "stay")) faults.Add($"There are two claims with the id '{id.Text}'.", id.At);
        }
        return names;
    }

    /// <summary>Whether there is such a claim.</summary>
    public bool Has(string id) => _stays.ContainsKey(id);

    /// <summary>Whether it is a stay.</summary>
    public bool IsStay(string id) => _stays.GetValueOrDefault(id);

    /// <summary>Letters of any script, digits, <c>-</c>, <c>_</c> and <c>.</c>; a colon would look like a fact.</summary>
    public static bool IsName(string id) => id.Length is > 0 and <= MaxLength && id.All(sign => char.IsLetterOrDigit(sign) || sign is '-' or '_' or '.');

    private static Node.Scalar? Find(Node.Map claim, string key) => claim.Entries.FirstOrDefault(entry => entry.Key.Text == key).Value as Node.Scalar;
}
