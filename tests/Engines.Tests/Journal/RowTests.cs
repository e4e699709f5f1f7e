using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>Cards and other rows: of one size or six, and bound to their place.</summary>
public sealed class RowTests : IDisposable
{
    private readonly Office _office = new();

    [Fact]
    public void A_card_says_what_it_said_in_512_bytes()
    {
        var marta = _office.Marta.WithHistory();
        Card[] cards =
        [
            new(marta.Head, "Марта, Львів", 2, 3, Office.Noon, 4), new(Head.Of(marta.Id), "", 0, 0, null, 0),
            new(marta.Head with { Sequence = long.MaxValue }, new string('м', 128), int.MaxValue, int.MaxValue, Entry.MaxTime, int.MaxValue),
        ];
        foreach (var card in cards)
        {
            var bytes = card.Seal(marta[Compartment.Work]);
            bytes.Length.ShouldBe(512);
            Card.KeyOf(bytes).ShouldBe(marta[Compartment.Work].KeyId);
            Card.Unseal(bytes, marta[Compartment.Work]).ShouldBe(card);
        }
    }

    [Fact]
    public void A_card_that_says_too_much_is_refused()
    {
        var work = _office.Marta[Compartment.Work];
        var card = new Card(_office.Marta.Head, "Marta", 2, 3, null, 4);
        Should.Throw<InvalidOperationException>(() => (card with { Name = new string('м', 129) }).Seal(work));
        Should.Throw<InvalidOperationException>(() => (card with { WaitingSince = long.MaxValue }).Seal(work));
        Should.Throw<ArgumentException>(() => (card with { Unread = -1 }).Seal(work));
        Should.Throw<ArgumentException>(() => card.Seal(_office.Marta[Compartment.Story]));
        Should.Throw<ArgumentException>(() => card.Seal(_office.Other[Compartment.Work]));
    }

    [Fact]
    public void Every_flipped_bit_of_a_card_is_refused()
    {
        var work = _office.Marta[Compartment.Work];
        var bytes = new Card(_office.Marta.Head, "Marta", 2, 3, null, 4).Seal(work);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var bent = (byte[])bytes.Clone();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<JournalException>(() => Card.Unseal(bent, work), $"bit {bit}");
        }
        Should.Throw<JournalException>(() => Card.Unseal(bytes.AsSpan(1), work));
        Should.Throw<JournalException>(() => Card.Unseal([.. bytes, 0], work));
    }

    [Fact]
    public void A_card_of_another_case_or_epoch_is_refused()
    {
        var card = new Card(_office.Marta.Head, "Marta", 2, 3, null, 4).Seal(_office.Marta[Compartment.Work]);
        var other = new Card(_office.Other.Head, "Petro", 2, 3, null, 4).Seal(_office.Other[Compartment.Work]);
        using var next = Epoch.Start(_office.Marta.Id, Compartment.Work, 2, _office.Memory);
        Should.Throw<JournalException>(() => Card.Unseal(other, _office.Marta[Compartment.Work])).Fault.ShouldBe(JournalFault.NoKey);
        Should.Throw<JournalException>(() => Card.Unseal(card, next)).Fault.ShouldBe(JournalFault.NoKey);
        // The open key id belongs to the seal.
        Should.Throw<JournalException>(() => Card.Unseal([.. card[..17], .. other[17..]], _office.Marta[Compartment.Work])).Fault.ShouldBe(JournalFault.Tampered);
        // The same key, said to be another case's.
        using var moved = new Epoch(_office.Other.Id, Compartment.Work, 1, _office.Marta[Compartment.Work].KeyId, _office.Memory.Copy(_office.Marta[Compartment.Work].Key.Span));
        Should.Throw<JournalException>(() => Card.Unseal(card, moved)).Fault.ShouldBe(JournalFault.Tampered);
    }

    [Fact]
    public void A_card_of_yesterday_carries_yesterdays_head()
    {
        var marta = _office.Marta.WithHistory();
        var yesterday = new Card(marta.Head, "Marta", 2, 3, null, 4).Seal(marta[Compartment.Work]);
        marta.Append(Kind.StageChanged);
        Card.Unseal(yesterday, marta[Compartment.Work]).Head.ShouldNotBe(marta.Head);
    }

    [Fact]
    public void A_row_opens_for_its_purpose_in_its_place_only()
    {
        var contact = _office.Marta[Compartment.Contact];
        var row = RowId.New();
        var draft = SealedRow.Seal(contact, "draft", row, "You are not"u8);
        draft.Length.ShouldBe(17 + 80 + 512);
        SealedRow.KeyOf(draft).ShouldBe(contact.KeyId);
        SealedRow.Unseal(draft, contact, "draft", row).ShouldBe(Office.Utf8("You are not"));
        Should.Throw<JournalException>(() => SealedRow.Unseal(draft, contact, "search", row)).Fault.ShouldBe(JournalFault.Tampered);
        Should.Throw<JournalException>(() => SealedRow.Unseal(draft, contact, "draft", RowId.New())).Fault.ShouldBe(JournalFault.Tampered);
        Should.Throw<JournalException>(() => SealedRow.Unseal(draft, _office.Marta[Compartment.Story], "draft", row)).Fault.ShouldBe(JournalFault.NoKey);
        using var moved = new Epoch(_office.Marta.Id, Compartment.Story, 1, contact.KeyId, _office.Memory.Copy(contact.Key.Span));
        Should.Throw<JournalException>(() => SealedRow.Unseal(draft, moved, "draft", row)).Fault.ShouldBe(JournalFault.Tampered);
        for (var at = 0; at < draft.Length; at++)
        {
            var bent = (byte[])draft.Clone();
            bent[at] ^= 1;
            Should.Throw<JournalException>(() => SealedRow.Unseal(bent, contact, "draft", row), $"byte {at}");
        }
        Should.Throw<ArgumentException>(() => SealedRow.Seal(contact, "", row, []));
        Should.Throw<ArgumentException>(() => SealedRow.Seal(contact, new string('a', 33), row, []));
    }

    /// <summary>A frame is no row, a card is no keychain: each has a label of its own.</summary>
    [Fact]
    public void What_was_sealed_as_one_thing_does_not_open_as_another()
    {
        var work = _office.Marta[Compartment.Work];
        var card = new Card(_office.Marta.Head, "Marta", 2, 3, null, 4).Seal(work);
        Should.Throw<JournalException>(() => SealedRow.Unseal(card, work, "card", RowId.New()));
        var entry = _office.Marta.Append(Kind.CaseOpened).ToArray();
        byte[] asRow = [1, .. work.KeyId.ToArray(), .. entry[EntryHeader.Size..]];
        Should.Throw<JournalException>(() => SealedRow.Unseal(asRow, work, "frame", new RowId(0))).Fault.ShouldBe(JournalFault.Tampered);
    }

    public void Dispose() => _office.Dispose();
}
