using Understory.Envelopes;
using Understory.Pages;

namespace Understory.Desk.Conversations;

/// <summary>What was noticed about a message, in words; nothing where it is as it should be.</summary>
internal static class VerdictWords
{
    public static string? Of(Text t, Verdict verdict) => verdict switch
    {
        Verdict.Genuine or Verdict.Missing => null,
        Verdict.Reordered => t["This message had been missing and arrived late."],
        Verdict.Replayed => t["This message arrived a second time. There is nothing new in it."],
        Verdict.Late => t["This message is so old that nobody can tell whether it arrived before."],
        Verdict.RolledBack => t["The person wrote this, but somebody had shown them an older state of the conversation. Intake may have been restored from a backup, or tampered with."],
        Verdict.AnotherConversation => t["Something that belongs to another conversation was put here. It is not shown."],
        Verdict.WrongDirection => t["One of our own answers was sent back to us. It is not shown."],
        _ => t["Something arrived that the person did not write, or that was changed on the way. It is not shown."],
    };
}
