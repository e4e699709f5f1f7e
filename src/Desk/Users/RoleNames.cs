using Understory.Casework;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What roles and parts of a case are called.</summary>
internal static class RoleNames
{
    /// <summary>A set of roles, in one line.</summary>
    public static string Of(Text t, Roles roles) => string.Join(", ", roles.Each().Select(role => One(t, role)));

    /// <summary>One role.</summary>
    public static string One(Text t, Roles role) => role switch
    {
        Roles.Coordinator => t["Coordinator"],
        Roles.Caseworker => t["Caseworker"],
        Roles.Reviewer => t["Reviewer"],
        Roles.Volunteer => t["Volunteer"],
        Roles.Officer => t["Officer"],
        Roles.Operator => t["Operator"],
        Roles.Triage => t["Reads new requests"],
        _ => "",
    };

    /// <summary>What somebody with a role does, in a line.</summary>
    public static string Hint(Text t, Roles role) => role switch
    {
        Roles.Coordinator => t["Invites and assigns. Reads only the cases that are opened to them."],
        Roles.Caseworker => t["Reads and works the cases that are opened to them."],
        Roles.Reviewer => t["Checks stories and reviews; never a case that they work."],
        Roles.Volunteer => t["Lawyer, psychologist, interpreter, doctor: reads the part of a case that is opened to them, until a day."],
        Roles.Officer => t["Holds a share of recovery. Reads nothing."],
        Roles.Operator => t["Runs the machines. Reads nothing."],
        Roles.Triage => t["Reads requests that nobody has decided about, and admits them."],
        _ => "",
    };
}
