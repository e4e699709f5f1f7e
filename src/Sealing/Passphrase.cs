using System.Security.Cryptography;
using System.Text;

namespace Understory.Sealing;

/// <summary>
/// The passphrases of staff: seven words made by a generator, 77 bits, and what is derived from them at sign-in. The
/// form is in <c>docs/formats/sign-in.md</c>.
/// </summary>
public static class Passphrase
{
    /// <summary>Words in a passphrase.</summary>
    public const int WordCount = 7;

    /// <summary>A new passphrase: seven words of a list, joined by spaces, UTF-8.</summary>
    public static Secret Generate(WordList list, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(memory);
        Span<int> numbers = stackalloc int[WordCount];
        try
        {
            // Why this is safe: GetInt32 draws without bias, and 2,048^7 is 2^77, each guess at the cost of Argon2Cost.SignIn.
            foreach (ref var number in numbers) number = RandomNumberGenerator.GetInt32(WordList.Size);
            return WordText.Write(list, numbers, memory);
        }
        finally
        {
            numbers.Clear();
        }
    }

    /// <summary>
    /// The passphrase that somebody typed, as it was generated: forgiving as <see cref="TypedWords"/> is. Null when it is
    /// not seven words of one list; that tells nothing about anybody's passphrase.
    /// </summary>
    public static Secret? Read(ReadOnlySpan<char> typed, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        List<IReadOnlyList<TypedWord>> readings = [];
        foreach (var list in WordList.All) readings.Add(TypedWords.Read(typed, list));
        readings.RemoveAll(words => words.Count != WordCount || words.Any(word => word.Word is null));

        // Russian and Ukrainian share words, and a passphrase has no checksum: what was typed exactly counts before what
        // another keyboard would have made of it, and of two guesses that differ none counts.
        var chosen = readings.Find(words => words.All(word => word.IsExact));
        if (chosen is null && readings.Select(words => string.Join(' ', words.Select(word => word.Word))).Distinct(StringComparer.Ordinal).Count() == 1)
            chosen = readings[0];
        return chosen is null ? null : WordText.Write([.. chosen.Select(word => word.Word!)], memory);
    }
}

/// <summary>
/// What one key derivation over (instance, name, passphrase) gives: where the user's wrapped root lies, and the key that
/// unwraps it. There is no table of names, so nobody can ask whether a name exists.
/// </summary>
public sealed class SignInKeys : IDisposable
{
    /// <summary>Length of an instance id.</summary>
    public const int InstanceIdSize = 32;

    private const int KeySize = 32;

    private SignInKeys(Secret lookUpId, Secret wrappingKey) => (LookUpId, WrappingKey) = (lookUpId, wrappingKey);

    /// <summary>32 bytes that name the row with the wrapped root.</summary>
    public Secret LookUpId { get; }

    /// <summary>32 bytes that unwrap the root.</summary>
    public Secret WrappingKey { get; }

    /// <summary>Derives both; takes half a second and 256 MiB at <see cref="Argon2Cost.SignIn"/>.</summary>
    /// <param name="instanceId">32 bytes.</param>
    /// <param name="name">The user's name as they type it; case, surplus spaces and the form of accents do not matter.</param>
    /// <param name="passphrase">The passphrase as <see cref="Passphrase.Read"/> gives it.</param>
    /// <param name="cost">The instance's cost, never below the floor.</param>
    /// <param name="memory">Where the keys go.</param>
    /// <exception cref="ArgumentException">The instance id has not 32 bytes, or the cost is below the floor.</exception>
    /// <exception cref="NotEnoughMemoryException">The memory could not be had.</exception>
    public static SignInKeys Derive(
        ReadOnlySpan<byte> instanceId, string name, Secret passphrase, Argon2Cost cost, LockedMemory memory)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(passphrase);
        ArgumentNullException.ThrowIfNull(cost);
        ArgumentNullException.ThrowIfNull(memory);
        if (instanceId.Length != InstanceIdSize) throw new ArgumentException("An instance id has 32 bytes.", nameof(instanceId));
        // The cost for receipts is a cost too, and far too small here.
        if (cost.Passes < Argon2Cost.SignIn.Passes || cost.MemoryKiB < Argon2Cost.SignIn.MemoryKiB)
            throw new ArgumentException("The cost is below the floor for passphrases.", nameof(cost));

        Span<byte> salt = stackalloc byte[Primitives.Argon2SaltSize];
        Salt(instanceId, name, salt);
        using var root = memory.Allocate(KeySize);
        Primitives.Argon2id(passphrase.Span, salt, cost, root.Span);

        var lookUpId = root.Expand("understory/sign-in/v1/look-up"u8, KeySize);
        try
        {
            return new SignInKeys(lookUpId, root.Expand("understory/sign-in/v1/wrap"u8, KeySize));
        }
        catch
        {
            lookUpId.Dispose();
            throw;
        }
    }

    /// <summary>Wipes both.</summary>
    public void Dispose()
    {
        LookUpId.Dispose();
        WrappingKey.Dispose();
    }

    /// <summary>A user's name as it is compared: however it was typed, it is one (<c>docs/formats/sign-in.md</c>).</summary>
    public static string Fold(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Composition.Compose(string.Join(' ', name.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToLowerInvariant();
    }

    // Why this is safe: instance and name are in the salt, so two users with one passphrase share nothing, and work
    // spent on one instance or name is lost for another. The id has a fixed length, so that no two inputs run together.
    private static void Salt(ReadOnlySpan<byte> instanceId, string name, Span<byte> salt)
    {
        byte[] input = [.. "understory/sign-in"u8, 0, 1, .. instanceId, .. Encoding.UTF8.GetBytes(Fold(name))];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[..salt.Length].CopyTo(salt);
    }
}
