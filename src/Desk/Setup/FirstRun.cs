using System.Globalization;
using Understory.Desk.Components;
using Understory.Desk.Staff;

namespace Understory.Desk.Setup;

/// <summary>
/// The first visit: whoever holds the code from the terminal names the organisation and themselves, gets a passphrase, a second
/// factor and the recovery sheet, and is signed in. Until the last step nothing is stored; keys lie in a locked arena, concealed
/// between requests as those of a session are.
/// </summary>
/// <remarks>
/// There is no form token yet: who may send is known by the cookie, which browsers send with no request from elsewhere, and by
/// the origin of each POST, which was checked.
/// </remarks>
internal sealed class FirstRun : IDisposable
{
    private static readonly TimeSpan s_idle = TimeSpan.FromMinutes(45);

    private readonly Workplace _workplace;
    private readonly SigningIn _signingIn;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly OneTimeCode? _code;
    private State? _state;

    public FirstRun(Workplace workplace)
    {
        _workplace = workplace;
        _signingIn = new SigningIn(workplace, workplace.Pace);
        _code = workplace.Organisation.IsFounded ? null : new OneTimeCode(workplace.Options.DataDirectory, workplace.Say);
    }

    /// <summary>The code for the terminal; null where everything is set up.</summary>
    public string? Code => _workplace.Organisation.IsFounded ? null : _code?.Text;

    /// <summary>Brings everybody to the first step while nothing is set up, and nobody afterwards.</summary>
    public Task LeadAsync(HttpContext http, RequestDelegate next)
    {
        var path = http.Request.Path;
        var isHere = path.StartsWithSegments("/setup", StringComparison.Ordinal) && path != "/setup/done";
        if (_workplace.Organisation.IsFounded != isHere || path.StartsWithSegments("/files", StringComparison.Ordinal)) return next(http);
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        http.Response.Headers.Location = isHere ? "/" : "/setup";
        return Task.CompletedTask;
    }

    public Task ShowCodeAsync(DeskRequest request) => request.PageAsync<CodePage>(("IsSpent", _code!.IsSpent));

    public async Task TryCodeAsync(DeskRequest request)
    {
        await _turn.WaitAsync(request.Http.RequestAborted);
        try
        {
            if (!_code!.Fits(request.Form.Line("code")))
            {
                var error = new FieldError("code", request.T["That is not the code that the terminal shows. After five wrong ones it shows another."]);
                await request.PageAsync<CodePage>(StatusCodes.Status422UnprocessableEntity, ("IsSpent", _code!.IsSpent), ("Errors", new[] { error }));
                return;
            }
            // Whoever holds the code may begin anew: the browser may have been closed in between.
            _state?.Dispose();
            var cookie = SessionCookie.Make();
            _state = new State(_workplace, cookie) { Language = request.Language };
            SessionCookie.Set(request.Http, request.Address, cookie);
            request.SeeOther("/setup/language");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Shows a step, or the first one that is not done yet.</summary>
    public Task ShowAsync(DeskRequest request) => InStateAsync(request, async state =>
    {
        var step = StepOf(request);
        if (step > state.Next) request.SeeOther(PathOf(state.Next));
        else await state.ShowAsync(request, step, []);
    });

    /// <summary>Takes what was filled in at a step, and leads on.</summary>
    public Task TakeAsync(DeskRequest request) => InStateAsync(request, async state =>
    {
        var step = StepOf(request);
        if (step > state.Next)
        {
            request.SeeOther(PathOf(state.Next));
            return;
        }
        var errors = state.Take(step, request.Form, _workplace.Catalogue.For(state.Language));
        if (errors.Count > 0) await state.ShowAsync(request, step, errors);
        else if (step == Step.Intake) await CompleteAsync(request, state);
        else request.SeeOther(PathOf(step + 1));
    });

    public void Dispose()
    {
        _state?.Dispose();
        _turn.Dispose();
    }

    internal static string PathOf(Step step) => $"/setup/{step.ToString().ToLowerInvariant()}";

    private static Step StepOf(DeskRequest request) =>
        Enum.TryParse<Step>(request.Route("step"), ignoreCase: true, out var step) && PathOf(step) == request.Http.Request.Path ? step : throw new RequestRefusedException(StatusCodes.Status404NotFound);

    private async Task CompleteAsync(DeskRequest request, State state)
    {
        try
        {
            // Off this thread: as long as a sign-in.
            var keyring = await Task.Run(state.Complete);
            var arena = state.GiveUpArena();
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
        }
        finally
        {
            // Also where something failed after it was stored: the first sign-in goes on from there, and this one is over.
            if (_workplace.Organisation.IsFounded)
            {
                state.Dispose();
                _state = null;
                OneTimeCode.Remove(_workplace.Options.DataDirectory);
            }
        }
        _workplace.Collecting.TryBegin();
        request.SeeOther("/setup/done");
    }

    /// <summary>Ends a setup that was left alone: its secrets are on no paper that anybody counts on yet, and the code begins anew.</summary>
    public void Sweep()
    {
        if (!_turn.Wait(0)) return;
        try
        {
            EndIfLeft();
        }
        finally
        {
            _turn.Release();
        }
    }

    private void EndIfLeft()
    {
        if (_state is not { } left || left.LastUsed.Passed(_workplace.Time) < s_idle) return;
        left.Dispose();
        _state = null;
    }

    private async Task InStateAsync(DeskRequest request, Func<State, Task> serve)
    {
        await _turn.WaitAsync(request.Http.RequestAborted);
        try
        {
            var cookie = SessionCookie.Read(request.Http, request.Address);
            EndIfLeft();
            if (cookie is null || _state is not { } state || !state.TryEnter(cookie))
            {
                request.SeeOther("/setup");
                return;
            }
            state.LastUsed = Instant.Now(_workplace.Time);
            // Where somebody left, the page goes too.
            request.Http.Response.Headers["Refresh"] = string.Create(CultureInfo.InvariantCulture, $"{s_idle.TotalSeconds + 5};url=/setup");
            try
            {
                await serve(state);
            }
            finally
            {
                state.Leave();
            }
        }
        finally
        {
            _turn.Release();
        }
    }
}

/// <summary>The steps, in their order.</summary>
internal enum Step
{
    Language,
    Organisation,
    You,
    Passphrase,
    Repeat,
    Telephone,
    Recovery,
    Intake,
}
