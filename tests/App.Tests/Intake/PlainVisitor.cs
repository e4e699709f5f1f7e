using System.Net;
using System.Text.RegularExpressions;

namespace Understory.App.Tests.Intake;

/// <summary>A browser without scripts: gets pages, fills forms, sends them. Keeps no cookie, as none is set.</summary>
internal sealed partial class PlainVisitor(HttpClient http, string language = "uk")
{
    /// <summary>The page that is shown.</summary>
    public string Html { get; private set; } = "";

    public int Status { get; private set; }

    public string Headers { get; private set; } = "";

    /// <summary>What a reader sees of it.</summary>
    public string Text => WebUtility.HtmlDecode(Space().Replace(Tag().Replace(Visible, " "), " "));

    /// <summary>The nine words that the page shows.</summary>
    public string NineWords => string.Join(' ', Item().Matches(Nine().Match(Visible).Value).Select(item => WebUtility.HtmlDecode(item.Groups["word"].Value)));

    public async Task<PlainVisitor> GetAsync(string path)
    {
        using var response = await http.GetAsync(path.StartsWith('/') ? path : $"/{language}/{path}");
        return await ReadAsync(response);
    }

    /// <summary>Sends the form that has this action, its hidden fields as they are, the others as given.</summary>
    public Task<PlainVisitor> SendAsync(string action, params (string Name, string Value)[] typed)
    {
        var path = $"/{language}/{action}";
        var form = Form().Matches(Visible).Single(form => form.Groups["action"].Value == path && typed.All(field => Html.Contains($"name=\"{field.Name}\"", StringComparison.Ordinal)));
        var hidden = Hidden().Matches(form.Value).Select(field => (field.Groups["name"].Value, WebUtility.HtmlDecode(field.Groups["value"].Value)));
        return PostAsync(path, [.. hidden, .. typed]);
    }

    public async Task<PlainVisitor> PostAsync(string path, params (string Name, string Value)[] fields)
    {
        Sent = (path, fields);
        using var content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
        using var response = await http.PostAsync(path, content);
        return await ReadAsync(response);
    }

    /// <summary>What was sent last.</summary>
    public (string Path, (string Name, string Value)[] Fields) Sent { get; private set; }

    /// <summary>Loads the page again that a form brought.</summary>
    public Task<PlainVisitor> ReloadAsync() => PostAsync(Sent.Path, Sent.Fields);

    private async Task<PlainVisitor> ReadAsync(HttpResponseMessage response)
    {
        Status = (int)response.StatusCode;
        Html = await response.Content.ReadAsStringAsync();
        Headers = string.Join('\n', response.Headers.Concat(response.Content.Headers).Select(header => $"{header.Key}: {string.Join(", ", header.Value)}"));
        return this;
    }

    /// <summary>Without what is only there for scripts, the innermost template first.</summary>
    private string Visible
    {
        get
        {
            var html = Html;
            while (Template().IsMatch(html)) html = Template().Replace(html, "");
            return html;
        }
    }

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    [GeneratedRegex("<template[^>]*>(?:(?!<template).)*?</template>", RegexOptions.Singleline)]
    private static partial Regex Template();

    [GeneratedRegex("<ol class=\"nine\".*?</ol>", RegexOptions.Singleline)]
    private static partial Regex Nine();

    [GeneratedRegex("<li>(?<word>[^<]+)</li>", RegexOptions.ExplicitCapture)]
    private static partial Regex Item();

    [GeneratedRegex("<form method=\"post\" action=\"(?<action>[^\"]*)\".*?</form>", RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    [GeneratedRegex("<input type=\"hidden\" name=\"(?<name>[^\"]*)\" value=\"(?<value>[^\"]*)\"", RegexOptions.ExplicitCapture)]
    private static partial Regex Hidden();
}
