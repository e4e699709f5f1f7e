using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>
/// The key of this machine, in a file for its owner alone: it signs checkpoints of the log while nobody is signed in. It
/// opens nothing, and journals believe it for three kinds of entries only.
/// </summary>
internal static class NodeKey
{
    private const string Name = "node.key";
    private const int Size = 32;

    /// <exception cref="CaseworkException">The file cannot be written.</exception>
    public static void Write(Organisation organisation, Secret seed)
    {
        try
        {
            using var file = DeskStore.OwnFile(organisation.PathOf(Name), FileMode.Create);
            file.Write(seed.Span);
            file.Flush(flushToDisk: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{organisation.PathOf(Name)}' cannot be written: {fault.Message}", fault);
        }
    }

    /// <exception cref="CaseworkException">The file is not there, or is none.</exception>
    public static SigningKey Read(Organisation organisation)
    {
        using var seed = organisation.Memory.Allocate(Size);
        try
        {
            // Unbuffered: the seed goes from the file into locked memory and nowhere else.
            using var file = new FileStream(organisation.PathOf(Name), FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
            if (file.Length != Size || file.ReadAtLeast(seed.Span, Size, throwOnEndOfStream: false) != Size)
                throw new CaseworkException($"'{organisation.PathOf(Name)}' does not hold this machine's key.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{organisation.PathOf(Name)}' cannot be read: it holds this machine's key.");
        }
        var key = SigningKey.FromSeed(seed.Span, organisation.Memory);
        if (key.PublicKey == organisation.Founded.Node) return key;
        key.Dispose();
        throw new CaseworkException($"'{organisation.PathOf(Name)}' is the key of another machine.");
    }
}
