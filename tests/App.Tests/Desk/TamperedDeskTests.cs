using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// Somebody writes in the Desk's database while it works: each change is refused or shown in its place, and the rest is read.
/// (There are no wraps yet: access is granted to others by a later release.)
/// </summary>
public sealed class TamperedDeskTests(SharedOffice shared) : IClassFixture<SharedOffice>
{
    private readonly Office _office = shared.Office;

    [Fact]
    public void One_bit_of_any_entry_shows_in_its_line_and_the_rest_is_read()
    {
        using var marta = _office.Somebody();
        var @case = Answered(marta, "amber river");
        var words = @case.Items.Select(item => item.Words).ToList();
        for (var sequence = 1L; sequence <= @case.Head.Sequence; sequence++)
        {
            var where = new { id = @case.Id.ToArray(), sequence };
            _office.Flip("entries", "entry", "journal = @id AND sequence = @sequence", where, at: 300);
            var lines = _office.Organisation.Cases.Journal(_office.Lidia, @case.Id)!;
            lines.Count(line => line.Line.IsFault || !line.IsInLog).ShouldBe(1);
            lines.Single(line => line.Line.IsFault).Line.Sequence.ShouldBe(sequence);
            var read = _office.Find(@case);
            read.Faults.ShouldContain(fault => fault.StartsWith($"Entry {sequence}:", StringComparison.Ordinal));
            read.Items.ShouldAllBe(item => words.Contains(item.Words));
            _office.Flip("entries", "entry", "journal = @id AND sequence = @sequence", where, at: 300);
        }
        _office.Find(@case).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void Entries_swapped_between_two_cases_never_show_one_persons_words_in_the_other()
    {
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        var hers = _office.Admit(marta, "Marta was here.", "amber river");
        var his = _office.Admit(pavlo, "Pavlo was here.", "silver door");
        Swap("entries", "entry", "journal = @one AND sequence = 3", "journal = @other AND sequence = 3", new { one = hers.Id.ToArray(), other = his.Id.ToArray() });
        foreach (var @case in (CaseState[])[hers, his])
        {
            var read = _office.Find(@case);
            read.Items.ShouldBeEmpty();
            read.Faults.ShouldHaveSingleItem().ShouldContain("of another case");
            read.Name.ShouldBe(@case.Name);
        }
        Swap("entries", "entry", "journal = @one AND sequence = 3", "journal = @other AND sequence = 3", new { one = hers.Id.ToArray(), other = his.Id.ToArray() });
    }

    [Fact]
    public void Entries_swapped_within_a_case_are_out_of_place()
    {
        using var marta = _office.Somebody();
        var @case = Answered(marta, "amber river");
        var id = @case.Id.ToArray();
        Swap("entries", "entry", "journal = @id AND sequence = 3", "journal = @id AND sequence = 4", new { id });
        _office.Find(@case).Faults.ShouldNotBeEmpty();
        Swap("entries", "entry", "journal = @id AND sequence = 3", "journal = @id AND sequence = 4", new { id });
        _office.Find(@case).Faults.ShouldBeEmpty();
    }

    [Fact]
    public void A_cut_end_shows_by_the_card_and_with_an_old_card_by_the_whole_log()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        var @case = office.Admit(marta);
        var id = @case.Id.ToArray();
        var yesterday = office.Query<byte[]>("SELECT card FROM cards WHERE journal = @id", new { id });
        office.Organisation.Conversations.Note(office.Lidia, @case.Id, "She is at her aunt's.");
        var leaf = office.Query<long>("SELECT max(leaf) FROM entries");
        office.Organisation.CheckLog().ShouldBeEmpty();

        office.Execute("DELETE FROM entries WHERE journal = @id AND leaf = @leaf", new { id, leaf });
        office.Find(@case).Faults.ShouldHaveSingleItem().ShouldContain("is missing");
        office.Organisation.Cases.Journal(office.Lidia, @case.Id)![^1].Line.State.ShouldBe(LineState.Missing);

        // Neither being listed nor an attempt to write covers it.
        for (var looked = 0; looked < 2; looked++)
        {
            var page = office.Organisation.Inbox.Read(office.Lidia);
            (page.Damaged, page.Cases.ShouldHaveSingleItem().Id).ShouldBe((1, @case.Id));
            Should.Throw<CaseworkException>(() => office.Organisation.Conversations.Note(office.Lidia, @case.Id, "Over it.")).Message.ShouldContain("its end is damaged");
        }
        office.Find(@case).Faults.ShouldHaveSingleItem().ShouldContain("is missing");
        Should.Throw<CaseworkException>(office.AnotherSession).Message.ShouldContain("has not the entries that its log names");

        // Whoever puts the old card back and anything at all into the gap fits the counts, and not the hashes.
        office.Execute("UPDATE cards SET card = @yesterday WHERE journal = @id", new { id, yesterday });
        office.Execute("INSERT INTO entries SELECT randomblob(16), 1, @leaf, entry FROM entries WHERE sequence = 1 LIMIT 1", new { leaf });
        office.Organisation.CheckLog().ShouldHaveSingleItem().ShouldContain("is not the one that the log names");
    }

