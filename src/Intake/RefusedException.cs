using Understory.Envelopes;

namespace Understory.Intake;

/// <summary>A request is refused; the answer says why, and nothing else does.</summary>
internal sealed class RefusedException(IntakeErrorCode code, int retryAfter = 0) : Exception("Refused.")
{
    public IntakeError Error { get; } = new(code, retryAfter);
}
