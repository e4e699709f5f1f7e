namespace Understory.App.Tests.Desk;

/// <summary>One organisation for all tests of a class: setting one up takes as long as a sign-in.</summary>
public sealed class SharedOffice : IDisposable
{
    internal Office Office { get; } = Office.Found();

    public void Dispose() => Office.Dispose();
}
