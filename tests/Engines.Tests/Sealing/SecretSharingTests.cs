using System.Text;
using System.Text.Json;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>Secrets divided among officers (SLIP-0039): the published vectors, both ways, and shares that lie.</summary>
public sealed class SecretSharingTests : IDisposable
{
    private readonly LockedMemory _memory = new(1 << 18);

    public void Dispose() => _memory.Dispose();

    public static TheoryData<string> Names => [.. Vectors.Find("slip39", "vectors.json") is { } path ? All(path).Select(one => one.Name) : ["(missing)"]];

    [Theory, MemberData(nameof(Names))]
    public void A_published_vector_gives_its_secret_or_is_refused(string name)
    {
        var (_, words, expected) = All(Vectors.Path("slip39", "vectors.json")).Single(one => one.Name == name);
        if (expected.Length == 0)
        {
            Should.Throw<SharingException>(() => Together(words));
            return;
        }
        using var secret = Together(words);
        Convert.ToHexStringLower(secret.Span).ShouldBe(expected);
        // What was read is written again as it was.
        foreach (var text in words)
        {
            using var share = SecretShare.Read(text, _memory);
            using var again = share.Write(_memory);
            Encoding.ASCII.GetString(again.Span).ShouldBe(text);
        }

        Secret Together(string[] texts)
        {
            List<SecretShare> shares = [];
            try
            {
                foreach (var text in texts) shares.Add(SecretShare.Read(text, _memory));
                return SecretSharing.Combine(shares, _memory, "TREZOR"u8);
            }
            finally
            {
                shares.ForEach(share => share.Dispose());
            }
        }
    }

    [Fact]
    public void There_are_45_vectors() => All(Vectors.Path("slip39", "vectors.json")).Count.ShouldBe(45);

