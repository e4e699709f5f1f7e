using Shouldly;
using Understory.Envelopes;
using Xunit;

namespace Understory.Browser.Tests;

/// <summary>A person's whole conversation on a phone, with scripts and without.</summary>
public sealed class PersonTests(IntakePages intake) : IClassFixture<IntakePages>
{
    [Theory]
    [InlineData("ru", true)]
    [InlineData("uk", false)]
    [InlineData("en", true)]
    public async Task Asks_keeps_nine_words_reads_writes_more_and_has_it_forgotten(string language, bool scripts)
    {
        await using var phone = await intake.PhoneAsync(language, scripts);
        var nine = await phone.AskAsync("They called me up again. Мене викликають 🙂", "only in the evening");
        await phone.TypeBackAsync(nine);
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");

        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected[^1].Message!.Words.ShouldBe("They called me up again. Мене викликають 🙂");
        intake.Desk.Openings[^1].ShouldBe((language, Urgency.ThisWeek, "only in the evening"));
        await intake.Desk.PutAsync(intake.Http, intake.Desk.Answer("We read it. <b>Stay</b> where you are."));

        await phone.ReturnAsync(nine);
        (await phone.AnswersAsync()).ShouldBe(["We read it. <b>Stay</b> where you are."]);
        await phone.WriteMoreAsync("Thank you.");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Collected[^1].ShouldSatisfyAllConditions(
            one => one.Verdict.ShouldBe(Verdict.Genuine), one => one.Message!.Words.ShouldBe("Thank you."), one => one.Message!.Seen.ShouldBe(1));

        var forgotten = intake.Desk.Forgotten;
        await phone.ForgetAsync();
        await phone.Page.WaitForSelectorAsync("main:not(:has(form))");
        await intake.Desk.CollectAsync(intake.Http);
        intake.Desk.Forgotten.ShouldBe(forgotten + 1);
        await phone.ShouldHaveLeftNothingAsync();
    }
}
