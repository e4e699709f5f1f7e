using Understory.Journal;

namespace Understory.Casework;

/// <summary>What a case is called in the memory of the running program while somebody has it open.</summary>
public static class Pseudonym
{
    private const int Size = 16;

    /// <summary>
    /// The pseudonym of a case in hexadecimal digits, the same for everybody who may read any part of it; null where the user has no key to it.
    /// </summary>
    /// <remarks>Why this is safe: 128 bits expanded from the case's first key, under a label of its own. Without that key nobody can tell which case it is of.</remarks>
    public static string? Of(Keyring keyring, CaseId id)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            if (keyring.Keychain.All(id, Compartment.Work).LastOrDefault() is not { } first) return null;
            using var name = first.DeriveKey("understory/desk/v1/pseudonym"u8);
            return Convert.ToHexStringLower(name.Span[..Size]);
        }
    }
}
