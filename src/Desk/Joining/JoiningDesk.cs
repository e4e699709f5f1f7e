using System.Collections.Concurrent;
using System.Globalization;
using Understory.Casework;
using Understory.Desk.Components;
using Understory.Desk.Staff;

namespace Understory.Desk.Joining;

/// <summary>
/// Those who follow an invitation just now: code, passphrase, telephone. Keys lie in an arena of their own, concealed between
/// requests; nothing is stored until the last step.
/// </summary>
/// <remarks>
/// As at the first run there is no form token yet: the cookie, which browsers send with no request from elsewhere, and the
/// origin say who may send. The code has 100 random bits and needs no pace.
/// </remarks>
internal sealed class JoiningDesk(Workplace workplace) : IDisposable
{
    // Each holds locked memory, and is there only for somebody who had a code.
    private const int Most = 8;
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(45);

    private readonly ConcurrentDictionary<string, Newcomer> _byLookUp = new(StringComparer.Ordinal);
    private readonly SigningIn _signingIn = new(workplace, workplace.Pace);

    public async Task TryCodeAsync(DeskRequest request)
    {
        if (workplace.Options.IsDemonstration) throw new CaseworkException("This is a demonstration: nobody joins it.");
        Sweep();
        if (_byLookUp.Count >= Most) throw new RequestRefusedException(StatusCodes.Status503ServiceUnavailable);
        var cookie = SessionCookie.Make();
        if (Newcomer.Begin(workplace, request.Form.Line("code"), request.Language, cookie) is not { } newcomer)
        {
            var error = new FieldError("code", request.T["There is no such invitation: it is mistyped, was followed already, was taken back, or is older than two weeks."]);
            await request.PageAsync<JoinPage>(StatusCodes.Status422UnprocessableEntity, ("Errors", new[] { error }));
            return;
        }
        _byLookUp[newcomer.LookUp] = newcomer;
        SessionCookie.Set(request.Http, request.Address, cookie);
        request.SeeOther("/join/passphrase");
    }

    public Task ShowAsync(DeskRequest request) => WithAsync(request, async newcomer =>
    {
        var step = StepOf(request);
        if (step > newcomer.Next) request.SeeOther(PathOf(newcomer.Next));
        else await newcomer.ShowAsync(request, step, []);
    });

    public Task TakeAsync(DeskRequest request) => WithAsync(request, async newcomer =>
    {
        var step = StepOf(request);
        if (step > newcomer.Next)
        {
            request.SeeOther(PathOf(newcomer.Next));
            return;
        }
        var errors = newcomer.Take(step, request.Form);
        if (errors.Count > 0) await newcomer.ShowAsync(request, step, errors);
        else if (step == JoinStep.Telephone) await CompleteAsync(request, newcomer);
        else request.SeeOther(PathOf(step + 1));
    });

    public void Sweep()
    {
        foreach (var (lookUp, newcomer) in _byLookUp)
        {
            if (newcomer.LastUsed.Passed(workplace.Time) >= s_idle && newcomer.Turn.Wait(0)) End(lookUp, newcomer);
        }
    }

    public void Dispose()
    {
        foreach (var (lookUp, newcomer) in _byLookUp) End(lookUp, newcomer);
    }

    private static string PathOf(JoinStep step) => $"/join/{step.ToString().ToLowerInvariant()}";

    private static JoinStep StepOf(DeskRequest request) =>
        Enum.TryParse<JoinStep>(request.Route("step"), ignoreCase: true, out var step) && PathOf(step) == request.Http.Request.Path ? step : throw new RequestRefusedException(StatusCodes.Status404NotFound);

    private async Task CompleteAsync(DeskRequest request, Newcomer newcomer)
    {
        // Off this thread: as long as a sign-in.
        var keyring = await Task.Run(newcomer.Complete);
        var arena = newcomer.GiveUpArena();
        try
        {
            _signingIn.Begin(request, arena, keyring);
        }
        catch
        {
            // No session has it.
            arena.Dispose();
            throw;
        }
        request.SeeOther("/waiting");
    }

    private async Task WithAsync(DeskRequest request, Func<Newcomer, Task> serve)
    {
        if (SessionCookie.Read(request.Http, request.Address) is not { } cookie || !_byLookUp.TryGetValue(Session.LookUpOf(cookie), out var newcomer))
        {
            request.SeeOther("/join");
            return;
        }
        await newcomer.Turn.WaitAsync(request.Http.RequestAborted);
        try
        {
            if (newcomer.IsOver || !newcomer.TryEnter(cookie))
            {
                request.SeeOther("/join");
                return;
            }
            newcomer.LastUsed = Instant.Now(workplace.Time);
            request.Http.Response.Headers["Refresh"] = string.Create(CultureInfo.InvariantCulture, $"{s_idle.TotalSeconds + 5};url=/join");
            try
            {
                await serve(newcomer);
            }
            finally
            {
                newcomer.Leave();
            }
        }
        finally
        {
            if (newcomer.IsDone) End(newcomer.LookUp, newcomer);
            newcomer.Turn.Release();
        }
    }

    private void End(string lookUp, Newcomer newcomer)
    {
        _byLookUp.TryRemove(lookUp, out _);
        newcomer.Dispose();
    }
}

/// <summary>The steps, in their order.</summary>
internal enum JoinStep
{
    Passphrase,
    Repeat,
    Telephone,
}
