using Understory.Desk;

namespace Understory.Serve;

/// <summary>What somebody reads at the terminal when both zones run.</summary>
internal static class Announcement
{
    public static void Write(TextWriter screen, Place place, Ready? desk)
    {
        // By different names: over plain http, browsers send a cookie to all ports of a name, and the Desk's is none of Intake's business.
        var (intake, staff) = ($"http://{place.IntakeListen}/", $"http://localhost:{place.DeskListen.Port}/");
        screen.WriteLine();
        screen.WriteLine(place.IsDemonstration
            ? "A demonstration: everybody and everything in it is invented. Enter nothing real."
            : "Both zones on one machine: for trying out, not for people who ask for help (docs/operate.md).");
        screen.WriteLine();
        screen.WriteLine($"  People ask at     {intake}");
        screen.WriteLine($"  Staff work at     {staff}");
        if (desk?.Code is { } code) screen.WriteLine($"  One-time code     {code}   (staff's page asks for it, and then leads through the first run)");
        if (place.IsDemonstration) WriteSignIn(screen, Demonstration.Read(place.Desk));
        WriteTunnel(screen, place);
        screen.WriteLine();
        screen.WriteLine($"Everything is in {place.Folder}. Ctrl-C stops both.");
        screen.Flush();
    }

    private static void WriteSignIn(TextWriter screen, Demonstration demonstration)
    {
        screen.WriteLine();
        screen.WriteLine($"  Sign in as        {demonstration.UserName}");
        screen.WriteLine($"  Passphrase        {demonstration.Passphrase}");
        screen.WriteLine("  Code              stands on the sign-in page, a new one every 30 seconds");
        screen.WriteLine();
        screen.WriteLine("  Receipts that open something where people ask (\"I have a receipt\"):");
        foreach (var (whose, words) in demonstration.Receipts) screen.WriteLine($"    {whose,-12}    {words}");
    }

    // The reader sits elsewhere: their browser needs a way to here. SERVER_ADDRESS and its port are the last two of four words.
    private static void WriteTunnel(TextWriter screen, Place place)
    {
        if (Environment.GetEnvironmentVariable("SSH_CONNECTION")?.Split(' ') is not [_, _, var server, var port]) return;
        var at = port == "22" ? "" : $"-p {port} ";
        screen.WriteLine();
        screen.WriteLine("  You are here over SSH. On your own machine, type this and then open the addresses above there:");
        screen.WriteLine($"    ssh {at}-L {place.IntakeListen.Port}:{place.IntakeListen} -L {place.DeskListen.Port}:{place.DeskListen} {Environment.UserName}@{server}");
    }
}
