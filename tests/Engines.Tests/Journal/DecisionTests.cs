using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>What is decided about a journal stands in it: who cuts without a decision, or writes on with an old key, is noticed.</summary>
public sealed class DecisionTests : IDisposable
{
    private readonly Office _office = new();

    private Office.CaseFile Marta => _office.Marta;

    [Fact]
    public void What_was_decided_to_be_forgotten_is_forgotten()
    {
        Marta.WithHistory();
        Marta.Forget(4, 2, 3);
        var reading = Read();
        States(reading).ShouldBe("opened forgotten forgotten forgotten opened opened");
        reading.IsWhole.ShouldBeTrue();
        Forgetting.Read(reading.Entries.Last().Body.Span).Entries.ShouldBe([new EntryRange(2, 4)]);
    }

    [Fact]
    public void An_entry_that_somebody_with_the_disk_cut_is_damage()
    {
        Marta.WithHistory();
        Marta.Forget(2);
        Marta.Cut(3);
        var reading = Read();
        States(reading).ShouldBe("opened forgotten damaged opened opened opened");
        reading.Faults.Single().What.ShouldBe("The entry was cut to its hash, and nobody decided to forget it.");
        // The last one too, and with it the decision.
        Marta.Cut(6);
        States(Read()).ShouldBe("opened damaged damaged opened opened damaged");
        States(Marta.Read([Marta.Stored()[0], Marta.Stored()[1]], without: Compartment.Work)).ShouldBe("closed damaged");
    }

    [Fact]
    public void A_decision_is_of_people_and_of_what_was_there()
    {
        Marta.WithHistory();
        Marta.Append(Kind.Forgotten, Forgetting.Of([2]).ToBody(), _office.Node);
        Marta.Cut(2);
        States(Read()).ShouldBe("opened damaged opened opened opened damaged");
        // Ahead of time: a decision that would cover whatever comes.
        Marta.Append(Kind.Forgotten, Forgetting.Of([2, 9]).ToBody());
        Marta.Append(Kind.StageChanged);
        Marta.Append(Kind.StageChanged);
        Marta.Cut(9);
        States(Read()).ShouldBe("opened damaged opened opened opened damaged damaged opened damaged");
    }

    [Fact]
    public void Without_the_keys_of_work_it_is_said_that_nobody_can_tell()
    {
        Marta.WithHistory();
        Marta.Forget(2);
        Marta.Cut(3);
        var reading = Marta.Read(Marta.Stored(), Marta.Head, without: Compartment.Work);
        States(reading).ShouldBe("closed forgotten forgotten opened closed closed");
        reading.Lines[1].What.ShouldBe("Whether somebody decided to forget this entry cannot be told without all keys of compartment work.");
        // Who lacks another compartment can.
        States(Marta.Read(Marta.Stored(), Marta.Head, without: Compartment.Contact)).ShouldBe("opened forgotten damaged closed opened opened");
    }

    /// <summary>A new colleague was given the newest key of work only: the decision stands under the one before.</summary>
    [Fact]
    public void Without_an_older_key_of_work_it_is_said_too()
    {
        Marta.WithHistory();
        Marta.Forget(2);
        var old = Marta[Compartment.Work];
        Marta.StartNext(Compartment.Work);
        Marta.Append(Kind.StageChanged);
        var reader = new JournalReader(key => key == old.KeyId ? null : Marta.Find(key), _office.WhoIs);
        States(reader.Read(Marta.Id, Stored(), Marta.Head)).ShouldBe("closed forgotten opened opened closed closed closed opened");
        States(Read()).ShouldBe("opened forgotten opened opened opened opened opened opened");
        // And who lost access: what is under the new key may be anything.
        var lost = new JournalReader(key => key == Marta[Compartment.Work].KeyId ? null : Marta.Find(key), _office.WhoIs);
        Marta.Cut(3);
        lost.Read(Marta.Id, Stored(), Marta.Head).Lines[2].ShouldSatisfyAllConditions(line => line.IsFault.ShouldBeFalse(), line => line.What.ShouldNotBeNull());
    }

    [Fact]
    public void Decisions_have_one_form()
    {
        Forgetting.Of([7, 1, 2, 3, 9, 8, 2]).Entries.ShouldBe([new EntryRange(1, 3), new EntryRange(7, 9)]);
        Convert.ToHexStringLower(Forgetting.Of([1, 2, 3, 7]).ToBody()).ShouldBe("82820103820707");
        var forgetting = Forgetting.Read(Forgetting.Of([1, 2, 3, 7, 100]).ToBody());
        Enumerable.Range(0, 110).Where(sequence => forgetting.Covers(sequence)).ShouldBe([1, 2, 3, 7, 100]);
        foreach (var body in new[] { "", "80", "81820001", "81820201", "82820102820304", "82820708820102", "818101", "8182011b0020000000000000", "8182010100" })
            Should.Throw<JournalException>(() => Forgetting.Read(Convert.FromHexString(body)), body).Fault.ShouldBe(JournalFault.Malformed, body);
        foreach (var sequences in new long[][] { [], [0], [-1], [1L << 53], [.. Enumerable.Range(0, 4097).Select(n => 1L + 2 * n)] })
            Should.Throw<ArgumentException>(() => Forgetting.Of(sequences));
    }

