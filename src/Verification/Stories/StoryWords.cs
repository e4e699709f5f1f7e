using System.Collections.Frozen;

namespace Understory.Verification;

/// <summary>The fixed words of a story, as they are written.</summary>
internal static class StoryWords
{
    /// <summary>Kinds of claims.</summary>
    public static FrozenDictionary<string, ClaimKind> Kinds { get; } = new Dictionary<string, ClaimKind>(StringComparer.Ordinal)
    {
        ["event"] = ClaimKind.Event,
        ["stay"] = ClaimKind.Stay,
        ["conscripted"] = ClaimKind.Conscripted,
        ["mobilised"] = ClaimKind.Mobilised,
        ["summons"] = ClaimKind.Summons,
        ["contract-signed"] = ClaimKind.ContractSigned,
        ["surrendered"] = ClaimKind.Surrendered,
        ["captured"] = ClaimKind.Captured,
        ["exchanged"] = ClaimKind.Exchanged,
        ["deserted"] = ClaimKind.Deserted,
        ["border-crossed"] = ClaimKind.BorderCrossed,
        ["wounded"] = ClaimKind.Wounded,
        ["discharged"] = ClaimKind.Discharged,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>By whose law.</summary>
    public static FrozenDictionary<string, Jurisdiction> Jurisdictions { get; } = Enum.GetValues<Jurisdiction>().ToFrozenDictionary(by => by.ToString(), StringComparer.Ordinal);

    /// <summary>Sides that hold places.</summary>
    public static FrozenDictionary<string, Side> Sides { get; } = Enum.GetValues<Side>().ToFrozenDictionary(side => side.ToString(), StringComparer.Ordinal);

    /// <summary>How a kind is written.</summary>
    public static string Of(ClaimKind kind) => Kinds.First(pair => pair.Value == kind).Key;
}
