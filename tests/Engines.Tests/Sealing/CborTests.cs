using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>One form for each value, and nothing else is read.</summary>
public class CborTests
{
    /// <summary>RFC 8949, appendix A.</summary>
    [Theory]
    [InlineData(0ul, "00"), InlineData(10ul, "0a"), InlineData(23ul, "17"), InlineData(24ul, "1818"), InlineData(100ul, "1864")]
    [InlineData(1000ul, "1903e8"), InlineData(1000000ul, "1a000f4240"), InlineData(1000000000000ul, "1b000000e8d4a51000"), InlineData(ulong.MaxValue, "1bffffffffffffffff")]
    public void Numbers_are_as_in_the_rfc(ulong value, string hex)
    {
        using var writer = new CborWriter();
        writer.Write(value);
        Convert.ToHexStringLower(writer.Written).ShouldBe(hex);
        new CborReader(Convert.FromHexString(hex)).ReadUnsigned().ShouldBe(value);
    }

    [Fact]
    public void Strings_arrays_and_the_rest_are_as_in_the_rfc()
    {
        using var writer = new CborWriter();
        writer.WriteArray(6);
        writer.Write("IETF");
        writer.Write("\u00fc");
        writer.Write([1, 2, 3, 4]);
        writer.Write(false);
        writer.Write(true);
        writer.WriteNull();
        Convert.ToHexStringLower(writer.Written).ShouldBe("8664494554466" + "2c3bc" + "4401020304" + "f4f5f6");
    }

    /// <summary>Well-formed CBOR, each of it, and none of it ours.</summary>
    [Theory]
    [InlineData("1817", "a number that fits into one byte, in two"), InlineData("1900ff", "in three"), InlineData("1a0000ffff", "in five")]
    [InlineData("1b00000000ffffffff", "in nine"), InlineData("20", "a negative number"), InlineData("c001", "a tag"), InlineData("f90000", "a float")]
    [InlineData("a0", "a map"), InlineData("5f4101ff", "an indefinite byte string"), InlineData("1c", "a reserved length"), InlineData("", "nothing")]
    [InlineData("0000", "something behind the end"), InlineData("19ff", "half a number"), InlineData("f7", "undefined")]
    public void Numbers_in_another_form_are_refused(string hex, string why) =>
        Refused(hex, why, (ref CborReader reader) => reader.ReadUnsigned());

    [Theory]
    [InlineData("580101", "a length in a longer form"), InlineData("5f4101ff", "indefinite"), InlineData("5bffffffffffffffff", "longer than there is")]
    [InlineData("4201", "cut"), InlineData("6161", "text")]
    public void Byte_strings_in_another_form_are_refused(string hex, string why) =>
        Refused(hex, why, (ref CborReader reader) => reader.ReadBytes());

    [Theory]
    [InlineData("62c328", "not UTF-8"), InlineData("63eda080", "half a surrogate pair"), InlineData("7801" + "61", "a length in a longer form")]
    [InlineData("4161", "bytes"), InlineData("65" + "6161616161", "longer than allowed")]
    public void Texts_in_another_form_are_refused(string hex, string why) =>
        Refused(hex, why, (ref CborReader reader) => reader.ReadText(4));

    [Theory]
    [InlineData("9f01ff", "indefinite"), InlineData("9bffffffffffffffff", "more than there is"), InlineData("9a00100000", "more than there is"), InlineData("8401020304", "more than allowed")]
    public void Arrays_in_another_form_are_refused(string hex, string why) =>
        Refused(hex, why, (ref CborReader reader) => reader.ReadArray(3));

    [Fact]
    public void What_is_written_is_read()
    {
        Prop.ForAll<ulong, byte[], NonNull<string>>((number, bytes, text) =>
        {
            // Half a surrogate pair is no text.
            var wanted = text.Get.Any(char.IsSurrogate) ? "" : text.Get;
            using var writer = new CborWriter();
            writer.WriteArray(5);
            writer.Write(number);
            writer.Write(bytes ?? []);
            writer.Write(wanted);
            writer.Write(number % 2 == 0);
            writer.WriteNull();
            var reader = new CborReader(writer.Written);
            reader.ReadArrayOf(5);
            var same = reader.ReadUnsigned() == number && reader.ReadBytes().SequenceEqual(bytes ?? []) && reader.ReadText(100_000) == wanted
                && reader.ReadBool() == (number % 2 == 0) && reader.TryReadNull();
            reader.End();
            return same;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void What_was_outgrown_and_what_is_disposed_is_wiped()
    {
        var writer = new CborWriter(8);
        writer.Write([1, 2, 3, 4, 5, 6, 7]);
        var outgrown = writer.Written;
        writer.Write([8, 9]);
        outgrown.ContainsAnyExcept((byte)0).ShouldBeFalse();
        var left = writer.Written;
        Convert.ToHexStringLower(left).ShouldBe("4701020304050607" + "420809");
        writer.Dispose();
        left.ContainsAnyExcept((byte)0).ShouldBeFalse();
        writer.Length.ShouldBe(0);
    }

    [Fact]
    public void Text_that_is_none_is_not_written()
    {
        using var writer = new CborWriter();
        Should.Throw<ArgumentException>(() => writer.Write("half of a pair: \ud800"));
        Should.Throw<ArgumentException>(() => writer.WriteUtf8([0xc3, 0x28]));
    }

    [Theory]
    [InlineData("02"), InlineData("0a")]
    public void Numbers_out_of_range_are_refused(string hex) =>
        Refused(hex, "3 to 9", (ref CborReader reader) => reader.ReadInt32(3, 9));

    [Fact]
    public void An_engine_has_its_own_fault_and_the_place_is_said() =>
        Should.Throw<InvalidDataException>(() => new CborReader([0x00, 0x00], what => new InvalidDataException(what)).End())
            .Message.ShouldBe("something follows the end, at byte 0");

    private delegate void Reading(ref CborReader reader);

    private static void Refused(string hex, string why, Reading read) =>
        Should.Throw<CborException>(
            () =>
            {
                var reader = new CborReader(Convert.FromHexString(hex));
                read(ref reader);
                reader.End();
            },
            why).Message.ShouldStartWith("The content is damaged: ");
}
