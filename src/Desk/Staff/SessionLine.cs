namespace Understory.Desk.Staff;

/// <summary>A session in the list of one's own.</summary>
/// <param name="Id">Names it in the form that ends it.</param>
/// <param name="Began">When it began.</param>
/// <param name="LastUsed">When something was asked for last.</param>
/// <param name="IsLocked">Whether it waits for the passphrase.</param>
/// <param name="IsThis">Whether it is the one that looks.</param>
public sealed record SessionLine(string Id, DateTimeOffset Began, DateTimeOffset LastUsed, bool IsLocked, bool IsThis);
