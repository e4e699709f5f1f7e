using System.Globalization;
using System.Reflection;
using Understory.Casework;
using Understory.Envelopes;

namespace Understory.Demo;

/// <summary>What somebody does in a story.</summary>
internal enum Act
{
    /// <summary>The person writes for the first time.</summary>
    Asks,

    /// <summary>The person lost the receipt, and writes for the first time once more.</summary>
    AsksAgain,

    /// <summary>The person writes.</summary>
    Writes,

    /// <summary>The person writes, and it never arrives.</summary>
    IsLost,

    /// <summary>The person fetches answers.</summary>
    Reads,

    /// <summary>The person says "forget everything".</summary>
    TakesBack,

    /// <summary>Something arrives that was sealed to nobody here.</summary>
    IsJunk,

    /// <summary>Somebody on the way puts something into the conversation.</summary>
    IsForged,

    /// <summary>The request becomes a case.</summary>
    Admitted,

    /// <summary>The second request becomes part of the same case.</summary>
    Joined,

    /// <summary>The request is refused with an answer.</summary>
    Refused,

    /// <summary>The request is thrown away.</summary>
    Spam,

    /// <summary>Staff answer.</summary>
    Answered,

    /// <summary>Staff write a note.</summary>
    Noted,

    /// <summary>Staff mark what arrived as read.</summary>
    Seen,

    /// <summary>The case moves on.</summary>
    Moved,

    /// <summary>Where it is safe to answer is written down anew.</summary>
    SafelyNow,
}

/// <summary>Something that happens in a story.</summary>
/// <param name="DaysAgo">Before the day on which it is told; 0 is that day.</param>
/// <param name="At">The time of day, UTC.</param>
/// <param name="Act">What.</param>
/// <param name="Stage">Where a case moves to.</param>
/// <param name="Words">What is written; empty where nothing is.</param>
internal sealed record Happening(int DaysAgo, TimeSpan At, Act Act, Stage? Stage, string Words);

/// <summary>
/// One person's story, as it stands in <c>Demo/*.txt</c>: lines <c>name: value</c>, then what happens, each with the days
/// before today, the time and an act, and below it, indented by two spaces, what is written.
/// </summary>
/// <param name="Language">Of the person.</param>
/// <param name="Name">How the case is called.</param>
/// <param name="Who">Whose receipt it is, where it is shown; null where it is not.</param>
/// <param name="Urgency">What the person says.</param>
/// <param name="Safely">Where it is safe to answer.</param>
/// <param name="Reason">Why it was refused, for the organisation.</param>
/// <param name="Happenings">In their order.</param>
internal sealed record Story(string Language, string Name, string? Who, Urgency Urgency, string Safely, string Reason, IReadOnlyList<Happening> Happenings)
{
    private static readonly Dictionary<string, Act> s_acts = new(StringComparer.Ordinal)
    {
        ["asks"] = Act.Asks,
        ["asks again"] = Act.AsksAgain,
        ["writes"] = Act.Writes,
        ["is lost"] = Act.IsLost,
        ["reads"] = Act.Reads,
        ["takes back"] = Act.TakesBack,
        ["is junk"] = Act.IsJunk,
        ["is forged"] = Act.IsForged,
        ["admitted"] = Act.Admitted,
        ["joined"] = Act.Joined,
        ["refused"] = Act.Refused,
        ["spam"] = Act.Spam,
        ["answered"] = Act.Answered,
        ["noted"] = Act.Noted,
        ["seen"] = Act.Seen,
        ["safely"] = Act.SafelyNow,
    };

    /// <summary>All of them, in the three languages.</summary>
    public static IReadOnlyList<Story> All() => [.. Languages.SelectMany(language => Read(language, Load($"{language}.txt")))];

    private static string[] Languages => ["ru", "uk", "en"];

    /// <summary>Reads the stories of one language.</summary>
    /// <exception cref="FormatException">A line is none of a story; the message says which.</exception>
    public static IReadOnlyList<Story> Read(string language, string text)
    {
        List<Story> stories = [];
        Draft? draft = null;
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            if (line.StartsWith('#')) continue;
            if (line.StartsWith("case: ", StringComparison.Ordinal))
            {
                if (draft is not null) stories.Add(draft.Finish(language));
                draft = new Draft();
            }
            if (draft is null && line.Length == 0) continue;
            if (draft is null || !draft.Take(line)) throw new FormatException($"{language}.txt, line {number}: '{line}' is no line of a story.");
        }
        if (draft is not null) stories.Add(draft.Finish(language));
        return stories;
    }

    private static string Load(string name)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream($"Demo.{name}")!);
        return reader.ReadToEnd();
    }

    private sealed class Draft
    {
        private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);
        private readonly List<Happening> _happenings = [];
        private readonly List<string> _words = [];

        public bool Take(string line)
        {
            if (line.Length == 0 || line.StartsWith("  ", StringComparison.Ordinal))
            {
                _words.Add(line.Length == 0 ? "" : line[2..]);
                return line.Length == 0 || _happenings.Count > 0;
            }
            if (_happenings.Count == 0 && line.Split(": ", 2) is [var name, var value] && name is "case" or "who" or "urgency" or "safely" or "reason") return _said.TryAdd(name, value);
            if (line.Split(' ', 3) is not [var days, var at, var act]) return false;
            Close();
            Stage? stage = null;
            if (act.StartsWith("moved to ", StringComparison.Ordinal))
            {
                if (!Enum.TryParse<Stage>(act["moved to ".Length..], out var to)) return false;
                stage = to;
            }
            else if (!s_acts.ContainsKey(act))
            {
                return false;
            }
            if (!int.TryParse(days, NumberStyles.None, CultureInfo.InvariantCulture, out var ago) || !TimeSpan.TryParseExact(at, "hh\\:mm", CultureInfo.InvariantCulture, out var time)) return false;
            _happenings.Add(new Happening(ago, time, stage is null ? s_acts[act] : Act.Moved, stage, ""));
            return true;
        }

        public Story Finish(string language)
        {
            Close();
            return new Story(
                language, _said["case"], _said.GetValueOrDefault("who"), Enum.Parse<Urgency>(_said.GetValueOrDefault("urgency", nameof(Urgency.NotSaid))),
                _said.GetValueOrDefault("safely", ""), _said.GetValueOrDefault("reason", ""), [.. _happenings]);
        }

        private void Close()
        {
            if (_happenings.Count > 0) _happenings[^1] = _happenings[^1] with { Words = string.Join('\n', _words).Trim('\n') };
            _words.Clear();
        }
    }
}
