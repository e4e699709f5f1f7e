using Understory.Pages;

namespace Understory.Intake;

/// <summary>Trying the nine words before it matters: nothing is stored, and the words open nothing.</summary>
internal static class PractiseEndpoints
{
    private const string Practise = "practise";

    public static void MapPractise(this IEndpointRouteBuilder routes, Site site, StandIn standIn)
    {
        site.MapPage(routes, Practise, Form, Check);

        Task Form(HttpContext context, Text text) =>
            Site.WriteSealingAsync<PractisePage>(context, site.Visit(text, Practise), ("Words", standIn.Practise(text.Language)));

        async Task Check(HttpContext context, Text text)
        {
            using var form = await standIn.ReadAsync(context.Request, "receipt", "typed");
            var problems = standIn.Compare(form, text, out var shown);
            if (problems.Count == 0) await Site.WriteAsync<PractisedPage>(context, site.Visit(text));
            else await Site.WriteSealingAsync<PractisePage>(context, site.Visit(text, Practise, [.. problems.Select(problem => new Fault("typed", problem))]), ("Words", shown));
        }
    }
}
