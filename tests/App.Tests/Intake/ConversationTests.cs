using System.Security.Cryptography;
using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.App.Tests.Intake;

/// <summary>The whole life of a conversation at Intake, as a person's device and a Desk have it.</summary>
public class ConversationTests
{
    [Fact]
    public async Task What_a_person_asks_is_listed_taken_and_gone_when_the_desk_has_it()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        var question = olena.Submit();
        (await intake.SubmitAsync(olena, question.ToBytes())).Done().ShouldBe(IntakeProtocol.Done);

        var listing = await intake.ListAsync();
        var listed = listing.Envelopes.ShouldHaveSingleItem();
        listed.Is(question.Envelope).ShouldBeTrue();
        var taken = Envelope.Read((await intake.TakeAsync(listed.RequestId)).Done());
        taken.Sealed.ToArray().ShouldBe(question.Envelope.Sealed.ToArray());
        (await intake.CollectedAsync((listed.RequestId, listed.Hash))).Done();
        (await intake.CollectedAsync((listed.RequestId, listed.Hash))).Done();
        (await intake.TakeAsync(listed.RequestId)).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        var later = await intake.ListAsync(listing.Next, store: listing.Store.ToArray());
        later.Envelopes.ShouldBeEmpty();
        later.Next.ShouldBe(listing.Next);
    }

    [Fact]
    public async Task What_the_desk_answers_is_fetched_in_its_order_and_told_as_delivered()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var answers = Enumerable.Range(1, 3).Select(number => olena.Answer($"Answer {number}.")).ToList();
        foreach (var answer in answers) (await intake.PutAsync(answer)).Done();
        (await intake.PutAsync(answers[0])).Done();
        var fetched = FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch().ToBytes())).Done());
        fetched.More.ShouldBeFalse();
        fetched.Bookmark.ToArray().ShouldBe(olena.Bookmark);
        fetched.Answers.Select(answer => answer.RequestId.ToArray()).ShouldBe(answers.Select(answer => answer.RequestId.ToArray()));
        var behind = FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch(answers[1].RequestId.ToArray()).ToBytes())).Done());
        behind.Answers.ShouldHaveSingleItem().RequestId.ToArray().ShouldBe(answers[2].RequestId.ToArray());

        (await intake.DeliveredAsync()).Answers.ShouldBeEmpty();
        var read = olena.Acknowledge(answers[0].RequestId.ToArray(), answers[1].RequestId.ToArray(), RandomNumberGenerator.GetBytes(16));
        (await intake.PostAsync(IntakeProtocol.AcknowledgePath, read.ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.AcknowledgePath, read.ToBytes())).Done();
        var delivered = await intake.DeliveredAsync();
        delivered.Answers.Select(answer => Convert.ToHexString(answer.RequestId.Span)).ShouldBe(
            answers.Take(2).Select(answer => Convert.ToHexString(answer.RequestId)), ignoreOrder: true);
        (await intake.DeliveredAsync()).Answers.Count.ShouldBe(2, "a Desk that lost the first answer asks again");
        (await intake.DeliveredAsync(delivered.Next)).Answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task Who_forgets_leaves_nothing_but_the_notice()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        var question = olena.Submit();
        (await intake.SubmitAsync(olena, question.ToBytes())).Done();
        (await intake.PutAsync(olena.Answer())).Done();
        var forget = olena.Forget();
        (await intake.PostAsync(IntakeProtocol.ForgetPath, forget.ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.ForgetPath, forget.ToBytes())).Done();
        (await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch().ToBytes())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.PutAsync(olena.Answer())).Refused.ShouldBe(IntakeErrorCode.NothingHere);
        (await intake.ListAsync()).Envelopes.ShouldHaveSingleItem().Kind.ShouldBe(EnvelopeKind.Forget);
        (await intake.SubmitAsync(olena, question.ToBytes())).Done();
        (await intake.ListAsync()).Envelopes.Count.ShouldBe(1, "what was asked before is not asked again by a repeat");

        await intake.StopAsync();
        var file = intake.Files().Single(file => file.Name.EndsWith(".sqlite", StringComparison.Ordinal)).Content;
        file.AsSpan().IndexOf(question.Envelope.Sealed.Span[^100..]).ShouldBe(-1, "deleted bytes are overwritten");
        file.AsSpan().IndexOf(question.Bookmark.Span[^100..]).ShouldBe(-1);
        file.AsSpan().IndexOf(forget.Envelope.Sealed.Span[^100..]).ShouldBeGreaterThan(-1);
    }

    [Fact]
    public async Task The_same_request_twice_is_stored_once_and_other_bytes_are_refused()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        var question = olena.Submit();
        for (var attempt = 0; attempt < 3; attempt++) (await intake.SubmitAsync(olena, question.ToBytes())).Done();
        (await intake.SubmitAsync(olena)).Done();
        (await intake.SubmitAsync(olena, question.ToBytes())).Done();
        (await intake.ListAsync()).Envelopes.Count.ShouldBe(2);

        var other = question with { Bookmark = Person.Seal("another") };
        (await intake.SubmitAsync(olena, other.ToBytes())).Refused.ShouldBe(IntakeErrorCode.Different);
    }

    [Fact]
    public async Task Two_tabs_do_not_write_over_each_other()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var second = olena.Submit() with { Expected = RandomNumberGenerator.GetBytes(32) };
        (await intake.SubmitAsync(olena, second.ToBytes())).Refused.ShouldBe(IntakeErrorCode.Conflict);
        (await intake.ListAsync()).Envelopes.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_one_person_wrote_is_listed_in_its_order_and_paged()
    {
        await using var intake = await RunningIntake.StartAsync();
        var people = Enumerable.Range(0, 5).Select(_ => new Person()).ToList();
        var written = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            foreach (var person in people)
            {
                var request = person.Submit();
                written.Add(Convert.ToHexString(request.Envelope.LookUpId) + Convert.ToHexString(request.Envelope.RequestId));
                (await intake.SubmitAsync(person, request.ToBytes())).Done();
            }
        }
        var listed = new List<string>();
        var cursor = 0L;
        while (await intake.ListAsync(cursor, most: 3) is { Envelopes.Count: > 0 } page)
        {
            page.Next.ShouldBeGreaterThan(cursor);
            cursor = page.Next;
            listed.AddRange(page.Envelopes.Select(one => Convert.ToHexString(one.LookUpId.Span) + Convert.ToHexString(one.RequestId.Span)));
        }
        listed.ShouldBe(written, ignoreOrder: true);
        foreach (var person in people.Select(person => Convert.ToHexString(person.LookUpId)))
            listed.Where(one => one.StartsWith(person, StringComparison.Ordinal)).ShouldBe(written.Where(one => one.StartsWith(person, StringComparison.Ordinal)));
        // Among people it is the order of their random ids, and not that in which they came.
        listed.Select(one => one[..32]).Distinct().ShouldBe(people.Select(person => Convert.ToHexString(person.LookUpId)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_cursor_of_another_store_is_gone_and_one_that_was_never_given_goes_back()
    {
        await using var intake = await RunningIntake.StartAsync();
        var request = new ListRequest(RunningIntake.Credential, RandomNumberGenerator.GetBytes(16), 0, 10);
        (await intake.PostAsync(IntakeProtocol.ListPath, request.ToBytes())).Refused.ShouldBe(IntakeErrorCode.Gone);
        (await intake.PostAsync(IntakeProtocol.DeliveredPath, request.ToBytes())).Refused.ShouldBe(IntakeErrorCode.Gone);
        await Should.ThrowAsync<EnvelopeException>(() => intake.ListAsync(cursor: 1_000));
    }

    [Fact]
    public async Task Many_long_answers_come_in_parts()
    {
        await using var intake = await RunningIntake.StartAsync();
        var olena = new Person();
        (await intake.SubmitAsync(olena)).Done();
        var answers = Enumerable.Range(0, 6).Select(_ => olena.Answer(new string('a', 500_000))).Concat(Enumerable.Range(0, 20).Select(_ => olena.Answer())).ToList();
        foreach (var answer in answers) (await intake.PutAsync(answer)).Done();
        var fetched = new List<string>();
        ReadOnlyMemory<byte>? after = null;
        for (var more = true; more;)
        {
            var part = FetchResponse.Read((await intake.PostAsync(IntakeProtocol.FetchPath, olena.Fetch(after).ToBytes())).Done());
            fetched.AddRange(part.Answers.Select(answer => Convert.ToHexString(answer.RequestId)));
            after = part.Answers[^1].RequestId.ToArray();
            more = part.More;
        }
        fetched.ShouldBe(answers.Select(answer => Convert.ToHexString(answer.RequestId)));
    }
}
