using System.Security.Cryptography;
using Understory.Envelopes;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>
/// Gives forms their ids, and a form that comes back its receipt: the same for the same form, for one to two hours. Each hour
/// has a secret of its own; the present hour's and the one's before are there, and older ones are wiped. So a form has an age
/// without a time standing in it, and who takes the process over later repeats no receipt.
/// </summary>
internal sealed class FormKeys(LockedMemory memory, TimeProvider time) : IDisposable
{
    private const int KeySize = 32;
    private const int NonceSize = 16;
    private const int TagSize = 16;
    private const int IdSize = NonceSize + TagSize;

    private readonly Lock _lock = new();
    private long _hour;
    private Secret? _present;
    private Secret? _former;

    private static ReadOnlySpan<byte> Label => "understory/plain-form/v1/id"u8;

    /// <summary>An id, in hexadecimal, for a form that is about to be shown.</summary>
    public string NewId()
    {
        lock (_lock)
        {
            Renew();
            Span<byte> id = stackalloc byte[IdSize];
            RandomNumberGenerator.Fill(id[..NonceSize]);
            Tag(_present!, id[..NonceSize], id[NonceSize..]);
            return Convert.ToHexStringLower(id);
        }
    }

    /// <summary>The receipt of a form.</summary>
    /// <param name="id">As it came back with the form.</param>
    /// <param name="list">The words.</param>
    /// <param name="request">The id's bytes and a hash of what was sent.</param>
    /// <returns>Null where the form is too old, or another process made it.</returns>
    public Receipt? ReceiptOf(ReadOnlySpan<byte> id, WordList list, ReadOnlySpan<byte> request)
    {
        lock (_lock)
        {
            Renew();
            return IsOf(_present, id) ? RepeatableReceipt.Create(list, _present!, request, memory)
                : IsOf(_former, id) ? RepeatableReceipt.Create(list, _former!, request, memory)
                : null;
        }
    }

    /// <summary>Wipes what is too old, also when nobody comes.</summary>
    public void Tidy()
    {
        lock (_lock)
        {
            if (_present is not null) Renew();
        }
    }

    /// <summary>The bytes of an id.</summary>
    /// <exception cref="RefusedException">It is none, whatever its age.</exception>
    public static byte[] Read(ReadOnlySpan<byte> hex)
    {
        var id = new byte[IdSize];
        return Convert.FromHexString(hex, id, out _, out var written) == System.Buffers.OperationStatus.Done && written == id.Length
            ? id : throw new RefusedException(IntakeErrorCode.Malformed);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _present?.Dispose();
            _former?.Dispose();
            (_present, _former) = (null, null);
        }
    }

    /// <remarks>
    /// Why this is safe: HKDF-Expand of a uniform secret, with another label than the receipt's, is a MAC of the nonce that
    /// tells nothing about the receipt; an id that we did not give matches with 2^-128.
    /// </remarks>
    private static void Tag(Secret secret, ReadOnlySpan<byte> nonce, Span<byte> tag) =>
        HKDF.Expand(HashAlgorithmName.SHA256, secret.Span, tag, [.. Label, .. nonce]);

    private static bool IsOf(Secret? secret, ReadOnlySpan<byte> id)
    {
        if (secret is null) return false;
        Span<byte> tag = stackalloc byte[TagSize];
        Tag(secret, id[..NonceSize], tag);
        return CryptographicOperations.FixedTimeEquals(tag, id[NonceSize..]);
    }

    private void Renew()
    {
        var hour = time.GetUtcNow().ToUnixTimeSeconds() / 3_600;
        if (_present is not null && hour == _hour) return;
        _former?.Dispose();
        // A clock that jumps, or was set back, ends both: then a form is old too early, and never too late.
        if (hour == _hour + 1)
        {
            _former = _present;
        }
        else
        {
            _present?.Dispose();
            _former = null;
        }
        _present = null;
        (_present, _hour) = (memory.Random(KeySize), hour);
    }
}
