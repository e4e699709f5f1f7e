using System.Security.Cryptography;
using System.Text;
using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Data;

/// <summary>The container of data: what was written is read, and what was damaged is not.</summary>
public class DataFileTests
{
    private static readonly DataHeader Header = new("units", "units", "Lidia's friends", "free with citation", "2022-09-11", 738000, 738200, 12);

    // 100 MiB as the head has it.
    private static readonly byte[] s_length = [0x80, 0x80, 0x80, 0x32];

    private static byte[] Write(DataHeader header, byte[] content)
    {
        using var file = new MemoryStream();
        DataFile.Write(file, header, content);
        return file.ToArray();
    }

    private static DataFile Read(byte[] file) => DataFile.Read(new MemoryStream(file));

    [Fact]
    public void What_was_written_is_read()
    {
        var content = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("a line of a table\n", 1000)));
        var file = Write(Header, content);
        file.Length.ShouldBeLessThan(content.Length / 10);
        var read = Read(file);
        read.Header.ShouldBe(Header);
        read.Content.ToArray().ShouldBe(content);
        read.StoredLength.ShouldBe(file.Length);
        Read(Write(Header with { First = null, Last = null }, [])).Header.First.ShouldBeNull();
    }

    [Fact]
    public void A_file_cut_off_anywhere_is_refused()
    {
        var file = Write(Header, [.. Enumerable.Range(0, 300).Select(i => (byte)(i * i))]);
        for (var length = 0; length < file.Length; length++) Should.Throw<DataException>(() => Read(file[..length]), $"{length} of {file.Length} bytes");
        Should.Throw<DataException>(() => Read([.. file, 0]));
    }

    [Fact]
    public void A_file_with_any_bit_changed_is_refused()
    {
        var file = Write(Header, [.. Enumerable.Range(0, 300).Select(i => (byte)(i * i))]);
        for (var bit = 0; bit < file.Length * 8; bit++)
        {
            var damaged = file.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<DataException>(() => Read(damaged), $"bit {bit}");
        }
    }

    /// <summary>Somebody who knows the format can make the checksum fit. Then the content must still be read with care.</summary>
    [Fact]
    public void A_hostile_file_whose_checksum_fits_is_refused_or_read_and_nothing_else_happens()
    {
        var file = Write(Header, [.. Enumerable.Range(0, 300).Select(i => (byte)(i * i))]);
        var random = new Random(3);
        var refused = 0;
        for (var i = 0; i < 3000; i++)
        {
            var body = file[..^32];
            for (var changes = random.Next(1, 4); changes > 0; changes--) body[random.Next(body.Length)] = (byte)random.Next(256);
            try
            {
                Read([.. body, .. SHA256.HashData(body)]);
            }
            catch (DataException)
            {
                refused++;
            }
        }
        refused.ShouldBeGreaterThan(1000);
    }

    [Fact]
    public void A_file_that_unpacks_to_more_than_it_says_is_not_unpacked()
    {
        var bomb = Write(Header with { Edition = "x" }, new byte[100 << 20]);
        bomb.Length.ShouldBeLessThan(10_000);
        // The length of the content stands at the end of the head: It now says 1.
        var at = bomb.AsSpan().IndexOf(s_length);
        at.ShouldBeGreaterThan(0);
        var body = bomb[..^32];
        (body[at], body[at + 1], body[at + 2], body[at + 3]) = (0x81, 0x80, 0x80, 0x00);
        byte[] small = [.. body, .. SHA256.HashData(body)];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Should.Throw<DataException>(() => Read(small));
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(5 << 20);
    }

    [Fact]
    public void Another_file_and_another_format_are_told_apart_from_damage()
    {
        Should.Throw<DataException>(() => Read(Encoding.UTF8.GetBytes(new string('x', 200)))).Message.ShouldContain("no data file");
        var body = Write(Header, [1, 2, 3])[..^32];
        foreach (var format in (byte[])[1, 3])
        {
            body[16] = format;
            Should.Throw<DataException>(() => Read([.. body, .. SHA256.HashData(body)])).Message.ShouldContain($"format {format}, which is not known here: import its source again");
        }
    }
}
