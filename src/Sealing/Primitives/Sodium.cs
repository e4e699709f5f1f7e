using System.Reflection;
using System.Runtime.InteropServices;

namespace Understory.Sealing;

/// <summary>
/// The functions of libsodium (1.0.18 and later) that Understory calls, bound as they are. Nothing but
/// <see cref="Primitives"/> and <see cref="LockedMemory"/> calls them.
/// </summary>
internal static unsafe partial class Sodium
{
    private const string Library = "libsodium";

    private static readonly string[] FileNames =
        OperatingSystem.IsWindows() ? ["libsodium.dll", "sodium.dll"]
        : OperatingSystem.IsMacOS() ? ["libsodium.dylib", "/opt/homebrew/lib/libsodium.dylib", "/usr/local/lib/libsodium.dylib"]
        : ["libsodium.so.23", "libsodium.so.26", "libsodium.so"];

    private static readonly Lazy<bool> Started = new(Start);

    /// <summary>Loads and starts the library once; later calls cost one check.</summary>
    /// <exception cref="LibraryMissingException">The library is not installed.</exception>
    public static void Require() => _ = Started.Value;

    private static bool Start()
    {
        if (!TryLoad(out var handle)) throw new LibraryMissingException();
        NativeLibrary.SetDllImportResolver(typeof(Sodium).Assembly, (name, _, _) => name == Library ? handle : 0);
        // 0: started now, 1: had been started.
        if (sodium_init() < 0) throw new LibraryMissingException();
        return true;
    }

    private static bool TryLoad(out nint handle)
    {
        foreach (var name in FileNames)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out handle)) return true;
        }
        handle = 0;
        return false;
    }

    [LibraryImport(Library)]
    private static partial int sodium_init();

    [LibraryImport(Library)]
    public static partial void* sodium_malloc(nuint size);

    [LibraryImport(Library)]
    public static partial void sodium_free(void* pointer);

    [LibraryImport(Library)]
    public static partial int sodium_mlock(void* address, nuint length);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult(byte* q, byte* n, byte* p);

    [LibraryImport(Library)]
    public static partial int crypto_scalarmult_base(byte* q, byte* n);

    [LibraryImport(Library)]
    public static partial int crypto_sign_seed_keypair(byte* publicKey, byte* secretKey, byte* seed);

    [LibraryImport(Library)]
    public static partial int crypto_sign_detached(byte* signature, ulong* length, byte* message, ulong messageLength, byte* secretKey);

    [LibraryImport(Library)]
    public static partial int crypto_sign_verify_detached(byte* signature, byte* message, ulong length, byte* publicKey);

    [LibraryImport(Library)]
    public static partial int crypto_pwhash(
        byte* output, ulong outputLength, byte* password, ulong passwordLength, byte* salt,
        ulong operations, nuint memory, int algorithm);

    [LibraryImport(Library)]
    public static partial int crypto_pwhash_scryptsalsa208sha256_ll(
        byte* password, nuint passwordLength, byte* salt, nuint saltLength,
        ulong n, uint r, uint p, byte* output, nuint outputLength);
}

/// <summary>libsodium, which Understory needs at run time, is not installed.</summary>
public sealed class LibraryMissingException()
    : Exception("libsodium was not found. Install it: `apt-get install libsodium23` on Debian, `brew install libsodium` on macOS.");
