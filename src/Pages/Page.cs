using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Understory.Pages;

/// <summary>
/// Renders a Razor component to a response: HTML and nothing else. The framework's own way brings data protection, which
/// writes keys to the disk, and a script; neither is wanted here (docs/decisions/0011-pages.md).
/// </summary>
public static class Page
{
    // Letters of every script as they are, and not as eight bytes each: pages are UTF-8. Markup is escaped all the same.
    private static readonly IServiceProvider s_services =
        new ServiceCollection().AddSingleton(HtmlEncoder.Create(UnicodeRanges.All)).BuildServiceProvider();

    /// <summary>Writes a page as long as it is.</summary>
    public static Task WriteAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(
        HttpResponse response, params IEnumerable<KeyValuePair<string, object?>> parameters)
        where TPage : IComponent => WriteAsync<TPage>(response, smallest: 0, parameters);

    /// <summary>Writes a page.</summary>
    /// <param name="response">Its status is set before.</param>
    /// <param name="smallest">
    /// With it the page is filled up with white space behind its end to this length, or twice, four times … it, so that its
    /// length tells little on the line; 0 leaves it as it is.
    /// </param>
    /// <param name="parameters">The component's parameters by name.</param>
    public static async Task WriteAsync<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.All)] TPage>(
        HttpResponse response, int smallest, params IEnumerable<KeyValuePair<string, object?>> parameters)
        where TPage : IComponent
    {
        ArgumentNullException.ThrowIfNull(response);
        await using var renderer = new HtmlRenderer(s_services, NullLoggerFactory.Instance);
        using var html = new WipingWriter();
        await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TPage>(ParameterView.FromDictionary(parameters.ToDictionary()))).WriteHtmlTo(html));
        if (smallest > 0)
        {
            var length = smallest;
            while (length < html.Written.Length) length *= 2;
            html.Fill(length);
        }
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = html.Written.Length;
        await response.BodyWriter.WriteAsync(html.Written, response.HttpContext.RequestAborted);
    }
}
