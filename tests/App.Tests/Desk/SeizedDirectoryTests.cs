using Dapper;
using Microsoft.Data.Sqlite;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>What the disk of a stopped Desk of many tells: not who works here, not as what, and not who works which case.</summary>
public sealed class SeizedDirectoryTests
{
    /// <summary>
    /// Every column of every table, and what stands in it. A new one has to be put here: is it a name of something random, a count, a
    /// day, sealed, or public? And does it stand beside what names a user and what names a case?
    /// </summary>
    private static readonly Dictionary<string, string> s_columns = new(StringComparer.Ordinal)
    {
        // Of which case, and that it is closed; for whom it is sealed does not show.
        ["archive"] = "id:random journal:case day:day sealed:sealed",
        ["arrivals"] = "request:random look_up:conversation kind:kind day:day position:count sealed:sealed",
        ["cards"] = "journal:case card:sealed",
        ["chains"] = "chain:user head:sealed",
        ["collector"] = "one:one store:random cursor:count told:count",
        ["conversations"] = "look_up:conversation journal:case",
        ["directory"] = "one:one journal:journal readings:journal",
        ["discarded"] = "look_up:conversation told:flag",
        ["entries"] = "journal:case sequence:count leaf:count entry:sealed",
        ["fetched"] = "request:random day:day",
        // Whose it is, only who has the key of which it speaks can tell.
        ["given"] = "tag:random",
        ["inbox_keys"] = "number:week statement:public told:flag",
        ["instance"] = "one:one root:public name:public passes:count memory:count journal:journal node:public recovery:public recoverable:sealed",
        ["invitations"] = "look_up:random invitation:sealed claim:sealed until:day",
        ["keyrings"] = "look_up:user root:sealed chain:user profile:sealed",
        ["log"] = "level:count number:count hash:random",
        // A box is of a user; of which case the key in it is, and that it is of a case, is sealed.
        ["notices"] = "id:random box:box notice:sealed",
        ["outbox"] = "request:random journal:case position:count envelope:sealed",
        ["recoverables"] = "chain:user sealed:sealed",
        ["rows"] = "row:random sealed:sealed",
        ["segments"] = "chain:user number:count segment:sealed",
        ["wraps"] = "id:random box:box until:day wrap:sealed",
    };

    [Fact]
    public void Every_column_is_known_and_no_row_joins_a_user_with_a_case()
    {
        using var many = new Many();
        many.Office.Close();
        using var connection = Open(many);
        var columns = connection.Query<(string Table, string Column)>("SELECT t.name, c.name FROM sqlite_schema t JOIN pragma_table_info(t.name) c WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' ORDER BY t.name, c.cid")
            .GroupBy(row => row.Table).ToDictionary(group => group.Key, group => string.Join(' ', group.Select(row => row.Column)));
        columns.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {pair.Value}")
            .ShouldBe(s_columns.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}: {string.Join(' ', pair.Value.Split(' ').Select(column => column.Split(':')[0]))}"), "a column that nobody thought about");
        s_columns.Values.Where(row => (row.Contains(":user", StringComparison.Ordinal) || row.Contains(":box", StringComparison.Ordinal)) && (row.Contains(":case", StringComparison.Ordinal) || row.Contains(":conversation", StringComparison.Ordinal))).ShouldBeEmpty();

        // By what stands in them, too: no value that is of a user stands anywhere beside one of a case, also not inside another value.
        var (users, cases) = (Values(connection, "user", "box"), Values(connection, "case", "conversation", "journal"));
        users.Count.ShouldBeGreaterThanOrEqualTo(10);
        cases.Count.ShouldBeGreaterThan(5);
        users.Overlaps(cases).ShouldBeFalse();
        foreach (var (table, row) in Rows(connection))
        {
            var bytes = row.Values.OfType<byte[]>().ToList();
            var (ofUsers, ofCases) = (bytes.Count(value => Holds(value, users)), bytes.Count(value => Holds(value, cases)));
            (ofUsers > 0 && ofCases > 0).ShouldBeFalse($"a row of {table} joins a user with a case");
            if (s_columns[table].Contains(":case", StringComparison.Ordinal)) ofUsers.ShouldBe(0, table);
        }
        // Nor is a box named after what stands anywhere else, and no key of anybody stands in the open.
        foreach (var (table, row) in Rows(connection))
        {
            foreach (var value in row.Values.OfType<byte[]>())
            {
                foreach (var known in many.Public) value.AsSpan().IndexOf(known).ShouldBe(-1, $"a user's id or key in {table}");
            }
        }
    }

