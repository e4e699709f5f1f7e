using System.Security.Cryptography;
using Understory.Envelopes;

namespace Understory.Engines.Tests.Envelopes;

/// <summary>
/// An Intake in memory, spoken to in the bytes of the protocol. It is honest by itself; what it keeps lies open, so that
/// a test can make it lie.
/// </summary>
internal sealed class InMemoryIntake
{
    private readonly byte[] _nobody = RandomNumberGenerator.GetBytes(32);
    private readonly Dictionary<string, byte[]> _done = [];

    /// <summary>What waits for the Desk.</summary>
    public List<Envelope> Waiting { get; } = [];

    /// <summary>What waits for people.</summary>
    public List<Envelope> Answers { get; } = [];

    /// <summary>By look-up id: hash of the token, and the bookmark.</summary>
    public Dictionary<string, (byte[] TokenHash, byte[] Bookmark)> Kept { get; } = [];

    public static string Name(ReadOnlySpan<byte> id) => Convert.ToHexStringLower(id);

    public byte[] Submit(byte[] body)
    {
        var request = SubmitRequest.Read(body);
        var attempt = Name(request.Envelope.RequestId);
        if (_done.TryGetValue(attempt, out var before))
            return before.SequenceEqual(SHA256.HashData(body)) ? IntakeProtocol.Done : new IntakeError(IntakeErrorCode.Different).ToBytes();
        var name = Name(request.Envelope.LookUpId);
        var kept = Kept.GetValueOrDefault(name);
        if (kept.Bookmark is not null && !Bearer.Matches(kept.TokenHash, request.Token.Span)) return Nothing;
        if (!request.Expected.Span.SequenceEqual(Expected(kept.Bookmark))) return new IntakeError(IntakeErrorCode.Conflict).ToBytes();
        Kept[name] = (Bearer.Hash(request.Token.Span), request.Bookmark.ToArray());
        Waiting.Add(request.Envelope);
        _done[attempt] = SHA256.HashData(body);
        return IntakeProtocol.Done;
    }

    public byte[] Fetch(byte[] body)
    {
        var request = FetchRequest.Read(body);
        if (!Knows(request.LookUpId.Span, request.Token.Span, out var kept)) return Nothing;
        var answers = Answers.Where(answer => answer.LookUpId.SequenceEqual(request.LookUpId.Span)).ToList();
        var after = answers.FindIndex(answer => answer.RequestId.SequenceEqual(request.After.Span));
        return new FetchResponse(false, kept, answers.Skip(after + 1).ToList()).ToBytes();
    }

    public byte[] Acknowledge(byte[] body)
    {
        var request = AcknowledgeRequest.Read(body);
        if (!Knows(request.LookUpId.Span, request.Token.Span, out var kept)) return Nothing;
        if (!request.Expected.Span.SequenceEqual(Expected(kept))) return new IntakeError(IntakeErrorCode.Conflict).ToBytes();
        Kept[Name(request.LookUpId.Span)] = (Bearer.Hash(request.Token.Span), request.Bookmark.ToArray());
        return IntakeProtocol.Done;
    }

    public byte[] Forget(byte[] body)
    {
        var request = ForgetRequest.Read(body);
        if (!Knows(request.Envelope.LookUpId, request.Token.Span, out _)) return Nothing;
        Kept.Remove(Name(request.Envelope.LookUpId));
        Answers.RemoveAll(answer => answer.LookUpId.SequenceEqual(request.Envelope.LookUpId));
        Waiting.Add(request.Envelope);
        return IntakeProtocol.Done;
    }

    private static byte[] Nothing => new IntakeError(IntakeErrorCode.NothingHere).ToBytes();

    public static byte[] Expected(byte[]? bookmark) => bookmark is null or [] ? new byte[32] : SHA256.HashData(bookmark);

    private bool Knows(ReadOnlySpan<byte> lookUpId, ReadOnlySpan<byte> token, out byte[] bookmark)
    {
        var known = Kept.TryGetValue(Name(lookUpId), out var kept);
        bookmark = known ? kept.Bookmark : [];
        return Bearer.Matches(known ? kept.TokenHash : _nobody, token) && known;
    }
}