    [Theory]
    [InlineData(1, 1), InlineData(2, 2), InlineData(2, 3), InlineData(3, 5), InlineData(5, 9), InlineData(16, 16)]
    public void Any_that_are_enough_give_the_secret_in_any_order(int threshold, int count)
    {
        using var secret = _memory.Random(32);
        var texts = Divided(secret, threshold, count);
        for (var round = 0; round < 20; round++)
        {
            Random.Shared.Shuffle(texts);
            using var back = Combined(texts.Take(Random.Shared.Next(threshold, count + 1)));
            back.FixedTimeEquals(secret.Span).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(2, 3), InlineData(3, 5)]
    public void Fewer_give_nothing_and_say_how_many_are_missing(int threshold, int count)
    {
        using var secret = _memory.Random(32);
        var fault = Should.Throw<SharingException>(() => Combined(Divided(secret, threshold, count).Take(threshold - 1)));
        fault.Fault.ShouldBe(SharingFault.TooFew);
        fault.Message.ShouldStartWith($"{threshold} shares are needed");
    }

    /// <summary>Below the threshold every secret is as likely as every other: one share's bytes are spread evenly, whatever the secret is.</summary>
    [Fact]
    public void One_share_says_nothing_about_the_secret()
    {
        using var secret = _memory.Allocate(32);
        var seen = new int[256];
        for (var i = 0; i < 2000; i++)
        {
            foreach (var share in SecretSharing.Split(secret, 2, 2, _memory))
            {
                using (share) foreach (var one in share.Value.Span) seen[one]++;
            }
        }
        // 128,000 bytes, 500 of each expected; 12 standard deviations of room.
        seen.ShouldAllBe(count => count > 230 && count < 770);
    }

    [Fact]
    public void A_mistyped_word_is_noticed_before_anything_else()
    {
        using var secret = _memory.Random(32);
        var words = Divided(secret, 2, 3)[0].Split(' ');
        words.Length.ShouldBe(33);
        for (var place = 0; place < words.Length; place++)
        {
            var bent = (string[])words.Clone();
            bent[place] = bent[place] == "academic" ? "acid" : "academic";
            Should.Throw<SharingException>(() => SecretShare.Read(string.Join(' ', bent), _memory)).Fault.ShouldBe(SharingFault.Mistyped);
            bent[place] = "obezrany";
            var fault = Should.Throw<SharingException>(() => SecretShare.Read(string.Join(' ', bent), _memory));
            (fault.Fault, fault.Message).ShouldBe((SharingFault.UnknownWord, $"Word {place + 1} is not on the list of words."));
        }
        using var shouted = SecretShare.Read($"\n {string.Join("  \t", words).ToUpperInvariant()} \r\n", _memory);
        shouted.Threshold.ShouldBe(2);
    }

    /// <summary>A share made by somebody who knows the format: whole by its checksum, and not of this secret.</summary>
    [Fact]
    public void A_forged_share_is_found()
    {
        using var secret = _memory.Random(32);
        var shares = SecretSharing.Split(secret, 2, 3, _memory);
        shares[1].Value.Span[7] ^= 1;
        Should.Throw<SharingException>(() => SecretSharing.Combine([shares[0], shares[1]], _memory)).Fault.ShouldBe(SharingFault.Forged);
        Should.Throw<SharingException>(() => SecretSharing.Combine([shares[0], shares[2], shares[1]], _memory)).Fault.ShouldBe(SharingFault.Forged);
        using var without = SecretSharing.Combine([shares[0], shares[2]], _memory);
        without.FixedTimeEquals(secret.Span).ShouldBeTrue();
        Should.Throw<SharingException>(() => SecretSharing.Combine([shares[0], shares[0]], _memory)).Fault.ShouldBe(SharingFault.Twice);
    }

    [Fact]
    public void Shares_of_two_divisions_of_one_secret_do_not_mix()
    {
        using var secret = _memory.Random(32);
        var (old, renewed) = (Divided(secret, 2, 3), Divided(secret, 2, 3));
        // One in 32,768 divisions has the name of another; then the digest tells.
        Should.Throw<SharingException>(() => Combined([old[0], renewed[1]])).Fault.ShouldBeOneOf(SharingFault.NotOfOneSecret, SharingFault.Forged);
    }

    [Theory]
    [InlineData(32, 1, 2), InlineData(32, 3, 2), InlineData(32, 2, 17), InlineData(32, 0, 1), InlineData(15, 2, 3), InlineData(17, 2, 3), InlineData(66, 2, 3)]
    public void What_cannot_be_divided_so_is_refused(int size, int threshold, int count)
    {
        using var secret = _memory.Random(size);
        Should.Throw<ArgumentException>(() => SecretSharing.Split(secret, threshold, count, _memory));
        _memory.Used.ShouldBeLessThanOrEqualTo(96);
    }

    [Fact]
    public void Whatever_is_typed_is_read_or_refused_in_a_sentence()
    {
        using var secret = _memory.Random(16);
        var whole = Divided(secret, 2, 2)[0];
        var used = _memory.Used;
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var words = whole.Split(' ');
        for (var round = 0; round < 5000; round++)
        {
            var typed = string.Join(random.Next(9) == 0 ? "" : " ", Enumerable.Range(0, random.Next(random.Next(2) == 0 ? 90 : 22)).Select(_ => random.Next(12) switch
            {
                0 => new string((char)random.Next(1, 0xffff), random.Next(1, 12)),
                1 => whole,
                _ => words[random.Next(words.Length)],
            }));
            try
            {
                SecretShare.Read(typed, _memory).Dispose();
            }
            catch (SharingException fault)
            {
                fault.Message.ShouldEndWith(".", customMessage: $"seed {seed}");
                foreach (var word in words.Where(word => word.Length > 5)) fault.Message.ShouldNotContain(word, customMessage: $"seed {seed}");
            }
        }
        _memory.Used.ShouldBe(used);
    }

    [Fact]
    public void The_field_is_the_field()
    {
        // FIPS 197, 4.2: {57} times {83} is {c1}; {57} times {13} is {fe}.
        (Gf256.Multiply(0x57, 0x83), Gf256.Multiply(0x57, 0x13)).ShouldBe(((byte)0xc1, (byte)0xfe));
        for (var a = 1; a < 256; a++) Gf256.Multiply(a, Gf256.Invert((byte)a)).ShouldBe((byte)1);
    }

    private string[] Divided(Secret secret, int threshold, int count)
    {
        var texts = new List<string>();
        foreach (var share in SecretSharing.Split(secret, threshold, count, _memory))
        {
            using (share)
            {
                using var text = share.Write(_memory);
                texts.Add(Encoding.ASCII.GetString(text.Span));
            }
        }
        return [.. texts];
    }

    private Secret Combined(IEnumerable<string> texts)
    {
        var shares = texts.Select(text => SecretShare.Read(text, _memory)).ToList();
        try
        {
            return SecretSharing.Combine(shares, _memory);
        }
        finally
        {
            shares.ForEach(share => share.Dispose());
        }
    }

    private static List<(string Name, string[] Words, string Secret)> All(string path)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. file.RootElement.EnumerateArray().Select(one => (one[0].GetString()!, one[1].EnumerateArray().Select(word => word.GetString()!).ToArray(), one[2].GetString()!))];
    }
}
