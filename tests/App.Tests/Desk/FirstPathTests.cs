using Shouldly;
using Understory.Casework;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>From a request to an answer, at the Desk: really sealed, really stored.</summary>
public sealed class FirstPathTests : IDisposable
{
    private readonly Office _office = Office.Found();

    [Fact]
    public void Marta_asks_Lidia_answers_Marta_reads_and_writes_again()
    {
        using var marta = _office.Somebody();
        _office.Arrive(marta.Ask("They came to my mother's door.", Urgency.Today, "Signal, after eight"));

        var request = _office.Organisation.Inbox.Read(_office.Lidia).Requests.ShouldHaveSingleItem();
        request.Words.ShouldBe("They came to my mother's door.");
        request.Safely.ShouldBe("Signal, after eight");
        request.Urgency.ShouldBe(Urgency.Today);

        var @case = _office.Organisation.Inbox.Admit(_office.Lidia, request.Request, "amber river");
        @case.Faults.ShouldBeEmpty();
        @case.Items.ShouldHaveSingleItem().Words.ShouldBe("They came to my mother's door.");
        _office.Organisation.Collection.Waiting.ShouldBe(0);

        @case = _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, "Stay where you are. We found a lawyer.");
        @case.WaitingSince.ShouldBeNull();
        var answer = _office.Organisation.Collection.Outgoing(10).ShouldHaveSingleItem();
        var received = marta.Read(answer);
        received.Verdict.ShouldBe(Verdict.Genuine);
        received.Message!.Words.ShouldBe("Stay where you are. We found a lawyer.");
        _office.Organisation.Collection.Delivered(answer.RequestId);
        _office.Organisation.Collection.KeepFetched([(answer.RequestId.ToArray(), 20_000)], _office.Organisation.Collection.Place);

        _office.Arrive(marta.Write("Thank you. I am at my aunt's."));
        var page = _office.Organisation.Inbox.Read(_office.Lidia);
        page.Requests.ShouldBeEmpty();
        var card = page.Cases.ShouldHaveSingleItem();
        (card.Name, card.Unread, card.WaitingSince.HasValue).ShouldBe(("amber river", 1, true));

        @case = _office.Organisation.Cases.Find(_office.Lidia, card.Id)!;
        @case.Items.Select(item => (item.Kind, item.Words)).ShouldBe([
            (ItemKind.Message, "They came to my mother's door."),
            (ItemKind.Answer, "Stay where you are. We found a lawyer."),
            (ItemKind.Message, "Thank you. I am at my aunt's."),
        ]);
        @case.Items[1].Fetched.ShouldNotBeNull();
        _office.Organisation.Cases.Journal(_office.Lidia, card.Id)!.ShouldAllBe(line => line.IsInLog && line.Author == LineAuthor.Self);
    }

    [Fact]
    public void Everything_is_there_after_a_restart_and_another_sign_in()
    {
        using var marta = _office.Somebody();
        _office.Arrive(marta.Ask("They came to my mother's door."));
        var request = _office.Organisation.Inbox.Read(_office.Lidia).Requests.Single();
        _office.Organisation.Inbox.Admit(_office.Lidia, request.Request, "amber river");
        _office.Close();

        _office.Reopen();
        _office.Lidia.Name.ShouldBe("Lidia");
        var card = _office.Organisation.Inbox.Read(_office.Lidia).Cases.ShouldHaveSingleItem();
        _office.Organisation.Cases.Find(_office.Lidia, card.Id)!.Items.ShouldHaveSingleItem().Words.ShouldBe("They came to my mother's door.");
    }

    public void Dispose() => _office.Dispose();
}
