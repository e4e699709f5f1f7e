using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>Whoever touches a stored journal is noticed, at the place where it was touched, and the rest is still read.</summary>
public sealed class JournalReaderTests : IDisposable
{
    private readonly Office _office = new();

    [Fact]
    public void A_whole_journal_is_read()
    {
        var marta = _office.Marta.WithHistory();
        var reading = marta.Read(marta.Stored(), marta.Head);
        reading.IsWhole.ShouldBeTrue();
        reading.IsReadOnly.ShouldBeFalse();
        reading.Head.ShouldBe(marta.Head);
        reading.Entries.Select(entry => entry.Kind!.Name).ShouldBe(["case-opened", "message-received", "answer-sent", "note-written", "stage-changed"]);
        reading.Lines.Select(line => line.Sequence).ShouldBe([1, 2, 3, 4, 5]);
        _office.Marta.Read([]).Head.ShouldBe(Head.Of(marta.Id));
    }

    [Fact]
    public void Without_a_key_the_chain_is_checked_all_the_same()
    {
        var marta = _office.Marta.WithHistory();
        var reading = marta.Read(marta.Stored(), marta.Head, without: Compartment.Contact);
        States(reading).ShouldBe("opened closed closed closed opened");
        reading.IsWhole.ShouldBeTrue();
        new JournalReader().Read(marta.Id, marta.Stored().Select(bytes => (ReadOnlyMemory<byte>)bytes), marta.Head).IsWhole.ShouldBeTrue();
    }

    /// <summary>Every bit of the stored journal, by somebody without keys; also where the reader has not all keys.</summary>
    [Theory]
    [InlineData(false), InlineData(true)]
    public void Every_flipped_bit_is_noticed_where_it_is_or_beside_it(bool withoutContact)
    {
        Compartment[] without = withoutContact ? [Compartment.Contact] : [];
        var marta = _office.Marta.WithHistory();
        for (var number = 0; number < 5; number++)
        {
            var length = marta.Stored()[number].Length;
            for (var at = 0; at < length; at += at < EntryHeader.Size + 70 ? 1 : 61)
            {
                var stored = marta.Stored();
                stored[number][at] ^= 0x10;
                var reading = marta.Read(stored, marta.Head, without);
                if (at == 0) reading.IsReadOnly.ShouldBeTrue();
                else reading.IsWhole.ShouldBeFalse($"entry {number + 1}, byte {at}");
                reading.Faults.ShouldAllBe(line => line.Sequence >= number + 1 && (line.Sequence <= number + 2 || line.State == LineState.Missing));
                // Whatever else: the others are still there to be read.
                if (!withoutContact) reading.Entries.Count().ShouldBeGreaterThanOrEqualTo(4);
            }
        }
    }

    [Fact]
    public void A_changed_entry_is_blamed_and_not_the_one_behind_it()
    {
        var marta = _office.Marta.WithHistory();
        var stored = marta.Stored();
        stored[1][^1] ^= 1;
        States(marta.Read(stored, marta.Head)).ShouldBe("opened damaged opened opened opened");
        // Nobody can say what is wrong with an entry that does not open; the next one, which does, knows.
        States(marta.Read(stored[..4].Append(stored[4]), marta.Head, without: Compartment.Contact)).ShouldBe("opened closed damaged closed opened");
        stored = marta.Stored();
        stored[3][^1] ^= 1;
        States(marta.Read(stored, marta.Head, without: Compartment.Contact)).ShouldBe("opened closed closed damaged opened");
    }

    [Fact]
    public void A_missing_entry_is_missed_in_its_place()
    {
        var marta = _office.Marta.WithHistory();
        var stored = marta.Stored();
        stored.RemoveAt(2);
        var reading = marta.Read(stored, marta.Head);
        States(reading).ShouldBe("opened opened missing opened opened");
        reading.Faults.Single().What.ShouldBe("Entry 3 is missing.");
        States(marta.Read(marta.Stored()[2..], marta.Head)).ShouldBe("missing opened opened opened");
    }

