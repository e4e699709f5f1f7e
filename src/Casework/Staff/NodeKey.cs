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

    public static void Write(Organisation organisation, Secret seed)
    {
        using var file = DeskStore.OwnFile(organisation.PathOf(Name), FileMode.Create);
        file.Write(seed.Span);
        file.Flush(flushToDisk: true);
    }

    /// <exception cref="CaseworkException">The file is not there, or is none.</exception>
    public static SigningKey Read(Organisation organisation)
    {
        using var seed = organisation.Memory.Allocate(Size);
        try
        {
            using var file = new FileStream(organisation.PathOf(Name), FileMode.Open, FileAccess.Read);
            if (file.Length != Size || file.ReadAtLeast(seed.Span, Size, throwOnEndOfStream: false) != Size)
                throw new CaseworkException($"'{organisation.PathOf(Name)}' does not hold this machine's key.");
        }
        catch (IOException)
        {
            throw new CaseworkException($"'{organisation.PathOf(Name)}' cannot be read: it holds this machine's key.");
        }
        var key = SigningKey.FromSeed(seed.Span, organisation.Memory);
        if (key.PublicKey == organisation.Founded.Node) return key;
        key.Dispose();
        throw new CaseworkException($"'{organisation.PathOf(Name)}' is the key of another machine.");
    }
}
