using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Channels;

/// <summary>Where Intake is and how it is known again. Nothing here changes by what Intake says.</summary>
/// <param name="Address">
/// <c>http://….onion</c>, <c>https://…</c>, or <c>http://127.0.0.1:…</c>. No other address is without TLS.
/// </param>
/// <param name="CertificateKey">
/// SHA-256 of the public key of its certificate (SubjectPublicKeyInfo), 32 bytes; null for an onion address, which is a key
/// itself, and on this machine.
/// </param>
/// <param name="Proxy">Tor's SOCKS port, <c>socks5://127.0.0.1:9050</c>; needed for an onion address.</param>
public sealed record IntakeAddress(Uri Address, ReadOnlyMemory<byte>? CertificateKey = null, Uri? Proxy = null)
{
    /// <summary>Reads what an operator wrote.</summary>
    /// <param name="address">The address.</param>
    /// <param name="certificateKey">64 hexadecimal digits, or null.</param>
    /// <param name="proxy">Tor's SOCKS port, or null.</param>
    /// <param name="isNot">Said when it is no address.</param>
    /// <exception cref="FormatException">It cannot be; one sentence that says why.</exception>
    public static IntakeAddress Read(
        string address, string? certificateKey, string? proxy, string isNot = "Intake's address must be like http://….onion, https://help.example or http://127.0.0.1:8443.")
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.PathAndQuery != "/" || uri.UserInfo.Length > 0)
            throw new FormatException(isNot);
        var isOnion = uri.Host.EndsWith(".onion", StringComparison.OrdinalIgnoreCase);
        ReadOnlyMemory<byte>? key = null;
        if (!string.IsNullOrWhiteSpace(certificateKey))
        {
            try
            {
                key = Convert.FromHexString(certificateKey.Trim());
            }
            catch (FormatException)
            {
                // Said below.
            }
            if (key is not { Length: SHA256.HashSizeInBytes }) throw new FormatException("The SHA-256 of the certificate's public key has 64 hexadecimal digits.");
        }
        Uri? through = null;
        if (!string.IsNullOrWhiteSpace(proxy) && (!Uri.TryCreate(proxy, UriKind.Absolute, out through) || through.Scheme is not ("socks5" or "socks5h")))
            throw new FormatException("Tor's SOCKS port must be like socks5://127.0.0.1:9050.");
        if (isOnion && through is null) throw new FormatException("An onion address is reached through Tor: say where its SOCKS port is.");
        if (uri.Scheme == "https" && !isOnion && key is null)
            throw new FormatException("For an https address, say the SHA-256 of its certificate's public key: a certificate authority is not believed alone.");
        if (uri.Scheme == "http" && !isOnion && !IsThisMachine(uri)) throw new FormatException("Without TLS only an onion address or this machine is spoken to.");
        return new IntakeAddress(uri, key, through);
    }

    /// <summary>What calls this address and no other one.</summary>
    internal SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = Proxy is not null,
            Proxy = Proxy is { } proxy ? new WebProxy(proxy) : null,
            ConnectTimeout = TimeSpan.FromSeconds(60),
            PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            MaxResponseHeadersLength = 16,
        };
        if (CertificateKey is { } pinned)
        {
            // Why this is safe: the key itself is pinned, so that neither a name nor an authority is believed; its owner
            // proves possession in the TLS handshake. Names and dates of the certificate say nothing more.
            handler.SslOptions.RemoteCertificateValidationCallback = (_, certificate, _, _) => certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 found
                && CryptographicOperations.FixedTimeEquals(SHA256.HashData(found.PublicKey.ExportSubjectPublicKeyInfo()), pinned.Span);
        }
        return handler;
    }

    private static bool IsThisMachine(Uri uri) => IPAddress.TryParse(uri.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);
}

/// <summary>Why Intake could not be used.</summary>
public enum IntakeTrouble
{
    /// <summary>It cannot be reached, or is too slow.</summary>
    Unreachable,

