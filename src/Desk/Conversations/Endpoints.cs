using System.Globalization;
using Understory.Casework;
using Understory.Desk.Components;
using Understory.Journal;

namespace Understory.Desk.Conversations;

/// <summary>The conversation of a case: reading it, answering, notes, drafts, and common answers.</summary>
internal static class Endpoints
{
    public static void MapConversations(this DeskRoutes routes)
    {
        routes.StaffGet("/cases/{id}", ShowAsync);
        routes.StaffPost("/cases/{id}/answer", AnswerAsync, Form.MostLength);
        routes.StaffPost("/cases/{id}/draft", KeepDraft, Form.MostLength);
        routes.StaffPost("/cases/{id}/notes", NoteAsync, Form.MostLength);
        routes.StaffPost("/cases/{id}/seen", MarkSeen);
        routes.StaffGet("/templates", request => ShowTemplatesAsync(request, []));
        routes.StaffPost("/templates", StoreTemplatesAsync, Form.MostLength);
    }

    /// <summary>Shows a case's page again, with what was typed into one of its forms; in the others stand drafts.</summary>
    /// <param name="request">The request.</param>
    /// <param name="status">422 for a form that was not filled in, 409 for one that somebody overtook.</param>
    /// <param name="typed">Puts what was typed over the drafts.</param>
    /// <param name="errors">What is wrong with it.</param>
    public static Task ShowAgainAsync(StaffRequest request, int status, Func<CaseForms, CaseForms> typed, params IReadOnlyList<FieldError> errors)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        request.ShownAt = $"/cases/{id}";
        return request.PageAsync<CasePage>(
            status, ("Case", found), ("Self", request.Keyring.Author), ("Colleagues", new Colleagues(request)), ("Today", request.Organisation.TodayIs), ("Typed", typed(DraftsOf(request, found))),
            ("Present", request.Enter(found)), ("Templates", TemplatesFor(request, found.Language)), ("Errors", errors), ("Done", request.Query("done")));
    }

    /// <summary>Who was faster, and when, for a sentence.</summary>
    public static (string, object?)[] Faster(StaffRequest request, LastChange change) =>
        [("name", new Colleagues(request).NameOf(request.T, change.By)), ("time", request.T.Moment(change.Time.LocalDateTime))];

    private static Task ShowAsync(StaffRequest request) => ShowAgainAsync(request, StatusCodes.Status200OK, drafts => drafts);

    private static CaseForms DraftsOf(StaffRequest request, CaseState @case)
    {
        var conversations = request.Organisation.Conversations;
        var (answer, safely) = (conversations.Draft(request.Keyring, @case.Id), conversations.Draft(request.Keyring, @case.Id, DraftKind.SafeContact));
        // A draft that was on its way while the answer was sent is no draft any more.
        if (@case.Items.LastOrDefault(item => item.Kind == ItemKind.Answer) is { } last && last.Author == request.Keyring.Author && last.Words == answer.Trim()) answer = "";
        return new CaseForms { Answer = answer, Note = conversations.Draft(request.Keyring, @case.Id, DraftKind.Note), Safely = safely.Length > 0 && safely != @case.Safely ? safely : null };
    }

    private static Task AnswerAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id || request.Organisation.Cases.Find(request.Keyring, id) is not { } found) return NothingHereAsync(request);
        var (words, seen) = (request.Form.Lines("answer").Trim(), request.Form.Number("seen"));
        if (request.Form.Has("insert"))
        {
            // What was typed so far stays: the template goes behind it, and both are the draft now.
            var templates = TemplatesFor(request, found.Language);
            if (int.TryParse(request.Form.Line("template"), NumberStyles.None, CultureInfo.InvariantCulture, out var which) && which < templates.Count)
                words = words.Length == 0 ? templates[which].Words : $"{words}\n\n{templates[which].Words}";
            KeepAnswer(request, id, words);
            request.SeeOther($"/cases/{id}#answer");
            return Task.CompletedTask;
        }
        if (request.Form.Has("keep") || request.Form.Has("discard"))
        {
            KeepAnswer(request, id, request.Form.Has("keep") ? words : "");
            request.SeeOther($"/cases/{id}?done={(request.Form.Has("keep") ? "draft" : "deleted")}#answer");
            return Task.CompletedTask;
        }
        if (words.Length == 0) return ShowAgainAsync(request, StatusCodes.Status422UnprocessableEntity, drafts => drafts with { Answer = "" }, new FieldError("answer", request.T["Write the answer first."]));
        // To whom the page said that it goes: never to a conversation that was added after it was shown.
        if (!int.TryParse(request.Form.Line("conversation"), NumberStyles.None, CultureInfo.InvariantCulture, out var conversation)) throw new RequestRefusedException(StatusCodes.Status400BadRequest);
        try
        {
            request.Organisation.Conversations.Answer(request.Keyring, id, conversation, words, seen);
        }
        catch (OvertakenException faster)
        {
            KeepAnswer(request, id, words);
            return ShowAgainAsync(
                request, StatusCodes.Status409Conflict, drafts => drafts with { Answer = words, Overtaken = "answer", Seen = seen ?? 0 },
                new FieldError("answer", request.T["The person was answered after you opened this page: {name}, {time}. Your answer was not sent. Change it, send it too, or delete it.", Faster(request, faster.Change)]));
        }
        request.SetWriting(id, false);
        request.SeeOther($"/cases/{id}?done=answered#last");
        return Task.CompletedTask;
    }

    private static void KeepAnswer(StaffRequest request, CaseId id, string words)
    {
        request.Organisation.Conversations.KeepDraft(request.Keyring, id, words);
        request.SetWriting(id, words.Length > 0);
    }

    private static Task KeepDraft(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        var form = request.Form;
        if (form.Has("note")) request.Organisation.Conversations.KeepDraft(request.Keyring, id, form.Lines("note"), DraftKind.Note);
        else if (form.Has("safely")) request.Organisation.Conversations.KeepDraft(request.Keyring, id, form.Lines("safely"), DraftKind.SafeContact);
        else KeepAnswer(request, id, form.Lines("answer"));
        request.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    private static Task NoteAsync(StaffRequest request)
    {
        if (Inbox.Endpoints.CaseOf(request) is not { } id) return NothingHereAsync(request);
        var words = request.Form.Lines("note").Trim();
        if (request.Form.Has("keep"))
        {
            request.Organisation.Conversations.KeepDraft(request.Keyring, id, words, DraftKind.Note);
            request.SeeOther($"/cases/{id}?done=draft#new-note");
            return Task.CompletedTask;
        }
        if (words.Length == 0) return ShowAgainAsync(request, StatusCodes.Status422UnprocessableEntity, drafts => drafts with { Note = "" }, new FieldError("note", request.T["Write the note first."]));
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

    private static Task ShowTemplatesAsync(StaffRequest request, List<FieldError> errors, IReadOnlyList<Template>? typed = null, bool isOvertaken = false)
    {
        // What they were made from is what is there now, unless somebody goes on with a page that they had before.
        var seen = errors.Count > 0 && !isOvertaken ? request.Form.Number("seen") ?? 0 : request.Organisation.Conversations.Templates.Stored(request.Keyring)?.Sequence ?? 0;
        return request.PageAsync<TemplatesPage>(
            isOvertaken ? StatusCodes.Status409Conflict : errors.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
            ("Templates", typed ?? All(request)), ("Theirs", isOvertaken ? All(request) : []), ("Seen", seen), ("Errors", errors), ("Done", request.Query("done")));
    }

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
        try
        {
            request.Organisation.Conversations.Templates.Store(request.Keyring, typed, request.Form.Number("seen"));
        }
        catch (OvertakenException faster)
        {
            return ShowTemplatesAsync(request, [new FieldError("", request.T["The common answers were saved after you opened this page: {name}, {time}. Yours were not saved.", Faster(request, faster.Change)])], typed, isOvertaken: true);
        }
        request.SeeOther("/templates?done");
        return Task.CompletedTask;
    }

    private static IReadOnlyList<Template> All(StaffRequest request) =>
        request.Organisation.Conversations.Templates.Read(request.Keyring) ?? BuiltInTemplates.All(request.Workplace.Catalogue);

    private static List<Template> TemplatesFor(StaffRequest request, string language) => [.. All(request).Where(template => template.Language == language)];

    private static Task NothingHereAsync(StaffRequest request) => request.PageAsync<ErrorPage>(
        StatusCodes.Status404NotFound, ("Status", StatusCodes.Status404NotFound), ("Sentence", "There is no such case, or you have no key to it."));
}
