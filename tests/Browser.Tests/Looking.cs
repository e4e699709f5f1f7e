using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Shouldly;

namespace Understory.Browser.Tests;

/// <summary>What is asked of every page.</summary>
internal static class Looking
{
    private static readonly string[] s_rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    /// <summary>Nothing is cut off on a narrow screen, and axe finds nothing at this size, which the page then has.</summary>
    public static async Task IsFineAsync(IPage page, string name, int width, int height)
    {
        // 320 pixels are also what 1280 at 400 % are.
        await page.SetViewportSizeAsync(320, 640);
        (await page.EvaluateAsync<int>("document.documentElement.scrollWidth")).ShouldBeLessThanOrEqualTo(320, $"{name} is cut off on a narrow screen");
        await page.SetViewportSizeAsync(width, height);
        var result = await page.RunAxe(new AxeRunOptions { RunOnly = new RunOnlyOptions { Type = "tag", Values = [.. s_rules] } });
        result.Violations.Select(found => $"{name}: {found.Id}: {string.Join("; ", found.Nodes.Select(node => node.Html))}").ShouldBeEmpty();
    }
}
