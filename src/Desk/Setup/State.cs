using System.Text;
using Understory.Casework;
using Understory.Desk.Components;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Desk.Setup;

/// <summary>What was filled in so far, and the keys that were made for it.</summary>
internal sealed class State : IDisposable
{
    private const int MostName = 80;
    private const string Issuer = "Desk";
    private readonly Workplace _workplace;
    private readonly Secret _serverHalf;
    private readonly SessionMemory _memory;
    private readonly string _lookUp;
    private Founding? _founding;
    private string _organisation = "";
    private string _name = "";
    private string _intake = "";
    private string _certificateKey = "";
    private long _usedStep = -1;
    private bool _gaveUp;

    public State(Workplace workplace, ReadOnlySpan<byte> cookie)
    {
        _workplace = workplace;
        _serverHalf = workplace.Memory.Random(LockedMemory.ConcealingKeySize);
        _memory = new SessionMemory(new LockedMemory(workplace.Options.SessionMemory), _serverHalf, cookie);
        _lookUp = Session.LookUpOf(cookie);
        LastUsed = Instant.Now(workplace.Time);
        _memory.Leave();
    }

    public string Language { get; set; } = "en";

    /// <summary>When somebody last did something.</summary>
    public Instant LastUsed { get; set; }

    /// <summary>The first step that is not done.</summary>
    public Step Next { get; private set; }

    public bool TryEnter(ReadOnlySpan<byte> cookie) => Session.LookUpOf(cookie) == _lookUp && _memory.TryEnter(_serverHalf, cookie);

    public void Leave()
    {
        if (!_gaveUp) _memory.Leave();
    }

    /// <summary>Takes what a step asked for.</summary>
    /// <returns>What is wrong with it; nothing, where the step is done.</returns>
    public IReadOnlyList<FieldError> Take(Step step, Form form, Text t)
    {
        var error = step switch
        {
            Step.Language => TakeLanguage(form, t),
            Step.Organisation => TakeName(form, ref _organisation, t["Enter what the organisation is called, in at most 80 characters."]),
            Step.You => TakeName(form, ref _name, t["Enter your name, in at most 80 characters."]),
            Step.Passphrase => null,
            Step.Repeat => TakePassphrase(form, t),
            Step.Telephone => TakeCode(form, t),
            Step.Recovery => form.Has("kept") ? null : new FieldError("kept", t["Print or copy the sheet, put it away, and tick this."]),
            _ => TakeIntake(form, t),
        };
        if (error is not null) return [error];
        // The passphrase is in the language of the words, so another language makes another one; nobody has it yet.
        if (step < Step.Passphrase && Next > Step.Passphrase) Next = Step.Passphrase;
        if (step < Step.Passphrase) Forget();
        if (step >= Next) Next = step + 1;
        if (Next == Step.Passphrase) _founding ??= _workplace.Organisation.BeginFounding(WordListOf(Language), _memory.Arena);
        return [];
    }

    /// <summary>The page of a step.</summary>
    public Task ShowAsync(DeskRequest request, Step step, IReadOnlyList<FieldError> errors)
    {
        var t = _workplace.Catalogue.For(Language);
        var status = errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK;
        List<(string, object?)> parameters = [("Language", t), ("Errors", errors), ("Back", step > Step.Language ? FirstRun.PathOf(step - 1) : null), ("Number", (int)step + 1)];
        switch (step)
        {
            case Step.Language:
                return request.PageAsync<LanguagePage>(status, [.. parameters]);
            case Step.Organisation:
                return request.PageAsync<OrganisationPage>(status, [.. parameters, ("Value", _organisation)]);
            case Step.You:
                return request.PageAsync<YouPage>(status, [.. parameters, ("Value", _name)]);
            case Step.Passphrase:
                return request.PageAsync<PassphrasePage>(status, [.. parameters, ("Words", Encoding.UTF8.GetString(_founding!.Passphrase.Span))]);
            case Step.Repeat:
                return request.PageAsync<RepeatPage>(status, [.. parameters]);
            case Step.Telephone:
                var secret = _founding!.TotpSecret.Span;
                return request.PageAsync<TelephonePage>(status, [.. parameters, ("Address", Totp.ToUri(Issuer, _name, secret)), ("Spelled", Totp.Spell(secret))]);
            case Step.Recovery:
                return request.PageAsync<RecoveryPage>(status, [.. parameters, ("Organisation", _organisation), ("Sheet", Encoding.ASCII.GetString(_founding!.RecoverySheet.Span)), ("Today", _workplace.Time.GetUtcNow())]);
            default:
                return request.PageAsync<IntakePage>(status, [.. parameters, ("Value", _intake), ("CertificateKey", _certificateKey)]);
        }
    }

    /// <summary>Stores everything.</summary>
    public Keyring Complete()
    {
        // First, as it may be written again: what comes after the founding cannot.
        if (_intake.Length > 0) IntakeLink.Write(_workplace.Options.DataDirectory, _intake, _certificateKey);
        var keyring = _founding!.Complete(_organisation, _name, Language);
        // The code that was typed to try the telephone is used.
        keyring.TryUseTotpStep(_usedStep);
        return keyring;
    }

    /// <summary>Hands the arena over to the first session.</summary>
    public LockedMemory GiveUpArena()
    {
        Forget();
        _gaveUp = true;
        return _memory.GiveUp();
    }

    public void Dispose()
    {
        if (!_gaveUp) _memory.Dispose();
        _serverHalf.Dispose();
    }

    private static WordList WordListOf(string language) => WordList.All.FirstOrDefault(list => list.Language == language) ?? WordList.For("en");

    private static FieldError? TakeName(Form form, ref string name, string fault)
    {
        var typed = form.Line("name");
        if (typed.Length is 0 or > MostName) return new FieldError("name", fault);
        name = typed;
        return null;
    }

    private FieldError? TakeLanguage(Form form, Text t)
    {
        var language = form.Line("language");
        if (!_workplace.Catalogue.Has(language)) return new FieldError("language", t["Choose a language."]);
        Language = language;
        return null;
    }

    private FieldError? TakePassphrase(Form form, Text t)
    {
        using var typed = form.Passphrase("passphrase", _memory.Arena);
        return typed is not null && typed.Length == _founding!.Passphrase.Length && typed.FixedTimeEquals(_founding.Passphrase.Span)
            ? null : new FieldError("passphrase", t["That is not the passphrase that was shown. Look at your paper, or go back and look again."]);
    }

    private FieldError? TakeCode(Form form, Text t) =>
        Totp.TryMatch(_founding!.TotpSecret.Span, _workplace.Time.GetUtcNow(), form.Line("code"), out _usedStep)
            ? null : new FieldError("code", t["That is not the code. Type the one that the telephone shows now. If it never fits, the clock of the telephone or of this machine is wrong."]);

    private FieldError? TakeIntake(Form form, Text t)
    {
        (_intake, _certificateKey) = (form.Line("address").TrimEnd('/'), form.Line("certificate-key").Replace(":", "", StringComparison.Ordinal));
        if (_intake.Length == 0) return null;
        try
        {
            IntakeLink.Understand(_intake, _certificateKey);
            return null;
        }
        catch (FormatException)
        {
            return _intake.StartsWith("https:", StringComparison.OrdinalIgnoreCase)
                ? new FieldError("certificate-key", t["An https address needs the fingerprint of its certificate's key: 64 hexadecimal digits."])
                : new FieldError("address", t["Enter an address as https://help.example.org or http://….onion, or leave it empty."]);
        }
    }

    private void Forget()
    {
        _founding?.Dispose();
        _founding = null;
    }
}
