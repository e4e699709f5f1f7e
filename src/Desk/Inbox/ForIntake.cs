using Understory.Casework;
using Understory.Envelopes;

namespace Understory.Desk;

/// <summary>
/// What Intake has to be given once, by hand, before the two can talk: which organisation it serves, and whose collector it
/// is to let in. Nothing of it is secret; exchanged any other way, it would be believed from whoever was faster.
/// </summary>
public static class ForIntake
{
    internal const string FolderName = "for-intake";

    /// <summary>
    /// Writes it into a folder of the Desk's, and into Intake's where that is on this machine. Makes the collector's
    /// credential where there is none yet.
    /// </summary>
    /// <param name="organisation">Which; it is set up.</param>
    /// <param name="options">Where everything is.</param>
    /// <param name="isNew">Whether there was anything new in it.</param>
    /// <returns>The credential.</returns>
    /// <exception cref="CaseworkException">The credential cannot be read or made.</exception>
    public static byte[] Write(Organisation organisation, DeskOptions options, out bool isNew)
    {
        ArgumentNullException.ThrowIfNull(organisation);
        ArgumentNullException.ThrowIfNull(options);
        var credential = CollectorCredential.ReadOrMake(options.Collecting.CredentialPath(options.DataDirectory));
        (string Name, string Text)[] files =
        [
            ("instance", Convert.ToHexStringLower(organisation.InstanceId) + "\n"),
            ("organisation", organisation.Name + (options.IsDemonstration ? " (demonstration)" : "") + "\n"),
            // Last: whoever has it can talk to the Desk, and then has the others.
            ("collector", Convert.ToHexStringLower(Bearer.Hash(credential)) + "\n"),
        ];
        isNew = false;
        foreach (var to in (string?[])[Path.Combine(options.DataDirectory, FolderName), options.Collecting.IntakeDirectory])
        {
            if (to is null) continue;
            PlacedFile.MakeFolder(to);
            foreach (var (name, text) in files) isNew |= PlacedFile.Write(Path.Combine(to, name), text);
        }
        return credential;
    }

    /// <summary>The line that brings it to another machine.</summary>
    internal static string Line(string folder) => $"scp {Path.Combine(folder, FolderName)}/* root@INTAKE:/var/lib/understory-intake/";
}
