using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Understory.Journal;
using Understory.Sealing;

namespace Understory.Witness;

/// <summary>What is answered to a request.</summary>
/// <param name="Status">As HTTP has it.</param>
/// <param name="Body">What goes with it; empty for most.</param>
internal sealed record WitnessAnswer(int Status, byte[] Body);

/// <summary>
/// The witness's key and the last checkpoint that it signed of each log, in a folder for its owner alone
/// (<c>docs/formats/witness.md</c>, "What the witness keeps"). One process at a time; for several threads at once.
/// </summary>
internal sealed class WitnessStore : IDisposable
{
    private const string KeyName = "witness.key";
    private const int SeedSize = 32;

    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly FileStream _lock;
    private readonly LockedMemory _memory = new();
    private readonly SigningKey _key;
    private readonly Dictionary<string, VerifierKey> _logs;
    private readonly Dictionary<string, Checkpoint> _last = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();

    private WitnessStore(string folder, IEnumerable<VerifierKey> logs, TimeProvider time, FileStream taken)
    {
        (_folder, _time, _lock) = (folder, time, taken);
        _logs = logs.ToDictionary(log => log.Name, StringComparer.Ordinal);
        try
        {
            _key = ReadOrMakeKey();
            foreach (var log in _logs.Values)
            {
                if (ReadLast(log) is { } last) _last.Add(log.Name, last);
            }
        }
        catch
        {
            _key?.Dispose();
            _memory.Dispose();
            throw;
        }
    }

    /// <summary>What the Desk is to know this witness by.</summary>
    public VerifierKey Key => new(NameOf(_key.PublicKey), NoteKeyKind.Witness, _key.PublicKey);

    private string LogFolder => Path.Combine(_folder, "logs");