    [Fact]
    public void No_name_no_role_no_kind_no_code_and_no_case_in_any_file()
    {
        using var many = new Many();
        foreach (var isOpen in new[] { true, false })
        {
            if (!isOpen) many.Office.Close();
            foreach (var file in Directory.EnumerateFiles(many.Office.Folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "lock"))
            {
                using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
                var content = new byte[stream.Length];
                stream.ReadExactly(content);
                foreach (var word in many.Words)
                {
                    // The names of tables and columns stand in the schema: where a word of ours is one, it is looked for in the rows below.
                    foreach (var form in Canary.Forms(word)) content.AsSpan().IndexOf(form).ShouldBe(-1, $"'{word}' in {Path.GetFileName(file)}");
                }
                foreach (var id in many.Public) content.AsSpan().IndexOf(id).ShouldBe(-1, $"an id or a key in {Path.GetFileName(file)}");
            }
        }
        using var connection = Open(many);
        // Numbers are counts, days, weeks, flags; a set of roles is none of them. In no column does a number differ with who somebody is.
        foreach (var (table, row) in Rows(connection))
        {
            foreach (var (column, value) in row)
            {
                var means = s_columns[table].Split(' ').Single(one => one.Split(':')[0] == column).Split(':')[1];
                if (value is not null) (value is byte[] == means is not ("count" or "day" or "week" or "flag" or "one" or "kind") || (table == "instance" && column == "name")).ShouldBeTrue($"{table}.{column} is {value.GetType().Name}");
            }
        }
    }

    [Fact]
    public void Boxes_tell_how_many_keys_wait_for_somebody_and_are_empty_once_they_were_taken()
    {
        using var many = new Many();
        many.Office.Organisation.Receive(many.Marta);
        // What was given for good is in the keychain now, sealed; what ends lies there until its day.
        many.Office.Query<long>("SELECT count(*) FROM wraps WHERE until IS NULL").ShouldBe(0);
        many.Office.Query<long>("SELECT count(*) FROM wraps WHERE until IS NOT NULL").ShouldBe(3, "for Pavlo: legal, and work with its new key since Marta was let out");
        many.Office.Query<long>("SELECT count(*) FROM notices").ShouldBe(0);
        // Every wrap of one kind has one length: neither case nor compartment shows in it.
        many.Office.Organisation.Access.Grant(many.Office.Lidia, many.Case, many.Marta.User, [Compartment.Health], many.Office.Organisation.Today + 1);
        many.Office.Query<long>("SELECT count(DISTINCT length(wrap)) FROM wraps").ShouldBe(1);
    }

    private static bool Holds(byte[] value, HashSet<string> any) =>
        value.Length >= 16 && Enumerable.Range(0, value.Length - 15).Any(at => any.Contains(Convert.ToHexString(value, at, 16)));

    private static HashSet<string> Values(SqliteConnection connection, params string[] means) =>
        [.. Rows(connection).SelectMany(row => row.Row.Where(column => column.Value is byte[] && s_columns[row.Table].Split(' ').Any(one => means.Any(mean => one == $"{column.Key}:{mean}"))))
            .Select(column => Convert.ToHexString(((byte[])column.Value!).AsSpan(0, 16)))];

