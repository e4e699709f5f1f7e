using Microsoft.AspNetCore.Components;
using Understory.Envelopes;
using Understory.Pages;
using Understory.Sealing;

namespace Understory.Intake;

/// <summary>What all pages have in common: languages, headers, the files that browsers load, and what is said when something is refused.</summary>
internal sealed class Site(IntakeOptions options, IntakeFiles files, ClientFiles client)
{
    // What a page may do and nothing more. Each is named where it is needed: forms to this server, one style, one icon; a page
    // that seals also runs workers and asks this server.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private const string SealingPolicy = $"{Policy}; connect-src 'self'; worker-src 'self'";

    // A worker has the policy that it came with: the page itself compiles nothing (docs/decisions/0002).
    private const string WorkerPolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'";
    private const string WasmWorker = "argon2-wasm.js";

    private const int SecondsWhenFull = 30;

    // Pages go out in this length, twice, four times … it: on the line, most look the same.
    private const int SmallestPage = 8 * 1024;

    private readonly Catalogue _catalogue = Catalogue.Of(typeof(Site).Assembly);

    public IReadOnlyList<string> Languages => _catalogue.Languages;

    /// <summary>The languages, files, and the way out.</summary>
    public void Map(IEndpointRouteBuilder routes)
    {
        On(routes, HttpMethods.Get, "/leave", context =>
        {
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = options.LeaveTo.AbsoluteUri;
            // There is nothing of ours to clear; what a browser kept against our word, such as a page to go back to, goes too.
            context.Response.Headers["Clear-Site-Data"] = "\"cache\", \"cookies\", \"storage\"";
            return Task.CompletedTask;
        });
        foreach (var name in client.Names)
        {
            On(routes, HttpMethods.Get, $"/files/{name}", async context =>
            {
                if (name == WasmWorker) context.Response.Headers.ContentSecurityPolicy = WorkerPolicy;
                await client.TryWriteAsync(context, name);
            });
        }
    }

    /// <summary>A page to look at and, with <paramref name="post"/>, a form to send, in every language.</summary>
    public void MapPage(IEndpointRouteBuilder routes, string path, Func<HttpContext, Text, Task>? get, Func<HttpContext, Text, Task>? post = null)
    {
        foreach (var language in Languages)
        {
            var text = _catalogue.For(language);
            routes.Map($"/{language}/{path}", context =>
            {
                var serve = HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) ? get
                    : HttpMethods.IsPost(context.Request.Method) ? post : null;
                return serve is null ? NothingHere(context, text) : Guard(context, text, serve);
            });
        }
    }

    /// <summary>The first page, in the language that the browser prefers.</summary>
    public void MapFirst(IEndpointRouteBuilder routes, Func<HttpContext, Text, Task> get) => On(routes, HttpMethods.Get, "/", context =>
    {
        context.Response.Headers.Vary = "Accept-Language";
        return get(context, _catalogue.For(_catalogue.Choose(context.Request.Headers.AcceptLanguage)));
    });

    /// <summary>What a page needs to know.</summary>
    public Visit Visit(Text text, string? path = null, params IReadOnlyList<Fault> faults) => new()
    {
        T = text,
        Languages = Languages,
        Organisation = files.Organisation,
        LeaveTo = options.LeaveTo,
        // Reading and deleting go on when there is nothing to seal to.
        Instance = (path == "return" ? files.InstanceId is null : files.Recipient() is null) ? null : Convert.ToHexStringLower(files.InstanceId!),
        Path = path,
        Faults = faults,
    };

    /// <summary>Writes a page; one with faults is a refused request.</summary>
    public static Task WriteAsync<TPage>(HttpContext context, Visit visit, params IEnumerable<(string Name, object? Value)> parameters) where TPage : IComponent =>
        WriteAsync<TPage>(context, Policy, visit, parameters);

    /// <summary>Writes a page whose script seals on the device.</summary>
    public static Task WriteSealingAsync<TPage>(HttpContext context, Visit visit, params IEnumerable<(string Name, object? Value)> parameters) where TPage : IComponent =>
        WriteAsync<TPage>(context, SealingPolicy, visit, parameters);

    /// <summary>Says one thing on a page of its own.</summary>
    public Task SayAsync(HttpContext context, Text text, int status, string heading, params IReadOnlyList<string> sentences)
    {
        context.Response.StatusCode = status;
        return WriteAsync<MessagePage>(context, Visit(text), ("Heading", heading), ("Sentences", sentences));
    }

    /// <summary>Nothing can be sealed yet: said calmly, and no form is shown.</summary>
    public Task NotYet(HttpContext context, Text text) => SayAsync(
        context, text, StatusCodes.Status503ServiceUnavailable, text["It is not possible to write yet"], text["We are still setting this up. Please look again later."]);

    /// <summary>A page that is not there, in the language of the address or of the browser.</summary>
    public Task NothingHere(HttpContext context, Text? text = null)
    {
        text ??= _catalogue.For(_catalogue.Choose(context.Request.Headers.AcceptLanguage));
        return SayAsync(context, text, StatusCodes.Status404NotFound, text["There is no such page"]);
    }

    private static Task WriteAsync<TPage>(HttpContext context, string policy, Visit visit, IEnumerable<(string Name, object? Value)> parameters)
        where TPage : IComponent
    {
        if (visit.Faults.Count > 0) context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.ContentSecurityPolicy = policy;
        return Page.WriteAsync<TPage>(context.Response, SmallestPage, parameters.Prepend(("Visit", visit)).Select(parameter => KeyValuePair.Create(parameter.Item1, parameter.Item2)));
    }

    private static void On(IEndpointRouteBuilder routes, string method, string path, Func<HttpContext, Task> serve) => routes.Map(path, context =>
        context.Request.Method == method || method == HttpMethods.Get && HttpMethods.IsHead(context.Request.Method) ? serve(context) : Endpoints.NothingHere(context));

    private async Task Guard(HttpContext context, Text text, Func<HttpContext, Text, Task> serve)
    {
        try
        {
            await serve(context, text);
        }
        catch (RefusedException refused)
        {
            await SayRefused(context, text, refused.Error);
        }
        catch (NotEnoughMemoryException)
        {
            // The locked memory is shared by all who come without scripts just now.
            await SayRefused(context, text, new IntakeError(IntakeErrorCode.Busy, SecondsWhenFull));
        }
    }

    private Task SayRefused(HttpContext context, Text text, IntakeError error)
    {
        switch (error.Code)
        {
            case IntakeErrorCode.TooLong:
                context.Response.Headers.Connection = "close";
                return SayAsync(context, text, error.Status, text["This is too long"],
                    text["Nothing was sent. Go back in your browser, shorten it, and send the rest afterwards."]);
            case IntakeErrorCode.Busy:
                context.Response.Headers.RetryAfter = $"{(error.RetryAfter > 0 ? error.RetryAfter : SecondsWhenFull)}";
                return SayAsync(context, text, error.Status, text["There is no room just now"],
                    text["Nothing was sent. Load this page again in a few minutes: your browser then sends once more what you wrote. Nothing will be sent twice."]);
            case IntakeErrorCode.NothingHere:
                return SayAsync(context, text, error.Status, text["There is nothing here"], Absent.Sentence(text));
            default:
                return SayAsync(context, text, error.Status, text["This could not be read"],
                    text["What your browser sent is not what this page sends. Go back in your browser and try again."]);
        }
    }
}
