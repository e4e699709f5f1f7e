using System.Collections.ObjectModel;

namespace Understory.Verification;

/// <summary>Warnings of one file: the first of them, and how many more there were.</summary>
internal sealed class WarningList : Collection<DataWarning>
{
    private const int MostKept = 10_000;

    /// <summary>How many are not kept.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    protected override void InsertItem(int index, DataWarning item)
    {
        if (Count < MostKept) base.InsertItem(index, item);
        else Dropped++;
    }
}
