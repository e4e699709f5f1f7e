using Shouldly;
using Understory.Casework;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>One user in two browsers, several requests at once, and transactions that fail: no key is ever lost.</summary>
public sealed class TwoSessionsTests(SharedOffice shared) : IClassFixture<SharedOffice>
{
    private readonly Office _office = shared.Office;

    [Fact]
    public async Task Two_sessions_that_admit_at_once_keep_every_key_and_read_each_others_cases()
    {
        using var second = _office.AnotherSession();
        var people = Enumerable.Range(0, 12).Select(_ => _office.Somebody()).ToList();
        var requests = people.Select(person => person.Ask("Here.")).ToList();
        _office.Arrive([.. requests]);
        var before = _office.Organisation.Inbox.Read(_office.Lidia).Cases.Count;
        var busy = true;
        // Somebody reads all the while: what is shown is whole at any moment.
        var reading = Task.Run(() =>
        {
            while (Volatile.Read(ref busy))
            {
                foreach (var keyring in (Keyring[])[_office.Lidia, second])
                {
                    var page = _office.Organisation.Inbox.Read(keyring);
                    (page.Damaged, page.Held.Count, page.Cases.Count + page.Requests.Count).ShouldBe((0, 0, before + 12));
                    foreach (var card in page.Cases.Take(1)) _office.Organisation.Cases.Find(keyring, card.Id)!.Faults.ShouldBeEmpty();
                }
            }
        }, TestContext.Current.CancellationToken);
        Parallel.ForEach(requests.Select((request, place) => (request, place)), new ParallelOptions { MaxDegreeOfParallelism = 4 }, one =>
        {
            var keyring = one.place % 2 == 0 ? _office.Lidia : second;
            var @case = _office.Organisation.Inbox.Admit(keyring, one.request.RequestId.ToArray(), $"case {one.place}");
            _office.Organisation.Conversations.Answer(keyring, @case.Id, 0, "We read it.");
        });
        Volatile.Write(ref busy, false);
        await reading;
        using var third = _office.AnotherSession();
        foreach (var keyring in (Keyring[])[_office.Lidia, second, third])
        {
            var page = _office.Organisation.Inbox.Read(keyring);
            page.Cases.Count.ShouldBe(before + 12);
            page.Cases.ShouldAllBe(card => _office.Organisation.Cases.Find(keyring, card.Id)!.Faults.Count == 0);
        }
        _office.Organisation.CheckLog().ShouldBeEmpty();
        people.ForEach(person => person.Dispose());
    }

