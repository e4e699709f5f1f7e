using System.Security.Cryptography;

namespace Understory.Sealing;

/// <summary>
/// Divides a secret among several people so that some of them together can put it together, and fewer learn nothing
/// (Shamir, 1979), in the published form SLIP-0039, so that a share outlives this program: other programs read it.
/// </summary>
public static class SecretSharing
{
    /// <summary>The most shares of a division.</summary>
    public const int MostShares = 16;

    private const byte DigestAt = 254;
    private const byte SecretAt = 255;
    private const int DigestSize = 4;
    private const int Rounds = 4;
    private const int LeastIterations = 2500;

    /// <summary>Divides a secret.</summary>
    /// <param name="secret">16 to 64 bytes, an even number.</param>
    /// <param name="threshold">How many shares put it together.</param>
    /// <param name="count">How many shares there are, at most 16. One alone may only be enough where it is the only one.</param>
    /// <param name="memory">Where they go.</param>
    /// <exception cref="ArgumentException">It cannot be divided so.</exception>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public static IReadOnlyList<SecretShare> Split(Secret secret, int threshold, int count, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(memory);
        if (secret.Length is < SecretShare.LeastBytes or > SecretShare.MostBytes || secret.Length % 2 != 0) throw new ArgumentException("A secret has 16 to 64 bytes, an even number.", nameof(secret));
        ArgumentOutOfRangeException.ThrowIfLessThan(threshold, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MostShares);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threshold, count);
        if (threshold == 1 && count > 1) throw new ArgumentException("Where one share is enough there is one.", nameof(threshold));

        // Why this is safe: a passphrase is not used, so that nothing is stretched (exponent 0); the shares alone protect the
        // secret, and below the threshold they are independent of it. Extendable: the same secret can be divided anew.
        var header = new ShareHeader(RandomNumberGenerator.GetInt32(1 << 15), IsExtendable: true, Exponent: 0, Group: 0, GroupThreshold: 1, GroupCount: 1, Member: 0, threshold);
        var shares = new List<SecretShare>(count);
        try
        {
            using var encrypted = Permute(secret, header, passphrase: [], decrypt: false, memory);
            foreach (var (member, value) in Divide(encrypted, threshold, count, memory).Index()) shares.Add(new SecretShare(header with { Member = member }, value));
            return shares;
        }
        catch
        {
            foreach (var share in shares) share.Dispose();
            throw;
        }
    }

    /// <summary>Puts a secret together. More shares than needed are held against it: one that does not fit is found.</summary>
    /// <param name="shares">In any order.</param>
    /// <param name="memory">Where the secret goes.</param>
    /// <param name="passphrase">Printable ASCII; empty where shares are ours. A wrong one gives another secret, by design of the format.</param>
    /// <exception cref="SharingException">They do not give a secret.</exception>
    /// <exception cref="NotEnoughMemoryException">The arena is full.</exception>
    public static Secret Combine(IReadOnlyList<SecretShare> shares, LockedMemory memory, ReadOnlySpan<byte> passphrase = default)
    {
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(memory);
        if (shares.Count == 0) throw new SharingException(SharingFault.TooFew, "There is no share.");
        var header = shares[0].Header;
        var length = shares[0].Value.Length;
        if (shares.Any(share => share.Value.Length != length || share.Header with { Group = header.Group, Member = header.Member, MemberThreshold = header.MemberThreshold } != header))
            throw new SharingException(SharingFault.NotOfOneSecret, "These shares are not of one division: papers of another one, or of an older one, are among them.");

        var groups = shares.GroupBy(share => share.Header.Group).Select(group => group.ToList()).ToList();
        foreach (var group in groups)
        {
            if (group.Any(share => share.Threshold != group[0].Threshold)) throw new SharingException(SharingFault.NotOfOneSecret, "Shares of one group disagree about how many are needed.");
            if (group.DistinctBy(share => share.Member).Count() != group.Count) throw new SharingException(SharingFault.Twice, "The same share was given twice.");
        }
        var whole = groups.Where(group => group.Count >= group[0].Threshold).ToList();
        if (whole.Count < header.GroupThreshold)
        {
            throw new SharingException(SharingFault.TooFew, header.GroupCount == 1
                ? $"{groups[0][0].Threshold} shares are needed, {shares.Count} {(shares.Count == 1 ? "is" : "are")} there."
                : $"{header.GroupThreshold} whole groups of shares are needed, {whole.Count} {(whole.Count == 1 ? "is" : "are")} there.");
        }

        var parts = new List<Secret>();
        try
        {
            foreach (var group in whole) parts.Add(Together([.. group.Select(share => (byte)share.Member)], [.. group.Select(share => share.Value)], group[0].Threshold, memory));
            using var encrypted = Together([.. whole.Select(group => (byte)group[0].Header.Group)], parts, header.GroupThreshold, memory);
            return Permute(encrypted, header, passphrase, decrypt: true, memory);
        }
        finally
        {
            foreach (var part in parts) part.Dispose();
        }
    }

    private static List<Secret> Divide(Secret secret, int threshold, int count, LockedMemory memory)
    {
        var values = new List<Secret>(count);
        if (threshold == 1)
        {
            values.Add(memory.Copy(secret.Span));
            return values;
        }
        var points = new List<Secret>(threshold);
        try
        {
            // All but two points are random; the others are the secret and its digest, at places where no share is.
            byte[] positions = [.. Enumerable.Range(0, threshold - 2).Select(i => (byte)i), DigestAt, SecretAt];
            for (var i = 0; i < threshold - 2; i++) points.Add(memory.Random(secret.Length));
            var digest = memory.Random(secret.Length);
            points.Add(digest);
            points.Add(memory.Copy(secret.Span));
            Digest(digest.Span[DigestSize..], secret.Span, digest.Span[..DigestSize]);
            for (var i = 0; i < count; i++)
            {
                var value = memory.Allocate(secret.Length);
                values.Add(value);
                Gf256.Interpolate((byte)i, positions, points, value.Span);
            }
            return values;
        }
        catch
        {
            foreach (var value in values) value.Dispose();
            throw;
        }
        finally
        {
            foreach (var point in points) point.Dispose();
        }
    }

    private static Secret Together(byte[] positions, List<Secret> values, int threshold, LockedMemory memory)
    {
        if (threshold == 1)
        {
            // Each is the secret itself.
            if (values.Exists(value => !value.FixedTimeEquals(values[0].Span))) throw Forged();
            return memory.Copy(values[0].Span);
        }
        using var check = memory.Allocate(values[0].Length);
        var (enough, needed) = (positions[..threshold], values.Take(threshold).ToList());
        for (var i = threshold; i < values.Count; i++)
        {
            Gf256.Interpolate(positions[i], enough, needed, check.Span);
            if (!values[i].FixedTimeEquals(check.Span)) throw Forged();
        }
        var secret = memory.Allocate(values[0].Length);
        try
        {
            Span<byte> digest = stackalloc byte[DigestSize];
            Gf256.Interpolate(SecretAt, enough, needed, secret.Span);
            Gf256.Interpolate(DigestAt, enough, needed, check.Span);
            Digest(check.Span[DigestSize..], secret.Span, digest);
            if (!CryptographicOperations.FixedTimeEquals(digest, check.Span[..DigestSize])) throw Forged();
            return secret;
        }
        catch
        {
            secret.Dispose();
            throw;
        }
    }

    private static SharingException Forged() =>
        new(SharingFault.Forged, "Each share is whole, but together they give no secret: one of them was changed on purpose.");

    /// <summary>The first bytes of HMAC-SHA-256: a forged share is found, and 32 bits tell nothing of use about the secret.</summary>
    private static void Digest(ReadOnlySpan<byte> random, ReadOnlySpan<byte> secret, Span<byte> to)
    {
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(random, secret, whole);
        whole[..DigestSize].CopyTo(to);
        whole.Clear();
    }

    /// <summary>The format's encryption of the secret: a Feistel network of four rounds with PBKDF2-HMAC-SHA-256.</summary>
    private static Secret Permute(Secret input, ShareHeader header, ReadOnlySpan<byte> passphrase, bool decrypt, LockedMemory memory)
    {
        var half = input.Length / 2;
        using var left = memory.Copy(input.Span[..half]);
        using var right = memory.Copy(input.Span[half..]);
        using var mask = memory.Allocate(half);
        byte[] name = header.IsExtendable ? [] : [.. "shamir"u8, (byte)(header.Identifier >> 8), (byte)header.Identifier];
        using var salt = memory.Allocate(name.Length + half);
        using var key = memory.Allocate(1 + passphrase.Length);
        name.CopyTo(salt.Span);
        passphrase.CopyTo(key.Span[1..]);
        for (var round = 0; round < Rounds; round++)
        {
            key.Span[0] = (byte)(decrypt ? Rounds - 1 - round : round);
            right.Span.CopyTo(salt.Span[name.Length..]);
            Rfc2898DeriveBytes.Pbkdf2(key.Span, salt.Span, mask.Span, LeastIterations << header.Exponent, HashAlgorithmName.SHA256);
            // The halves change places: what was right is left, and what was left is right under the mask.
            for (var i = 0; i < half; i++) (left.Span[i], right.Span[i]) = (right.Span[i], (byte)(left.Span[i] ^ mask.Span[i]));
        }
        var output = memory.Allocate(input.Length);
        right.Span.CopyTo(output.Span);
        left.Span.CopyTo(output.Span[half..]);
        return output;
    }
}
