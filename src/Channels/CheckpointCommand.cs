namespace Understory.Channels;

/// <summary>Hands a checkpoint to a program of the operator's, which mails it or whatever.</summary>
public static class CheckpointCommand
{
    /// <summary>Runs it with the checkpoint on its standard input; it has a minute.</summary>
    /// <param name="command">The whole path of a program.</param>
    /// <param name="checkpoint">The signed note.</param>
    /// <param name="cancel">Kills it.</param>
    /// <returns>Null when it ended well, else a sentence.</returns>
    public static Task<string?> RunAsync(string command, ReadOnlyMemory<byte> checkpoint, CancellationToken cancel) => Hook.RunAsync(command, checkpoint, TimeSpan.FromMinutes(1), cancel);
}
