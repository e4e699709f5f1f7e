using Understory.Casework;
using Understory.Pages;

namespace Understory.Desk.Conversations;

/// <summary>Common answers to begin with, in every language, until the organisation stores its own.</summary>
internal static class BuiltInTemplates
{
    /// <summary>All of them, in every language.</summary>
    public static IReadOnlyList<Template> All(Catalogue catalogue) => [.. catalogue.Languages.SelectMany(language => For(catalogue.For(language)))];

    /// <summary>What somebody reads whose request is refused.</summary>
    public static string Refusal(Text t) =>
        t["Thank you for writing to us. We read what you wrote. We cannot help with this: it is not something that we know how to do well, and we do not want to give you false hope.\n\nWhat you wrote stays sealed, and you can delete it at any time with your receipt."];

    private static Template[] For(Text t) =>
    [
        new(t.Language, t["We have read it"], t["Thank you for trusting us. We have read what you wrote, and one of us is looking after it now. We will write here again within two days.\n\nPlease do not tell anybody that you wrote to us. If you are in danger right now, first go where you are safe."]),
        new(t.Language, t["We need to know more"], t["To help you well we need to know a little more. Please answer only what is safe for you to answer:\n\n1. Where are you now: at home, in a unit, in another country?\n2. Did you get a paper? What stands on it, and from which day is it?\n3. Is there a day by which something has to be done?"]),
        new(t.Language, t["How to write safely"], t["A few words on safety. Open this page in a private window. Do not keep the receipt on the phone: learn it or keep it on paper, without saying what it is for. Close the page when you have read. If somebody takes your phone, do not use it to write to us again."]),
        new(t.Language, t["We found a lawyer"], t["We found a lawyer who knows cases like yours and works with us without payment. The lawyer learns only what you allow. May we pass on what you wrote? Answer yes or no; no is all right."]),
        new(t.Language, t["We have not heard from you"], t["We have not heard from you for a while and hope that you are safe. You need not explain anything. If you still want help, one word is enough."]),
    ];
}
