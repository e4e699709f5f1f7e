using Understory.Journal;
using Understory.Pages;

namespace Understory.Desk;

/// <summary>What parts of a case are called.</summary>
internal static class CompartmentNames
{
    public static string Of(Text t, Compartment compartment) => compartment switch
    {
        Compartment.Contact => t["Messages and how to reach"],
        Compartment.Work => t["Stage and tasks"],
        Compartment.Identity => t["Who the person is"],
        Compartment.Story => t["The story"],
        Compartment.Documents => t["Documents"],
        Compartment.Health => t["Health"],
        Compartment.Legal => t["Legal"],
        Compartment.Review => t["Review"],
        _ => "",
    };
}
