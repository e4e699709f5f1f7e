using System.Collections.Immutable;

namespace Understory.Verification;

/// <summary>The official list as it lies in a data file (<c>docs/formats/data-files.md</c>): what it says of each unit of the codifier with which it was read.</summary>
internal static class OfficialListCodec
{
    private const int Version = 1;
    private const int IdLength = 32;
    private const int MostText = 100;

    /// <summary>The content of a data file.</summary>
    public static byte[] Encode(OfficialList list, Codifier codifier)
    {
        var bases = list.Sets.ToArray().SelectMany(set => set.All).Select(period => period.Basis).Distinct().ToList();
        var to = new VarintWriter();
        to.Write(Version);
        to.WriteBytes(codifier.Id);
        to.Write(list.Covered.Last);
        to.Write(list.Rows);
        to.Write(bases.Count);
        foreach (var text in bases) to.WriteText(text);
        to.Write(list.Sets.Length);
        foreach (var set in list.Sets)
        {
            to.Write(set.All.Length);
            var before = 0;
            foreach (var period in set.All)
            {
                to.Write(period.From - before);
                to.Write((int)period.Status);
                to.Write(bases.IndexOf(period.Basis));
                to.Write((int)period.Force);
                before = period.From;
            }
        }
        for (var i = 0; i < list.SetOf.Length;)
        {
            var length = list.SetOf[i..].IndexOfAnyExcept(list.SetOf[i]) is var other and > 0 ? other : list.SetOf.Length - i;
            to.Write(length);
            to.Write(list.SetOf[i] + 1);
            i += length;
        }
        return to.ToArray();
    }

    /// <summary>Reads the content of a data file.</summary>
    /// <exception cref="DataException">It is damaged, or was made with another codifier.</exception>
    public static OfficialList Read(ReadOnlySpan<byte> content, Codifier codifier)
    {
        var from = new VarintReader(content);
        if (from.ReadInt(int.MaxValue) != Version) throw VarintReader.OtherVersion();
        // A code that has changed since would make "not listed" of what is listed, and that accuses.
        if (!from.Take(IdLength).SequenceEqual(codifier.Id)) throw new DataException("It was read with another edition of the codifier.");
        var edition = from.ReadInt(DayRange.Latest - 1);
        if (edition <= OrderDates.Earliest) throw VarintReader.Damaged();
        var rows = from.ReadInt(int.MaxValue);
        var bases = new string[from.ReadInt(from.Left)];
        for (var i = 0; i < bases.Length; i++) bases[i] = from.ReadText(MostText);
        var sets = new ControlPeriods[from.ReadInt(from.Left)];
        for (var i = 0; i < sets.Length; i++) sets[i] = ReadSet(ref from, bases);

        var setOf = new int[codifier.Count];
        for (var i = 0; i < setOf.Length;)
        {
            var length = from.ReadInt(setOf.Length - i);
            if (length == 0) throw VarintReader.Damaged();
            setOf.AsSpan(i, length).Fill(from.ReadInt(sets.Length) - 1);
            i += length;
        }
        return from.AtEnd ? new OfficialList(codifier.Codes, sets, setOf, edition, rows) : throw VarintReader.Damaged();
    }

    private static ControlPeriods ReadSet(ref VarintReader from, string[] bases)
    {
        var periods = ImmutableArray.CreateBuilder<ControlPeriod>(from.ReadInt(from.Left / 4));
        var day = 0;
        for (var i = 0; i < periods.Capacity; i++)
        {
            var days = from.ReadInt(DayRange.Latest - day);
            if (days == 0) throw VarintReader.Damaged();
            day += days;
            var status = (ControlStatus)from.ReadInt((int)ControlStatus.NotRU);
            var basis = bases[from.ReadInt(bases.Length - 1)];
            periods.Add(new ControlPeriod(day, status, basis, (Force)from.ReadInt((int)Force.Never)));
        }
        return new ControlPeriods(periods.MoveToImmutable());
    }
}
