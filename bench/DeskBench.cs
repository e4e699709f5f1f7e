using BenchmarkDotNet.Attributes;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>What a caseworker waits for, at a Desk with 50,000 cases of which they read 2,000.</summary>
public class DeskBench : IDisposable
{
    private readonly LockedMemory _memory = new(4 << 20);
    private DeskBuilder _desk = null!;
    private Epoch _epoch = null!;
    private byte[] _card = [];
    private int _next;

    [GlobalSetup]
    public void SetUp()
    {
        _desk = new DeskBuilder();
        _epoch = Epoch.Start(CaseId.New(), Compartment.Work, 1, _memory);
        _card = new Card(new Head(_epoch.Case, 1, Digest.Zero), "amber river", 1, 1, 1_790_000_000, 1).Seal(_epoch);
    }

    [Benchmark(Description = "the inbox: 2,000 cases of 50,000")]
    public int Inbox() => _desk.Organisation.Inbox.Read(_desk.Keyring).Cases.Count;

    [Benchmark(Description = "one card alone: HKDF, ChaCha20-Poly1305, CBOR")]
    public int OneCard() => Card.Unseal(_card, _epoch).Unread;

    [Benchmark(Description = "a case of 60 entries")]
    public long OpenCase() => _desk.Organisation.Cases.Find(_desk.Keyring, _desk.Long)!.Head.Sequence;

    [Benchmark(Description = "sign-in but for Argon2id: 16,000 keys, the log")]
    public void SignIn() => _desk.Organisation.Unlock(_desk.SignIn, _memory)!.Dispose();

    [Benchmark(Description = "sign-in but for Argon2id, and the inbox")]
    public int SignInToInbox()
    {
        using var keyring = _desk.Organisation.Unlock(_desk.SignIn, _memory)!;
        return _desk.Organisation.Inbox.Read(keyring).Cases.Count;
    }

    [Benchmark(Description = "opening a case to a colleague, who takes it; ending it")]
    public int GrantAndRevoke()
    {
        var (@case, access) = (_desk.Conversations[1 + _next++ % (_desk.Conversations.Count - 1)], _desk.Organisation.Access);
        access.Grant(_desk.Keyring, @case, _desk.Marta.User, [Compartment.Contact, Compartment.Legal], null);
        _desk.Organisation.Receive(_desk.Marta);
        access.Revoke(_desk.Keyring, @case, _desk.Marta.User);
        return _desk.Organisation.Receive(_desk.Marta);
    }

    [Benchmark(Description = "the directory of 302, read and checked")]
    public int Directory() => _desk.Organisation.Store.Read(connection =>
    {
        using var read = DirectoryJournal.Read(_desk.Organisation, connection, _desk.Keyring.Keychain, _desk.Organisation.Places(connection)!.Directory, null, _memory);
        return read.Users.Count;
    });

    [Benchmark(Description = "an answer, on the disk")]
    public long Answer()
    {
        var @case = _desk.Conversations[1 + _next++ % (_desk.Conversations.Count - 1)];
        return _desk.Organisation.Conversations.Answer(_desk.Keyring, @case, 0, "We found a lawyer. Stay where you are.").Head.Sequence;
    }

    [GlobalCleanup]
    public void Dispose()
    {
        _desk?.Dispose();
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