    [Fact]
    public async Task However_many_read_at_once_only_a_few_connections_are_kept()
    {
        using var all = new Barrier(12);
        var readers = Enumerable.Range(0, 12).Select(_ => Task.Factory.StartNew(
            () => _office.Organisation.Store.Read(_ => all.SignalAndWait(TimeSpan.FromSeconds(30))), TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        (await Task.WhenAll(readers)).ShouldAllBe(met => met);
        _office.Organisation.Store.ReadersKept.ShouldBeInRange(1, 4);
        _office.Organisation.Inbox.Read(_office.Lidia).Damaged.ShouldBe(0);
    }

    [Fact]
    public void A_step_of_the_second_factor_counts_once_in_all_sessions()
    {
        using var second = _office.AnotherSession();
        var secret = _office.Lidia.TotpSecret;
        _office.Lidia.TryUseTotpStep(1000).ShouldBeTrue();
        second.TryUseTotpStep(1000).ShouldBeFalse();
        _office.Lidia.TryUseTotpStep(999).ShouldBeFalse();
        second.SetLanguage("uk");
        _office.Lidia.TryUseTotpStep(1000).ShouldBeFalse();
        second.TryUseTotpStep(1001).ShouldBeTrue();
        _office.Lidia.TryUseTotpStep(1001).ShouldBeFalse();
        _office.Lidia.Language.ShouldBe("uk");
        secret.Span.SequenceEqual(_office.Lidia.TotpSecret.Span).ShouldBeTrue("whoever holds the secret still has it after the profile was read anew");
    }

    [Theory]
    [InlineData("entries")]
    [InlineData("log")]
    [InlineData("cards")]
    [InlineData("conversations")]
    [InlineData("chains")]
    [InlineData("segments")]
    [InlineData("outbox")]
    public void A_transaction_that_fails_anywhere_leaves_database_and_keys_as_they_were(string table)
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        _office.Arrive(asked, marta.Write("Are you there?"));
        var before = Counts();
        foreach (var when in (string[])["INSERT", "UPDATE"])
        {
            _office.Execute($"CREATE TRIGGER broken BEFORE {when} ON {table} BEGIN SELECT RAISE(ABORT, 'broken'); END");
            try
            {
                _office.Organisation.Inbox.Refuse(_office.Lidia, asked.RequestId.ToArray(), "amber river", "We cannot help.", "");
                _office.Execute("DROP TRIGGER broken");
                return;
            }
            catch (CaseworkException)
            {
                _office.Execute("DROP TRIGGER broken");
                Counts().ShouldBe(before);
            }
        }
        var refused = _office.Organisation.Inbox.Refuse(_office.Lidia, asked.RequestId.ToArray(), "amber river", "We cannot help.", "");
        refused.Items.Count.ShouldBe(3);
        using var second = _office.AnotherSession();
        _office.Organisation.Cases.Find(second, refused.Id)!.Faults.ShouldBeEmpty();

        string Counts() => string.Join(' ', ((string[])["entries", "log", "cards", "conversations", "segments", "arrivals", "outbox"]).Select(name => _office.Query<long>($"SELECT count(*) FROM {name}")));
    }

    [Fact]
    public void A_full_disk_is_one_sentence_and_nothing_half_written()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        var pages = _office.Query<long>("PRAGMA page_count");
        _office.Execute($"PRAGMA max_page_count = {pages + 20}");
        Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, new string('x', 400_000)))
            .Message.ShouldContain("disk is full");
        _office.Find(@case).Items.ShouldHaveSingleItem();
        _office.Organisation.Collection.Outgoing(100).ShouldAllBe(answer => answer.Sealed.Length < 300_000);
        _office.Execute("PRAGMA max_page_count = 1000000");
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, new string('x', 400_000)).Items.Count.ShouldBe(2);
    }

    [Fact]
    public void Memory_for_keys_that_is_full_is_one_sentence_and_nothing_half_written()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        office.Arrive(asked);
        List<Secret> taken = [];
        for (var size = 1 << 16; size >= 32; size /= 2)
        {
            try
            {
                while (true) taken.Add(office.Memory.Allocate(size));
            }
            catch (NotEnoughMemoryException)
            {
                // All of this size.
            }
        }
        // A little more room each time: it fails at one place after the other, until there is enough.
        CaseState? admitted = null;
        var refused = 0;
        while (admitted is null)
        {
            try
            {
                admitted = office.Organisation.Inbox.Admit(office.Lidia, asked.RequestId.ToArray(), "amber river");
            }
            catch (CaseworkException fault)
            {
                fault.Message.ShouldContain("no room left for keys");
                taken[^++refused].Dispose();
            }
        }
        refused.ShouldBeGreaterThan(2);
        taken.ForEach(secret => secret.Dispose());
        using var second = office.AnotherSession();
        office.Organisation.Cases.Find(second, admitted.Id)!.Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Whoever_hears_of_a_change_may_look_from_another_thread()
    {
        using var marta = _office.Somebody();
        var asked = marta.Ask("They came to my mother's door.");
        var looked = 0;
        void Look(object? sender, EventArgs arguments)
        {
            if (Task.Run(() => _office.Organisation.Inbox.Cases(_office.Lidia)).Wait(TimeSpan.FromSeconds(20))) Interlocked.Increment(ref looked);
        }
        _office.Organisation.Changed += Look;
        try
        {
            _office.Arrive(asked);
            _office.Organisation.Inbox.Admit(_office.Lidia, asked.RequestId.ToArray(), "amber river");
            _office.Arrive(marta.Write("Are you there?"));
            _office.Organisation.Inbox.Read(_office.Lidia);
        }
        finally
        {
            _office.Organisation.Changed -= Look;
        }
        looked.ShouldBe(4, "each time, and nobody waited for a lock");
    }

    [Fact]
    public void Whoever_signed_out_does_nothing_any_more()
    {
        var second = _office.AnotherSession();
        second.Dispose();
        second.Dispose();
        Should.Throw<CaseworkException>(() => _office.Organisation.Inbox.Read(second)).Message.ShouldContain("signed out");
    }
}
