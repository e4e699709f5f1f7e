namespace Understory.Casework;

/// <summary>Something cannot be done. The message is one sentence for a person, with what to do; it never holds a secret.</summary>
public class CaseworkException(string message, Exception? inner = null) : Exception(message, inner);
