using System.Text;
using Understory.Sealing;

namespace Understory.Engines.Tests.Sealing;

/// <summary>
/// Bends age files at random, from a seed, and opens them. Anything but a <see cref="SealingException"/> escapes and
/// fails whoever runs it.
/// </summary>
internal sealed class HeaderFuzzer
{
    /// <summary>
    /// What opening a bent file of the vectors may allocate: its content, its stanzas, an exception; far below the 1 MiB
    /// that a header may have and that bounds every file.
    /// </summary>
    public const long AllocationBound = 1024 * 1024;

    private static readonly byte[][] Tokens =
    [
        .. new[] { "-> ", "\n", "---", "--- ", "-> scrypt ", "-> X25519 ", "-> mlkem768x25519 ", "=", "\r\n", " ", "\0", "age-encryption.org/v1\n", " 18\n", " 99\n", "AAAA", "\n\n" }
            .Select(Encoding.ASCII.GetBytes),
    ];

    private readonly List<byte[]> _seeds;
    private readonly List<Identity> _identities;
    private readonly Random _random;

    private HeaderFuzzer(List<byte[]> seeds, List<Identity> identities, int seed)
    {
        _seeds = seeds;
        _identities = identities;
        _random = new Random(seed);
    }

    /// <summary>Bends the CCTV files that are binary and small; null where they are missing.</summary>
    public static HeaderFuzzer? FromVectors(LockedMemory memory, int seed)
    {
        if (Vectors.Find("cctv-age", "age", "testdata") is not { } folder) return null;
        var files = Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(CctvAgeFile.Read)
            .Where(file => file.Age.Length < 20_000 && !file.IsArmored && !file.Fields["passphrase"].Any()).ToList();
        var identities = files.SelectMany(file => file.Fields["identity"]).Distinct(StringComparer.Ordinal)
            .Select(text => Identity.Parse(Encoding.ASCII.GetBytes(text), memory)).ToList();
        // A passphrase as well, so that its stanza is read; the work factor is bent far more often than it stays payable.
        return new HeaderFuzzer([.. files.Select(file => file.Age)], identities, seed);
    }

    /// <summary>Bends files that we sealed ourselves.</summary>
    public static HeaderFuzzer FromOwnFiles(LockedMemory memory, int seed)
    {
        List<Identity> identities = [HybridIdentity.Generate(memory), X25519Identity.Generate(memory)];
        return new HeaderFuzzer([.. identities.Select(identity => AgeFile.Seal(new byte[200], identity.ToRecipient()))], identities, seed);
    }

    public Outcome Run(int count)
    {
        int opened = 0, refused = 0;
        long worst = 0;
        for (var n = 0; n < count; n++)
        {
            var file = Bend(_seeds[_random.Next(_seeds.Count)], _random);
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                AgeFile.Open(file, _identities);
                opened++;
            }
            catch (SealingException)
            {
                refused++;
            }
            worst = Math.Max(worst, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        return new Outcome(opened, refused, worst);
    }

    /// <summary>One to four changes: bits, bytes, cuts, repeats, and words of the format put where they do not belong.</summary>
    public static byte[] Bend(byte[] original, Random random)
    {
        var bytes = original.ToList();
        for (var changes = random.Next(0, 5); changes > 0 && bytes.Count > 1; changes--)
        {
            var at = random.Next(Math.Min(bytes.Count, 2500));
            var length = Math.Min(random.Next(1, 80), bytes.Count - at);
            switch (random.Next(8))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.RemoveRange(at, length); break;
                case 3: bytes.RemoveRange(at, bytes.Count - at); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length + 1), length)); break;
                case 5: bytes.InsertRange(at, Tokens[random.Next(Tokens.Length)]); break;
                case 6: bytes.Insert(at, (byte)random.Next(256)); break;
                default: bytes.RemoveAt(at); break;
            }
        }
        return [.. bytes];
    }

    internal sealed record Outcome(int Opened, int Refused, long WorstAllocation);
}
