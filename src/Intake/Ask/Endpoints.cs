using System.Text;
using Understory.Envelopes;
using Understory.Pages;

namespace Understory.Intake;

/// <summary>The first page, and asking for help.</summary>
internal static class AskEndpoints
{
    /// <summary>The most that somebody can write at once, in UTF-16 code units, as browsers count: at most three bytes each.</summary>
    public const int MostCharacters = 20_000;

    /// <summary>The most on how to answer safely: three bytes each stay below what a message takes.</summary>
    public const int MostSafely = 600;

    private const string Write = "write";

    public static void MapAsk(this IEndpointRouteBuilder routes, Site site, StandIn standIn)
    {
        site.MapFirst(routes, Home);
        site.MapPage(routes, "", Home);
        site.MapPage(routes, Write, Form, Ask);
        site.MapPage(routes, "write/check", get: null, Check);

        Task Home(HttpContext context, Text text) => Site.WriteAsync<HomePage>(context, site.Visit(text, ""));

        Task Form(HttpContext context, Text text) =>
            site.Visit(text, Write) is { Instance: not null } visit ? Site.WriteSealingAsync<WritePage>(context, visit, ("RequestId", standIn.Forms.NewId())) : site.NotYet(context, text);

        async Task Ask(HttpContext context, Text text)
        {
            if (standIn.InboxOrNone is null)
            {
                await site.NotYet(context, text);
                return;
            }
            using var form = await standIn.ReadAsync(context.Request, "request", "words", "safely", "urgency");
            var urgency = ReadUrgency(form["urgency"]);
            var faults = Faults(form, text);
            var words = faults.Count > 0 ? null : await standIn.AskAsync(form, urgency, text.Language);
            if (words is null)
            {
                if (faults.Count == 0)
                    faults.Add(new Fault("words", text["This page is too old to be sent: if you already have nine words for what stands here, you are done; if not, press the button once more."]));
                // What was typed goes back into the form, and is a string from here on.
                await Site.WriteSealingAsync<WritePage>(context, site.Visit(text, Write, faults), ("RequestId", standIn.Forms.NewId()),
                    ("Words", Encoding.UTF8.GetString(form["words"])), ("Safely", Encoding.UTF8.GetString(form["safely"])), ("Urgency", urgency));
                return;
            }
            await Site.WriteAsync<KeptPage>(context, site.Visit(text), ("Words", words));
        }

        async Task Check(HttpContext context, Text text)
        {
            using var form = await standIn.ReadAsync(context.Request, "receipt", "typed");
            var problems = standIn.Compare(form, text, out var shown);
            if (problems.Count == 0) await Site.WriteAsync<DonePage>(context, site.Visit(text));
            else await Site.WriteAsync<KeptPage>(context, site.Visit(text, faults: [.. problems.Select(problem => new Fault("typed", problem))]), ("Words", shown));
        }
    }

    /// <summary>Whether what somebody wrote has nothing in it but white space.</summary>
    public static bool IsBlank(ReadOnlySpan<byte> words) => words.IndexOfAnyExcept(" \t\n"u8) < 0;

    /// <summary>What a browser that holds to the page's limits can send.</summary>
    public static bool IsTooLong(ReadOnlySpan<byte> words, int most) => words.Length > 3 * most;

    private static List<Fault> Faults(PlainForm form, Text text)
    {
        var faults = new List<Fault>();
        if (IsBlank(form["words"])) faults.Add(new Fault("words", text["Write what happened."]));
        if (IsTooLong(form["words"], MostCharacters)) faults.Add(new Fault("words", text["This is too long. Shorten it; you can send the rest afterwards."]));
        if (IsTooLong(form["safely"], MostSafely)) faults.Add(new Fault("safely", text["This is too long. Shorten it; you can send the rest afterwards."]));
        return faults;
    }

    private static Urgency ReadUrgency(ReadOnlySpan<byte> value) => value switch
    {
        [] => Urgency.NotSaid,
        [>= (byte)'1' and <= (byte)'3'] => (Urgency)(value[0] - '0'),
        _ => throw new RefusedException(IntakeErrorCode.Malformed),
    };
}