    [Fact]
    public void An_entry_that_is_replayed_stands_behind_its_place_and_not_in_the_log()
    {
        using var marta = _office.Somebody();
        var @case = _office.Admit(marta);
        var id = @case.Id.ToArray();
        var next = @case.Head.Sequence + 1;
        _office.Execute("INSERT INTO entries SELECT journal, @next, -1, entry FROM entries WHERE journal = @id AND sequence = 3", new { id, next });
        var read = _office.Find(@case);
        read.Faults.ShouldHaveSingleItem().ShouldContain("a second time");
        read.Items.ShouldHaveSingleItem();
        _office.Organisation.Inbox.Read(_office.Lidia).Damaged.ShouldBe(1, "the card names another head");
        _office.Execute("DELETE FROM entries WHERE journal = @id AND leaf = -1", new { id });
        _office.Organisation.Inbox.Read(_office.Lidia);
    }

    [Fact]
    public void Cards_that_were_moved_put_back_changed_or_taken_away_are_counted_and_their_cases_listed_as_they_are()
    {
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        var (hers, his) = (_office.Admit(marta, name: "moss lantern"), _office.Admit(pavlo, name: "plain bridge"));
        var (one, other) = (hers.Id.ToArray(), his.Id.ToArray());
        var yesterday = _office.Query<byte[]>("SELECT card FROM cards WHERE journal = @one", new { one });
        _office.Organisation.Conversations.Answer(_office.Lidia, hers.Id, 0, "We found a lawyer.");

        _office.Execute("UPDATE cards SET card = @yesterday WHERE journal = @one", new { one, yesterday });
        Expect(1);
        Swap("cards", "card", "journal = @one", "journal = @other", new { one, other });
        Expect(2);
        _office.Execute("UPDATE cards SET card = (SELECT card FROM cards WHERE journal = @other) WHERE journal = @one", new { one, other });
        Expect(1);
        _office.Flip("cards", "card", "journal = @one", new { one });
        Expect(1);
        _office.Execute("UPDATE cards SET card = x'01' WHERE journal = @one", new { one });
        Expect(1);
        _office.Execute("DELETE FROM cards WHERE journal IN (@one, @other)", new { one, other });
        Expect(2);

        void Expect(int damaged)
        {
            var page = _office.Organisation.Inbox.Read(_office.Lidia);
            page.Damaged.ShouldBe(damaged);
            page.Cases.Single(card => card.Id == hers.Id).ShouldBe(new CaseCard(hers.Id, "moss lantern", Stage.InContact, hers.Urgency, null, 0));
            page.Cases.Single(card => card.Id == his.Id).Name.ShouldBe("plain bridge");
            _office.Organisation.Inbox.Read(_office.Lidia).Damaged.ShouldBe(0, "they were made anew");
        }
    }

