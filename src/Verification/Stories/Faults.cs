namespace Understory.Verification;

/// <summary>The faults of one text, as they are found.</summary>
internal sealed class Faults
{
    private readonly List<StoryException> _found = [];

    public bool IsAny => _found.Count > 0;

    /// <summary>Adds one, and goes on.</summary>
    /// <exception cref="StoryException">There are enough.</exception>
    public void Add(string sentence, Position at, Exception? inner = null)
    {
        _found.Add(StoryException.InText(sentence, at, inner));
        if (_found.Count == StoryReader.MaxFaults) ThrowIfAny();
    }

    /// <summary>Adds one, and gives what stands for the missing.</summary>
    public T Missing<T>(Node where, string sentence, T instead)
    {
        Add(sentence, where.At);
        return instead;
    }

    /// <summary>Tells of the first in the text, with all of them.</summary>
    public void ThrowIfAny()
    {
        if (!IsAny) return;
        var faults = _found.DistinctBy(fault => (fault.At, fault.Message)).OrderBy(fault => fault.At!.Value.Line).ThenBy(fault => fault.At!.Value.Column).ToList();
        throw new StoryException(faults[0].Message, faults[0].At, faults[0].InnerException) { Faults = faults };
    }
}
