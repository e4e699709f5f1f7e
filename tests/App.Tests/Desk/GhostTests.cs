using Dapper;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Understory.Sealing;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// What colleagues, and whoever can write to the database, try with the directory and with keys on their way. Each has a test
/// of the promise that it breaks.
/// </summary>
public sealed class GhostTests : IClassFixture<Workforce>
{
    private readonly Workforce _force;
    private readonly Office _office;

    public GhostTests(Workforce force) => (_force, _office) = (force, force.Office);

    [Fact]
    public void A_ghost_that_a_volunteer_or_caseworker_enrols_stops_everybody_and_reads_nothing()
    {
        foreach (var insider in new[] { _force.Pavlo, _force.Marta })
        {
            using var ghost = new Keys(_force.Memory);
            InAbeyance(connection =>
            {
                AppendToDirectory(connection, insider, Kind.UserEnrolled, DirectoryBodies.Enrolled(new(
                    UserId.New(), ghost.Signing.PublicKey, ghost.Recipient, Roles.Caseworker | Roles.Triage, 0, null, null)));
                Should.Throw<CaseworkException>(() => _force.Marta.Refresh(connection)).Message.ShouldContain("somebody wrote in it who may not");
                Should.Throw<CaseworkException>(() => _office.Lidia.Refresh(connection)).Message.ShouldContain("somebody wrote in it who may not");
            });
        }
    }

    [Fact]
    public void A_coordinator_whom_the_root_did_not_appoint_is_none()
    {
        using var ghost = new Keys(_force.Memory);
        using var wrongRoot = _force.Memory.Random(32);
        var places = _office.Organisation.Store.Read(_office.Organisation.Places)!;
        var user = UserId.New();
        var forged = Appointment.Sign(wrongRoot, places.Directory, user, ghost.Signing.PublicKey, new byte[32], _office.Organisation.Today);
        // One for somebody else, by the right root: it names another key.
        var borrowed = _office.Lidia.Self!.Appointment!;
        foreach (var appointment in new[] { null, forged, borrowed })
        {
            InAbeyance(connection =>
            {
                AppendToDirectory(connection, _office.Lidia, Kind.UserEnrolled, DirectoryBodies.Enrolled(new(user, ghost.Signing.PublicKey, ghost.Recipient, Roles.Coordinator, 0, null, appointment)));
                Should.Throw<CaseworkException>(() => _force.Marta.Refresh(connection)).Message.ShouldContain("somebody wrote in it who may not");
            });
        }
    }

    [Fact]
    public void A_caseworker_does_not_make_themselves_a_coordinator_nor_a_coordinator_bring_back_who_left()
    {
        InAbeyance(connection =>
        {
            AppendToDirectory(connection, _force.Marta, Kind.UserChanged, DirectoryBodies.Changed(new(_force.Marta.User, Roles.Caseworker | Roles.Coordinator, 0, null, _office.Lidia.Self!.Appointment)));
            Should.Throw<CaseworkException>(() => _office.Lidia.Refresh(connection));
        });
        InAbeyance(connection =>
        {
            AppendToDirectory(connection, _office.Lidia, Kind.UserLeft, DirectoryBodies.Of(_force.Marta.User));
            _office.Lidia.Refresh(connection);
            AppendToDirectory(connection, _office.Lidia, Kind.UserChanged, DirectoryBodies.Changed(new(_force.Marta.User, Roles.Caseworker, 0, null, null)));
            Should.Throw<CaseworkException>(() => _office.Lidia.Refresh(connection));
        });
    }

