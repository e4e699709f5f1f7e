namespace Understory.Sealing;

/// <summary>
/// What Argon2id costs: passes over memory in KiB, with parallelism 1. The kinds are fixed in code; stored data may
/// ask for more than a kind's floor and never for less.
/// </summary>
public sealed record Argon2Cost
{
    /// <summary>The most memory that data may ask for: 2 GiB. More would let a stored number stop the machine.</summary>
    public const int MaxMemoryKiB = 2 * 1024 * 1024;

    /// <summary>The most passes that data may ask for.</summary>
    public const int MaxPasses = 16;

    private Argon2Cost(int passes, int memoryKiB) => (Passes, MemoryKiB) = (passes, memoryKiB);

    /// <summary>For receipts, which carry 91 random bits: 2 passes, 19 MiB, so that an old phone can do it.</summary>
    public static Argon2Cost Receipt { get; } = new(2, 19 * 1024);

    /// <summary>For staff passphrases: 3 passes, 256 MiB. Also the floor for them.</summary>
    public static Argon2Cost SignIn { get; } = new(3, 256 * 1024);

    /// <summary>Passes over the memory.</summary>
    public int Passes { get; }

    /// <summary>Memory in KiB.</summary>
    public int MemoryKiB { get; }

    /// <summary>A sign-in cost read from configuration or a database.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below <see cref="SignIn"/> or above the caps.</exception>
    public static Argon2Cost ForSignIn(int passes, int memoryKiB)
    {
        // Why this is safe: whoever can write the stored numbers could otherwise lower them to make guessing cheap at
        // the next sign-in, or raise them until no sign-in works.
        ArgumentOutOfRangeException.ThrowIfLessThan(passes, SignIn.Passes);
        ArgumentOutOfRangeException.ThrowIfLessThan(memoryKiB, SignIn.MemoryKiB);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(passes, MaxPasses);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(memoryKiB, MaxMemoryKiB);
        return new(passes, memoryKiB);
    }
}
