using BenchmarkDotNet.Attributes;
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
