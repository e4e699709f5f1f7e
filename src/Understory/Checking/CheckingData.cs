using Understory.Data;
using Understory.Verification;

namespace Understory.Checking;

/// <summary>What stories are checked against: places and who held them, and public facts. Loaded once, then only read.</summary>
internal sealed class CheckingData
{
    private readonly Loaded _loaded;
    private readonly Facts _facts = FactsReader.Shipped;

    private CheckingData(Loaded loaded) => _loaded = loaded;

    /// <summary>What was imported into a folder, with what ships; null is the platform's folder.</summary>
    /// <exception cref="DataException">Something in it is damaged.</exception>
    public static CheckingData Open(string? folder)
    {
        if (folder is not null && !Directory.Exists(folder)) throw new Terminal.UsageException($"There is no folder '{folder}'.");
        return new CheckingData(Grounds.Load(folder));
    }

    /// <summary>Of which edition each source is.</summary>
    public string Edition => _loaded.Atlas.Edition;

    /// <summary>Reads a story and checks it.</summary>
    /// <exception cref="StoryException">It is not understood.</exception>
    public (Story Story, CheckReport Report) Check(ReadOnlySpan<byte> text)
    {
        var story = StoryReader.Read(text, _facts);
        return (story, Checker.Check(story, _loaded.Atlas, _facts));
    }

    /// <summary>The report as one page that asks nobody for anything.</summary>
    public string Page(Story story, CheckReport report, Texts texts) =>
        HtmlReport.Of(story, report, _loaded.Atlas, _loaded.Maps is [var map, ..] ? map : null, texts);

    /// <summary>The bytes of a story, and one more than it may have where it has too many.</summary>
    public static byte[] ReadStory(Stream input)
    {
        var bytes = new byte[StoryReader.MaxBytes + 1];
        return bytes[..input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }
}
