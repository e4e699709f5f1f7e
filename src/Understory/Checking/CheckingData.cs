using Understory.Verification;

namespace Understory.Checking;

/// <summary>What stories are checked against: places and who held them, and public facts. Loaded once, then only read.</summary>
internal sealed class CheckingData
{
    private readonly IGround _ground;
    private readonly Facts _facts;

    private CheckingData(IGround ground, Facts facts) => (_ground, _facts) = (ground, facts);

    /// <summary>From a folder; null is the platform's.</summary>
    public static CheckingData Open(string? folder)
    {
        // Data from a folder and the facts that ship with the program come here once they are there.
        if (folder is not null && !Directory.Exists(folder)) throw new Terminal.UsageException($"There is no folder '{folder}'.");
        return new CheckingData(new SilentGround(), Facts.None);
    }

    /// <summary>Reads a story and checks it.</summary>
    /// <exception cref="StoryException">It is not understood.</exception>
    public (Story Story, CheckReport Report) Check(ReadOnlySpan<byte> text)
    {
        var story = StoryReader.Read(text, _facts);
        return (story, Checker.Check(story, _ground, _facts));
    }

    /// <summary>The bytes of a story, and one more than it may have where it has too many.</summary>
    public static byte[] ReadStory(Stream input)
    {
        var bytes = new byte[StoryReader.MaxBytes + 1];
        return bytes[..input.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <summary>Without any data: no place is known.</summary>
    private sealed class SilentGround : IGround
    {
        public string Edition => "no data";

        public IReadOnlyList<Candidate> Find(PlaceQuery query) => [];

        public Judgement Judge(Candidate place, Side held) => Judgement.Silent;

        public IReadOnlyList<SourceWord> Ask(Candidate place, int day) => [];

        public double? KmToFront(Candidate place, int day) => null;

        public Side? SideOf(Candidate place, int day) => null;

        public IReadOnlyList<Nearby> Near(Candidate place, DayRange days, string? unit) => [];
    }
}