    [Fact]
    public void Keys_that_were_swapped_in_a_claim_are_not_those_whose_fingerprint_was_compared()
    {
        var staff = _office.Organisation.Staff;
        var printed = staff.Invite(_office.Lidia, "Bohdan", Roles.Caseworker, null);
        using var joining = staff.BeginJoining(printed.Code, WordList.For("en"), _force.Memory)!;
        using var bohdan = joining.Complete("en");
        // Somebody with the paper and the disk puts a claim of their own in its place.
        using var code = InvitationCode.Read(printed.Code, _office.Organisation.InstanceId, _force.Memory)!;
        using var ghost = new Keys(_force.Memory);
        var (lookUp, chain) = bohdan.Places;
        _office.Execute("UPDATE invitations SET claim = @claim WHERE look_up = @LookUp", new { claim = code.Seal(new Claim(printed.User, ghost.Signing.PublicKey, ghost.Recipient, new byte[32], lookUp, chain)), code.LookUp });
        Should.Throw<CaseworkException>(() => staff.Confirm(_office.Lidia, printed.User, bohdan.Fingerprint)).Message.ShouldContain("not the keys whose numbers");
        // Without the paper not even that.
        _office.Execute("UPDATE invitations SET claim = randomblob(2128) WHERE look_up = @LookUp", new { code.LookUp });
        staff.Invitations(_office.Lidia).Single(it => it.User == printed.User).Fingerprint.ShouldBeNull();
        Should.Throw<CaseworkException>(() => staff.Confirm(_office.Lidia, printed.User, bohdan.Fingerprint)).Message.ShouldContain("Invite anew");
        staff.BeginJoining(printed.Code, WordList.For("en"), _force.Memory).ShouldBeNull("it is followed once");
    }

    [Fact]
    public void An_invitation_that_is_over_or_taken_back_leads_nowhere()
    {
        var staff = _office.Organisation.Staff;
        var printed = staff.Invite(_office.Lidia, "Bohdan", Roles.Volunteer, null);
        _office.Execute("UPDATE invitations SET until = 1");
        staff.BeginJoining(printed.Code, WordList.For("en"), _force.Memory).ShouldBeNull();
        var another = staff.Invite(_office.Lidia, "Bohdan", Roles.Volunteer, null);
        staff.Withdraw(_office.Lidia, another.User);
        staff.BeginJoining(another.Code, WordList.For("en"), _force.Memory).ShouldBeNull();
        foreach (var typed in new[] { "", "AAAA", new string('A', 20), printed.Code[..^1], "????-????-????-????-????" }) staff.BeginJoining(typed, WordList.For("en"), _force.Memory).ShouldBeNull();
    }

