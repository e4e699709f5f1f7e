using System.CommandLine;
using Understory.Desk;
using Understory.Desk.Components;
using Understory.Terminal;

namespace Understory.Verbs;

/// <summary><c>understory doctor</c>: what is wrong, and what to do.</summary>
internal static class DoctorVerb
{
    private static readonly string[] s_usual = ["/var/lib/understory-desk", "/var/lib/understory-intake", ".understory", ".understory/demo"];

    public static Command Create()
    {
        var folder = new Option<string?>("--data-dir") { HelpName = "DIR", Description = "A data directory of the Desk, of Intake, or of `serve` (the first that is there of /var/lib/understory-desk, /var/lib/understory-intake, .understory)." };
        var intake = new Option<string?>("--intake") { HelpName = "URL", Description = "Where Intake is, if the Desk is told so when it starts." };
        var key = new Option<string?>("--intake-certificate-key") { HelpName = "HEX", Description = "For an https address." };
        var proxy = new Option<string?>("--tor-proxy") { HelpName = "URL", Description = "For an onion address." };
        var verb = new Command("doctor", """
            Say what is wrong on this machine, and what to do: one sentence each, behind `ok`, `look` or `wrong`.

            It needs no key, changes nothing and prints no secret. Exit status: 1 when something is wrong, else 0.
            """)
        {
            folder, intake, key, proxy,
        };
        verb.SetAction(async (parsed, cancel) =>
        {
            var where = parsed.GetValue(folder) ?? s_usual.FirstOrDefault(Directory.Exists) ?? ".understory";
            var settings = new CollectingOptions { Intake = parsed.GetValue(intake), CertificateKey = parsed.GetValue(key), Proxy = parsed.GetValue(proxy) };
            var findings = await Doctor.ExamineAsync(where, settings, TimeProvider.System.GetUtcNow(), cancel);
            foreach (var finding in findings) Console.Out.WriteLine($"{Sign(finding.Meaning),-6} {finding.Sentence}");
            return findings.Any(finding => finding.Meaning == Meaning.Danger) ? ExitStatus.Refused : ExitStatus.Done;
        });
        return verb;
    }

    private static string Sign(Meaning meaning) => meaning switch
    {
        Meaning.Good => "ok",
        Meaning.Danger => "wrong",
        _ => "look",
    };
}
