using System.Globalization;
using Understory.Casework;
using Understory.Desk.Components;

namespace Understory.Desk.Conversations;

/// <summary>The conversation of a case: reading it, answering, notes, drafts, and common answers.</summary>
internal static class Endpoints
{
    // Percent-encoded Cyrillic takes six bytes for a letter.

    public static void MapConversations(this DeskRoutes routes)
    {
        routes.StaffGet("/cases/{id}", request => ShowAsync(request, null, null, []));
        routes.StaffPost("/cases/{id}/answer", AnswerAsync, Form.MostLength);
        routes.StaffPost("/cases/{id}/draft", KeepDraft, Form.MostLength);
        routes.StaffPost("/cases/{id}/notes", NoteAsync, Form.MostLength);
        routes.StaffPost("/cases/{id}/seen", MarkSeen);
        routes.StaffGet("/templates", request => ShowTemplatesAsync(request, []));
        routes.StaffPost("/templates", StoreTemplatesAsync, Form.MostLength);
    }

    private static Task ShowAsync(StaffRequest request, string? answer, string? note, IReadOnlyList<FieldError> errors)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        return request.PageAsync<CasePage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Case", found), ("Self", request.Keyring.Author), ("Colleagues", new Colleagues(request)), ("Today", request.Organisation.TodayIs), ("Answer", answer ?? request.Organisation.Conversations.Draft(request.Keyring, id)),
            ("Note", note ?? ""), ("Templates", TemplatesFor(request, found.Language)), ("Errors", errors), ("Done", request.Query("done")));
    }

    private static Task AnswerAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        var words = request.Form.Lines("answer").Trim();
        if (request.Form.Has("insert"))
        {
            // What was typed so far stays: the template goes behind it, and both are the draft now.
            var templates = TemplatesFor(request, found.Language);
            if (int.TryParse(request.Form.Line("template"), NumberStyles.None, CultureInfo.InvariantCulture, out var which) && which < templates.Count)
                words = words.Length == 0 ? templates[which].Words : $"{words}\n\n{templates[which].Words}";
            request.Organisation.Conversations.KeepDraft(request.Keyring, id, words);
            request.SeeOther($"/cases/{id}#answer");
            return Task.CompletedTask;
        }
        if (request.Form.Has("keep"))
        {
            request.Organisation.Conversations.KeepDraft(request.Keyring, id, words);
            request.SeeOther($"/cases/{id}?done=draft#answer");
            return Task.CompletedTask;
        }
        if (words.Length == 0) return ShowAsync(request, words, null, [new FieldError("answer", request.T["Write the answer first."])]);
        // To whom the page said that it goes: never to a conversation that was added after it was shown.
        if (!int.TryParse(request.Form.Line("conversation"), NumberStyles.None, CultureInfo.InvariantCulture, out var conversation)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        request.Organisation.Conversations.Answer(request.Keyring, id, conversation, words);
        request.SeeOther($"/cases/{id}?done=answered#last");
        return Task.CompletedTask;
    }

    private static Task KeepDraft(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        request.Organisation.Conversations.KeepDraft(request.Keyring, id, request.Form.Lines("answer"));
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task NoteAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        var words = request.Form.Lines("note").Trim();
        if (words.Length == 0) return ShowAsync(request, null, words, [new FieldError("note", request.T["Write the note first."])]);
        request.Organisation.Conversations.Note(request.Keyring, id, words);
        request.SeeOther($"/cases/{id}?done=noted#last");
        return Task.CompletedTask;
    }

    private static Task MarkSeen(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        // Up to what the page showed: what came meanwhile was not seen.
        if (!long.TryParse(request.Form.Line("through"), NumberStyles.None, CultureInfo.InvariantCulture, out var through)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        request.Organisation.Cases.MarkSeen(request.Keyring, id, through);
        request.SeeOther($"/cases/{id}");
        return Task.CompletedTask;
    }

    private static Task ShowTemplatesAsync(StaffRequest request, List<FieldError> errors, IReadOnlyList<Template>? typed = null) =>
        request.PageAsync<TemplatesPage>(
            errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Templates", typed ?? All(request)), ("Errors", errors), ("Done", request.Query("done")));

    private static Task StoreTemplatesAsync(StaffRequest request)
    {
        List<Template> typed = [];
        List<FieldError> errors = [];
        for (var i = 0; request.Form.Has($"words-{i}"); i++)
        {
            var template = new Template(request.Form.Line($"language-{i}"), request.Form.Line($"title-{i}"), request.Form.Lines($"words-{i}").Trim());
            // Emptied is removed.
            if (template.Title.Length == 0 && template.Words.Length == 0) continue;
            if (!request.Workplace.Catalogue.Has(template.Language)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
            if (template.Title.Length == 0) errors.Add(new FieldError($"title-{typed.Count}", request.T["Give it a title, by which it is chosen."]));
            if (template.Words.Length == 0) errors.Add(new FieldError($"words-{typed.Count}", request.T["Write its words, or empty its title too and it is removed."]));
            typed.Add(template);
        }
        if (errors.Count > 0) return ShowTemplatesAsync(request, errors, typed);
        request.Organisation.Conversations.Templates.Store(request.Keyring, typed);
        request.SeeOther("/templates?done");
        return Task.CompletedTask;
    }

    private static IReadOnlyList<Template> All(StaffRequest request) =>
        request.Organisation.Conversations.Templates.Read(request.Keyring) ?? BuiltInTemplates.All(request.Workplace.Catalogue);

    private static List<Template> TemplatesFor(StaffRequest request, string language) => [.. All(request).Where(template => template.Language == language)];

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
