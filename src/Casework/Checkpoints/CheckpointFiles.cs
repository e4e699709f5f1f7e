using System.Globalization;
using System.Text;
using Microsoft.Data.Sqlite;
using Understory.Journal;

namespace Understory.Casework;

/// <summary>A checkpoint that was kept, held against the database.</summary>
/// <param name="Memory">Whose it is.</param>
/// <param name="Path">Where it lies.</param>
/// <param name="Standing">How the database stands to it.</param>
/// <param name="Seen">How many entries it names; null where it cannot be read.</param>
/// <param name="Fault">Why it cannot be.</param>
public sealed record KeptCheckpoint(LogMemory Memory, string Path, CheckpointStanding Standing, long? Seen, string? Fault = null);

/// <summary>
/// The files in which checkpoints are kept (<c>docs/formats/witness.md</c>, "What the Desk keeps"), and how the database stands to
/// each. It needs no key.
/// </summary>
internal static class CheckpointFiles
{
    public const string Own = "checkpoint";
    public const string Cosigned = "checkpoint-cosigned";
    public const string Refused = "checkpoint-refused";
    public const string Places = "checkpoint-places";
    public const string SetAside = "set-aside";

    /// <summary>How a log stands to a checkpoint of its own name.</summary>
    public static CheckpointStanding Stand(SqliteConnection connection, Checkpoint seen) => Stand(connection, seen.Size, seen.Root);

    /// <summary>Holds every file that there is against the log.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="folder">The Desk's data directory.</param>
    /// <param name="origin">The log's name.</param>
    /// <param name="node">This machine's key.</param>
    /// <param name="exported">The file in another place, where there is one.</param>
    /// <param name="witness">Whose cosignature <c>checkpoint-cosigned</c> must carry; null for nobody's that is known now.</param>
    public static IEnumerable<KeptCheckpoint> Hold(SqliteConnection connection, string folder, string origin, PublicKey node, string? exported, VerifierKey? witness)
    {
        List<(LogMemory Memory, string Path)> files = [(LogMemory.OwnFile, Path.Combine(folder, Own)), (LogMemory.Cosigned, Path.Combine(folder, Cosigned))];
        if (exported is not null) files.Add((LogMemory.ExportedFile, exported));
        foreach (var (memory, path) in files)
        {
            if (HoldOne(connection, memory, path, origin, node, memory == LogMemory.Cosigned ? witness : null) is { } kept) yield return kept;
        }
        if (ReadRefusal(folder) is { } refusal)
            yield return new KeptCheckpoint(LogMemory.Witness, Path.Combine(folder, Refused), refusal.Known > refusal.Here ? CheckpointStanding.Behind : CheckpointStanding.Other, refusal.Known);
    }

