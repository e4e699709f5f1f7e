using System.Buffers.Binary;
using Shouldly;
using Understory.Envelopes;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>The chain from the instance id on a leaflet to this week's recipient.</summary>
public sealed class InboxKeyTests : IDisposable
{
    internal const int Today = 20_778;

    private readonly LockedMemory _memory = new();
    private readonly Secret _root;
    private readonly Secret _coordinator;
    private readonly HybridIdentity _inbox;
    private readonly byte[] _instanceId;

    public InboxKeyTests()
    {
        (_root, _coordinator, _inbox) = (_memory.Random(32), _memory.Random(32), HybridIdentity.Generate(_memory));
        _instanceId = CoordinatorCertificate.InstanceId(PublicKey(_root));
    }

    [Fact]
    public void A_statement_gives_the_recipient_on_each_of_its_days()
    {
        var statement = Statement(_root, _coordinator, (HybridRecipient)_inbox.ToRecipient());
        statement.Length.ShouldBe(1_425);
        for (var day = Today - 1; day <= Today + 6; day++)
            InboxKeyStatement.Verify(statement, _instanceId, day).Recipient.ToString().ShouldBe(_inbox.ToRecipient().ToString());
        Fault(statement, Today - 2).ShouldBe(EnvelopeFault.NotYetValid);
        Fault(statement, Today + 7).ShouldBe(EnvelopeFault.Expired);
    }

    [Fact]
    public void A_coordinator_whose_days_are_over_signs_nothing_any_more()
    {
        var certificate = CoordinatorCertificate.Sign(_root, PublicKey(_coordinator), new Days(Today - 10, Today - 1));
        var statement = InboxKeyStatement.Sign(_coordinator, certificate, (HybridRecipient)_inbox.ToRecipient(), new Days(Today, Today + 6)).ToBytes();
        Fault(statement, Today).ShouldBe(EnvelopeFault.Expired);
    }

    [Fact]
    public void Every_flipped_bit_is_refused()
    {
        var statement = Statement(_root, _coordinator, (HybridRecipient)_inbox.ToRecipient());
        for (var bit = 0; bit < statement.Length * 8; bit += bit < 145 * 8 || bit > 1_361 * 8 ? 1 : 37)
        {
            var bent = statement.ToArray();
            bent[bit / 8] ^= (byte)(1 << (bit % 8));
            Should.Throw<EnvelopeException>(() => InboxKeyStatement.Verify(bent, _instanceId, Today), $"bit {bit}");
        }
    }

    [Fact]
    public void Each_link_of_the_chain_is_named_when_it_breaks()
    {
        using var other = _memory.Random(32);
        var recipient = (HybridRecipient)_inbox.ToRecipient();
        Fault(Statement(other, _coordinator, recipient), Today).ShouldBe(EnvelopeFault.AnotherInstance);

        // A root of the right name whose signature is somebody else's.
        var wrongRoot = Statement(other, _coordinator, recipient);
        PublicKey(_root).CopyTo(wrongRoot, 1);
        Fault(wrongRoot, Today).ShouldBe(EnvelopeFault.NotSignedByRoot);

        // A recipient that another coordinator signed, under this one's certificate.
        var moved = Statement(_root, _coordinator, recipient);
        Statement(_root, other, recipient).AsSpan(137).CopyTo(moved.AsSpan(137));
        Fault(moved, Today).ShouldBe(EnvelopeFault.NotSignedByCoordinator);
    }

    [Fact]
    public void A_signature_for_one_purpose_is_none_for_the_other()
    {
        // The root signs coordinators only: what it signs with the other label is no certificate.
        var certificate = CoordinatorCertificate.Sign(_root, PublicKey(_coordinator), new Days(Today, Today)).ToBytes();
        byte[] mislabelled = [.. "understory/inbox-key/v1\0"u8, .. certificate.AsSpan(0, 73)];
        Primitives.Ed25519Sign(_root.Span, mislabelled, certificate.AsSpan(73));
        Should.Throw<EnvelopeException>(() => CoordinatorCertificate.Verify(certificate, _instanceId, Today)).Fault.ShouldBe(EnvelopeFault.NotSignedByRoot);
    }

    [Fact]
    public void A_statement_for_longer_than_five_weeks_is_none_though_it_is_signed()
    {
        var statement = Statement(_root, _coordinator, (HybridRecipient)_inbox.ToRecipient());
        BinaryPrimitives.WriteInt32BigEndian(statement.AsSpan(141), Today + 100);
        byte[] signed = [.. "understory/inbox-key/v1\0"u8, .. statement.AsSpan(0, 1_361)];
        Primitives.Ed25519Sign(_coordinator.Span, signed, statement.AsSpan(1_361));
        Fault(statement, Today).ShouldBe(EnvelopeFault.Malformed);
        Should.Throw<ArgumentException>(() => InboxKeyStatement.Sign(
            _coordinator, CoordinatorCertificate.Sign(_root, PublicKey(_coordinator), new Days(Today, Today)), (HybridRecipient)_inbox.ToRecipient(), new Days(Today, Today + 35)));
    }

    public void Dispose() => _memory.Dispose();

    internal static byte[] PublicKey(Secret seed)
    {
        var key = new byte[32];
        Primitives.Ed25519PublicKey(seed.Span, key);
        return key;
    }

    internal static byte[] Statement(Secret root, Secret coordinator, HybridRecipient recipient) => InboxKeyStatement.Sign(
        coordinator, CoordinatorCertificate.Sign(root, PublicKey(coordinator), new Days(Today - 300, Today + 300)), recipient, new Days(Today - 1, Today + 6)).ToBytes();

    private EnvelopeFault Fault(byte[] statement, int today) =>
        Should.Throw<EnvelopeException>(() => InboxKeyStatement.Verify(statement, _instanceId, today)).Fault;
}
