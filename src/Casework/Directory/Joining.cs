using Dapper;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// Somebody who was invited and typed the code: their keys, in memory until <see cref="Complete"/> stores them. They open
/// nothing until a coordinator has compared the fingerprint.
/// </summary>
public sealed class Joining : IDisposable
{
    private const int KeySize = 32;
    private readonly Organisation _organisation;
    private readonly LockedMemory _memory;
    private readonly InvitationCode _code;
    private readonly Invitation _invitation;

    internal Joining(Organisation organisation, InvitationCode code, Invitation invitation, WordList words, LockedMemory memory)
    {
        (_organisation, _code, _invitation, _memory) = (organisation, code, invitation, memory);
        Passphrase = Sealing.Passphrase.Generate(words, memory);
        TotpSecret = memory.Random(Profile.TotpSecretSize);
    }

    /// <summary>Seven words, UTF-8, to be written down.</summary>
    public Secret Passphrase { get; }

    /// <summary>20 bytes for the second factor.</summary>
    public Secret TotpSecret { get; }

    /// <summary>What they are called here, and type to sign in.</summary>
    public string Name => _invitation.Name;

    /// <summary>What they are to be.</summary>
    public Roles Roles => _invitation.Roles;

    /// <summary>Stores their keys and leaves the claim, and signs them in. Takes as long as a sign-in.</summary>
    /// <exception cref="CaseworkException">The invitation was followed or taken back meanwhile, or nothing can be stored.</exception>
    public Keyring Complete(string language)
    {
        Texts.Language(language);
        using var signIn = SignInKeys.Derive(_organisation.InstanceId, Name, Passphrase, _organisation.Founded.Cost, _memory);
        var root = _memory.Random(KeySize);
        Profile? profile = null;
        Keyring? made = null;
        try
        {
            profile = Profile.Of(Name, language, _organisation.Founded.Pin, _memory.Copy(TotpSecret.Span), _invitation.User);
            _organisation.Store.Write(connection =>
            {
                made = Keyring.Create(_organisation, connection, signIn, root, profile);
                using var identity = made.Identity();
                using var seed = made.InboxSigningSeed();
                var inboxSigner = new byte[KeySize];
                Primitives.Ed25519PublicKey(seed.Span, inboxSigner);
                var (lookUp, chain) = made.Places;
                var claim = new Claim(_invitation.User, made.Author, (HybridRecipient)identity.ToRecipient(), inboxSigner, lookUp, chain);
                // Once: whoever is second has the paper too, and the fingerprint tells which of them it was.
                if (connection.Execute("UPDATE invitations SET claim = @claim WHERE look_up = @LookUp AND claim IS NULL", new { claim = _code.Seal(claim), _code.LookUp }) != 1)
                    throw new CaseworkException("This invitation was followed already, or taken back. If it was not you, tell a coordinator at once.");
            });
            _organisation.SayChanged();
            return made!;
        }
        catch
        {
            if (made is not null)
            {
                made.Dispose();
            }
            else
            {
                profile?.Dispose();
                root.Dispose();
            }
            throw;
        }
    }

    /// <summary>Says that it is one, and nothing else.</summary>
    public override string ToString() => "Joining";

    /// <summary>Wipes what was made. A keyring that <see cref="Complete"/> gave stays.</summary>
    public void Dispose()
    {
        Passphrase.Dispose();
        TotpSecret.Dispose();
        _code.Dispose();
    }
}