    /// <summary>A kept file as text; null where there is none.</summary>
    /// <exception cref="CaseworkException">It cannot be read, or is too long to be one.</exception>
    public static string? Read(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > Checkpoint.MaxLength) throw new CaseworkException($"'{path}' is too long for a checkpoint.");
            return File.ReadAllText(path, Encoding.UTF8);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be read: {fault.Message}", fault);
        }
    }

    /// <summary>Writes a file whole or not at all.</summary>
    /// <exception cref="CaseworkException">It cannot be written.</exception>
    public static void Write(string path, string text)
    {
        var beside = path + ".new";
        try
        {
            using (var file = DeskStore.OwnFile(beside, FileMode.Create))
            {
                file.Write(Encoding.UTF8.GetBytes(text));
                file.Flush(flushToDisk: true);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>Takes a file away, where it is there.</summary>
    public static void Remove(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new CaseworkException($"'{path}' cannot be taken away: {fault.Message}", fault);
        }
    }

    /// <summary>What the witness said when it knew another log; null where it did not. A file that is damaged says that it did.</summary>
    public static (long Known, long Here)? ReadRefusal(string folder)
    {
        if (Read(Path.Combine(folder, Refused)) is not { } text) return null;
        var words = text.Split(' ', '\n');
        return words.Length >= 2 && Number(words[0]) is { } known && Number(words[1]) is { } here ? (known, here) : (0, 0);
    }

    /// <summary>The places to which checkpoints leave this machine, as the Desk noted them; empty where it has none.</summary>
    public static IReadOnlyList<NotedPlace> ReadPlaces(string folder)
    {
        List<NotedPlace> places = [];
        foreach (var line in (Read(Path.Combine(folder, Places)) ?? "").Split('\n'))
        {
            var words = line.Split(' ', 4);
            if (words.Length != 4 || !Enum.TryParse<CheckpointPlace>(words[0], ignoreCase: true, out var place)) continue;
            places.Add(new NotedPlace(
                place, Number(words[1]), DateOnly.TryParseExact(words[2], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null, words[3]));
        }
        return places;
    }

    /// <summary>Notes them for doctor.</summary>
    public static void WritePlaces(string folder, IEnumerable<NotedPlace> places)
    {
        var text = string.Concat(places.Select(place => string.Create(
            CultureInfo.InvariantCulture, $"{place.Place.ToString().ToLowerInvariant()} {place.Size ?? -1} {place.Day?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "-"} {place.Where}\n")));
        var path = Path.Combine(folder, Places);
        if ((Read(path) ?? "") == text) return;
        if (text.Length == 0) Remove(path);
        else Write(path, text);
    }

    private static KeptCheckpoint? HoldOne(SqliteConnection connection, LogMemory memory, string path, string origin, PublicKey node, VerifierKey? witness)
    {
        string text;
        try
        {
            if (Read(path) is not { } read) return null;
            text = read;
        }
        catch (CaseworkException) when (memory == LogMemory.ExportedFile && !File.Exists(path))
        {
            // A share that is not mounted now: nobody is kept from working by a cable. Doctor says since when nothing got there.
            return null;
        }
        catch (CaseworkException fault)
        {
            return new KeptCheckpoint(memory, path, CheckpointStanding.Forged, null, fault.Message);
        }
        try
        {
            var seen = Checkpoint.Open(text, origin, node);
            // A cosignature of a witness that was exchanged since stays what the log's own signature is worth.
            if (witness is not null) _ = Cosignature.TimeOf(text, witness);
            return new KeptCheckpoint(memory, path, Stand(connection, seen), seen.Size);
        }
        catch (JournalException fault)
        {
            return new KeptCheckpoint(memory, path, CheckpointStanding.Forged, null, fault.Message);
        }
    }

    private static CheckpointStanding Stand(SqliteConnection connection, long size, Digest root)
    {
        if (size > OrganisationLog.Size(connection)) return CheckpointStanding.Behind;
        // The nodes that a root is made of are the ones that a proof is made of: a root that fits needs none.
        return OrganisationLog.RootAt(connection, size) == root
            && MerkleTree.VerifyConsistency(size, root, OrganisationLog.Size(connection), OrganisationLog.Root(connection), OrganisationLog.ConsistencyProof(connection, size))
            ? CheckpointStanding.Consistent : CheckpointStanding.Other;
    }

    private static long? Number(string word) => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}

/// <summary>How checkpoints leave this machine.</summary>
public enum CheckpointPlace
{
    /// <summary>A file elsewhere.</summary>
    File,

    /// <summary>A program that gets them.</summary>
    Command,

    /// <summary>A witness.</summary>
    Witness,
}

/// <summary>A place to which checkpoints leave this machine, as the Desk noted it.</summary>
/// <param name="Place">Which kind.</param>
/// <param name="Size">How many entries the last one that got there names; null for none yet.</param>
/// <param name="Day">When that was.</param>
/// <param name="Where">Its path or address.</param>
public sealed record NotedPlace(CheckpointPlace Place, long? Size, DateOnly? Day, string Where);
