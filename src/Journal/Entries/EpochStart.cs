using Understory.Sealing;

namespace Understory.Journal;

/// <summary>
/// The body of <see cref="Kind.EpochStarted"/>: a compartment has a new key, and the one before it seals nothing any more
/// (<c>docs/formats/journal.md</c>, "Epochs").
/// </summary>
/// <param name="Compartment">The compartment.</param>
/// <param name="Number">Which epoch of it begins.</param>
/// <param name="KeyId">The name of its key.</param>
public sealed record EpochStart(Compartment Compartment, int Number, KeyId KeyId)
{
    private const int Fields = 3;

    /// <summary>That an epoch begins.</summary>
    public static EpochStart Of(Epoch epoch)
    {
        ArgumentNullException.ThrowIfNull(epoch);
        return new(epoch.Compartment, epoch.Number, epoch.KeyId);
    }

    /// <summary>Reads a body of version 1.</summary>
    /// <exception cref="JournalException">It is none.</exception>
    public static EpochStart Read(ReadOnlySpan<byte> body)
    {
        var reader = new CborReader(body, JournalException.Content);
        reader.ReadArrayOf(Fields);
        var compartment = (Compartment)reader.ReadInt32();
        if (!Enum.IsDefined(compartment)) throw JournalException.Malformed("The entry names no compartment.");
        var start = new EpochStart(compartment, reader.ReadInt32(1, Epoch.MaxNumber), KeyId.From(reader.ReadExactly(KeyId.Size)));
        reader.End();
        return start;
    }

    /// <summary>The body, of version 1.</summary>
    public byte[] ToBody()
    {
        using var writer = new CborWriter();
        writer.WriteArray(Fields);
        writer.Write((int)Compartment);
        writer.Write(Number);
        writer.Write(KeyId.ToArray());
        return writer.ToArray();
    }
}
