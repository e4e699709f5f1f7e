using System.Text.RegularExpressions;
using Shouldly;
using Understory.Journal;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>An entry opens as what it was written as, where it was written, or not at all.</summary>
public sealed partial class EntryTests : IDisposable
{
    private readonly Office _office = new();

    [Fact]
    public void What_was_written_is_read()
    {
        var entry = _office.Marta.Append(Kind.MessageReceived, "I will not go.");
        var opened = SealedEntry.Parse(entry.ToArray()).Open(_office.Marta[Compartment.Contact], Kinds.Current);
        opened.Kind.ShouldBe(Kind.MessageReceived);
        opened.Author.ShouldBe(_office.Ihor.PublicKey);
        opened.Time.ShouldBe(Office.Noon);
        opened.Body.ToArray().ShouldBe(Office.Utf8("I will not go."));
        opened.Header.ShouldBe(new EntryHeader(_office.Marta.Id, 1, _office.Marta[Compartment.Contact].KeyId, Digest.Zero));
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var bytes = _office.Marta.Append(Kind.NoteWritten, "Answer within the day.").ToArray();
        bytes.Length.ShouldBe(EntryHeader.Size + 512 + 80);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var bent = (byte[])bytes.Clone();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<JournalException>(() => SealedEntry.Parse(bent).Open(epoch, Kinds.Current), $"bit {bit}");
        }
    }

    [Fact]
    public void Any_other_length_is_refused()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var bytes = _office.Marta.Append(Kind.NoteWritten, "Answer within the day.").ToArray();
        for (var length = 0; length < bytes.Length; length++)
            Should.Throw<JournalException>(() => SealedEntry.Parse(bytes.AsSpan(0, length)).Open(epoch, Kinds.Current), $"length {length}");
        Should.Throw<JournalException>(() => SealedEntry.Parse([.. bytes, 0]));
        Should.Throw<JournalException>(() => SealedEntry.Parse([.. bytes, .. new byte[2048 - 512]]).Open(epoch, Kinds.Current)).Fault.ShouldBe(JournalFault.Tampered);
    }

    [Fact]
    public void A_frame_of_another_entry_case_or_epoch_is_refused()
    {
        var marta = _office.Marta;
        using var next = Epoch.Start(marta.Id, Compartment.Contact, 2, _office.Memory);
        var here = marta.Append(Kind.NoteWritten, "here").ToArray();
        var later = marta.Append(Kind.NoteWritten, "here").ToArray();
        var elsewhere = _office.Other.Append(Kind.NoteWritten, "here").ToArray();
        var renewed = SealedEntry.Write(Head.Of(marta.Id), next, Kind.NoteWritten, Office.Noon, Office.Utf8("here"), _office.Ihor).ToArray();
        foreach (var other in new[] { later, elsewhere, renewed })
        {
            byte[] swapped = [.. here[..EntryHeader.Size], .. other[EntryHeader.Size..]];
            Should.Throw<JournalException>(() => SealedEntry.Parse(swapped).Open(marta[Compartment.Contact], Kinds.Current)).Fault.ShouldBe(JournalFault.Tampered);
        }
        Should.Throw<JournalException>(() => SealedEntry.Parse(here).Open(next, Kinds.Current)).Fault.ShouldBe(JournalFault.NoKey);
    }

    /// <summary>Somebody who has the keys seals a signed content elsewhere: the signature holds it in its place.</summary>
    [Fact]
    public void A_signature_does_not_move_to_another_case_place_key_or_history()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var header = new EntryHeader(_office.Marta.Id, 7, epoch.KeyId, Digest.Of([1]));
        var content = Office.Content(header, Kind.AnswerSent, Office.Noon, "You are safe."u8, _office.Olena);
        SealedEntry.Seal(header, epoch, content).Open(epoch, Kinds.Current).Author.ShouldBe(_office.Olena.PublicKey);

        var other = _office.Other[Compartment.Contact];
        using var next = Epoch.Start(_office.Marta.Id, Compartment.Contact, 2, _office.Memory);
        (EntryHeader Header, Epoch Epoch)[] moves =
        [
            (header with { Case = other.Case, KeyId = other.KeyId }, other),
            (header with { Sequence = 8 }, epoch),
            (header with { KeyId = next.KeyId }, next),
            (header with { Previous = Digest.Zero }, epoch),
        ];
        foreach (var (moved, key) in moves)
            Should.Throw<JournalException>(() => SealedEntry.Seal(moved, key, content).Open(key, Kinds.Current)).Fault.ShouldBe(JournalFault.BadSignature);
    }

    [Fact]
    public void A_changed_field_breaks_the_signature()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var header = new EntryHeader(_office.Marta.Id, 1, epoch.KeyId, Digest.Zero);
        var content = Office.Content(header, Kind.AnswerSent, Office.Noon, "You are safe."u8, _office.Olena);
        for (var at = 0; at < content.Length; at++)
        {
            var bent = (byte[])content.Clone();
            bent[at] ^= 1;
            Should.Throw<JournalException>(() => SealedEntry.Seal(header, epoch, bent).Open(epoch, Kinds.Current), $"byte {at}");
        }
    }

    [Fact]
    public void Content_that_is_not_deterministic_is_refused_even_when_it_is_signed()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var header = new EntryHeader(_office.Marta.Id, 1, epoch.KeyId, Digest.Zero);
        var content = Office.Content(header, Kind.AnswerSent, Office.Noon, "You are safe."u8, _office.Olena);
        content[1].ShouldBe((byte)Kind.AnswerSent.Number);
        byte[] longer = [content[0], 0x18, .. content[1..]];
        Should.Throw<JournalException>(() => SealedEntry.Seal(header, epoch, longer).Open(epoch, Kinds.Current)).Fault.ShouldBe(JournalFault.Malformed);
        Should.Throw<JournalException>(() => SealedEntry.Seal(header, epoch, [.. content, 0]).Open(epoch, Kinds.Current)).Fault.ShouldBe(JournalFault.Malformed);
        Should.Throw<JournalException>(() => SealedEntry.Seal(header, epoch, [0x9f, .. content[1..], 0xff]).Open(epoch, Kinds.Current)).Fault.ShouldBe(JournalFault.Malformed);
    }

    [Fact]
    public void A_kind_under_the_key_of_another_compartment_is_refused()
    {
        var work = _office.Marta[Compartment.Work];
        Should.Throw<ArgumentException>(() => SealedEntry.Write(_office.Marta.Head, work, Kind.NoteWritten, 0, [], _office.Ihor));
        Should.Throw<ArgumentException>(() => SealedEntry.Write(_office.Other.Head, work, Kind.CaseOpened, 0, [], _office.Ihor));
        var header = new EntryHeader(_office.Marta.Id, 1, work.KeyId, Digest.Zero);
        var forged = SealedEntry.Seal(header, work, Office.Content(header, Kind.NoteWritten, 0, [], _office.Ihor));
        Should.Throw<JournalException>(() => forged.Open(work, Kinds.Current)).Fault.ShouldBe(JournalFault.Misplaced);
    }

    /// <summary>Key and nonce: the nonce is constant, so no two salts may be equal, and no ciphertext either.</summary>
    [Fact]
    public void No_two_attempts_to_seal_share_a_key()
    {
        var epoch = _office.Marta[Compartment.Contact];
        HashSet<string> salts = [], commitments = [], texts = [];
        for (var attempt = 0; attempt < 3000; attempt++)
        {
            // The same head, content and time: two writers, a retry, a restored database.
            var bytes = SealedEntry.Write(Head.Of(_office.Marta.Id), epoch, Kind.NoteWritten, Office.Noon, [1], _office.Ihor).ToArray();
            salts.Add(Convert.ToHexString(bytes, EntryHeader.Size, 32)).ShouldBeTrue();
            commitments.Add(Convert.ToHexString(bytes, EntryHeader.Size + 32, 32)).ShouldBeTrue();
            texts.Add(Convert.ToHexString(bytes, EntryHeader.Size + 64, 64)).ShouldBeTrue();
        }
    }

    [Fact]
    public void What_stands_open_has_six_sizes_and_tells_no_kind_author_or_time()
    {
        var sizes = new HashSet<int>();
        foreach (var length in new[] { 0, 1, 300, 400, 1900, 8000, 32_000, 100_000, 500_000, Entry.MaxBodyLength })
        {
            var entry = SealedEntry.Write(
                _office.Marta.Head, _office.Marta[Compartment.Contact], Kind.NoteWritten, Entry.MaxTime, new byte[length], _office.Ihor);
            sizes.Add(entry.ToArray().Length - EntryHeader.Size - 80);
            entry.Open(_office.Marta[Compartment.Contact], Kinds.Current).Body.Length.ShouldBe(length);
        }
        sizes.Order().ShouldBe([512, 2048, 8192, 32_768, 131_072, 524_288]);
        Should.Throw<ArgumentException>(() => SealedEntry.Write(
            _office.Marta.Head, _office.Marta[Compartment.Contact], Kind.NoteWritten, 0, new byte[Entry.MaxBodyLength + 1], _office.Ihor));

        var marta = _office.Marta.WithHistory();
        foreach (var bytes in marta.Stored())
        {
            bytes.AsSpan().IndexOf(_office.Ihor.PublicKey.ToArray()).ShouldBe(-1);
            bytes.AsSpan().IndexOf(_office.Olena.PublicKey.ToArray()).ShouldBe(-1);
        }
    }

    [Fact]
    public void A_forgotten_entry_keeps_its_hashes_and_nothing_else()
    {
        var entry = _office.Marta.Append(Kind.MessageReceived, "I will not go.");
        var forgotten = SealedEntry.Parse(entry.Forget().ToArray());
        forgotten.IsForgotten.ShouldBeTrue();
        forgotten.ToArray().Length.ShouldBe(105);
        forgotten.Head.ShouldBe(entry.Head);
        forgotten.LeafHash.ShouldBe(entry.LeafHash);
        Should.Throw<JournalException>(() => forgotten.Open(_office.Marta[Compartment.Contact], Kinds.Current));
    }

    /// <summary>The table that people read and the one that the program has are one.</summary>
    [Fact]
    public void The_table_of_kinds_in_the_format_is_true()
    {
        var text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "formats", "journal.md"));
        var told = KindRow().Matches(text).Select(row => (
            row.Groups["kind"].Value, int.Parse(row.Groups["number"].Value), int.Parse(row.Groups["version"].Value), row.Groups["compartment"].Value,
            row.Groups["signer"].Value)).ToList();
        told.ShouldBe(Kinds.Current.All.Select(kind => (
            kind.Name, kind.Number, kind.Version, kind.Compartment.ToString().ToLowerInvariant(), kind.Signer == Signer.Node ? "node" : "people")).ToList());
        CompartmentRow().Matches(text).Select(row => (row.Groups["compartment"].Value, int.Parse(row.Groups["number"].Value))).ShouldBe(
            Enum.GetValues<Compartment>().Select(compartment => (compartment.ToString().ToLowerInvariant(), (int)compartment)));
    }

    /// <summary>Bodies may hold keys: of what was opened one copy lies there, in its place until it is wiped.</summary>
    [Fact]
    public void A_body_is_pinned_and_wiped()
    {
        var entry = _office.Marta.Append(Kind.ConversationJoined, "K");
        var opened = entry.Open(_office.Marta[Compartment.Contact], Kinds.Current);
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(opened.Body, out var where).ShouldBeTrue();
        IsPinned(where.Array!).ShouldBeTrue();
        opened.Dispose();
        where.ShouldAllBe(one => one == 0);

        var reading = _office.Marta.Read(_office.Marta.Stored());
        var body = reading.Entries.Single().Body;
        body.ToArray().ShouldBe("K"u8.ToArray());
        reading.Dispose();
        body.ToArray().ShouldBe([0]);

        var work = _office.Marta[Compartment.Work];
        var row = RowId.New();
        IsPinned(SealedRow.Unseal(SealedRow.Seal(work, "draft", row, [1]), work, "draft", row)).ShouldBeTrue();
        IsPinned(Understory.Sealing.AgeFile.Open(Understory.Sealing.AgeFile.Seal([1], _office.Ihors), _office.IhorsIdentity)).ShouldBeTrue();
    }

    [Fact]
    public void Nothing_prints_what_it_holds()
    {
        var entry = _office.Marta.Append(Kind.MessageReceived, "I will not go.");
        var opened = entry.Open(_office.Marta[Compartment.Contact], Kinds.Current);
        opened.ToString().ShouldBe($"Entry 1 of {_office.Marta.Id}");
        _office.Marta[Compartment.Contact].ToString().ShouldBe($"Epoch 1 of Contact in {_office.Marta.Id}");
        new Card(_office.Marta.Head, "Marta", 1, 2, null, 1).ToString().ShouldNotContain("Marta");
    }

    public void Dispose() => _office.Dispose();

    /// <summary>What was just made is young, unless it lies where nothing is moved.</summary>
    private static bool IsPinned(byte[] bytes) => GC.GetGeneration(bytes) == GC.MaxGeneration;

    [GeneratedRegex(@"^\| `(?<kind>[a-z-]+)` \| (?<number>\d+) \| (?<version>\d+) \| `(?<compartment>[a-z]+)` \| (?<signer>people|node) \|", RegexOptions.Multiline)]
    private static partial Regex KindRow();

    [GeneratedRegex(@"^\| `(?<compartment>[a-z]+)` \| (?<number>\d+) \| [^|]+ \|$", RegexOptions.Multiline)]
    private static partial Regex CompartmentRow();
}
