namespace Understory.Desk;

/// <summary>A request that is not answered as it was made: the reader gets the page of its status, without any detail.</summary>
internal sealed class RequestRefusedException(int status) : Exception($"Refused with status {status}.")
{
    public int Status { get; } = status;
}