    /// <summary>It is not the one that was pinned.</summary>
    AnotherServer,

    /// <summary>It does not take this Desk's credential.</summary>
    NotAdmitted,

    /// <summary>It has no room now.</summary>
    Busy,

    /// <summary>Its store is not the one that the Desk knew: made anew, or replaced.</summary>
    Replaced,

    /// <summary>It was put back to an older state.</summary>
    RolledBack,

    /// <summary>What it handed over is not what it listed, or not of the protocol.</summary>
    Lying,
}

/// <summary>Intake could not be used. The message is one sentence for a person.</summary>
public sealed class IntakeTroubleException(IntakeTrouble trouble, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Why.</summary>
    public IntakeTrouble Trouble { get; } = trouble;
}

/// <summary>
/// The Desk's side of the protocol with Intake (<c>docs/formats/intake-protocol.md</c>, "Of the Desk's collector"): calls
/// out, to one pinned address, and believes nothing.
/// </summary>
public sealed class IntakeConnection : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;
    private readonly byte[] _credential;

    /// <param name="address">Where Intake is.</param>
    /// <param name="credential">32 bytes that Intake knows the hash of.</param>
    public IntakeConnection(IntakeAddress address, ReadOnlySpan<byte> credential)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (credential.Length != Bearer.Size) throw new ArgumentException("A credential has 32 bytes.", nameof(credential));
        _credential = credential.ToArray();
        _http = new HttpClient(address.Handler()) { BaseAddress = address.Address, Timeout = s_patience, MaxResponseContentBufferSize = IntakeProtocol.MaxFetchedLength };
    }

    /// <summary>What waits behind a place.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used.</exception>
    public async Task<Listing> ListAsync(ReadOnlyMemory<byte> store, long cursor, CancellationToken cancel) =>
        Read(await PostAsync(IntakeProtocol.ListPath, List(store, cursor).ToBytes(), cancel), body => Listing.Read(body, List(store, cursor)));

    /// <summary>Answers that were fetched, behind a place.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used.</exception>
    public async Task<Deliveries> DeliveredAsync(ReadOnlyMemory<byte> store, long cursor, CancellationToken cancel) =>
        Read(await PostAsync(IntakeProtocol.DeliveredPath, List(store, cursor).ToBytes(), cancel), body => Deliveries.Read(body, List(store, cursor)));

    /// <summary>An envelope that was listed; null where it is gone meanwhile.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used, or handed over another one.</exception>
    public async Task<Envelope?> TakeAsync(Listed listed, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(listed);
        byte[] body;
        try
        {
            body = await PostAsync(IntakeProtocol.TakePath, new TakeRequest(_credential, listed.RequestId).ToBytes(), cancel);
        }
        catch (IntakeTroubleException fault) when (fault.Trouble == IntakeTrouble.NotAdmitted)
        {
            // The credential was good a moment ago: what is not there was forgotten by its person.
            return null;
        }
        var envelope = Read(body, bytes => Envelope.Read(bytes));
        return listed.Is(envelope) ? envelope : throw new IntakeTroubleException(IntakeTrouble.Lying, "Intake handed over another envelope than it listed.");
    }

    /// <summary>Says that envelopes are safe here; Intake deletes them.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used.</exception>
    public async Task AcknowledgeAsync(IReadOnlyList<Listed> listed, CancellationToken cancel) =>
        Done(await PostAsync(IntakeProtocol.CollectedPath, new CollectedRequest(_credential, [.. listed.Select(one => (one.RequestId, one.Hash))]).ToBytes(), cancel));

    /// <summary>Hands over an answer. It may be repeated.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used.</exception>
    public async Task PutAsync(Envelope answer, CancellationToken cancel) =>
        Done(await PostAsync(IntakeProtocol.PutPath, new PutRequest(_credential, answer).ToBytes(), cancel));

    /// <summary>Hands over the week's inbox key statement. It may be repeated.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used, or is of another organisation.</exception>
    public async Task PutInboxKeyAsync(ReadOnlyMemory<byte> statement, CancellationToken cancel)
    {
        try
        {
            Done(await PostAsync(IntakeProtocol.KeepInboxKeyPath, new InboxKeyRequest(_credential, statement).ToBytes(), cancel));
        }
        catch (IntakeTroubleException fault) when (fault.Trouble == IntakeTrouble.Lying)
        {
            throw new IntakeTroubleException(
                IntakeTrouble.Lying, "Intake does not take this organisation's inbox key: its file 'instance' is missing, of another organisation, or its clock is wrong.", fault);
        }
    }

    /// <summary>Says which conversations are junk; Intake drops them. It may be repeated.</summary>
    /// <exception cref="IntakeTroubleException">Intake cannot be used.</exception>
    public async Task DiscardAsync(IReadOnlyList<ReadOnlyMemory<byte>> lookUpIds, CancellationToken cancel) =>
        Done(await PostAsync(IntakeProtocol.DiscardPath, new DiscardRequest(_credential, lookUpIds).ToBytes(), cancel));

    /// <summary>Closes the connection.</summary>
    public void Dispose()
    {
        _http.Dispose();
        CryptographicOperations.ZeroMemory(_credential);
    }

    private static void Done(byte[] body) => Read(body, bytes =>
    {
        IntakeProtocol.ReadDone(bytes);
        return true;
    });

    private static IntakeTroubleException Replaced() => new(IntakeTrouble.Replaced, "Intake's store is not the one that this Desk knew: it was made anew, or replaced.");

    private static T Read<T>(byte[] body, ReadAnswer<T> read)
    {
        try
        {
            return read(body);
        }
        catch (EnvelopeException fault) when (fault.Fault == EnvelopeFault.RolledBack)
        {
            throw new IntakeTroubleException(IntakeTrouble.RolledBack, "Intake was put back to an older state: something that it had may be lost.", fault);
        }
        catch (EnvelopeException fault) when (fault.Fault == EnvelopeFault.AnotherStore)
        {
            throw Replaced();
        }
        catch (EnvelopeException fault)
        {
            throw new IntakeTroubleException(IntakeTrouble.Lying, "Intake does not answer as it should.", fault);
        }
    }

    private ListRequest List(ReadOnlyMemory<byte> store, long cursor) => new(_credential, store, cursor, IntakeProtocol.MostListed);

    private async Task<byte[]> PostAsync(string path, byte[] body, CancellationToken cancel)
    {
        try
        {
            using var content = new ByteArrayContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue(IntakeProtocol.ContentType);
            using var response = await _http.PostAsync(path, content, cancel);
            var answer = await response.Content.ReadAsByteArrayAsync(cancel);
            if (response.StatusCode == HttpStatusCode.OK) return answer;
            throw Refused(Read(answer, bytes => IntakeError.Read(bytes, (int)response.StatusCode)));
        }
        catch (HttpRequestException fault) when (fault.HttpRequestError == HttpRequestError.SecureConnectionError)
        {
            throw new IntakeTroubleException(IntakeTrouble.AnotherServer, "The server at Intake's address is not the one that was pinned.", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || fault is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            throw new IntakeTroubleException(IntakeTrouble.Unreachable, "Intake cannot be reached, or is too slow.", fault);
        }
        finally
        {
            // The credential stands in it.
            CryptographicOperations.ZeroMemory(body);
        }
    }

    private static IntakeTroubleException Refused(IntakeError error) => error.Code switch
    {
        IntakeErrorCode.NothingHere => new(IntakeTrouble.NotAdmitted, "Intake does not take this Desk's credential."),
        IntakeErrorCode.Busy => new(IntakeTrouble.Busy, "Intake has no room now."),
        IntakeErrorCode.Gone => Replaced(),
        _ => new(IntakeTrouble.Lying, "Intake does not understand this Desk: it may be of another version."),
    };

    private delegate T ReadAnswer<T>(ReadOnlySpan<byte> body);
}
