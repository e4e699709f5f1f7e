using System.Security.Cryptography;
using Understory.Casework;
using Understory.Desk.Staff;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>What every request finds: the organisation, who is signed in, the texts, the clock.</summary>
internal sealed class Workplace : IDisposable
{
    // Halves of sessions, keys of forms, and what is typed at a sign-in.
    private const int OwnMemory = 128 * 1024;

    /// <exception cref="CaseworkException">The database cannot be opened.</exception>
    /// <exception cref="MemoryNotLockedException">The memory for keys cannot be locked.</exception>
    /// <exception cref="DirectoryNotFoundException">The scripts and styles are not there.</exception>
    public Workplace(DeskOptions options, TimeProvider time, Action<string> say)
    {
        (Options, Time, Say) = (options, time, say);
        Presence = new Presence(time);
        Memory = new LockedMemory(OwnMemory);
        try
        {
            // Better no start than a first sign-in that fails: what one session takes is tried now.
            using (new LockedMemory(options.SessionMemory)) Files = ClientFiles.Read(options.ClientDirectory);
            Organisation = Organisation.Open(options.DataDirectory, time);
        }
        catch
        {
            Memory.Dispose();
            throw;
        }
        FilesVersion = VersionOf(Files);
        Sessions = new Sessions(options, Memory, time);
        FormToken = new FormToken(Memory);
        Pace = new SignInPace(options, Memory, time);
        UnlockPace = new SignInPace(options, Memory, time);
        Organisation.Changed += OnChanged;
        Collecting = new Collecting(options, Organisation, time, say);
        Exporting = new Exporting(options, Organisation, Catalogue, time, say);
    }

    public DeskOptions Options { get; }

    public Organisation Organisation { get; }

    /// <summary>How calling Intake goes.</summary>
    public Collecting Collecting { get; }

    /// <summary>How taking checkpoints off this machine goes.</summary>
    public Exporting Exporting { get; }

    public Sessions Sessions { get; }

    public FormToken FormToken { get; }

    /// <summary>How fast somebody may try passphrases.</summary>
    public SignInPace Pace { get; }

    /// <summary>The same for locked sessions, apart: strangers at the sign-in page must not keep those who are at work from going on.</summary>
    public SignInPace UnlockPace { get; }

    /// <summary>Tells open pages that something changed.</summary>
    public Changes Changes { get; } = new();

    /// <summary>Who is in a case now.</summary>
    public Presence Presence { get; }

    public Catalogue Catalogue { get; } = Catalogue.Of(typeof(Workplace).Assembly);

    public ClientFiles Files { get; }

    /// <summary>Changes when any of the files does.</summary>
    public string FilesVersion { get; }

    public TimeProvider Time { get; }

    /// <summary>The program's own locked memory; small.</summary>
    public LockedMemory Memory { get; }

    /// <summary>Tells the operator a sentence about the machine.</summary>
    public Action<string> Say { get; }

    public void Dispose()
    {
        Organisation.Changed -= OnChanged;
        Sessions.Dispose();
        Pace.Dispose();
        UnlockPace.Dispose();
        Organisation.Dispose();
        Memory.Dispose();
    }

    private void OnChanged(object? sender, EventArgs nothing) => Changes.Signal();

    private static string VersionOf(ClientFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in files.Names.Order(StringComparer.Ordinal)) hash.AppendData(files.HashOf(name)!);
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
