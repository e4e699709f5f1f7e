using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>What is sealed opens, and nothing that was changed does.</summary>
public sealed class AgeFileTests : IDisposable
{
    private readonly LockedMemory _memory = new();
    private readonly HybridIdentity _marta;
    private readonly HybridIdentity _ihor;
    private readonly X25519Identity _classic;

    public AgeFileTests()
    {
        _marta = HybridIdentity.Generate(_memory);
        _ihor = HybridIdentity.Generate(_memory);
        _classic = X25519Identity.Generate(_memory);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<int, bool, int> Shapes()
    {
        var shapes = new TheoryData<int, bool, int>();
        const int Chunk = Payload.ChunkSize;
        foreach (var size in new[] { 0, 1, 47, 48, 49, Chunk - 1, Chunk, Chunk + 1, 2 * Chunk, 8 * Chunk - 1, 8 * Chunk, 8 * Chunk + 1, 40 * Chunk + 17 })
        {
            foreach (var armor in new[] { false, true })
            {
                foreach (var workers in new[] { 1, 2, 5 }) shapes.Add(size, armor, workers);
            }
        }
        return shapes;
    }

    [Theory, MemberData(nameof(Shapes))]
    public async Task What_is_sealed_opens(int size, bool armor, int workers)
    {
        var content = RandomNumberGenerator.GetBytes(size);
        using var file = new MemoryStream();
        // A stream that gives few bytes at a time, as a socket does.
        await AgeFile.SealAsync(new DribblingStream(content), file, [_marta.ToRecipient()], new() { Armor = armor, Workers = workers }, Cancel);
        file.Position = 0;
        using var opened = new MemoryStream();
        await AgeFile.OpenAsync(new DribblingStream(file.ToArray()), opened, [_marta], new() { Workers = workers }, Cancel);
        opened.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();

        if (armor) return;
        AgeFile.Open(file.ToArray(), _marta).AsSpan().SequenceEqual(content).ShouldBeTrue();
        var inspection = await AgeFile.InspectAsync(new MemoryStream(file.ToArray()), Cancel);
        inspection.ContentLength.ShouldBe(size);
        inspection.IsPostQuantum.ShouldBe(true);
    }

    [Fact]
    public void Every_recipient_opens_and_a_stranger_does_not()
    {
        var file = AgeFile.Seal("hello"u8, _marta.ToRecipient(), _ihor.ToRecipient());
        AgeFile.Open(file, _marta).ShouldBe("hello"u8.ToArray());
        AgeFile.Open(file, _classic, _ihor).ShouldBe("hello"u8.ToArray());
        using var stranger = HybridIdentity.Generate(_memory);
        Should.Throw<SealingException>(() => AgeFile.Open(file, stranger)).Fault.ShouldBe(SealingFault.NoIdentityFits);
    }

    [Fact]
    public void A_passphrase_opens_what_it_sealed()
    {
        var right = new PassphraseIdentity(_memory.Copy("сім слів"u8));
        var wrong = new PassphraseIdentity(_memory.Copy("сім снів"u8));
        var file = AgeFile.Seal("hello"u8, new PassphraseRecipient(_memory.Copy("сім слів"u8), workFactor: 15));
        AgeFile.Open(file, right).ShouldBe("hello"u8.ToArray());
        Should.Throw<SealingException>(() => AgeFile.Open(file, wrong)).Fault.ShouldBe(SealingFault.NoIdentityFits);
        Should.Throw<SealingException>(() => AgeFile.Open(file, _marta)).Message.ShouldContain("passphrase");
    }

    [Fact]
    public void A_weak_or_absurd_work_factor_cannot_be_asked_for()
    {
        using var passphrase = _memory.Copy("x"u8);
        Should.Throw<ArgumentOutOfRangeException>(() => new PassphraseRecipient(passphrase, 14));
        Should.Throw<ArgumentOutOfRangeException>(() => new PassphraseRecipient(passphrase, 21));
    }

    [Theory]
    [InlineData("21"), InlineData("22"), InlineData("30"), InlineData("64"), InlineData("99999999999999999999")]
    public void A_file_cannot_ask_for_the_whole_machine(string workFactor)
    {
        var file = Encoding.Latin1.GetString(AgeFile.Seal("x"u8, new PassphraseRecipient(_memory.Copy("x"u8), 15)))
            .Replace(" 15\n", $" {workFactor}\n", StringComparison.Ordinal);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<SealingException>(() => AgeFile.Open(Encoding.Latin1.GetBytes(file), new PassphraseIdentity(_memory.Copy("x"u8))))
            .Fault.ShouldBe(SealingFault.TooCostly);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1024 * 1024);
    }

