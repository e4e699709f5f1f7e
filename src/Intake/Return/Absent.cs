using Understory.Pages;

namespace Understory.Intake;

/// <summary>What is said where there is nothing under nine words: whether there ever was is nobody's to know.</summary>
internal static class Absent
{
    public static string Sentence(Text text) =>
        text["There is nothing under these nine words. Either one of the words is another, or everything was deleted: because you asked for it, or because a long time has passed."];
}
