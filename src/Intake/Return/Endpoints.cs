using System.Text;
using Understory.Envelopes;
using Understory.Pages;

namespace Understory.Intake;

/// <summary>Coming back with the nine words: reading, writing more, having everything deleted. Nothing of it is in an address.</summary>
internal static class ReturnEndpoints
{
    private const string Return = "return";

    public static void MapReturn(this IEndpointRouteBuilder routes, Site site, StandIn standIn)
    {
        var visits = new Visits(site, standIn);
        site.MapPage(routes, Return, visits.FormAsync, visits.ReadAsync);
        site.MapPage(routes, "return/write", get: null, visits.WriteAsync);
        site.MapPage(routes, "return/forget", get: null, visits.ForgetAsync);
    }

    private sealed class Visits(Site site, StandIn standIn)
    {
        public Task FormAsync(HttpContext context, Text text) =>
            site.Visit(text, Return) is { Instance: not null } visit ? Site.WriteSealingAsync<ReturnPage>(context, visit) : site.NotYet(context, text);

        public async Task ReadAsync(HttpContext context, Text text)
        {
            using var form = await standIn.ReadAsync(context.Request, "receipt", "from", "shown", "on");
            var shown = ReadId(form["shown"]);
            var goesOn = form["on"].SequenceEqual("yes"u8);
            await WithVisit(context, text, form, visit => Show(context, text, visit, after: goesOn ? shown : null));
        }

        public async Task WriteAsync(HttpContext context, Text text)
        {
            using var form = await standIn.ReadAsync(context.Request, "receipt", "from", "shown", "request", "words");
            await WithVisit(context, text, form, async visit =>
            {
                var fault = AskEndpoints.IsBlank(form["words"]) ? text["Write something first."]
                    : AskEndpoints.IsTooLong(form["words"], AskEndpoints.MostCharacters) ? text["This is too long. Shorten it; you can send the rest afterwards."]
                    : null;
                if (fault is not null)
                {
                    await Show(context, text, visit, new Fault("more", fault), Encoding.UTF8.GetString(form["words"]));
                    return;
                }
                try
                {
                    await visit.WriteAsync(StandIn.FormId(form), form);
                }
                catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.Conflict)
                {
                    var changed = text["Nothing was sent: what is kept here for you was changed meanwhile. Try again; if that does not help, write to us anew."];
                    await Show(context, text, visit, new Fault("more", changed), Encoding.UTF8.GetString(form["words"]));
                    return;
                }
                try
                {
                    await Show(context, text, visit, isSent: true);
                }
                catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.Busy)
                {
                    // It is stored: only what would be shown beside it finds no room.
                    await site.SayAsync(context, text, StatusCodes.Status200OK, text["Your message is sent."], text["There is no room just now to show our answers: come back in a few minutes."]);
                }
            });
        }

        public async Task ForgetAsync(HttpContext context, Text text)
        {
            using var form = await standIn.ReadAsync(context.Request, "receipt", "really");
            var really = form["really"].SequenceEqual("yes"u8);
            await WithVisit(context, text, form, async visit =>
            {
                if (!really)
                {
                    await Site.WriteAsync<ForgetPage>(context, site.Visit(text), ("Nine", string.Join(' ', visit.Words)));
                    return;
                }
                await visit.ForgetAsync();
                await Site.WriteAsync<ForgottenPage>(context, site.Visit(text));
            });
        }

        private async Task WithVisit(HttpContext context, Text text, PlainForm form, Func<PlainVisit, Task> serve)
        {
            var (visit, problems) = await standIn.ReturnAsync(form, text);
            if (visit is null)
            {
                await Refuse(context, text, problems);
                return;
            }
            using (visit)
            {
                try
                {
                    // Whoever sends the next form has the page before it.
                    if (!form["shown"].IsEmpty) await visit.AcknowledgeAsync(ReadId(form["from"]), ReadId(form["shown"]));
                }
                catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.NothingHere)
                {
                    // Said by what comes next.
                }
                await serve(visit);
            }
        }

        // What was typed is not shown again: it stands on paper, and half of it on a screen helps nobody but who looks on.
        private Task Refuse(HttpContext context, Text text, IEnumerable<string> problems) =>
            Site.WriteSealingAsync<ReturnPage>(context, site.Visit(text, Return, [.. problems.Select(problem => new Fault("receipt", problem))]));

        private async Task Show(
            HttpContext context, Text text, PlainVisit visit, Fault? fault = null, string words = "", bool isSent = false, byte[]? after = null)
        {
            Conversation conversation;
            try
            {
                conversation = await visit.ReadAsync(after ?? []);
            }
            catch (RefusedException refused) when (refused.Error.Code == IntakeErrorCode.NothingHere)
            {
                await Refuse(context, text, [Absent.Sentence(text)]);
                return;
            }
            await Site.WriteAsync<ConversationPage>(context, site.Visit(text, faults: fault is null ? [] : [fault]),
                ("Conversation", conversation), ("Nine", string.Join(' ', visit.Words)), ("RequestId", StandIn.NewFormId()), ("Words", words), ("IsSent", isSent));
        }
    }

    private static byte[] ReadId(ReadOnlySpan<byte> hex)
    {
        var id = new byte[Envelope.RequestIdSize];
        if (hex.IsEmpty) return id;
        return hex.Length == 2 * id.Length && Convert.FromHexString(hex, id, out _, out _) == System.Buffers.OperationStatus.Done
            ? id : throw new RefusedException(IntakeErrorCode.Malformed);
    }
}
