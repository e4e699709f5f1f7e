namespace Understory.Casework;

/// <summary>What somebody may do: a set, as one human may hold several (<c>docs/formats/directory.md</c>, "Roles").</summary>
[Flags]
public enum Roles
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Invites, assigns, approves; sees numbers, and the content only of cases shared with them.</summary>
    Coordinator = 1,

    /// <summary>Works the cases that were opened to them.</summary>
    Caseworker = 2,

    /// <summary>Verification and exclusion review; never of a case they work.</summary>
    Reviewer = 4,

    /// <summary>A lawyer, psychologist, interpreter, doctor: what a referral opens to them, until it ends.</summary>
    Volunteer = 8,

    /// <summary>Holds a share of recovery.</summary>
    Officer = 16,

    /// <summary>Installs, backs up, sees health.</summary>
    Operator = 32,

    /// <summary>Reads requests that nobody has decided about.</summary>
    Triage = 64,
}

/// <summary>What follows from roles.</summary>
public static class RoleRules
{
    /// <summary>Every role that there is.</summary>
    public const Roles All = Roles.Coordinator | Roles.Caseworker | Roles.Reviewer | Roles.Volunteer | Roles.Officer | Roles.Operator | Roles.Triage;

    /// <summary>Those who know colleagues by their names.</summary>
    public const Roles Staff = Roles.Coordinator | Roles.Caseworker | Roles.Reviewer;

    /// <summary>The roles of a set, one by one.</summary>
    public static IEnumerable<Roles> Each(this Roles roles) => Enum.GetValues<Roles>().Where(role => role != Roles.None && roles.HasFlag(role));

    /// <summary>Whether it has any of these.</summary>
    public static bool HasAny(this Roles roles, Roles any) => (roles & any) != Roles.None;

    /// <summary>Who nobody can be: triage without a role that works cases, a volunteer among the staff.</summary>
    /// <returns>What is wrong, in a sentence; null where nothing is.</returns>
    public static string? Fault(Roles roles)
    {
        if (roles == Roles.None) return "Somebody without a role cannot do anything: choose at least one.";
        if ((roles & ~All) != Roles.None) return "There is no such role.";
        if (roles.HasFlag(Roles.Triage) && !roles.HasAny(Roles.Coordinator | Roles.Caseworker)) return "Only coordinators and caseworkers read new requests.";
        return roles.HasFlag(Roles.Volunteer) && roles.HasAny(Staff) ? "A volunteer sees what a referral opens, and staff see more: choose one of them." : null;
    }
}
