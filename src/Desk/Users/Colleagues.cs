using Understory.Casework;
using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What colleagues are called on one page: by name where the reader knows names, else by role and the beginning of their fingerprint.</summary>
public sealed class Colleagues
{
    private readonly IReadOnlyDictionary<UserId, StaffMember> _byId;

    internal Colleagues(StaffRequest request) => _byId = request.Organisation.Staff.ById(request.Keyring);

    /// <summary>Everybody, those who are here first.</summary>
    public IEnumerable<StaffMember> All => _byId.Values;

    /// <summary>What somebody is called.</summary>
    public string NameOf(Text t, UserId user)
    {
        ArgumentNullException.ThrowIfNull(t);
        return _byId.GetValueOrDefault(user) switch
        {
            null => t["Somebody who is not in the directory"],
            { Name: { } name } => name,
            { IsSelf: true } => t["You"],
            var member => $"{RoleNames.Of(t, member.User.Roles)} {member.User.Fingerprint[..5]}",
        };
    }

    /// <summary>What somebody is called who may not be known.</summary>
    public string NameOf(Text t, UserId? user)
    {
        ArgumentNullException.ThrowIfNull(t);
        return user is { } known ? NameOf(t, known) : t["Somebody who is not in the directory"];
    }

    /// <summary>What the owner of a key is called; null where the directory does not know it.</summary>
    public string? NameOf(Text t, PublicKey author) => _byId.Values.FirstOrDefault(member => member.User.Signs(author)) is { } member ? NameOf(t, member.User.Id) : null;
}
