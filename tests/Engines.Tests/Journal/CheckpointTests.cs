using System.Buffers.Binary;
using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>Checkpoints are what other logs write too, and nobody else signs ours.</summary>
public sealed class CheckpointTests : IDisposable
{
    private const string Origin = "desk.example/log";
    private readonly Office _office = new();

    [Fact]
    public void What_was_signed_is_read()
    {
        foreach (var size in new[] { 0, 1, 15, long.MaxValue })
        {
            var checkpoint = new Checkpoint(Origin, size, Digest.Of([1]));
            var text = checkpoint.Sign(_office.Node);
            text.ShouldStartWith($"{Origin}\n{size}\n{Convert.ToBase64String(Digest.Of([1]).ToArray())}\n\n\u2014 {Origin} ");
            Checkpoint.Open(text, Origin, _office.Node.PublicKey).ShouldBe(checkpoint);
        }
    }

    /// <summary>The log of Tessera: 15 leaves, and a checkpoint for each size.</summary>
    [Fact]
    public void The_log_of_Tessera_has_our_roots_and_our_checkpoints()
    {
        var folder = Vectors.Path("tessera-log", "testdata");
        var verifier = File.ReadAllText(System.IO.Path.Combine(folder, "log.vkey")).Trim().Split('+', 3);
        var key = PublicKey.From(Convert.FromBase64String(verifier[2]).AsSpan(1));
        var log = new Log();
        foreach (var leaf in Bundle(File.ReadAllBytes(System.IO.Path.Combine(folder, "log", "tile", "entries", "000.p", "15")))) log.Append(MerkleTree.LeafHash(leaf));
        log.Size.ShouldBe(15);

        Checkpoint[] checkpoints =
        [
            .. Enumerable.Range(0, 16).Select(size =>
                Checkpoint.Open(File.ReadAllText(System.IO.Path.Combine(folder, "log", $"checkpoint.{size}")), verifier[0], key)),
        ];
        for (var size = 0; size < 16; size++)
        {
            checkpoints[size].ShouldBe(new Checkpoint(verifier[0], size, log.RootAt(size)));
            for (var old = 0; old <= size; old++)
            {
                MerkleTree.VerifyConsistency(old, checkpoints[old].Root, size, checkpoints[size].Root, log.ConsistencyProof(old, size)).ShouldBeTrue();
            }
        }
        Checkpoint.Open(File.ReadAllText(System.IO.Path.Combine(folder, "log", "checkpoint")), verifier[0], key).ShouldBe(checkpoints[15]);
        var tile = File.ReadAllBytes(System.IO.Path.Combine(folder, "log", "tile", "0", "000.p", "15"));
        for (var i = 0; i < 15; i++)
        {
            MerkleTree.VerifyInclusion(Digest.From(tile.AsSpan(i * 32, 32)), i, 15, checkpoints[15].Root, log.InclusionProof(i, 15)).ShouldBeTrue();
        }
    }

