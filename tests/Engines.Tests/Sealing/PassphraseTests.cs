using System.Text;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

public sealed class PassphraseTests : IDisposable
{
    private readonly LockedMemory _memory = new();
    private readonly byte[] _instance = Enumerable.Repeat((byte)7, 32).ToArray();

    /// <summary>A telephone's keyboard and a computer's write the same letter in one character or in two.</summary>
    [Theory]
    [InlineData("Сергій", "Сергі\u0438\u0306")]
    [InlineData("Їжак Ёлкин", "  \u0406\u0308жак\t\u0415\u0308лкин ")]
    [InlineData("Zoë Ångström", "ZOE\u0308 A\u030angstro\u0308m")]
    public void A_name_is_one_however_it_is_typed(string composed, string typed)
    {
        SignInKeys.Fold(typed).ShouldBe(SignInKeys.Fold(composed));
        SignInKeys.Fold(composed).ShouldBe(composed.ToLowerInvariant());
    }

    [Fact]
    public void A_passphrase_is_seven_words_that_are_read_again_in_any_disguise()
    {
        foreach (var list in WordList.All)
        {
            using var passphrase = Passphrase.Generate(list, _memory);
            var text = Encoding.UTF8.GetString(passphrase.Span);
            text.Split(' ').Length.ShouldBe(7);
            using var typed = Passphrase.Read($" {text.ToUpperInvariant()}\n", _memory).ShouldNotBeNull();
            typed.FixedTimeEquals(passphrase.Span).ShouldBeTrue();
            Passphrase.Read(text.AsSpan()[..^1], _memory).ShouldBeNull();
        }
        Passphrase.Read("one two", _memory).ShouldBeNull();
        Passphrase.Read("", _memory).ShouldBeNull();
    }

    /// <summary>Three in ten Ukrainian words can be read as Russian ones, some spelled otherwise; no passphrase may turn into another.</summary>
    [Fact]
    public void Every_passphrase_reads_back_as_itself()
    {
        var ukrainian = WordList.For("uk");
        var shared = ukrainian.Words.Where(word => TypedWords.Read(word, WordList.For("ru"))[0].Word is { } other && other != word).ToList();
        shared.Count.ShouldBeGreaterThan(50);
        for (var i = 0; i + 7 <= shared.Count; i++)
        {
            var text = string.Join(' ', shared.GetRange(i, 7));
            using var read = Passphrase.Read(text, _memory).ShouldNotBeNull();
            Encoding.UTF8.GetString(read.Span).ShouldBe(text);
        }
    }

    [Fact]
    public void Sign_in_gives_other_keys_for_another_name_instance_or_passphrase()
    {
        using var passphrase = _memory.Copy("a passphrase of seven words it is"u8);
        using var other = _memory.Copy("a passphrase of seven words it was"u8);
        using var keys = Derive(_instance, "Marta", passphrase);
        using var same = Derive(_instance, "  marta ", passphrase);
        same.LookUpId.FixedTimeEquals(keys.LookUpId.Span).ShouldBeTrue();
        same.WrappingKey.FixedTimeEquals(keys.WrappingKey.Span).ShouldBeTrue();
        keys.LookUpId.FixedTimeEquals(keys.WrappingKey.Span).ShouldBeFalse();
        foreach (var different in new[] { Derive(new byte[32], "Marta", passphrase), Derive(_instance, "Ihor", passphrase), Derive(_instance, "Marta", other) })
        {
            different.LookUpId.FixedTimeEquals(keys.LookUpId.Span).ShouldBeFalse();
            different.WrappingKey.FixedTimeEquals(keys.WrappingKey.Span).ShouldBeFalse();
            different.Dispose();
        }
    }

    [Fact]
    public void Stored_parameters_cannot_go_below_the_floor_or_ask_for_the_machine()
    {
        Argon2Cost.ForSignIn(3, 256 * 1024).ShouldBe(Argon2Cost.SignIn);
        Argon2Cost.ForSignIn(4, 512 * 1024).MemoryKiB.ShouldBe(512 * 1024);
        foreach (var (passes, memory) in new[] { (2, 256 * 1024), (3, 256 * 1024 - 1), (0, 0), (-1, -1), (17, 256 * 1024), (3, 4 * 1024 * 1024), (3, int.MaxValue) })
            Should.Throw<ArgumentOutOfRangeException>(() => Argon2Cost.ForSignIn(passes, memory));
        using var passphrase = _memory.Copy("x"u8);
        Should.Throw<ArgumentException>(() => SignInKeys.Derive(_instance, "Marta", passphrase, Argon2Cost.Receipt, _memory));
        Should.Throw<ArgumentException>(() => SignInKeys.Derive(new byte[31], "Marta", passphrase, Argon2Cost.SignIn, _memory));
    }

    public void Dispose() => _memory.Dispose();

    private SignInKeys Derive(byte[] instance, string name, Secret passphrase) =>
        SignInKeys.Derive(instance, name, passphrase, Argon2Cost.SignIn, _memory);
}
