using System.Text;
using Understory.Casework;
using Understory.Desk.Components;
using Understory.Desk.Setup;
using Understory.Sealing;

namespace Understory.Desk.Joining;

/// <summary>Somebody who follows an invitation: the keys that were made for them, and how far they are.</summary>
internal sealed class Newcomer : IDisposable
{
    private const string Issuer = "Desk";
    private readonly Workplace _workplace;
    private readonly string _language;
    private readonly Secret _serverHalf;
    private readonly SessionMemory _memory;
    private readonly Casework.Joining _joining;
    private long _usedStep = -1;
    private bool _gaveUp;

    private Newcomer(Workplace workplace, string language, Secret serverHalf, SessionMemory memory, Casework.Joining joining, ReadOnlySpan<byte> cookie)
    {
        (_workplace, _language, _serverHalf, _memory, _joining) = (workplace, language, serverHalf, memory, joining);
        (LookUp, LastUsed) = (Session.LookUpOf(cookie), Instant.Now(workplace.Time));
        _memory.Leave();
    }

    /// <summary>By what the cookie finds it.</summary>
    public string LookUp { get; }

    /// <summary>One request at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1);

    public Instant LastUsed { get; set; }

    /// <summary>The first step that is not done.</summary>
    public JoinStep Next { get; private set; }

    public bool IsDone => _gaveUp;

    public bool IsOver { get; private set; }

    /// <summary>Reads the code; null where there is no such invitation.</summary>
    public static Newcomer? Begin(Workplace workplace, string code, string language, ReadOnlySpan<byte> cookie)
    {
        var arena = new LockedMemory(workplace.Options.SessionMemory);
        Secret? half = null;
        try
        {
            if (workplace.Organisation.Staff.BeginJoining(code, WordList.All.FirstOrDefault(list => list.Language == language) ?? WordList.For("en"), arena) is { } joining)
            {
                half = workplace.Memory.Random(LockedMemory.ConcealingKeySize);
                return new Newcomer(workplace, language, half, new SessionMemory(arena, half, cookie), joining, cookie);
            }
        }
        catch
        {
            half?.Dispose();
            arena.Dispose();
            throw;
        }
        arena.Dispose();
        return null;
    }

    public bool TryEnter(ReadOnlySpan<byte> cookie) => _memory.TryEnter(_serverHalf, cookie);

    public void Leave()
    {
        if (!_gaveUp) _memory.Leave();
    }

    /// <summary>Takes what a step asked for.</summary>
    /// <returns>What is wrong with it; nothing, where the step is done.</returns>
    public IReadOnlyList<FieldError> Take(JoinStep step, Form form)
    {
        var t = _workplace.Catalogue.For(_language);
        if (step == JoinStep.Repeat)
        {
            using var typed = form.Passphrase("passphrase", _memory.Arena);
            if (typed is null || typed.Length != _joining.Passphrase.Length || !typed.FixedTimeEquals(_joining.Passphrase.Span))
                return [new FieldError("passphrase", t["That is not the passphrase that was shown. Look at your paper, or go back and look again."])];
        }
        else if (step == JoinStep.Telephone && !Totp.TryMatch(_joining.TotpSecret.Span, _workplace.Time.GetUtcNow(), form.Line("code"), out _usedStep))
        {
            return [new FieldError("code", t["That is not the code. Type the one that the telephone shows now. If it never fits, the clock of the telephone or of this machine is wrong."])];
        }
        if (step >= Next) Next = step + 1;
        return [];
    }

    /// <summary>The page of a step.</summary>
    public Task ShowAsync(DeskRequest request, JoinStep step, IReadOnlyList<FieldError> errors)
    {
        var status = errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        (string, object?)[] common =
        [
            ("Language", _workplace.Catalogue.For(_language)), ("Errors", errors), ("Root", "/join"), ("Of", 4), ("Number", (int)step + 2),
            ("Back", step == JoinStep.Passphrase ? null : $"/join/{(step - 1).ToString().ToLowerInvariant()}"),
        ];
        var secret = _joining.TotpSecret.Span;
        return step switch
        {
            JoinStep.Passphrase => request.PageAsync<PassphrasePage>(status, [.. common, ("Words", Encoding.UTF8.GetString(_joining.Passphrase.Span))]),
            JoinStep.Repeat => request.PageAsync<RepeatPage>(status, common),
            _ => request.PageAsync<TelephonePage>(status, [.. common, ("Address", Totp.ToUri(Issuer, _joining.Name, secret)), ("Spelled", Totp.Spell(secret))]),
        };
    }

    /// <summary>Stores their keys.</summary>
    public Keyring Complete()
    {
        var keyring = _joining.Complete(_language);
        // The code that was typed to try the telephone is used.
        keyring.TryUseTotpStep(_usedStep);
        return keyring;
    }

    /// <summary>Hands the arena over to the first session.</summary>
    public LockedMemory GiveUpArena()
    {
        _joining.Dispose();
        _gaveUp = true;
        return _memory.GiveUp();
    }

    public void Dispose()
    {
        IsOver = true;
        if (!_gaveUp) _memory.Dispose();
        _serverHalf.Dispose();
    }
}
