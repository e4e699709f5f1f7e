using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Bench;

/// <summary>Rates of what is done once per message, key or sign-in.</summary>
public class PrimitivesBench : IDisposable
{
    private readonly LockedMemory _memory = new();
    private readonly byte[] _seed = RandomNumberGenerator.GetBytes(64);
    private readonly byte[] _encapsulationKey = new byte[1184];
    private readonly byte[] _ciphertext = new byte[1088];
    private readonly byte[] _shared = new byte[32];
    private readonly byte[] _point = new byte[32];
    private readonly byte[] _signature = new byte[64];
    private readonly byte[] _publicKey = new byte[32];
    private readonly byte[] _salt = new byte[16];
    private readonly byte[] _message = new byte[512];
    private HybridIdentity _identity = null!;
    private Recipient _recipient = null!;
    private byte[] _sealedMessage = [];
    private Receipt _receipt = null!;

    [GlobalSetup]
    public void SetUp()
    {
        Primitives.MlKemEncapsulationKey(_seed, _encapsulationKey);
        Primitives.MlKemEncapsulate(_encapsulationKey, _ciphertext, _shared);
        Primitives.X25519PublicKey(_seed.AsSpan(0, 32), _point);
        Primitives.Ed25519PublicKey(_seed.AsSpan(0, 32), _publicKey);
        Primitives.Ed25519Sign(_seed.AsSpan(0, 32), _message, _signature);
        _identity = HybridIdentity.Generate(_memory);
        _recipient = _identity.ToRecipient();
        _sealedMessage = AgeFile.Seal(_message, _recipient);
        _receipt = Receipt.Create(WordList.For("uk"), _memory);
    }

    [Benchmark(Description = "ML-KEM-768 key from its seed")]
    public void MlKemKey() => Primitives.MlKemEncapsulationKey(_seed, _encapsulationKey);

    [Benchmark(Description = "ML-KEM-768 encapsulate")]
    public bool MlKemEncapsulate() => Primitives.MlKemEncapsulate(_encapsulationKey, _ciphertext, _shared);

    [Benchmark(Description = "ML-KEM-768 decapsulate from the seed")]
    public void MlKemDecapsulate() => Primitives.MlKemDecapsulate(_seed, _ciphertext, _shared);

    [Benchmark(Description = "X25519")]
    public bool X25519() => Primitives.X25519(_seed.AsSpan(0, 32), _point, _shared);

    [Benchmark(Description = "Ed25519 sign")]
    public void Ed25519Sign() => Primitives.Ed25519Sign(_seed.AsSpan(0, 32), _message, _signature);

    [Benchmark(Description = "Ed25519 verify")]
    public bool Ed25519Verify() => Primitives.Ed25519Verify(_publicKey, _message, _signature);

    [Benchmark(Description = "seal a message of 512 bytes")]
    public byte[] SealMessage() => AgeFile.Seal(_message, _recipient);

    [Benchmark(Description = "open a message of 512 bytes")]
    public byte[] OpenMessage() => AgeFile.Open(_sealedMessage, _identity);

    [Benchmark(Description = "keys of a receipt (Argon2id, 19 MiB)")]
    public void ReceiptKeys() => _receipt.DeriveKeys(new byte[32], _memory).Dispose();

    [Benchmark(Description = "sign-in (Argon2id, 256 MiB)")]
    public void SignIn() => Primitives.Argon2id(_message, _salt, Argon2Cost.SignIn, _shared);

    [GlobalCleanup]
    public void Dispose()
    {
        _memory.Dispose();
        GC.SuppressFinalize(this);
    }
}
