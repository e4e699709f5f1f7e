namespace Understory.Desk;

/// <summary>Who else may read a data directory, and whether its disk is full.</summary>
internal static class FolderChecks
{
    private const long Tight = 2L << 30;
    private const long Full = 200L << 20;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <param name="findings">Gets what is found.</param>
    /// <param name="folder">A data directory.</param>
    /// <param name="keys">Names of files in it that hold keys.</param>
    public static void Add(Findings findings, string folder, params ReadOnlySpan<string> keys)
    {
        var t = findings.T;
        if (!OperatingSystem.IsWindows())
        {
            var open = false;
            foreach (var key in keys)
            {
                var path = Path.Combine(folder, key);
                if (!File.Exists(path) || (File.GetUnixFileMode(path) & Others) == UnixFileMode.None) continue;
                open = true;
                findings.Wrong(t["Other users of this machine may read '{file}', which holds a key: `chmod 600` it.", ("file", path)]);
            }
            if ((File.GetUnixFileMode(folder) & Others) != UnixFileMode.None)
                findings.Look(t["Other users of this machine may look into '{folder}'. What is in it is sealed, but take the right away: `chmod 700` it.", ("folder", folder)]);
            else if (!open) findings.Good(t["Only this user may look into '{folder}'.", ("folder", folder)]);
        }
        var free = new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace;
        if (free < Full) findings.Wrong(t["The disk of '{folder}' is full: {megabytes} MiB are left. What arrives is not acknowledged and not lost, but waits until there is room.", ("folder", folder), ("megabytes", free >> 20)]);
        else if (free < Tight) findings.Look(t["The disk of '{folder}' gets full: {megabytes} MiB are left.", ("folder", folder), ("megabytes", free >> 20)]);
    }
}