    /// <exception cref="WitnessException">It is in use, or something in it is damaged.</exception>
    public static WitnessStore Open(string folder, IEnumerable<VerifierKey> logs, TimeProvider time)
    {
        var taken = Take(folder);
        try
        {
            return new WitnessStore(folder, logs, time, taken);
        }
        catch (Exception fault)
        {
            taken.Dispose();
            if (fault is IOException or UnauthorizedAccessException) throw new WitnessException($"'{folder}' cannot be used: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Answers a request, one after the other.</summary>
    /// <exception cref="IOException">What would have to be kept cannot be: nothing was signed.</exception>
    public WitnessAnswer Answer(ReadOnlySpan<byte> body)
    {
        WitnessRequest request;
        try
        {
            request = WitnessRequest.Read(body);
        }
        catch (JournalException)
        {
            return new WitnessAnswer((int)WitnessVerdict.Malformed, []);
        }
        // Why this is safe: between the judgement and the keeping nobody else is judged, and the answer leaves here only when what
        // it says is on the disk. Killed in between, nothing was said.
        lock (_gate)
        {
            var judgement = WitnessJudgement.Of(request, _logs.GetValueOrDefault, _last.GetValueOrDefault);
            if (judgement.Verdict == WitnessVerdict.Conflict) return new WitnessAnswer(409, Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{judgement.KnownSize}\n")));
            if (judgement.Checkpoint is not { } now) return new WitnessAnswer((int)judgement.Verdict, []);
            var line = Encoding.UTF8.GetBytes(Cosignature.Sign(now, Key.Name, _key, Math.Max(0, _time.GetUtcNow().ToUnixTimeSeconds())));
            if (_last.GetValueOrDefault(now.Origin) != now)
            {
                // Of what came with it only what the log signed is kept, and what is said to it.
                DurableFile.Write(PathOf(now.Origin), Encoding.UTF8.GetBytes(Cosignature.Attach(request.Checkpoint, line, Key)));
                _last[now.Origin] = now;
            }
            return new WitnessAnswer(200, line);
        }
    }

    /// <summary>What was signed last, for people: the texts of the files.</summary>
    public static IEnumerable<string> Kept(string folder)
    {
        var logs = Path.Combine(folder, "logs");
        return Directory.Exists(logs) ? Directory.GetFiles(logs).Where(file => !file.EndsWith(".new", StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(Text) : [];
    }

    /// <summary>
    /// Forgets how far a log had gone, because its operator put back a backup and said so: what was signed and the key that signed
    /// it go into a folder of their own, and a new key is made.
    /// </summary>
    /// <remarks>
    /// Why this is safe: no key ever signs two logs that contradict each other. The new one is not believed by any Desk until its
    /// operator enters it there, so that nobody can do this unseen.
    /// </remarks>
    /// <param name="folder">The witness's.</param>
    /// <param name="origin">Which log.</param>
    /// <param name="size">How far it had gone: asked for so that nobody does it by mistake.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The folder, and the new verifier key.</returns>
    /// <exception cref="WitnessException">The witness runs, or there is no such log of this size.</exception>
    public static (string Folder, VerifierKey Key) SetAside(string folder, string origin, long size, TimeProvider time)
    {
        using var taken = Take(folder);
        var (kept, key) = (Path.Combine(folder, "logs", FileOf(origin)), Path.Combine(folder, KeyName));
        if (!File.Exists(kept)) throw new WitnessException($"Nothing of the log '{origin}' was signed here.");
        if (Checkpoint.ReadTyped(Text(kept)).Size is var signed && signed != size)
            throw new WitnessException(string.Create(CultureInfo.InvariantCulture, $"The log '{origin}' has {signed} entries here, not {size}. If you want to forget them, say that number."));
        var aside = Path.Combine(folder, "set-aside", string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyy-MM-dd}-{signed}-{RandomNumberGenerator.GetHexString(6, lowercase: true)}"));
        DurableFile.MakeFolder(aside);
        File.Move(key, Path.Combine(aside, KeyName));
        File.Move(kept, Path.Combine(aside, "checkpoint"));
        DurableFile.Flush(aside);
        using var memory = new LockedMemory();
        using var made = MakeKey(key, memory);
        return (aside, new VerifierKey(NameOf(made.PublicKey), NoteKeyKind.Witness, made.PublicKey));
    }

    public void Dispose()
    {
        _key.Dispose();
        _memory.Dispose();
        _lock.Dispose();
    }

    private static string NameOf(PublicKey key) => $"understory.witness/{Digest.Of(key.ToArray()).ToString()[..16]}";

    private static string FileOf(string origin) => Digest.Of(Encoding.UTF8.GetBytes(origin)).ToString();

    private string PathOf(string origin) => Path.Combine(LogFolder, FileOf(origin));

    private static FileStream Take(string folder)
    {
        try
        {
            DurableFile.MakeFolder(folder);
            DurableFile.MakeFolder(Path.Combine(folder, "logs"));
            return new FileStream(Path.Combine(folder, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "lock")))
        {
            throw new WitnessException($"'{folder}' is in use by another witness: stop it first.");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new WitnessException($"'{folder}' cannot be used: {fault.Message}", fault);
        }
    }

    private static string Text(string path)
    {
        if (new FileInfo(path).Length > Checkpoint.MaxLength) throw new WitnessException($"'{path}' is too long for a checkpoint: it was changed, or the disk is damaged.");
        return File.ReadAllText(path, Encoding.UTF8);
    }

    private static SigningKey MakeKey(string path, LockedMemory memory)
    {
        using var seed = memory.Random(SeedSize);
        DurableFile.Write(path, seed.Span);
        return SigningKey.FromSeed(seed.Span, memory);
    }

    private Checkpoint? ReadLast(VerifierKey log)
    {
        var path = PathOf(log.Name);
        if (!File.Exists(path)) return null;
        try
        {
            return Checkpoint.Open(Text(path), log.Name, log.Key);
        }
        catch (JournalException fault)
        {
            // Without what was signed last it would sign anything: better no witness than one that can be led back.
            throw new WitnessException($"'{path}' is not what was signed last of the log '{log.Name}': {fault.Message} Restore the file from a copy, or set the log aside.", fault);
        }
    }

    private SigningKey ReadOrMakeKey()
    {
        var path = Path.Combine(_folder, KeyName);
        if (!File.Exists(path))
        {
            if (Kept(_folder).Any()) throw new WitnessException($"'{path}' is not there, though something was signed with it: restore it, or begin a new witness in an empty folder.");
            return MakeKey(path, _memory);
        }
        using var seed = _memory.Allocate(SeedSize);
        // Unbuffered: the seed goes from the file into locked memory and nowhere else.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        if (file.Length != SeedSize || file.ReadAtLeast(seed.Span, SeedSize, throwOnEndOfStream: false) != SeedSize) throw new WitnessException($"'{path}' does not hold this witness's key.");
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead | UnixFileMode.OtherWrite;
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != UnixFileMode.None)
            throw new WitnessException($"Other users of this machine may read '{path}', which holds the witness's key: `chmod 600` it.");
        return SigningKey.FromSeed(seed.Span, _memory);
    }
}