    [Fact]
    public void A_wrap_that_was_moved_copied_or_put_in_by_who_may_not_is_refused()
    {
        using var person = _office.Somebody();
        using var other = _office.Somebody();
        var (@case, another) = (_office.Admit(person), _office.Admit(other, name: "silver door"));
        // By Marta, a caseworker who has nothing of this case, with a key that she made.
        Put(Epoch.Start(@case.Id, Compartment.Work, 1, _force.Memory), _force.Pavlo, _force.Marta.SigningKey);
        // By Lidia's own hand, but nobody wrote down that it was given.
        Put(_office.Lidia.Keychain.Newest(another.Id, Compartment.Contact)!, _force.Pavlo, _office.Lidia.SigningKey);
        _office.Organisation.Receive(_force.Pavlo).ShouldBe(2);
        _office.Organisation.Cases.Find(_force.Pavlo, @case.Id).ShouldBeNull();
        _office.Organisation.Cases.Find(_force.Pavlo, another.Id).ShouldBeNull();

        // Written down for Marta, moved into Pavlo's box.
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, _force.Marta.User, [Compartment.Legal], null);
        _office.Execute("UPDATE wraps SET box = @Box", new { _force.Pavlo.Box });
        _office.Organisation.Receive(_force.Pavlo).ShouldBe(2);
        _office.Organisation.Cases.Find(_force.Pavlo, @case.Id).ShouldBeNull();
    }

    [Fact]
    public void A_wrap_whose_day_was_put_off_in_the_database_is_refused()
    {
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        var until = _office.Organisation.Today + 3;
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, _force.Pavlo.User, [Compartment.Legal], until);
        _office.Execute("UPDATE wraps SET until = until + 1000");
        _office.Organisation.Receive(_force.Pavlo).ShouldBe(2);
        _office.Organisation.Cases.Find(_force.Pavlo, @case.Id).ShouldBeNull();
        _office.Organisation.Access.Revoke(_office.Lidia, @case.Id, _force.Pavlo.User);
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, _force.Pavlo.User, [Compartment.Legal], until);
        _office.Execute("UPDATE wraps SET until = NULL");
        _office.Organisation.Receive(_force.Pavlo).ShouldBe(4, "nor made one without end: two parts, of two keys each");
    }

    [Fact]
    public void Whoever_was_let_out_has_nothing_of_what_came_after_in_their_keychain_and_a_copy_of_the_database()
    {
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, _force.Marta.User, Enum.GetValues<Compartment>().Where(one => one != Compartment.Review).ToList(), null);
        _office.Organisation.Receive(_force.Marta);
        using var copied = new Copied(_force.Marta, @case.Id);
        _office.Organisation.Access.Revoke(_office.Lidia, @case.Id, _force.Marta.User);
        _office.Organisation.Conversations.Note(_office.Lidia, @case.Id, "He moved to another flat.");
        _office.Organisation.Receive(_force.Marta);
        _office.Organisation.Cases.Find(_force.Marta, @case.Id).ShouldBeNull();
        _force.Marta.Keychain.Cases(Compartment.Contact).ShouldNotContain(@case.Id);

        // With every key that she ever had: what was written before opens, and nothing of what came after.
        var entries = _office.Organisation.Store.Read(connection => connection.Query<byte[]>("SELECT entry FROM entries WHERE journal = @id ORDER BY sequence", new { id = @case.Id.ToArray() }).Select(bytes => SealedEntry.Parse(bytes)).ToList());
        var revoked = _office.Find(@case).Head.Sequence;
        entries.Count(entry => copied.Opens(entry)).ShouldBeGreaterThan(3);
        entries.Where(entry => entry.Header.Sequence >= revoked).ShouldAllBe(entry => !copied.Opens(entry));
        copied.Opens(_office.Query<byte[]>("SELECT card FROM cards WHERE journal = @id", new { id = @case.Id.ToArray() })).ShouldBeFalse();
    }

    [Fact]
    public void Nobody_who_is_no_staff_opens_a_case_to_others_or_ends_it_also_not_with_a_program_of_their_own()
    {
        using var person = _office.Somebody();
        var @case = _office.Admit(person);
        _office.Organisation.Access.Grant(_office.Lidia, @case.Id, _force.Pavlo.User, [Compartment.Legal], _office.Organisation.Today + 7);
        _office.Organisation.Receive(_force.Pavlo).ShouldBe(0);
        Should.Throw<CaseworkException>(() => _office.Organisation.Access.Grant(_force.Pavlo, @case.Id, _force.Marta.User, [Compartment.Legal], null));
        Should.Throw<CaseworkException>(() => _office.Organisation.Access.Revoke(_force.Pavlo, @case.Id, _office.Lidia.User));
        foreach (var (kind, body) in new (Kind, byte[])[]
        {
            (Kind.AccessGranted, Bodies.AccessGranted(_force.Marta.User, null, [])),
            (Kind.AccessRevoked, Bodies.AccessRevoked(_office.Lidia.User, [Compartment.Legal])),
            (Kind.EpochStarted, new EpochStart(Compartment.Legal, 2, KeyId.New()).ToBody()),
        })
        {
            InAbeyance(connection =>
            {
                var work = _force.Pavlo.Keychain.Newest(@case.Id, Compartment.Work)!;
                JournalRows.Append(_office.Organisation, connection, _force.Pavlo.SigningKey, JournalRows.HeadOf(connection, @case.Id), work, kind, body).Opened.Dispose();
                using var journal = CaseJournal.Read(_office.Organisation, connection, _office.Lidia, @case.Id);
                journal.Reading.Faults.ShouldHaveSingleItem().Fault.ShouldBe(JournalFault.WrongSigner);
                journal.State.Access.Where(line => line.User == _office.Lidia.User).ShouldAllBe(line => line.Ended == null);
            });
        }
    }

    [Fact]
    public void An_old_keyring_of_somebody_who_left_brings_nobody_in_when_its_rows_are_put_back()
    {
        using var force = new Workforce();
        var rows = force.Office.Organisation.Store.Read(connection => connection.Query<(byte[] LookUp, byte[] Root, byte[] Chain, byte[] Profile)>("SELECT * FROM keyrings").ToList());
        var (lookUp, chain) = force.Marta.Places;
        var head = force.Office.Query<byte[]>("SELECT head FROM chains WHERE chain = @chain", new { chain });
        var segment = force.Office.Query<byte[]>("SELECT segment FROM segments WHERE chain = @chain", new { chain });
        force.Office.Organisation.Staff.Leave(force.Office.Lidia, force.Marta.User);
        var kept = rows.Single(row => row.LookUp.AsSpan().SequenceEqual(lookUp));
        force.Office.Execute("INSERT INTO keyrings VALUES (@LookUp, @Root, @Chain, @Profile)", new { kept.LookUp, kept.Root, kept.Chain, kept.Profile });
        force.Office.Execute("INSERT INTO chains VALUES (@chain, @head)", new { chain, head });
        force.Office.Execute("INSERT INTO segments VALUES (@chain, 0, @segment)", new { chain, segment });
        Should.Throw<CaseworkException>(() => force.Office.Organisation.Inbox.Read(force.Marta)).Message.ShouldContain("ended");
    }

    private void Put(Epoch epoch, Keyring to, SigningKey by) => _office.Organisation.Store.Write(connection => Boxes.Put(connection, epoch, to.Self!.Recipient, by, until: null));

    private void AppendToDirectory(Microsoft.Data.Sqlite.SqliteConnection connection, Keyring author, Kind kind, byte[] body)
    {
        var places = _office.Organisation.Places(connection)!;
        var epoch = author.Keychain.Newest(places.Directory, kind.Compartment)!;
        JournalRows.Append(_office.Organisation, connection, author.SigningKey, JournalRows.HeadOf(connection, places.Directory), epoch, kind, body).Opened.Dispose();
    }

    /// <summary>Tries something in a transaction, and takes it back: the organisation is for all tests of the class.</summary>
    private void InAbeyance(Action<Microsoft.Data.Sqlite.SqliteConnection> attempt)
    {
        Should.Throw<OperationCanceledException>(() => _office.Organisation.Store.Write(connection =>
        {
            attempt(connection);
            throw new OperationCanceledException();
        }));
    }

    /// <summary>Keys that nobody enrolled.</summary>
    private sealed class Keys : IDisposable
    {
        private readonly HybridIdentity _identity;

        public Keys(LockedMemory memory) => (Signing, _identity) = (SigningKey.Generate(memory), HybridIdentity.Generate(memory));

        public SigningKey Signing { get; }

        public HybridRecipient Recipient => (HybridRecipient)_identity.ToRecipient();

        public void Dispose()
        {
            Signing.Dispose();
            _identity.Dispose();
        }
    }

    /// <summary>Every key of a case that somebody had at a moment.</summary>
    private sealed class Copied : IDisposable
    {
        private readonly List<Epoch> _epochs;

        public Copied(Keyring of, CaseId @case) => _epochs = [.. Enum.GetValues<Compartment>().SelectMany(compartment => of.Keychain.All(@case, compartment)).Select(epoch => epoch.Copy())];

        public bool Opens(SealedEntry entry)
        {
            foreach (var epoch in _epochs)
            {
                try
                {
                    entry.Open(epoch, Kinds.Current).Dispose();
                    return true;
                }
                catch (JournalException)
                {
                }
            }
            return false;
        }

        public bool Opens(byte[] card) => _epochs.Exists(epoch => Card.KeyOf(card) == epoch.KeyId);

        public void Dispose() => _epochs.ForEach(epoch => epoch.Dispose());
    }
}