    [Fact]
    public void A_cut_journal_is_noticed_by_the_head_that_the_log_knows()
    {
        var marta = _office.Marta.WithHistory();
        var reading = marta.Read(marta.Stored()[..3], marta.Head);
        States(reading).ShouldBe("opened opened opened missing");
        reading.Faults.Single().What.ShouldBe("Entries 4 to 5 are missing.");
        States(marta.Read([], marta.Head)).ShouldBe("missing");
        // It may have gone on since.
        marta.Read(marta.Stored(), marta.Entries[2].Head).IsWhole.ShouldBeTrue();
    }

    [Fact]
    public void Replayed_and_reordered_entries_are_noticed()
    {
        var marta = _office.Marta.WithHistory();
        var stored = marta.Stored();
        States(marta.Read([.. stored, stored[1]], marta.Head)).ShouldBe("opened opened opened opened opened damaged");
        States(marta.Read([stored[0], stored[2], stored[1], stored[3], stored[4]], marta.Head)).ShouldBe("opened missing opened damaged opened opened");
    }

    [Fact]
    public void An_entry_of_another_case_is_noticed()
    {
        var marta = _office.Marta.WithHistory();
        var other = _office.Other.WithHistory();
        var stored = marta.Stored();
        stored[2] = other.Stored()[2];
        var reading = marta.Read(stored, marta.Head);
        States(reading).ShouldBe("opened opened damaged opened opened");
        reading.Faults.Single().Fault.ShouldBe(JournalFault.Misplaced);
        States(marta.Read(marta.Stored()[..2].Append(stored[2]).Concat(marta.Stored()[2..]), marta.Head)).ShouldBe("opened opened damaged opened opened opened");
    }

    /// <summary>A colleague with all keys, or a restored database, writes another history: both halves are genuine.</summary>
    [Fact]
    public void A_forked_journal_is_noticed()
    {
        var marta = _office.Marta.WithHistory();
        var told = marta.Stored();
        var another = SealedEntry.Write(marta.Entries[2].Head, marta[Compartment.Contact], Kind.NoteWritten, Office.Noon, "Do not answer."u8, _office.Olena);
        var reading = marta.Read([.. told[..3], another.ToArray(), told[4]], marta.Head);
        States(reading).ShouldBe("opened opened opened damaged opened");
        reading.Faults.Single().Fault.ShouldBe(JournalFault.Inconsistent);
        // At the end nothing follows: the head that the log knows tells.
        States(marta.Read([.. told[..3], another.ToArray()])).ShouldBe("opened opened opened opened");
        States(marta.Read([.. told[..3], another.ToArray()], marta.Entries[3].Head)).ShouldBe("opened opened opened damaged");
        States(marta.Read([.. told, another.ToArray()], marta.Head)).ShouldBe("opened opened opened opened opened damaged");
    }

    [Fact]
    public void What_was_forgotten_keeps_its_place()
    {
        var marta = _office.Marta.WithHistory();
        marta.Forget(2);
        var stored = marta.Stored();
        var reading = marta.Read(stored, marta.Head);
        States(reading).ShouldBe("opened forgotten opened opened opened opened");
        reading.IsWhole.ShouldBeTrue();
        stored[1][90] ^= 1;
        States(marta.Read(stored, marta.Head)).ShouldBe("opened damaged opened opened opened opened");
    }

    [Fact]
    public void What_a_later_release_wrote_is_shown_as_unknown_and_the_case_is_read_only()
    {
        var later = new Kind(900, "oath-taken", Compartment.Work);
        var newer = Kind.NoteWritten with { Version = 2 };
        _office.Marta.Append(Kind.CaseOpened);
        _office.Marta.Append(later);
        _office.Marta.Append(newer, "a note of a new form");
        _office.Marta.Append(Kind.StageChanged);
        var reading = _office.Marta.Read(_office.Marta.Stored(), _office.Marta.Head);
        States(reading).ShouldBe("opened unknown unknown opened");
        reading.IsWhole.ShouldBeTrue();
        reading.IsReadOnly.ShouldBeTrue();
        reading.Lines[1].Entry!.KindNumber.ShouldBe(900);

        var laterKinds = new Kinds([.. Kinds.Current.All.Where(kind => kind != Kind.NoteWritten), later, newer]);
        new JournalReader(_office.Marta.Find, _office.WhoIs, laterKinds)
            .Read(_office.Marta.Id, _office.Marta.Stored().Select(bytes => (ReadOnlyMemory<byte>)bytes)).IsReadOnly.ShouldBeFalse();
    }