    [Fact]
    public void Kinds_are_never_sealed_to_together()
    {
        void Mixed(params Recipient[] recipients) =>
            Should.Throw<SealingException>(() => AgeFile.Seal("x"u8, recipients)).Fault.ShouldBe(SealingFault.MixedRecipients);

        var passphrase = new PassphraseRecipient(_memory.Copy("x"u8), 15);
        Mixed();
        Mixed(_marta.ToRecipient(), _classic.ToRecipient());
        Mixed(passphrase, passphrase);
        Mixed(passphrase, _marta.ToRecipient());
    }

    [Fact]
    public void A_recipient_of_low_order_cannot_be_sealed_to() =>
        Should.Throw<SealingException>(() => AgeFile.Seal("x"u8, new X25519Recipient(new byte[32]))).Fault.ShouldBe(SealingFault.BadKey);

    [Fact]
    public void Every_flipped_bit_is_noticed()
    {
        var content = RandomNumberGenerator.GetBytes(100);
        var file = AgeFile.Seal(content, _classic.ToRecipient());
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            file[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<SealingException>(() => AgeFile.Open(file, _classic), $"bit {bit}");
            file[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        AgeFile.Open(file, _classic).ShouldBe(content);
    }

    [Fact]
    public async Task Every_truncation_is_noticed_and_releases_only_what_was_verified()
    {
        var content = RandomNumberGenerator.GetBytes(2 * Payload.ChunkSize + 5);
        var file = AgeFile.Seal(content, _marta.ToRecipient());
        var header = file.Length - 16 - content.Length - 3 * Payload.TagSize;
        int[] lengths =
        [
            .. Enumerable.Range(0, header + 40),
            header + 16 + Payload.SealedChunkSize - 1, header + 16 + Payload.SealedChunkSize, header + 16 + Payload.SealedChunkSize + 1,
            header + 16 + 2 * Payload.SealedChunkSize, file.Length - 1,
        ];
        foreach (var length in lengths)
        {
            using var released = new MemoryStream();
            await Should.ThrowAsync<SealingException>(
                () => AgeFile.OpenAsync(new MemoryStream(file, 0, length), released, [_marta], null, Cancel), $"{length} bytes");
            content.AsSpan().StartsWith(released.ToArray()).ShouldBeTrue();
        }
    }

    [Fact]
    public void Chunks_that_were_swapped_repeated_or_taken_from_another_file_are_refused()
    {
        var content = new byte[3 * Payload.ChunkSize];
        var file = AgeFile.Seal(content, _marta.ToRecipient());
        var other = AgeFile.Seal(content, _marta.ToRecipient());
        var start = file.Length - 3 * Payload.SealedChunkSize;
        Span<byte> Chunk(byte[] of, int number) => of.AsSpan(start + number * Payload.SealedChunkSize, Payload.SealedChunkSize);

        byte[] Changed(Action<byte[]> change)
        {
            var copy = file.ToArray();
            change(copy);
            return copy;
        }

        byte[][] all =
        [
            Changed(copy => { Chunk(file, 0).CopyTo(Chunk(copy, 1)); Chunk(file, 1).CopyTo(Chunk(copy, 0)); }),
            Changed(copy => Chunk(file, 0).CopyTo(Chunk(copy, 1))),
            Changed(copy => Chunk(other, 1).CopyTo(Chunk(copy, 1))),
            [.. file, .. Chunk(file, 2)],
            [.. file, 0],
            [.. file[..start], .. other[start..]],
            [.. file[..(start - 16)], .. other[(start - 16)..]],
        ];
        foreach (var bad in all) Should.Throw<SealingException>(() => AgeFile.Open(bad, _marta)).Part.ShouldBe(SealingPart.Payload);
    }

    [Fact]
    public void A_stanza_moved_to_another_file_does_not_open_it()
    {
        var file = Encoding.Latin1.GetString(AgeFile.Seal("one"u8, _marta.ToRecipient()));
        var other = Encoding.Latin1.GetString(AgeFile.Seal("two"u8, _ihor.ToRecipient()));
        var moved = file[..file.IndexOf("---", StringComparison.Ordinal)] + other[other.IndexOf("---", StringComparison.Ordinal)..];
        var fault = Should.Throw<SealingException>(() => AgeFile.Open(Encoding.Latin1.GetBytes(moved), _marta));
        fault.Fault.ShouldBe(SealingFault.Tampered);
        fault.Part.ShouldBe(SealingPart.Header);
    }

    [Fact]
    public void Files_that_others_mixed_and_greased_open()
    {
        // As another tool would write it: both kinds, and stanzas that are nobody's.
        var fileKey = RandomNumberGenerator.GetBytes(AgeHeader.FileKeySize);
        var nonce = RandomNumberGenerator.GetBytes(Payload.NonceSize);
        var header = AgeHeader.Write(
            [
                new Stanza("0-grease", ["%x", "{y}"], new byte[48]),
                _classic.ToRecipient().Wrap(fileKey),
                _marta.ToRecipient().Wrap(fileKey),
                new Stanza("example.com/enigma", [], []),
            ],
            fileKey);
        using var cipher = Payload.CreateCipher(fileKey, nonce);
        var chunk = new byte[5 + Payload.TagSize];
        Payload.Seal(cipher, 0, final: true, "mixed"u8, chunk);
        byte[] file = [.. header, .. nonce, .. chunk];
        AgeFile.Open(file, _marta).ShouldBe("mixed"u8.ToArray());
        AgeFile.Open(file, _classic).ShouldBe("mixed"u8.ToArray());

        // Grease that was put in afterwards is a change like any other.
        var greased = Encoding.Latin1.GetString(file).Replace("-> X25519", "-> 1-grease\n\n-> X25519", StringComparison.Ordinal);
        Should.Throw<SealingException>(() => AgeFile.Open(Encoding.Latin1.GetBytes(greased), _classic)).Fault.ShouldBe(SealingFault.Tampered);
    }

    [Fact]
    public void Two_seals_of_one_content_share_nothing()
    {
        var one = AgeFile.Seal(new byte[1000], _marta.ToRecipient());
        var two = AgeFile.Seal(new byte[1000], _marta.ToRecipient());
        one.AsSpan(^1000).SequenceEqual(two.AsSpan(^1000)).ShouldBeFalse();
        one.AsSpan(100, 64).SequenceEqual(two.AsSpan(100, 64)).ShouldBeFalse();
    }

    [Fact]
    public void A_wrapped_key_opens_into_locked_memory()
    {
        var key = RandomNumberGenerator.GetBytes(32);
        using var opened = AgeFile.OpenSecret(AgeFile.Seal(key, _marta.ToRecipient()), 32, _memory, _marta);
        opened.FixedTimeEquals(key).ShouldBeTrue();

        // Something else in its place is refused before it takes room.
        var used = _memory.Used;
        foreach (var length in new[] { 0, 31, 33, 60_000 })
            Should.Throw<SealingException>(() => AgeFile.OpenSecret(AgeFile.Seal(new byte[length], _marta.ToRecipient()), 32, _memory, _marta));
        Should.Throw<SealingException>(() => AgeFile.OpenSecret(AgeFile.Seal(key, _marta.ToRecipient()), 32, _memory, _ihor));
        _memory.Used.ShouldBe(used);
    }

    [Theory, InlineData(1), InlineData(3)]
    public async Task A_fault_of_the_target_ends_the_work_and_is_passed_on(int workers)
    {
        var options = new SealOptions { Workers = workers };
        Task Seal(Stream content, Stream output, CancellationToken cancel) =>
            AgeFile.SealAsync(content, output, [_marta.ToRecipient()], options, cancel);

        await Should.ThrowAsync<IOException>(() => Seal(new MemoryStream(new byte[20_000_000]), new FullStream(3_000_000), Cancel));
        await Should.ThrowAsync<ObjectDisposedException>(() =>
        {
            var gone = new MemoryStream(new byte[20_000_000]);
            gone.Dispose();
            return Seal(gone, new MemoryStream(), Cancel);
        });
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => Seal(new MemoryStream(new byte[20_000_000]), new MemoryStream(), cancelled.Token));
    }

    /// <summary>Many short and long files at once, so that a race in the order of blocks would show.</summary>
    [Fact]
    public async Task Workers_never_mix_up_blocks()
    {
        var random = new Random(20261122);
        for (var n = 0; n < 60; n++)
        {
            var content = new byte[random.Next(3_000_000)];
            random.NextBytes(content);
            using var file = new MemoryStream();
            await AgeFile.SealAsync(new MemoryStream(content), file, [_classic.ToRecipient()], new() { Workers = 1 + n % 9 }, Cancel);
            file.Position = 0;
            using var opened = new MemoryStream();
            await AgeFile.OpenAsync(file, opened, [_classic], new() { Workers = 1 + n * 7 % 9 }, Cancel);
            opened.ToArray().AsSpan().SequenceEqual(content).ShouldBeTrue();
        }
    }

    [Fact]
    public void An_opened_file_of_hundreds_of_recipients_is_read_and_a_longer_header_is_refused()
    {
        var recipients = Enumerable.Repeat(_marta.ToRecipient(), 600).ToList();
        AgeFile.Open(AgeFile.Seal("x"u8, recipients), _marta).ShouldBe("x"u8.ToArray());
        Should.Throw<SealingException>(() => AgeFile.Seal("x"u8, [.. recipients, .. recipients]));
        var endless = Encoding.ASCII.GetBytes("age-encryption.org/v1\n" + string.Concat(Enumerable.Repeat("-> x\n\n", 200_000)));
        Should.Throw<SealingException>(() => AgeFile.Open(endless, _marta)).Fault.ShouldBe(SealingFault.Malformed);
    }

    public void Dispose() => _memory.Dispose();
}
