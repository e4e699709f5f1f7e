using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>Sealing and opening in memory: what the format costs without a disk, beside the bare cipher, its physical limit.</summary>
public class ThroughputBench : IDisposable
{
    private const int Size = 64 * 1024 * 1024;
    private readonly LockedMemory _memory = new();
    private readonly byte[] _content = RandomNumberGenerator.GetBytes(Size);
    private readonly byte[] _output = new byte[Size + Size / 1024];
    private readonly ChaCha20Poly1305 _cipher = new(RandomNumberGenerator.GetBytes(32));
    private HybridIdentity _identity = null!;
    private Recipient _recipient = null!;
    private byte[] _sealed = [];

    [Params(1, 2)]
    public int Workers { get; set; }

    [GlobalSetup]
    public void SetUp()
    {
        _identity = HybridIdentity.Generate(_memory);
        _recipient = _identity.ToRecipient();
        _sealed = AgeFile.Seal(_content, _recipient);
    }

    [Benchmark(Description = "the bare cipher, 64 MiB in 64 KiB")]
    public void Cipher()
    {
        Span<byte> nonce = stackalloc byte[12];
        Span<byte> tag = stackalloc byte[16];
        for (var at = 0; at < Size; at += 64 * 1024)
        {
            nonce[11]++;
            _cipher.Encrypt(nonce, _content.AsSpan(at, 64 * 1024), _output.AsSpan(at, 64 * 1024), tag);
        }
    }

    [Benchmark(Description = "seal 64 MiB")]
    public Task Seal() =>
        AgeFile.SealAsync(new MemoryStream(_content), new MemoryStream(_output), [_recipient], new() { Workers = Workers });

    [Benchmark(Description = "open 64 MiB")]
    public Task Open() =>
        AgeFile.OpenAsync(new MemoryStream(_sealed), new MemoryStream(_output), [_identity], new() { Workers = Workers });

    [GlobalCleanup]
    public void Dispose()
    {
        _memory.Dispose();
        _cipher.Dispose();
        GC.SuppressFinalize(this);
    }
}
