using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Understory.Casework;

/// <summary>
/// The second factor: a code of six digits that changes every 30 seconds (RFC 6238 over RFC 4226, SHA-1, as every program
/// for telephones has it). It is asked after the passphrase and protects no seized disk.
/// </summary>
/// <remarks>Which steps were used is not known here: who accepts a code remembers its step and refuses it from then on.</remarks>
public static class Totp
{
    /// <summary>Length of a new secret: 160 bits, as RFC 4226 (4, R6) asks.</summary>
    public const int SecretSize = 20;

    /// <summary>Digits in a code.</summary>
    public const int Digits = 6;

    /// <summary>Seconds that a code stands for.</summary>
    public const int StepSeconds = 30;

    /// <summary>Steps before and after the present one whose code is taken: clocks differ, people type slowly (RFC 6238, 5.2).</summary>
    public const int Window = 1;

    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>The number of the step that a time lies in.</summary>
    public static long StepAt(DateTimeOffset time) => Math.Max(0, time.ToUnixTimeSeconds()) / StepSeconds;

    /// <summary>The code of a step: a number below a million.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="step">0 and above.</param>
    [SuppressMessage("Security", "CA5350", Justification = "HMAC asks of its hash what SHA-1 still gives, and programs for telephones know nothing else.")]
    public static int CodeAt(ReadOnlySpan<byte> secret, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        Span<byte> counter = stackalloc byte[sizeof(long)];
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        HMACSHA1.HashData(secret, counter, hash);
        // RFC 4226, 5.3: four bytes from where the last one says, without the sign.
        var code = (BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue) % 1_000_000;
        hash.Clear();
        return code;
    }

    /// <summary>Looks for what somebody typed among the codes of now, of the step before and of the one after.</summary>
    /// <param name="secret">The shared secret.</param>
    /// <param name="now">What time it is.</param>
    /// <param name="typed">As it was typed; spaces and hyphens do not count.</param>
    /// <param name="step">The latest step whose code it is, to be remembered as used; -1 where there is none.</param>
    /// <returns>Whether it is one of them.</returns>
    public static bool TryMatch(ReadOnlySpan<byte> secret, DateTimeOffset now, ReadOnlySpan<char> typed, out long step)
    {
        Span<byte> given = stackalloc byte[Digits];
        Span<byte> code = stackalloc byte[Digits];
        var isCode = TryReadDigits(typed, given);
        var present = StepAt(now);
        step = -1;
        // Why this is safe: all codes are made and compared in constant time whatever was typed, so that time tells neither
        // how much of a code was right nor which step it was of.
        for (var each = Math.Max(0, present - Window); each <= present + Window; each++)
        {
            CodeAt(secret, each).TryFormat(code, out _, "D6", CultureInfo.InvariantCulture);
            if (CryptographicOperations.FixedTimeEquals(code, given) & isCode) step = each;
        }
        CryptographicOperations.ZeroMemory(code);
        return step >= 0;
    }

    /// <summary>The secret as people copy it by hand: base32 (RFC 4648) in groups of four.</summary>
    public static string Spell(ReadOnlySpan<byte> secret)
    {
        var spelled = new StringBuilder(ToBase32(secret));
        for (var at = spelled.Length / 4 * 4; at > 0; at -= 4)
        {
            if (at < spelled.Length) spelled.Insert(at, ' ');
        }
        return spelled.ToString();
    }

    /// <summary>What a telephone reads from a picture (<see href="https://github.com/google/google-authenticator/wiki/Key-Uri-Format"/>).</summary>
    /// <param name="issuer">What the telephone shows above the code; nothing that incriminates.</param>
    /// <param name="account">Whose it is.</param>
    /// <param name="secret">The shared secret. The text holds it: it lives as long as a page takes to be made.</param>
    public static string ToUri(string issuer, string account, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(issuer);
        ArgumentNullException.ThrowIfNull(account);
        var by = Uri.EscapeDataString(issuer.Replace(":", " ", StringComparison.Ordinal));
        return $"otpauth://totp/{by}:{Uri.EscapeDataString(account.Replace(":", " ", StringComparison.Ordinal))}?secret={ToBase32(secret)}&issuer={by}";
    }

    private static bool TryReadDigits(ReadOnlySpan<char> typed, Span<byte> digits)
    {
        var count = 0;
        foreach (var c in typed)
        {
            if (char.IsWhiteSpace(c) || c == '-') continue;
            if (!char.IsAsciiDigit(c) || count == digits.Length) return false;
            digits[count++] = (byte)c;
        }
        return count == digits.Length;
    }

    private static string ToBase32(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var bits = 0;
        var held = 0;
        foreach (var b in bytes)
        {
            held = (held << 8 | b) & 0xfff;
            for (bits += 8; bits >= 5; bits -= 5) text.Append(Base32[held >> (bits - 5) & 31]);
        }
        if (bits > 0) text.Append(Base32[held << (5 - bits) & 31]);
        return text.ToString();
    }
}
