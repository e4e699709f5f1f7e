namespace Understory.Witness;

/// <summary>The witness cannot go on. The message is one sentence for its operator; it never holds a secret.</summary>
public sealed class WitnessException(string message, Exception? inner = null) : Exception(message, inner);
