using Shouldly;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Journal;

/// <summary>
/// Bytes that somebody bent, also behind the seal, where only somebody with the key can: nothing but a
/// <see cref="JournalException"/> comes of them, and no memory is taken that the bytes do not account for.
/// </summary>
public sealed class HostileJournalTests : IDisposable
{
    private readonly Office _office = new();
    private readonly Random _random = new(20261122);

    [Fact]
    public void Bent_entries()
    {
        var marta = _office.Marta.WithHistory();
        var seeds = marta.Stored().Concat(marta.Entries.Select(entry => entry.Forget().ToArray())).ToList();
        Run(20_000, seeds, 256 * 1024, bytes =>
        {
            var entry = SealedEntry.Parse(bytes);
            entry.Open(marta.Find(entry.Header.KeyId) ?? marta[Compartment.Contact], Kinds.Current);
        }).ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void Bent_contents_of_frames()
    {
        var epoch = _office.Marta[Compartment.Contact];
        var header = new EntryHeader(_office.Marta.Id, 1, epoch.KeyId, Digest.Zero);
        var content = Office.Content(header, Kind.NoteWritten, Office.Noon, new byte[100], _office.Ihor);
        Run(20_000, [content], 16 * 1024, bytes => Entry.ReadContent(header, bytes, Compartment.Contact, Kinds.Current)).ShouldBeGreaterThan(1000);
        Run(20_000, [[0x86, 0x1b, 255, 255, 255, 255, 255, 255, 255, 255], [0x9b, 127, 255, 255, 255, 255, 255, 255, 255], [0x86, 5, 1, 1, 0x5b, 0, 0, 0, 0, 127, 255, 255, 255]], 16 * 1024,
            bytes => Entry.ReadContent(header, bytes, Compartment.Contact, Kinds.Current));
    }

    [Fact]
    public void Bent_journals()
    {
        var marta = _office.Marta.WithHistory();
        var seeds = marta.Stored();
        for (var n = 0; n < 2_000; n++)
        {
            List<byte[]> stored = [.. seeds.Select(bytes => _random.Next(3) == 0 ? Bend(bytes) : bytes)];
            if (_random.Next(3) == 0) stored.RemoveAt(_random.Next(stored.Count));
            if (_random.Next(3) == 0) stored.Insert(_random.Next(stored.Count), seeds[_random.Next(seeds.Count)]);
            var reading = marta.Read(stored, marta.Head);
            reading.Lines.Count.ShouldBeLessThan(16);
            // Whatever was not touched and stands in its place is there to be read.
            foreach (var entry in reading.Entries) marta.Entries.ShouldContain(written => written.Header == entry.Header);
        }
    }

    [Fact]
    public void Bent_cards_rows_and_wraps()
    {
        var work = _office.Marta[Compartment.Work];
        var row = RowId.New();
        Run(5_000, [new Card(_office.Marta.Head, "Marta", 1, 2, Office.Noon, 3).Seal(work)], 16 * 1024, bytes => Card.Unseal(bytes, work));
        Run(5_000, [SealedRow.Seal(work, "draft", row, new byte[100])], 64 * 1024, bytes => SealedRow.Unseal(bytes, work, "draft", row));
        var wrap = Wrap.Seal(work, _office.Olenas, _office.Ihor);
        var content = AgeFile.Open(wrap, _office.OlenasIdentity);
        var used = _office.Memory.Used;
        Run(500, [wrap], 1024 * 1024, bytes => Wrap.ReadTerms(bytes, _office.OlenasIdentity, _office.Memory));
        Run(300, [content], 1024 * 1024, bytes => Wrap.ReadTerms(AgeFile.Seal(bytes, _office.Olenas), _office.OlenasIdentity, _office.Memory));
        _office.Memory.Used.ShouldBe(used);
    }

    [Fact]
    public void Bent_checkpoints()
    {
        var text = Office.Utf8(new Checkpoint("desk.example/log", 15, Digest.Of([1])).Sign(_office.Node));
        Run(20_000, [text], 128 * 1024, bytes => Checkpoint.Open(System.Text.Encoding.UTF8.GetString(bytes), "desk.example/log", _office.Node.PublicKey))
            .ShouldBeGreaterThan(1000);
    }

    public void Dispose() => _office.Dispose();

    /// <summary>Opens bent bytes; returns how many were still good.</summary>
    private int Run(int count, List<byte[]> seeds, long allocation, Action<byte[]> open)
    {
        var good = 0;
        for (var n = 0; n < count; n++)
        {
            var bytes = Bend(seeds[_random.Next(seeds.Count)]);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                open(bytes);
                good++;
            }
            catch (JournalException)
            {
            }
            (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(allocation);
        }
        return good;
    }

    /// <summary>None to four changes: bits, bytes, cuts, repeats, and the heads of CBOR that promise most.</summary>
    private byte[] Bend(byte[] original)
    {
        byte[][] tokens = [[0x5b, 0, 0, 0, 0, 127, 255, 255, 255], [0x9b, 0, 0, 0, 1, 0, 0, 0, 0], [0x1b, 255, 255, 255, 255, 255, 255, 255, 255], [0x9f], [0xff], [0x5f], [0xa1], [0xf6], new byte[2048]];
        var bytes = original.ToList();
        for (var changes = _random.Next(0, 5); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = _random.Next(bytes.Count);
            var length = Math.Min(_random.Next(1, 80), bytes.Count - at);
            switch (_random.Next(7))
            {
                case 0: bytes[at] ^= (byte)(1 << _random.Next(8)); break;
                case 1: bytes[at] = (byte)_random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(_random.Next(bytes.Count - length + 1), length)); break;
                case 5: bytes.InsertRange(at, tokens[_random.Next(tokens.Length)]); break;
                default: bytes.Insert(at, (byte)_random.Next(256)); break;
            }
        }
        return [.. bytes];
    }
}