    private static List<(string Table, IDictionary<string, object?> Row)> Rows(SqliteConnection connection) =>
        [.. s_columns.Keys.SelectMany(table => connection.Query($"SELECT * FROM {table}").Select(row => (table, (IDictionary<string, object?>)row)))];

    private static SqliteConnection Open(Many many)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(many.Office.Folder, "desk.sqlite")};Pooling=false;Mode=ReadOnly");
        connection.Open();
        return connection;
    }

    /// <summary>An organisation of four, with something in every table that many hands brought.</summary>
    private sealed class Many : IDisposable
    {
        private readonly LockedMemory _memory = new(4 << 20);

        public Many()
        {
            string[] names = [$"Lidia-{Guid.NewGuid():N}", $"Marta-{Guid.NewGuid():N}", $"Pavlo-{Guid.NewGuid():N}", $"Yulia-{Guid.NewGuid():N}"];
            Office = Office.Found(user: names[0]);
            Marta = Workforce.Hire(Office, _memory, names[1], Roles.Caseworker | Roles.Triage);
            using var pavlo = Workforce.Hire(Office, _memory, names[2], Roles.Volunteer, Office.Organisation.Today + 300);
            var organisation = Office.Organisation;
            var printed = organisation.Staff.Invite(Office.Lidia, names[3], Roles.Reviewer, null);
            var open = organisation.Staff.Invite(Office.Lidia, $"Ihor-{Guid.NewGuid():N}", Roles.Operator, null);
            using (var joining = organisation.Staff.BeginJoining(printed.Code, WordList.For("en"), _memory)!) joining.Complete("en").Dispose();
            using var person = Office.Somebody();
            using var other = Office.Somebody();
            var (words, called) = ($"canary-{Guid.NewGuid():N}", $"amber-{Guid.NewGuid():N}");
            Case = Office.Admit(person, words, called).Id;
            organisation.Conversations.Answer(Office.Lidia, Case, 0, words);
            organisation.Access.Grant(Office.Lidia, Case, pavlo.User, [Compartment.Legal], organisation.Today + 7);
            organisation.Receive(pavlo);
            // Ended again, and not looked at since: a notice; given anew: wraps that wait.
            organisation.Access.Grant(Office.Lidia, Case, Marta.User, [Compartment.Contact], null);
            organisation.Receive(Marta);
            organisation.Cases.Find(Marta, Case).ShouldNotBeNull();
            organisation.Conversations.KeepDraft(Marta, Case, words);
            organisation.Access.Revoke(Office.Lidia, Case, Marta.User);
            organisation.Access.Grant(Office.Lidia, Case, Marta.User, [Compartment.Contact], null);
            Office.Arrive(other.Ask(words), person.Write(words));
            Words =
            [
                .. names, words, called, printed.Code, open.Code, open.Name, printed.Code.Replace("-", "", StringComparison.Ordinal),
                .. Kinds.Current.All.Select(kind => kind.Name),
                .. Enum.GetNames<Roles>().Where(role => role != nameof(Roles.None)), .. Enum.GetNames<Roles>().Where(role => role != nameof(Roles.None)).Select(role => role.ToLowerInvariant()),
                "access-granted", Marta.Fingerprint, pavlo.Fingerprint,
            ];
            Public = [.. new[] { Office.Lidia, Marta, pavlo }.SelectMany(user => new[] { user.User.ToArray(), user.Author.ToArray() }), printed.User.ToArray(), open.User.ToArray()];
        }

        public Office Office { get; }

        public Keyring Marta { get; }

        public CaseId Case { get; }

        /// <summary>Names, words, codes, roles and kinds.</summary>
        public IReadOnlyList<string> Words { get; }

        /// <summary>Ids and signing keys of users: what journals name them by, and nothing else does.</summary>
        public IReadOnlyList<byte[]> Public { get; }

        public void Dispose()
        {
            Marta.Dispose();
            Office.Dispose();
            _memory.Dispose();
        }
    }
}
