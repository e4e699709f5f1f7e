using System.Buffers.Binary;
using System.Globalization;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>Keys of a user, and where in the organisation's log they begin and end to count.</summary>
/// <param name="Author">What they sign with.</param>
/// <param name="Recipient">What wraps are sealed to.</param>
/// <param name="From">The leaf of the entry that brought them.</param>
/// <param name="To">The leaf of the entry that ended them; null while they count.</param>
internal sealed record UserKeys(PublicKey Author, HybridRecipient Recipient, long From, long? To = null);

/// <summary>Somebody who works here, or did, as the directory has them. Names stand elsewhere.</summary>
/// <param name="Id">Who, for ever.</param>
/// <param name="Roles">What they may do.</param>
/// <param name="First">The first day of it, since 1970-01-01.</param>
/// <param name="Last">The last day; null: without end.</param>
/// <param name="Enrolled">When they were enrolled.</param>
/// <param name="EnrolledBy">By whom.</param>
/// <param name="Left">When they left; null while they are here.</param>
public sealed record DirectoryUser(UserId Id, Roles Roles, int First, int? Last, DateTimeOffset Enrolled, UserId EnrolledBy, DateTimeOffset? Left = null)
{
    /// <summary>Who they are in journals.</summary>
    public PublicKey Author => Current.Author;

    /// <summary>When they last got new keys in place of old ones; null if they never did.</summary>
    public DateTimeOffset? Rekeyed { get; internal init; }

    /// <summary>Who last changed their roles or days, or enrolled them.</summary>
    public LastChange? Set { get; internal init; }

    /// <summary>Whether a key is or was theirs.</summary>
    public bool Signs(PublicKey author) => Keys.Any(keys => keys.Author == author);

    internal HybridRecipient Recipient => Current.Recipient;

    /// <summary>Their keys, the oldest first.</summary>
    internal IReadOnlyList<UserKeys> Keys { get; init; } = [];

    internal UserKeys Current => Keys[^1];

    internal Appointment? Appointment { get; init; }

    /// <summary>Their roles from a place of the log on, the oldest first.</summary>
    internal IReadOnlyList<(long Leaf, Roles Roles)> History { get; init; } = [];

    /// <summary>As they were at a place of the log: what somebody did as a caseworker stays right when they are one no longer.</summary>
    internal DirectoryUser At(long leaf) => this with { Roles = History.Last(each => each.Leaf <= leaf).Roles };

    /// <summary>Six numbers to compare aloud: they name this user's keys.</summary>
    public string Fingerprint => FingerprintOf(Author, Recipient);

    /// <summary>Whether their days hold a day.</summary>
    public bool IsHere(int day) => Left is null && day >= First && (Last is null || day <= Last);

    /// <summary>Whether they may do something on a day.</summary>
    public bool May(Roles any, int day) =>
        IsHere(day) && Roles.HasAny(any) && (!any.HasFlag(Roles.Coordinator) || (Roles & any) != Roles.Coordinator || IsAppointed(day));

    /// <summary>Why this is safe: 96 bits; to put other keys in somebody's place, somebody would have to find others with this very number.</summary>
    internal static string FingerprintOf(PublicKey author, HybridRecipient recipient)
    {
        var hash = Digest.Of([.. "understory/fingerprint/v1\0"u8, .. author.ToArray(), .. recipient.PublicKey]).ToArray();
        return string.Join(' ', Enumerable.Range(0, 6).Select(at => BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(2 * at)).ToString("D5", CultureInfo.InvariantCulture)));
    }

    internal bool IsAppointed(int day) => Appointment is { } appointment && day >= appointment.Days.First && day <= appointment.Days.Last;
}

/// <summary>What the directory says about recovery.</summary>
/// <param name="Recipient">Whom it is sealed to.</param>
/// <param name="Threshold">How many shares open it.</param>
/// <param name="Officers">Who holds each share; null: somebody who is not a user.</param>
/// <param name="Since">Since when.</param>
internal sealed record RecoveryState(HybridRecipient Recipient, int Threshold, IReadOnlyList<UserId?> Officers, DateTimeOffset Since);
