using System.Text;
using Shouldly;
using Understory.Desk;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>What is read from a form, whatever was put into it.</summary>
public class FormTests
{
    [Fact]
    public void Fields_are_read_as_browsers_send_them()
    {
        using var form = Of("name=%D0%9C%D0%B0%D1%80%D1%82%D0%B0+K&tick=a&tick=b&empty=&bare&=x&note=one%0D%0Atwo%0Dthree%0A");
        form.Line("name").ShouldBe("Марта K");
        form.All("tick").ShouldBe(["a", "b"]);
        form.Line("empty").ShouldBe("");
        form.Has("bare").ShouldBeTrue();
        form.Has("missing").ShouldBeFalse();
        form.Line("missing").ShouldBe("");
        form.Lines("note").ShouldBe("one\ntwo\nthree\n");
        form.Line("note").ShouldBe("one  two three");
    }

    [Fact]
    public void What_cannot_be_seen_does_not_come_into_a_line()
    {
        using var form = Of($"name={Uri.EscapeDataString("\u202eatraM\u202c\0\u0007\u200b\ufeff")}&note={Uri.EscapeDataString("a\0b\u001b[31mc\td")}");
        form.Line("name").ShouldBe("atraM");
        form.Lines("note").ShouldBe("ab[31mc\td");
    }

    [Theory]
    [InlineData("a=%"), InlineData("a=%1"), InlineData("a=%g1"), InlineData("a=%1g")]
    public void A_broken_escape_is_refused(string body) => Should.Throw<RequestRefusedException>(() => Of(body).Line("a"));

    [Fact]
    public void Bytes_that_are_no_text_become_none() => Of("a=%ff%fe").Line("a").ShouldNotContain("\0");

    [Fact]
    public void A_passphrase_goes_into_locked_memory()
    {
        using var memory = new LockedMemory();
        using var passphrase = Passphrase.Generate(WordList.For("uk"), memory);
        var typed = Encoding.UTF8.GetString(passphrase.Span);
        using var form = Of($"passphrase={Uri.EscapeDataString(typed.ToUpperInvariant())}&short=one+two");
        using var read = form.Passphrase("passphrase", memory).ShouldNotBeNull();
        read.FixedTimeEquals(passphrase.Span).ShouldBeTrue();
        form.Passphrase("short", memory).ShouldBeNull();
        form.Passphrase("missing", memory).ShouldBeNull();
        form.ToString().ShouldBe("Form (2 fields)");
    }

    [Fact]
    public void Disposed_it_is_wiped()
    {
        var body = Encoding.ASCII.GetBytes("passphrase=secret");
        Form.Of(body).Dispose();
        body.ShouldAllBe(b => b == 0);
    }

    private static Form Of(string body) => Form.Of(Encoding.ASCII.GetBytes(body));
}