/// <summary>An organisation of three: Lidia who set it up, Marta a caseworker, Pavlo a volunteer.</summary>
public sealed class Workforce : IDisposable
{
    public Workforce()
    {
        Marta = Hire("Marta", Roles.Caseworker | Roles.Triage);
        Pavlo = Hire("Pavlo", Roles.Volunteer);
    }

    internal Office Office { get; } = Office.Found();

    internal LockedMemory Memory { get; } = new(4 << 20);

    internal Keyring Marta { get; }

    internal Keyring Pavlo { get; }

    /// <summary>Invites, joins and confirms somebody.</summary>
    internal Keyring Hire(string name, Roles roles, int? last = null) => Hire(Office, Memory, name, roles, last);

    internal static Keyring Hire(Office office, LockedMemory memory, string name, Roles roles, int? last = null)
    {
        var staff = office.Organisation.Staff;
        var printed = staff.Invite(office.Lidia, name, roles, last);
        using var joining = staff.BeginJoining(printed.Code, WordList.For("en"), memory)!;
        var keyring = joining.Complete("en");
        staff.Confirm(office.Lidia, printed.User, keyring.Fingerprint);
        office.Organisation.Receive(keyring).ShouldBe(0);
        keyring.Self.ShouldNotBeNull();
        return keyring;
    }

    public void Dispose()
    {
        Marta.Dispose();
        Pavlo.Dispose();
        Office.Dispose();
        Memory.Dispose();
    }
}
