namespace Understory.Intake;

/// <summary>The store cannot be opened. The message is one sentence that says what to do.</summary>
public sealed class StoreException(string message) : Exception(message);
