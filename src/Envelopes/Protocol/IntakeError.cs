namespace Understory.Envelopes;

/// <summary>Why Intake does not do what it was asked.</summary>
public enum IntakeErrorCode
{
    /// <summary>The body is not as it should be.</summary>
    Malformed = 1,

    /// <summary>No such look-up id, or not its token, or not the collector's credential: the same for each.</summary>
    NothingHere = 2,

    /// <summary>The bookmark is not the one that the request started from.</summary>
    Conflict = 3,

    /// <summary>The request id was used with other bytes.</summary>
    Different = 4,

    /// <summary>The body is too long.</summary>
    TooLong = 5,

    /// <summary>No room now.</summary>
    Busy = 6,

    /// <summary>Intake's store is not the one that the cursor is of.</summary>
    Gone = 7,
}

/// <summary>The body of an error of Intake.</summary>
/// <param name="Code">Why.</param>
/// <param name="RetryAfter">Seconds after which to try again; 0 when waiting does not help.</param>
public sealed record IntakeError(IntakeErrorCode Code, long RetryAfter = 0)
{
    /// <summary>Bytes of its encoding.</summary>
    public const int Size = 6;

    /// <summary>The HTTP status that goes with it.</summary>
    public int Status => Code switch
    {
        IntakeErrorCode.Malformed => 400,
        IntakeErrorCode.NothingHere => 404,
        IntakeErrorCode.Conflict or IntakeErrorCode.Different => 409,
        IntakeErrorCode.Gone => 410,
        IntakeErrorCode.TooLong => 413,
        _ => 503,
    };

    /// <summary>Reads one.</summary>
    /// <exception cref="EnvelopeException">It is not one, or of another status: somebody else than Intake answered.</exception>
    public static IntakeError Read(ReadOnlySpan<byte> body, int status)
    {
        var reader = new WireReader(body, Size);
        var error = new IntakeError((IntakeErrorCode)reader.Byte(), reader.UInt32());
        reader.End();
        if (!Enum.IsDefined(error.Code) || error.Status != status) throw EnvelopeException.Malformed("its error is not one of Intake's");
        return error;
    }

    /// <summary>Its encoding.</summary>
    public byte[] ToBytes() => new WireWriter(Size).Byte((int)Code).UInt32(RetryAfter).Finish();
}
