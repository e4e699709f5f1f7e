using System.Text;
using System.Text.Json.Nodes;
using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>A witness signs what goes on from what it signed before, and nothing else, whoever asks and however.</summary>
public sealed class WitnessTests : IDisposable
{
    private const string Origin = "desk.example/log";
    private const string Name = "witness.example/office";
    private const long Noon = 1_679_315_147;

    private readonly LockedMemory _memory = new();
    private readonly SigningKey _desk;
    private readonly SigningKey _witness;
    private readonly SigningKey _stranger;
    private readonly Log _log = new();
    private readonly Log _forked = new();

    public WitnessTests()
    {
        (_desk, _witness, _stranger) = (SigningKey.Generate(_memory), SigningKey.Generate(_memory), SigningKey.Generate(_memory));
        for (byte leaf = 0; leaf < 40; leaf++)
        {
            _log.Append(MerkleTree.LeafHash([leaf]));
            _forked.Append(MerkleTree.LeafHash(leaf < 9 ? [leaf] : [leaf, 1]));
        }
    }

    private VerifierKey LogKey => new(Origin, NoteKeyKind.Log, _desk.PublicKey);

    private VerifierKey WitnessKey => new(Name, NoteKeyKind.Witness, _witness.PublicKey);

    [Fact]
    public void What_another_program_made_is_read_judged_and_answered_to_the_letter()
    {
        var vectors = JsonNode.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "formats", "witness-vectors.json")))!;
        string Said(string name) => vectors[name]!.GetValue<string>();
        using var log = SigningKey.FromSeed(Convert.FromHexString(Said("logSeed")), _memory);
        using var witness = SigningKey.FromSeed(Convert.FromHexString(Said("witnessSeed")), _memory);
        var (logKey, witnessKey) = (VerifierKey.Read(Said("logKey"), NoteKeyKind.Log), VerifierKey.Read(Said("witnessKey"), NoteKeyKind.Witness));
        logKey.ShouldBe(new VerifierKey(Origin, NoteKeyKind.Log, log.PublicKey));
        witnessKey.ShouldBe(new VerifierKey(Name, NoteKeyKind.Witness, witness.PublicKey));

        var bytes = Encoding.UTF8.GetBytes(Said("request"));
        var request = WitnessRequest.Read(bytes);
        request.ToBytes().ShouldBe(bytes);
        var first = Checkpoint.Open(Said("first"), Origin, log.PublicKey);
        var judgement = WitnessJudgement.Of(request, _ => logKey, _ => first);
        judgement.Verdict.ShouldBe(WitnessVerdict.Sign);
        judgement.Checkpoint!.Sign(log).ShouldBe(request.Checkpoint);
        var time = vectors["time"]!.GetValue<long>();
        Cosignature.Sign(judgement.Checkpoint, Name, witness, time).ShouldBe(Said("answer"));
        var cosigned = Cosignature.Attach(request.Checkpoint, Encoding.UTF8.GetBytes(Said("answer")), witnessKey);
        cosigned.ShouldBe(request.Checkpoint + Said("answer"));
        Cosignature.TimeOf(cosigned, witnessKey).ShouldBe(time);
        judgement.Checkpoint.Fingerprint().ShouldBe(Said("fingerprint"));
    }

    /// <summary>The examples of tlog-witness and tlog-cosignature. Their keys are not published, so that their forms are held and not their signatures.</summary>
    [Fact]
    public void The_examples_of_C2SP_are_read()
    {
        const string Request = """
            old 20852014
            PlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=
            jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=
            5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=
            /6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=

            example.com/behind-the-sofa
            20852163
            CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

            — example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
            — example.com/behind-the-sofa opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=

            """;
        var request = WitnessRequest.Read(Encoding.UTF8.GetBytes(Request));
        (request.OldSize, request.Proof.Count).ShouldBe((20852014, 4));
        Encoding.UTF8.GetString(request.ToBytes()).ShouldBe(Request);
        Checkpoint.ReadTyped(request.Checkpoint).Size.ShouldBe(20852163);
        WitnessJudgement.Of(request, _ => null, _ => null).Verdict.ShouldBe(WitnessVerdict.UnknownLog);
        WitnessJudgement.Of(request, _ => LogKey with { Name = "example.com/behind-the-sofa" }, _ => null).Verdict.ShouldBe(WitnessVerdict.BadSignature);
    }

    [Fact]
    public void Every_step_of_a_log_is_signed_from_every_size()
    {
        for (var old = 0; old <= 40; old++)
        {
            for (var size = old; size <= 40; size++)
            {
                var judgement = Judge(Ask(old, size), old == 0 ? null : At(old));
                judgement.Verdict.ShouldBe(WitnessVerdict.Sign, $"{old} to {size}");
                judgement.Checkpoint.ShouldBe(At(size));
            }
        }
    }

    [Fact]
    public void A_smaller_log_is_a_conflict_that_names_what_was_seen()
    {
        foreach (var (old, size) in new[] { (12, 12), (0, 12), (5, 12), (0, 40), (29, 40), (31, 40) })
            Judge(Ask(old, size), At(30)).ShouldBe(new WitnessJudgement(WitnessVerdict.Conflict, null, 30));
    }

    [Fact]
    public void A_forked_log_is_never_signed()
    {
        for (var size = 20; size <= 40; size++)
        {
            for (var old = 0; old <= size; old++)
            {
                // The forger has all of both logs, and gives either proof.
                foreach (var proof in new[] { _forked.ConsistencyProof(old, size), _log.ConsistencyProof(old, size), [] })
                    Judge(new WitnessRequest(old, proof, new Checkpoint(Origin, size, _forked.RootAt(size)).Sign(_desk)), At(20)).Verdict
                        .ShouldBe(old == 20 && size > 20 ? WitnessVerdict.Inconsistent : WitnessVerdict.Conflict);
            }
        }
    }

    [Fact]
    public void A_bent_proof_is_never_enough()
    {
        var proof = _log.ConsistencyProof(13, 40);
        for (var at = 0; at < proof.Count; at++)
        {
            var bent = proof.ToArray();
            bent[at] = Digest.Of(bent[at].ToArray());
            Judge(Ask(13, 40) with { Proof = bent }, At(13)).Verdict.ShouldBe(WitnessVerdict.Inconsistent);
            Judge(Ask(13, 40) with { Proof = [.. proof.Take(at)] }, At(13)).Verdict.ShouldBe(WitnessVerdict.Inconsistent);
        }
        Judge(Ask(13, 40) with { Proof = [.. proof, Digest.Zero] }, At(13)).Verdict.ShouldBe(WitnessVerdict.Inconsistent);
        Judge(Ask(0, 40) with { Proof = [Digest.Zero] }, null).Verdict.ShouldBe(WitnessVerdict.Inconsistent);
        Judge(Ask(0, 0) with { Checkpoint = new Checkpoint(Origin, 0, Digest.Zero).Sign(_desk) }, null).Verdict.ShouldBe(WitnessVerdict.Conflict, "an empty log has one root");
    }

    [Fact]
    public void Whoever_has_not_the_logs_key_is_told_nothing_of_it()
    {
        Judge(Ask(0, 12) with { Checkpoint = At(12).Sign(_stranger) }, At(30)).ShouldBe(new WitnessJudgement(WitnessVerdict.BadSignature));
        Judge(Ask(0, 12) with { Checkpoint = At(12).Sign(_desk).Replace("\n12\n", "\n13\n", StringComparison.Ordinal) }, At(30)).ShouldBe(new WitnessJudgement(WitnessVerdict.BadSignature));
        Judge(Ask(0, 12) with { Checkpoint = new Checkpoint("desk.example/other", 12, At(12).Root).Sign(_desk) }, At(30)).ShouldBe(new WitnessJudgement(WitnessVerdict.UnknownLog));
        Judge(Ask(0, 12) with { OldSize = 13 }, At(13)).ShouldBe(new WitnessJudgement(WitnessVerdict.Malformed));
        Judge(Ask(0, 12) with { Checkpoint = "rubbish" }, At(13)).ShouldBe(new WitnessJudgement(WitnessVerdict.Malformed));
    }

    [Fact]
    public void What_is_no_request_is_refused()
    {
        var good = Encoding.UTF8.GetString(Ask(13, 40).ToBytes());
        WitnessRequest.Read(Encoding.UTF8.GetBytes(good)).OldSize.ShouldBe(13);
        var hash = good.Split('\n')[1];
        foreach (var bad in new[]
        {
            "", "\n\n", "old\n\nx", good.Replace("old 13", "old 013", StringComparison.Ordinal), good.Replace("old 13", "old +13", StringComparison.Ordinal), good.Replace("old 13", "old -1", StringComparison.Ordinal),
            good.Replace("old 13", "old  13", StringComparison.Ordinal), good.Replace("old 13", "Old 13", StringComparison.Ordinal), good.Replace("old 13", "old 9223372036854775808", StringComparison.Ordinal),
            good.Replace("old 13\n", "old 13\r\n", StringComparison.Ordinal), good.Replace(hash, hash[..^1], StringComparison.Ordinal), good.Replace(hash, hash + hash, StringComparison.Ordinal), good.Replace(hash, " " + hash, StringComparison.Ordinal),
            $"old 13\n{string.Concat(Enumerable.Repeat(hash + "\n", 64))}\n{At(40).Sign(_desk)}", good + new string('x', WitnessRequest.MaxLength),
        })
            Should.Throw<JournalException>(() => WitnessRequest.Read(Encoding.UTF8.GetBytes(bad)), bad).Fault.ShouldBe(JournalFault.Malformed);
        Should.Throw<JournalException>(() => WitnessRequest.Read([.. Encoding.UTF8.GetBytes(good), 0xff])).Fault.ShouldBe(JournalFault.Malformed);
        var longest = $"old 13\n{string.Concat(Enumerable.Repeat(hash + "\n", 63))}\n{At(40).Sign(_desk)}";
        WitnessRequest.Read(Encoding.UTF8.GetBytes(longest)).Proof.Count.ShouldBe(63);
    }

    [Fact]
    public void A_forged_or_moved_cosignature_is_refused()
    {
        var text = At(21).Sign(_desk);
        var line = Cosignature.Sign(At(21), Name, _witness, Noon);
        Cosignature.TimeOf(Attach(text, line), WitnessKey).ShouldBe(Noon);
        foreach (var (answer, why) in new[]
        {
            (Cosignature.Sign(At(21), Name, _stranger, Noon), "of another key"),
            (Cosignature.Sign(At(21), "witness.example/other", _witness, Noon), "of another name"),
            (Cosignature.Sign(At(20), Name, _witness, Noon), "of another size"),
            (Cosignature.Sign(new Checkpoint(Origin, 21, _forked.RootAt(21)), Name, _witness, Noon), "of a fork"),
            (Bent(line, at: 4 + 7), "of another time"),
            (Bent(line, at: 20), "bent"),
            (line + Bent(line, at: 20), "a wrong one beside a right one"),
            (At(21).Sign(_desk).Split("\n\n")[1], "the log's own"),
            ("", "none"), ("\n", "an empty line"), (line[..^1], "without an end"), ("rubbish\n", "rubbish"),
        })
            Should.Throw<JournalException>(() => Attach(text, answer), why);
        // Of what a witness says, only what it signed is kept.
        Attach(text, Cosignature.Sign(At(21), "somebody.else", _stranger, Noon) + line).ShouldBe(text + line);
        Cosignature.TimeOf(text, WitnessKey).ShouldBeNull();
        Checkpoint.Open(Attach(text, line), Origin, _desk.PublicKey).ShouldBe(At(21));
    }

    [Fact]
    public void A_verifier_key_that_was_mistyped_is_refused()
    {
        var text = WitnessKey.ToString();
        VerifierKey.Read(text, NoteKeyKind.Witness).ShouldBe(WitnessKey);
        Should.Throw<JournalException>(() => VerifierKey.Read(text, NoteKeyKind.Log)).Message.ShouldContain("not that of a log");
        Should.Throw<JournalException>(() => VerifierKey.Read(LogKey.ToString(), NoteKeyKind.Witness)).Message.ShouldContain("not that of a witness");
        for (var at = 0; at < text.Length; at++)
        {
            Should.Throw<JournalException>(() => VerifierKey.Read(text[..at], NoteKeyKind.Witness));
            foreach (var with in "aB0+ /я".Where(with => with != text[at]))
                Should.Throw<JournalException>(() => VerifierKey.Read(text[..at] + with + text[(at + 1)..], NoteKeyKind.Witness), $"{at}: {with}");
        }
    }

    [Fact]
    public void A_conflict_names_a_number_or_nothing()
    {
        WitnessRequest.ReadConflict("30\n"u8).ShouldBe(30);
        WitnessRequest.ReadConflict("0\n"u8).ShouldBe(0);
        foreach (var bad in new[] { "", "\n", "30", "030\n", "-1\n", "30\n\n", "99999999999999999999\n", "a\n", "3 0\n" }) WitnessRequest.ReadConflict(Encoding.UTF8.GetBytes(bad)).ShouldBeNull(bad);
    }

    [Fact]
    public void What_was_typed_from_paper_is_read()
    {
        var text = At(21).Sign(_desk);
        foreach (var typed in new[] { text, text.Split("\n\n")[0], text.Replace("\n", "\r\n", StringComparison.Ordinal), "\ufeff\n  " + text.Replace("\n", "  \n  ", StringComparison.Ordinal) })
            Checkpoint.ReadTyped(typed).ShouldBe(At(21));
        Should.Throw<JournalException>(() => Checkpoint.ReadTyped("desk.example/log\n21\n")).Fault.ShouldBe(JournalFault.Malformed);
        At(21).Fingerprint().ShouldMatch(@"^\d{4}( \d{4}){5}$");
        Enumerable.Range(0, 41).Select(size => At(size).Fingerprint()).ShouldBeUnique();
        new Checkpoint(Origin, 21, _forked.RootAt(21)).Fingerprint().ShouldNotBe(At(21).Fingerprint());
    }

    public void Dispose()
    {
        _desk.Dispose();
        _witness.Dispose();
        _stranger.Dispose();
        _memory.Dispose();
    }

    private Checkpoint At(int size) => new(Origin, size, _log.RootAt(size));

    private WitnessRequest Ask(int old, int size) => new(old, _log.ConsistencyProof(old, size), At(size).Sign(_desk));

    private WitnessJudgement Judge(WitnessRequest request, Checkpoint? last) => WitnessJudgement.Of(request, origin => origin == Origin ? LogKey : null, _ => last);

    private string Attach(string text, string answer) => Cosignature.Attach(text, Encoding.UTF8.GetBytes(answer), WitnessKey);

    private static string Bent(string line, int at)
    {
        var parts = line.TrimEnd('\n').Split(' ');
        var signature = Convert.FromBase64String(parts[2]);
        signature[at] ^= 1;
        return $"{parts[0]} {parts[1]} {Convert.ToBase64String(signature)}\n";
    }
}
