using System.Reflection;
using Shouldly;
using Understory.Casework;
using Understory.Journal;
using Xunit;

namespace Understory.App.Tests.Desk;

/// <summary>
/// Whoever goes past the pages: every public operation, called with each user's own keys and with every id that there is. The
/// operations are enumerated, so that a new one has to say here what it does.
/// </summary>
[Collection(MatrixCollection.Name)]
public sealed class PatchedClientTests(MatrixDesk matrix)
{
    /// <summary>What changes something, with who may. Nobody else changes anything by it, whatever else they pass.</summary>
    private static readonly Dictionary<string, Func<MatrixDesk, Person, object?[], bool>> s_writes = new(StringComparer.Ordinal)
    {
        ["Access.Grant"] = (matrix, person, with) => person.IsStaff && Has(matrix, person, with, Compartment.Work),
        ["Access.Revoke"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Work),
        ["Access.HandOver"] = (matrix, person, with) => person.IsStaff && Has(matrix, person, with, Compartment.Work),
        // None was closed long enough ago.
        ["Archive.TakeOut"] = (_, _, _) => false,
        ["Cases.MarkSeen"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Work),
        ["Cases.ChangeStage"] = (matrix, person, with) => person.IsStaff && Has(matrix, person, with, Compartment.Work),
        ["Cases.SetSafeContact"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Contact),
        ["Conversations.Answer"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Contact),
        ["Conversations.Note"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Contact),
        ["Conversations.KeepDraft"] = (matrix, person, with) => Has(matrix, person, with, Compartment.Contact),
        ["Templates.Store"] = (_, person, _) => person.IsStaff,
        ["Inbox.Admit"] = (_, person, _) => person.IsTriage,
        ["Inbox.Join"] = (_, person, _) => person.IsTriage,
        ["Inbox.Refuse"] = (_, person, _) => person.IsTriage,
        ["Inbox.MarkSpam"] = (_, person, _) => person.IsTriage,
        ["Staff.Invite"] = (_, person, _) => person.IsCoordinator,
        ["Staff.Withdraw"] = (_, person, _) => person.IsCoordinator,
        ["Staff.Confirm"] = (_, person, _) => person.IsCoordinator,
        ["Staff.Change"] = (_, person, _) => person.IsCoordinator,
        ["Staff.Leave"] = (_, person, _) => person.IsCoordinator,
    };

    /// <summary>What reads with a keyring.</summary>
    private static readonly string[] s_reads =
    [
        "Archive.List", "Cases.Find", "Cases.Journal", "Conversations.Draft", "Inbox.Cases", "Inbox.Find", "Inbox.Read", "Organisation.Receive", "Staff.All", "Staff.ById", "Staff.Find",
        "Staff.Invitations", "Staff.Readings", "Templates.Read", "Templates.Stored",
    ];

    /// <summary>What asks for no keys: what comes of it is told to nobody, or is sealed.</summary>
    private static readonly string[] s_keyless =
    [
        "Collection.HasOutgoing", "Collection.Outgoing", "Collection.OutgoingInboxKey", "Collection.Discarded", "Collection.Place", "Collection.Waiting", "Organisation.CheckLog", "Organisation.Name",
        "Organisation.InstanceId", "Organisation.IsFounded", "Organisation.TodayIs", "OutgoingCheckpoints.Sign", "OutgoingCheckpoints.LogKey", "OutgoingCheckpoints.SetAside", "OutgoingCheckpoints.LastCosigned",
        "OutgoingCheckpoints.Refusal", "OutgoingCheckpoints.Noted",
    ];

    /// <summary>What is for the program itself, or begins with a secret that is typed: other tests are about these.</summary>
    private static readonly string[] s_elsewhere =
    [
        "Organisation.Dispose", "Organisation.Sweep", "Organisation.SayChanged", "Organisation.BeginFounding", "Organisation.Unlock", "Organisation.CheckpointPlaces", "Staff.BeginJoining",
        "Collection.Keep", "Collection.KeepFetched", "Collection.Delivered", "Collection.Undeliverable", "Collection.DeliveredInboxKey", "Collection.ToldDiscarded", "Collection.StartOver",
        "OutgoingCheckpoints.Export", "OutgoingCheckpoints.Ask", "OutgoingCheckpoints.Take", "OutgoingCheckpoints.Note",
    ];

    [Fact]
    public void Every_public_operation_says_here_what_it_is()
    {
        string[] known = [.. s_writes.Keys, .. s_reads, .. s_keyless, .. s_elsewhere];
        Operations().Select(one => one.Name).Distinct().Except(known, StringComparer.Ordinal).ShouldBeEmpty("an operation that nobody thought about: say here who may, and what it tells");
    }

    [Fact]
    public void With_their_own_keys_and_every_id_nobody_is_given_what_is_not_theirs_and_nobody_changes_anything()
    {
        List<string> faults = [];
        var calls = 0;
        foreach (var person in matrix.Everybody.Where(person => person.Session is { IsLocked: false }))
        {
            person.With(keyring => matrix.Organisation.Receive(keyring));
            person.With(keyring => matrix.Cases.ForEach(@case => matrix.Organisation.Cases.Find(keyring, @case.Id)));
            var before = matrix.Dump();
            foreach (var (name, on, method) in Operations().Where(one => s_writes.ContainsKey(one.Name) || s_reads.Contains(one.Name) || s_keyless.Contains(one.Name)))
            {
                // A span cannot be passed this way.
                if (method.ReturnType.IsByRefLike) continue;
                foreach (var with in ArgumentsFor(method))
                {
                    if (s_writes.TryGetValue(name, out var may) && may(matrix, person, with)) continue;
                    calls++;
                    person.With(keyring =>
                    {
                        if (Call(method, on, [.. with.Select(each => each is KeyringHere ? keyring : each)], out var answer) is { } thrown)
                        {
                            if (thrown is not CaseworkException) faults.Add($"{person} {name}: {thrown.GetType().Name} {thrown.Message}");
                            answer = thrown.ToString();
                        }
                        else if (s_writes.ContainsKey(name))
                        {
                            faults.Add($"{person} {name}({string.Join(", ", with)}): done");
                        }
                        if (matrix.Planted.LeakIn(person, answer) is { } leak) faults.Add($"{person} {name}({string.Join(", ", with)}): {leak}");
                    });
                }
            }
            foreach (var (table, rows) in matrix.Dump().Where(pair => before[pair.Key] != pair.Value)) faults.Add($"{person} changed {table}");
        }
        faults.ShouldBeEmpty();
        calls.ShouldBeGreaterThan(2_000);
    }

