using System.Buffers.Text;
using Understory.Casework;
using Understory.Desk;
using Understory.Journal;

namespace Understory.App.Tests.Desk;

/// <summary>Somebody who asks the Desk for everything: with a session, with one that is over or locked, or with none.</summary>
internal sealed class Person(string name, Roles roles) : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    public string Name => name;

    /// <summary>What they may do; nothing for who was not confirmed, has left, or is nobody.</summary>
    public Roles Roles { get; set; } = roles;

    public UserId User { get; set; }

    public byte[] Cookie { get; set; } = [];

    public Session? Session { get; set; }

    /// <summary>What a form of theirs carries.</summary>
    public string Token { get; set; } = "";

    /// <summary>Whether requests with their cookie are answered to somebody who is signed in and confirmed.</summary>
    public bool IsIn => Roles != Roles.None;

    public bool IsStaff => Roles.HasAny(RoleRules.Staff);

    public bool IsCoordinator => Roles.HasFlag(Roles.Coordinator);

    public bool IsTriage => Roles.HasFlag(Roles.Triage);

    /// <summary>Does something with the keys of their session, as a program of theirs could.</summary>
    public T With<T>(Func<Keyring, T> act)
    {
        using var lease = Session!.TryEnter(Cookie) ?? throw new InvalidOperationException($"{Name} is not signed in.");
        return act(lease.Keyring);
    }

    public void With(Action<Keyring> act) => With(keyring =>
    {
        act(keyring);
        return true;
    });

    /// <summary>Sends a request as a browser does, with the cookie and, where there is a form, its token.</summary>
    public async Task<Reply> AskAsync(Uri desk, string method, string path, IEnumerable<(string Name, string Value)>? form = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(desk.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        request.Headers.TryAddWithoutValidation("Accept-Language", "en");
        request.Headers.Add("Sec-Fetch-Site", form is null ? "none" : "same-origin");
        if (Cookie.Length > 0) request.Headers.Add("Cookie", $"desk={Base64Url.EncodeToString(Cookie)}");
        if (form is not null)
        {
            request.Headers.Add("Origin", desk.GetLeftPart(UriPartial.Authority));
            request.Content = new FormUrlEncodedContent([.. form.Select(field => KeyValuePair.Create(field.Name, field.Value)), KeyValuePair.Create(FormToken.Field, Token)]);
        }
        using var response = await _http.SendAsync(request);
        var headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        return new Reply((int)response.StatusCode, await response.Content.ReadAsByteArrayAsync(), headers, response.Headers.Location?.OriginalString);
    }

    public override string ToString() => Name.Split(' ')[0];

    public void Dispose() => _http.Dispose();
}

/// <summary>What came back, as it was on the line.</summary>
internal sealed record Reply(int Status, byte[] Body, string Headers, string? Location)
{
    public string Text => System.Text.Encoding.UTF8.GetString(Body);
}

/// <summary>Who has which keys of a case, by the test's own reckoning.</summary>
internal sealed record CaseTruth(string Label, CaseId Id, Dictionary<Person, Compartment[]> Readers)
{
    public bool Has(Person person, Compartment compartment) => Readers.TryGetValue(person, out var has) && has.Contains(compartment);
}
