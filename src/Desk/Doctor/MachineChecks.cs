using System.Runtime.InteropServices;
using Understory.Sealing;

namespace Understory.Desk;

/// <summary>What weakens the machine: where keys and words could get to a disk, or into other hands.</summary>
internal static unsafe partial class MachineChecks
{
    private const int LockedMemoryLimit = 8;
    private const int CoreSizeLimit = 4;
    private const long Unlimited = -1;
    private const long OneSession = 2L << 20;
    private const long LeastLocked = 8L << 20;

    public static void Add(Findings findings)
    {
        var t = findings.T;
        try
        {
            new LockedMemory().Dispose();
            findings.Good(t["libsodium is there, and the memory for keys can be locked: it is never written to a disk."]);
        }
        catch (Exception fault) when (fault is LibraryMissingException or MemoryNotLockedException)
        {
            findings.Wrong(t.Told(fault.Message));
        }
        if (!OperatingSystem.IsLinux()) return;
        if (Limit(LockedMemoryLimit) is var locked and not Unlimited && locked < LeastLocked)
            findings.Look(t["Only {megabytes} MiB of memory may be locked, room for {people} people signed in at once: raise LimitMEMLOCK in the unit, or `ulimit -l`.", ("megabytes", locked >> 20), ("people", Math.Max(0, (locked >> 20) - 1) / (OneSession >> 20))]);
        if (Limit(CoreSizeLimit) == 0) findings.Good(t["A crash leaves no image of the memory on the disk."]);
        else findings.Look(t["A crash may leave an image of the memory on the disk: set LimitCORE=0 in the unit, or `ulimit -c 0`. The Desk forbids it for itself."]);
        AddSwap(findings);
    }

    private static void AddSwap(Findings findings)
    {
        var t = findings.T;
        var open = Swaps().Where(device => !device.StartsWith("/dev/zram", StringComparison.Ordinal) && !IsEncrypted(device)).ToList();
        if (open.Count == 0) findings.Good(t["Swap is off, in memory only, or encrypted."]);
        else findings.Look(t["Swap on {device} is not encrypted. Keys are never swapped, but what people wrote may be: `swapoff -a`, or encrypt it with a key that is made at each start.", ("device", string.Join(", ", open))]);
    }

    private static IEnumerable<string> Swaps() =>
        File.Exists("/proc/swaps") ? File.ReadLines("/proc/swaps").Skip(1).Select(line => line.Split([' ', '\t'], 2)[0]) : [];

    // A mapped device says by whom: dm-crypt's begin with CRYPT.
    private static bool IsEncrypted(string device)
    {
        try
        {
            var path = File.ResolveLinkTarget(device, returnFinalTarget: true)?.FullName ?? device;
            return File.ReadAllText($"/sys/block/{Path.GetFileName(path)}/dm/uuid").StartsWith("CRYPT", StringComparison.Ordinal);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static long Limit(int resource)
    {
        var limits = stackalloc long[2];
        return getrlimit(resource, limits) == 0 ? limits[0] : Unlimited;
    }

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, long* limits);
}
