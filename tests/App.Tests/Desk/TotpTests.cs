using System.Text;
using Shouldly;
using Understory.Casework;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>The codes of the second factor are those of RFC 6238, and nothing tells how near a guess was.</summary>
public class TotpTests
{
    private static readonly byte[] s_secret = Encoding.ASCII.GetBytes("12345678901234567890");

    /// <summary>RFC 6238, appendix B, of eight digits the last six.</summary>
    [Theory]
    [InlineData(59, 94287082), InlineData(1111111109, 07081804), InlineData(1111111111, 14050471)]
    [InlineData(1234567890, 89005924), InlineData(2000000000, 69279037), InlineData(20000000000, 65353130)]
    public void The_codes_are_those_of_the_standard(long seconds, int code) =>
        Totp.CodeAt(s_secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds))).ShouldBe(code % 1_000_000);

    /// <summary>RFC 4226, appendix D.</summary>
    [Fact]
    public void So_are_the_first_ten()
    {
        int[] codes = [755224, 287082, 359152, 969429, 338314, 254676, 287922, 162583, 399871, 520489];
        for (var step = 0; step < codes.Length; step++) Totp.CodeAt(s_secret, step).ShouldBe(codes[step]);
    }

    [Fact]
    public void The_code_of_now_of_just_before_and_of_just_after_is_taken_and_no_other()
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);
        var present = Totp.StepAt(now);
        for (var step = present - 3; step <= present + 3; step++)
        {
            var isNear = Math.Abs(step - present) <= 1;
            Totp.TryMatch(s_secret, now, $"{Totp.CodeAt(s_secret, step):D6}", out var matched).ShouldBe(isNear);
            matched.ShouldBe(isNear ? step : -1);
        }
    }

    [Theory]
    [InlineData("050 471", true), InlineData(" 050-471 ", true), InlineData("050471", true)]
    [InlineData("50471", false), InlineData("0504711", false), InlineData("", false), InlineData("05047a", false), InlineData("٠٥٠٤٧١", false)]
    public void Spaces_do_not_matter_and_nothing_else_is_read_as_a_code(string typed, bool isRight) =>
        Totp.TryMatch(s_secret, DateTimeOffset.FromUnixTimeSeconds(1_111_111_111), typed, out _).ShouldBe(isRight);

    [Fact]
    public void Nothing_typed_is_not_the_code_of_zeros()
    {
        // A code that could not be read is compared as zero bytes, which no code is.
        for (var step = 0L; step < 50; step++)
            Totp.TryMatch(s_secret, DateTimeOffset.FromUnixTimeSeconds(step * 30), "\0\0\0\0\0\0", out _).ShouldBeFalse();
    }

    [Fact]
    public void Telephones_read_the_secret_from_a_picture_and_people_from_groups_of_letters()
    {
        Totp.ToUri("Desk: Шлях", "Марта К", s_secret)
            .ShouldBe("otpauth://totp/Desk%20%20%D0%A8%D0%BB%D1%8F%D1%85:%D0%9C%D0%B0%D1%80%D1%82%D0%B0%20%D0%9A?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Desk%20%20%D0%A8%D0%BB%D1%8F%D1%85");
        Totp.Spell(s_secret).ShouldBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        Totp.Spell([0xff]).ShouldBe("74");
    }
}