    [Fact]
    public void The_machine_signs_its_own_kinds_and_nothing_else()
    {
        _office.Marta.Append(Kind.CaseOpened);
        _office.Marta.Append(Kind.Alarm, author: _office.Node);
        _office.Marta.Append(Kind.StageChanged, "closed", _office.Node);
        _office.Marta.Append(Kind.Expired, author: _office.Ihor);
        _office.Marta.Append(Kind.StageChanged);
        var reading = _office.Marta.Read(_office.Marta.Stored(), _office.Marta.Head);
        States(reading).ShouldBe("opened opened damaged damaged opened");
        reading.Faults.ShouldAllBe(line => line.Fault == JournalFault.WrongSigner);
    }

    [Fact]
    public void Somebody_who_is_not_in_the_directory_signs_nothing()
    {
        using var stranger = SigningKey.Generate(_office.Memory);
        _office.Marta.Append(Kind.CaseOpened);
        _office.Marta.Append(Kind.AnswerSent, "Come to this address.", stranger);
        States(_office.Marta.Read(_office.Marta.Stored())).ShouldBe("opened damaged");
    }

    /// <summary>Nothing vouches for the first byte of an entry: it may freeze a case, and not make it look whole.</summary>
    [Fact]
    public void A_changed_version_byte_is_damage_at_every_place()
    {
        var marta = _office.Marta.WithHistory();
        for (var at = 0; at < marta.Stored().Count; at++)
        {
            var stored = marta.Stored().ToList();
            stored[at] = [2, .. stored[at][1..]];
            foreach (var reading in new[] { marta.Read(stored), marta.Read(stored, marta.Head) })
            {
                reading.IsWhole.ShouldBeFalse();
                reading.IsReadOnly.ShouldBeTrue();
            }
        }
    }

    /// <summary>Whoever can write rows, with or without a key of the case, must not push its entries aside.</summary>
    [Fact]
    public void A_row_far_ahead_displaces_nothing()
    {
        var marta = _office.Marta.WithHistory();
        var stored = marta.Stored().ToList();
        byte[] Far(byte[] row, long sequence)
        {
            var far = row.ToArray();
            System.Buffers.Binary.BinaryPrimitives.WriteInt64BigEndian(far.AsSpan(17), sequence);
            return far;
        }

        foreach (var sequence in new[] { 10_000, (1L << 53) - 2, long.MaxValue - 1 })
        {
            stored = [stored[0], Far(stored[1], sequence), Far(stored[1], sequence + 1), .. marta.Stored().Skip(1)];
            var reading = marta.Read(stored, marta.Head);
            reading.Head.ShouldBe(marta.Head);
            reading.IsWhole.ShouldBeFalse();
            reading.Entries.Count().ShouldBe(marta.Stored().Count);
            stored = marta.Stored().ToList();
        }
    }

    [Fact]
    public void Rubbish_is_damage_and_not_an_exception()
    {
        var marta = _office.Marta.WithHistory();
        var stored = marta.Stored();
        var reading = marta.Read([stored[0], [], stored[2], [1, 2, 3], new byte[100_000]], marta.Head);
        States(reading).ShouldBe("opened damaged opened damaged damaged");
        reading.IsReadOnly.ShouldBeTrue();
        States(marta.Read([stored[0], [7], [7], [7], stored[4]], marta.Head)).ShouldBe("opened damaged damaged damaged opened");
        States(marta.Read([stored[0], [1], stored[4]], marta.Head)).ShouldBe("opened damaged missing opened");
    }

    public void Dispose() => _office.Dispose();

    private static string States(JournalReading reading) =>
        string.Join(' ', reading.Lines.Select(line => line.State.ToString().ToLowerInvariant()));
}
