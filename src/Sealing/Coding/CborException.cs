namespace Understory.Sealing;

/// <summary>
/// Bytes are not CBOR of the one form that is read here. The message is one sentence; it holds nothing of the bytes.
/// </summary>
public sealed class CborException(string message) : Exception(message);