    [Fact]
    public void A_key_that_had_ended_writes_nothing_that_is_believed()
    {
        Marta.WithHistory();
        var old = Marta[Compartment.Contact];
        Marta.StartNext(Compartment.Contact);
        Marta.Append(Kind.AnswerSent, "under the new key");
        // Olena lost access and has the old key still.
        Marta.Append(Kind.AnswerSent, "Come to this address."u8.ToArray(), _office.Olena, old);
        Marta.Append(Kind.StageChanged);
        var reading = Read();
        States(reading).ShouldBe("opened opened opened opened opened opened opened damaged opened");
        reading.Faults.Single().Fault.ShouldBe(JournalFault.Misplaced);
        reading.Faults.Single().What.ShouldBe("The entry is sealed under a key of Contact that had ended.");
    }

    [Fact]
    public void Nobody_takes_the_place_of_a_key_that_was_started()
    {
        Marta.WithHistory();
        using var own = Epoch.Start(Marta.Id, Compartment.Contact, 2, _office.Memory);
        Marta.StartNext(Compartment.Contact);
        Marta.Append(Kind.NoteWritten, [], _office.Olena, own);
        var reader = new JournalReader(key => key == own.KeyId ? own : Marta.Find(key), _office.WhoIs);
        reader.Read(Marta.Id, Stored(), Marta.Head).Faults.Single().What.ShouldBe("The entry is sealed under a key of Contact that was never started.");
        // Nor starts it a second time.
        Marta.Append(Kind.EpochStarted, EpochStart.Of(own).ToBody(), _office.Olena);
        reader.Read(Marta.Id, Stored(), Marta.Head).Faults.Last().Fault.ShouldBe(JournalFault.Conflict);
        Marta.Append(Kind.EpochStarted, "rubbish"u8.ToArray());
        reader.Read(Marta.Id, Stored(), Marta.Head).Faults.Last().Fault.ShouldBe(JournalFault.Malformed);
    }

    [Fact]
    public void Starts_of_epochs_have_one_form()
    {
        var start = new EpochStart(Compartment.Story, 7, KeyId.New());
        EpochStart.Read(start.ToBody()).ShouldBe(start);
        Convert.ToHexStringLower(start.ToBody()).ShouldBe($"83040750{start.KeyId}");
        foreach (var bad in new[] { start with { Compartment = (Compartment)100 }, start with { Compartment = (Compartment)9 }, start with { Number = 0 }, start with { Number = Epoch.MaxNumber + 1 } })
            Should.Throw<JournalException>(() => EpochStart.Read(bad.ToBody())).Fault.ShouldBe(JournalFault.Malformed);
        Should.Throw<ArgumentOutOfRangeException>(() => Epoch.Start(Marta.Id, Compartment.Story, Epoch.MaxNumber + 1, _office.Memory));
    }

    [Fact]
    public void Whether_somebody_might_sign_is_asked_with_the_entry_in_hand()
    {
        Marta.WithHistory();
        // Olena left after her answer, and what carries her signature and a later time is nobody's.
        Marta.Append(Kind.NoteWritten, "I am back.", _office.Olena);
        var reader = new JournalReader(Marta.Find, entry => entry.Author == _office.Olena.PublicKey && entry.Header.Sequence > 3 ? Signer.Unknown : _office.WhoIs(entry));
        States(reader.Read(Marta.Id, Stored(), Marta.Head)).ShouldBe("opened opened opened opened opened damaged");
    }

    /// <summary>Whoever has any one key of a case, or the machine's, must not keep everybody else from writing.</summary>
    [Fact]
    public void An_unknown_kind_freezes_a_case_only_from_a_person_in_work()
    {
        Marta.WithHistory();
        Marta.Append(new Kind(901, "diagnosis-heard", Compartment.Health), author: _office.Olena);
        Marta.Append(Kind.NoteWritten with { Version = 2 });
        var reading = Read();
        States(reading).ShouldBe("opened opened opened opened opened unknown unknown");
        (reading.IsWhole, reading.IsReadOnly).ShouldBe((true, false));

        Marta.Append(new Kind(902, "watched", Compartment.Work), author: _office.Node);
        Marta.Append(Kind.Alarm with { Version = 2 }, author: _office.Node);
        reading = Read();
        States(reading).ShouldBe("opened opened opened opened opened unknown unknown damaged unknown");
        reading.Faults.Single().Fault.ShouldBe(JournalFault.WrongSigner);
        reading.IsReadOnly.ShouldBeFalse();

        Marta.Append(new Kind(903, "oath-taken", Compartment.Work));
        Read().IsReadOnly.ShouldBeTrue();
    }

    public void Dispose() => _office.Dispose();

    private JournalReading Read() => Marta.Read(Marta.Stored(), Marta.Head);

    private IEnumerable<ReadOnlyMemory<byte>> Stored() => Marta.Stored().Select(bytes => (ReadOnlyMemory<byte>)bytes);

    private static string States(JournalReading reading) =>
        string.Join(' ', reading.Lines.Select(line => line.State.ToString().ToLowerInvariant()));
}