    [Fact]
    public void What_was_ended_is_in_nobodys_keychain()
    {
        foreach (var person in matrix.Everybody.Where(person => person.Session is { IsLocked: false }))
        {
            person.With(keyring =>
            {
                // By its day it ends without anybody's doing: also in the memory of a session that goes on.
                matrix.Organisation.Inbox.Read(keyring);
                foreach (var @case in matrix.Cases)
                {
                    foreach (var part in Enum.GetValues<Compartment>()) (keyring.Keychain.Newest(@case.Id, part) is not null).ShouldBe(@case.Has(person, part), $"{person}, {part} of the case that is {@case.Label}");
                }
            });
        }
    }

    /// <summary>Properties count too: they are asked for by their getters.</summary>
    private List<(string Name, object On, MethodInfo Method)> Operations()
    {
        var organisation = matrix.Organisation;
        object[] all = [organisation, organisation.Cases, organisation.Inbox, organisation.Conversations, organisation.Conversations.Templates, organisation.Access, organisation.Archive, organisation.Staff, organisation.Collection, organisation.OutgoingCheckpoints];
        organisation.GetType().GetProperties().Where(property => property.PropertyType.Namespace == "Understory.Casework" && property.PropertyType != typeof(CheckpointPlaces)).Select(property => property.PropertyType)
            .Except(all.Select(each => each.GetType())).ShouldBeEmpty("a part of the organisation that nobody thought about");
        return [.. all.SelectMany(on => on.GetType().GetMethods(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => !method.Name.StartsWith("add_", StringComparison.Ordinal) && !method.Name.StartsWith("remove_", StringComparison.Ordinal) && !method.Name.StartsWith("set_", StringComparison.Ordinal))
            .Where(method => !all.Any(part => part.GetType() == method.ReturnType))
            .Select(method => ($"{on.GetType().Name}.{(method.IsSpecialName ? method.Name[4..] : method.Name)}", on, method)))];
    }

    private IEnumerable<object?[]> ArgumentsFor(MethodInfo method)
    {
        IEnumerable<object?[]> all = [[]];
        foreach (var parameter in method.GetParameters()) all = [.. from begun in all from next in ValuesOf(parameter) select (object?[])[.. begun, next]];
        return all;
    }

    private IEnumerable<object?> ValuesOf(ParameterInfo parameter)
    {
        var places = matrix.Organisation.Store.Read(matrix.Organisation.Places)!;
        var type = parameter.ParameterType;
        if (type == typeof(Keyring)) return [new KeyringHere()];
        if (type == typeof(CaseId)) return [.. matrix.Cases.Select(@case => (object)@case.Id), CaseId.New(), places.Directory, places.Readings, matrix.Organisation.Founded.Journal];
        if (type == typeof(UserId)) return [matrix.Marta.User, matrix.Lidia.User, matrix.Pavlo.User, matrix.Bohdan.User, matrix.Yulia.User, matrix.Invited, UserId.New()];
        if (type == typeof(ReadOnlyMemory<byte>)) return [.. matrix.Requests.Select(id => (object)new ReadOnlyMemory<byte>(Convert.FromHexString(id))), new ReadOnlyMemory<byte>(matrix.Cases[0].Id.ToArray()), ReadOnlyMemory<byte>.Empty, new ReadOnlyMemory<byte>(new byte[16])];
        if (type == typeof(IReadOnlyCollection<Compartment>)) return [Enum.GetValues<Compartment>(), new[] { Compartment.Contact }, new[] { Compartment.Work }];
        if (type == typeof(Stage)) return [Stage.InContact, Stage.Closed];
        if (type == typeof(Roles)) return [Roles.Caseworker | Roles.Triage];
        if (type == typeof(IReadOnlyList<Template>)) return [Array.Empty<Template>()];
        if (type == typeof(string)) return ["Hello."];
        if (type == typeof(int?)) return [null, matrix.Organisation.Today + 3];
        if (type == typeof(long?)) return [null];
        if (type == typeof(DraftKind)) return [DraftKind.Answer, DraftKind.Note];
        if (type == typeof(int)) return [parameter.Name == "most" ? 1_000 : 0];
        if (type == typeof(long)) return [1L];
        throw new InvalidOperationException($"{parameter.Member.Name}: say here what to pass as {type.Name} {parameter.Name}.");
    }

    private static Exception? Call(MethodInfo method, object on, object?[] with, out object? answer)
    {
        answer = null;
        try
        {
            answer = method.Invoke(on, with);
            return null;
        }
        catch (TargetInvocationException thrown)
        {
            return thrown.InnerException;
        }
    }

    private static bool Has(MatrixDesk matrix, Person person, object?[] with, Compartment part) => with.OfType<CaseId>().All(id => matrix.Cases.Any(@case => @case.Id == id && @case.Has(person, part)));

    private sealed class KeyringHere;
}
