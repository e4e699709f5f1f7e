using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk.Cases;

/// <summary>What the kinds of entries are called on pages.</summary>
internal static class KindNames
{
    public static string Of(Text t, Kind kind)
    {
        if (kind == Kind.CaseOpened) return t["The request became a case"];
        if (kind == Kind.RequestRefused) return t["The request was refused"];
        if (kind == Kind.SpamMarked) return t["A request was thrown away as junk"];
        if (kind == Kind.ConversationJoined) return t["A conversation was added: its keys"];
        if (kind == Kind.MessageReceived) return t["The person wrote"];
        if (kind == Kind.AnswerSent) return t["The person was answered"];
        if (kind == Kind.AnswerFetched) return t["The person fetched an answer"];
        if (kind == Kind.NoteWritten) return t["A note was written"];
        if (kind == Kind.SafeContactSet) return t["Where it is safe to answer was changed"];
        if (kind == Kind.MessagesSeen) return t["Messages were read"];
        if (kind == Kind.AccessGranted) return t["Somebody was given access"];
        if (kind == Kind.AccessRevoked) return t["Access was taken away"];
        if (kind == Kind.EpochStarted) return t["A part of the case got a new key"];
        if (kind == Kind.StageChanged) return t["The case moved on"];
        if (kind == Kind.ForgettingAsked) return t["The person asked to be forgotten"];
        if (kind == Kind.Forgotten) return t["Entries were forgotten"];
        if (kind == Kind.Arrived) return t["Something was collected"];
        if (kind == Kind.Alarm) return t["Something awaited did not happen"];
        return kind == Kind.Expired ? t["Access ended by its date"] : kind.Name;
    }
}