    [Fact]
    public void A_case_that_is_taken_away_whole_is_counted()
    {
        using var office = Office.Found();
        using var marta = office.Somebody();
        var id = office.Admit(marta).Id.ToArray();
        office.Execute("DELETE FROM cards WHERE journal = @id", new { id });
        office.Execute("DELETE FROM entries WHERE journal = @id", new { id });
        for (var time = 0; time < 2; time++) office.Organisation.Inbox.Read(office.Lidia).Damaged.ShouldBe(1);
        office.Organisation.CheckLog().ShouldNotBeEmpty();
    }

    [Fact]
    public void A_draft_that_was_moved_to_another_case_is_refused()
    {
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        var (hers, his) = (_office.Admit(marta), _office.Admit(pavlo));
        _office.Execute("DELETE FROM rows");
        _office.Organisation.Conversations.KeepDraft(_office.Lidia, hers.Id, "Dear Marta,");
        var first = _office.Query<byte[]>("SELECT row FROM rows");
        _office.Organisation.Conversations.KeepDraft(_office.Lidia, his.Id, "Dear Pavlo,");
        Swap("rows", "sealed", "row = @first", "row <> @first", new { first });
        foreach (var @case in (CaseState[])[hers, his])
            Should.Throw<CaseworkException>(() => _office.Organisation.Conversations.Draft(_office.Lidia, @case.Id)).Message.ShouldContain("somebody changed the database");
        _office.Organisation.Conversations.KeepDraft(_office.Lidia, his.Id, "Dear Pavlo, again");
        _office.Organisation.Conversations.Draft(_office.Lidia, his.Id).ShouldBe("Dear Pavlo, again");
    }

    [Fact]
    public void A_conversation_that_was_put_to_another_case_is_held_and_shows_nothing_there()
    {
        using var marta = _office.Somebody();
        using var pavlo = _office.Somebody();
        var (hers, his) = (_office.Admit(marta), _office.Admit(pavlo));
        var with = new { lookUp = marta.Keys.LookUpId.Span.ToArray(), his = his.Id.ToArray(), hers = hers.Id.ToArray() };
        _office.Execute("UPDATE conversations SET journal = @his WHERE look_up = @lookUp", with);
        _office.Arrive(marta.Write("For my case only."));
        _office.Organisation.Inbox.Read(_office.Lidia).Held.ShouldHaveSingleItem().Case.ShouldBe(his.Id);
        _office.Find(his).Items.ShouldHaveSingleItem();
        _office.Execute("UPDATE conversations SET journal = @hers WHERE look_up = @lookUp", with);
        _office.Organisation.Inbox.Read(_office.Lidia).Held.ShouldBeEmpty();
        _office.Find(hers).Items[^1].Words.ShouldBe("For my case only.");
    }

    private CaseState Answered(Correspondent person, string name)
    {
        var @case = _office.Admit(person, name: name);
        _office.Organisation.Conversations.Answer(_office.Lidia, @case.Id, 0, "We found a lawyer.");
        _office.Arrive(person.Write("Thank you."));
        _office.Organisation.Inbox.Read(_office.Lidia);
        return _office.Find(@case);
    }

    private void Swap(string table, string column, string one, string other, object with)
    {
        var (first, second) = (_office.Query<byte[]>($"SELECT {column} FROM {table} WHERE {one}", with), _office.Query<byte[]>($"SELECT {column} FROM {table} WHERE {other}", with));
        Put(one, second);
        Put(other, first);

        void Put(string where, byte[] bytes)
        {
            var parameters = new Dapper.DynamicParameters(with);
            parameters.Add("bytes", bytes);
            _office.Execute($"UPDATE {table} SET {column} = @bytes WHERE {where}", parameters).ShouldBe(1);
        }
    }
}
