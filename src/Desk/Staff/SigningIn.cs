using Understory.Casework;
using Understory.Desk.Components;
using Understory.Sealing;

namespace Understory.Desk.Staff;

/// <summary>Signing in: name, passphrase, code; and the page that it begins with.</summary>
internal sealed class SigningIn(Workplace workplace, SignInPace pace)
{
    // For the witness to say, after a start, whether it knows a longer log.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    public static Task ShowAsync(DeskRequest request) => request.PageAsync<SignInPage>(("Then", DeskRequest.PathOrHome(request.Query("then"))), ("SignedOut", request.Query("signed-out") is not null), ("Shown", Shown(request)));

    // Read at each request: it is a demonstration, and nobody waits for it.
    private static DemonstrationSignIn? Shown(DeskRequest request) =>
        request.Workplace.Options is { IsDemonstration: true, DataDirectory: var folder } ? Demonstration.Read(folder).SignInAt(request.Workplace.Time.GetUtcNow()) : null;


    public async Task TryAsync(DeskRequest request)
    {
        var (form, t) = (request.Form, request.T);
        var (name, code, then) = (form.Line("name"), form.Line("code"), DeskRequest.PathOrHome(form.Line("then")));
        using var passphrase = form.Passphrase("passphrase", workplace.Memory);

        // What anybody can see without knowing anything is said at once and by name.
        List<FieldError> errors = [];
        if (name.Length == 0) errors.Add(new("name", t["Enter your name."]));
        if (passphrase is null) errors.Add(new("passphrase", t["Enter the seven words of your passphrase. One of them may be mistyped or missing."]));
        if (code.Count(char.IsAsciiDigit) != Totp.Digits) errors.Add(new("code", t["Enter the six digits that your telephone shows."]));
        if (errors.Count == 0) await workplace.Exporting.AskedAsync(s_patience, request.Http.RequestAborted);
        if (errors.Count == 0 && await pace.TryAsync(name, () => Attempt(name, passphrase!, code), request.Http.RequestAborted) is { } opened)
        {
            try
            {
                Begin(request, opened.Arena, opened.Keyring);
            }
            catch
            {
                // No session has it: its keys must not lie there until the program ends.
                opened.Arena.Dispose();
                throw;
            }
            request.SeeOther(then);
            return;
        }
        if (errors.Count == 0) errors.Add(new("", t["That did not fit. Name, passphrase or code is wrong; which of them, this page does not say. A code is used once: wait for the next one."]));
        await request.PageAsync<SignInPage>(StatusCodes.Status422UnprocessableEntity, ("Then", then), ("Name", name), ("Errors", errors), ("Shown", Shown(request)));
    }

    /// <summary>A new session in the reader's browser; another one that it had ends.</summary>
    public void Begin(DeskRequest request, LockedMemory arena, Keyring keyring)
    {
        if (SessionCookie.Read(request.Http, request.Address) is { } old && workplace.Sessions.Find(old) is { } before) workplace.Sessions.End(before);
        var cookie = SessionCookie.Make();
        workplace.Sessions.Begin(arena, keyring, cookie);
        SessionCookie.Set(request.Http, request.Address, cookie);
    }

    private Opened? Attempt(string name, Secret passphrase, string code)
    {
        var arena = new LockedMemory(workplace.Options.SessionMemory);
        try
        {
            var keyring = workplace.Organisation.Unlock(name, passphrase, arena);
            if (keyring is not null && Totp.TryMatch(keyring.TotpSecret.Span, workplace.Time.GetUtcNow(), code, out var step) && keyring.TryUseTotpStep(step))
                return new Opened(arena, keyring);
        }
        catch
        {
            arena.Dispose();
            throw;
        }
        arena.Dispose();
        return null;
    }

    private sealed class Opened(LockedMemory arena, Keyring keyring)
    {
        public LockedMemory Arena { get; } = arena;

        public Keyring Keyring { get; } = keyring;
    }
}