    [Fact]
    public void A_checkpoint_of_another_log_or_key_is_refused()
    {
        var text = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node);
        Should.Throw<JournalException>(() => Checkpoint.Open(text, Origin, _office.Ihor.PublicKey)).Fault.ShouldBe(JournalFault.BadSignature);
        Should.Throw<JournalException>(() => Checkpoint.Open(text, "desk.example/logs", _office.Node.PublicKey)).Fault.ShouldBe(JournalFault.Misplaced);
        foreach (var origin in new[] { "", "two words", "a+b", "лог", new string('a', 129), "understory/journal/v1/wrap", "a\nb" })
        {
            Should.Throw<ArgumentException>(() => new Checkpoint(origin, 15, Digest.Zero).Sign(_office.Node), origin);
            Should.Throw<ArgumentException>(() => Checkpoint.Open(text, origin, _office.Node.PublicKey), origin);
        }
    }

    [Fact]
    public void Every_changed_character_before_the_signatures_is_refused()
    {
        var text = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node);
        for (var at = 0; at < text.Length - 1; at++)
        {
            foreach (var with in new[] { 'A', '0', '\n', ' ', '\r', '\0', (char)(text[at] ^ 1) })
            {
                var bent = text[..at] + with + text[(at + 1)..];
                if (bent == text) continue;
                Should.Throw<JournalException>(() => Checkpoint.Open(bent, Origin, _office.Node.PublicKey), $"character {at} as {(int)with}");
            }
            Should.Throw<JournalException>(() => Checkpoint.Open(text[..at], Origin, _office.Node.PublicKey), $"cut at {at}");
        }
    }

    [Fact]
    public void Another_form_of_the_same_is_refused_though_it_is_signed()
    {
        var root = Convert.ToBase64String(Digest.Of([1]).ToArray());
        foreach (var body in new[] { $"{Origin}\n015\n{root}\n", $"{Origin}\n+15\n{root}\n", $"{Origin}\n15\n {root}\n", $"{Origin}\n15\n{root}\nmore\n", $"{Origin}\n-1\n{root}\n", $"{Origin}\n15\n{root[..^4]}\n", $"{Origin}\n9223372036854775808\n{root}\n" })
            Should.Throw<JournalException>(() => Checkpoint.Open(Signed(body), Origin, _office.Node.PublicKey), body).Fault.ShouldBe(JournalFault.Malformed);
        Checkpoint.Open(Signed($"{Origin}\n15\n{root}\n"), Origin, _office.Node.PublicKey).Size.ShouldBe(15);
    }

    [Fact]
    public void Witnesses_may_sign_too_and_do_not_replace_the_log()
    {
        var text = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node);
        var witness = "\u2014 witness.example " + Convert.ToBase64String(new byte[76]) + "\n";
        Checkpoint.Open(text + witness, Origin, _office.Node.PublicKey).Size.ShouldBe(15);
        var body = text[..(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)];
        Checkpoint.Open(body + witness + text[body.Length..], Origin, _office.Node.PublicKey).Size.ShouldBe(15);
        Should.Throw<JournalException>(() => Checkpoint.Open(body + witness, Origin, _office.Node.PublicKey)).Fault.ShouldBe(JournalFault.BadSignature);
        Should.Throw<JournalException>(() => Checkpoint.Open(text + string.Concat(Enumerable.Repeat(witness, 16)), Origin, _office.Node.PublicKey)).Fault.ShouldBe(JournalFault.Malformed);
        Should.Throw<JournalException>(() => Checkpoint.Open(text + "rubbish\n", Origin, _office.Node.PublicKey)).Fault.ShouldBe(JournalFault.Malformed);
    }

    /// <summary>One right signature does not cover for a wrong one under the same name and key.</summary>
    [Fact]
    public void A_wrong_signature_of_the_log_is_refused_beside_a_right_one()
    {
        var text = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node);
        var line = text[(text.IndexOf("\n\n", StringComparison.Ordinal) + 2)..];
        Checkpoint.Open(text + line, Origin, _office.Node.PublicKey).Size.ShouldBe(15);
        var signature = Convert.FromBase64String(line.Split(' ')[2]);
        signature[^1] ^= 1;
        var wrong = $"\u2014 {Origin} {Convert.ToBase64String(signature)}\n";
        foreach (var both in new[] { text + wrong, text[..^line.Length] + wrong + line })
            Should.Throw<JournalException>(() => Checkpoint.Open(both, Origin, _office.Node.PublicKey)).Fault.ShouldBe(JournalFault.BadSignature);
    }

    [Fact]
    public void A_note_has_4096_bytes_and_no_control_characters()
    {
        var text = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node);
        var room = Checkpoint.MaxLength - System.Text.Encoding.UTF8.GetByteCount(text);
        string Witness(int bytes) => "\u2014 " + new string('щ', (bytes - 3 - 1 - 1 - 4 - 1) / 2) + (bytes % 2 == 1 ? "w" : "") + " AAAA\n";
        var full = text + Witness(room);
        System.Text.Encoding.UTF8.GetByteCount(full).ShouldBe(Checkpoint.MaxLength);
        Checkpoint.Open(full, Origin, _office.Node.PublicKey).Size.ShouldBe(15);
        Should.Throw<JournalException>(() => Checkpoint.Open(text + Witness(room + 1), Origin, _office.Node.PublicKey)).Message.ShouldBe("The checkpoint is too long.");
        foreach (var name in new[] { "a\rb", "a\vb", "a\u001fb", "a+b", "a\u00a0b", "" })
            Should.Throw<JournalException>(() => Checkpoint.Open(text + $"\u2014 {name} AAAA\n", Origin, _office.Node.PublicKey), name).Fault.ShouldBe(JournalFault.Malformed);
    }

    public void Dispose() => _office.Dispose();

    private static IEnumerable<byte[]> Bundle(byte[] bundle)
    {
        for (var at = 0; at < bundle.Length;)
        {
            var length = BinaryPrimitives.ReadUInt16BigEndian(bundle.AsSpan(at));
            yield return bundle[(at + 2)..(at + 2 + length)];
            at += 2 + length;
        }
    }

    /// <summary>A body of any form with a right signature, made from one of the right form.</summary>
    private string Signed(string body)
    {
        var line = new Checkpoint(Origin, 15, Digest.Of([1])).Sign(_office.Node).Split('\n')[4];
        var signature = Convert.FromBase64String(line.Split(' ')[2]);
        _office.Node.Sign(System.Text.Encoding.UTF8.GetBytes(body), signature.AsSpan(4));
        return $"{body}\n\u2014 {Origin} {Convert.ToBase64String(signature)}\n";
    }
}
