namespace Understory.Verification;

/// <summary>The time of day after a date of EDTF: it is read so that a fault in it is found, and then left aside. The day is kept as it is written.</summary>
internal static class EdtfTime
{
    public static bool Read(ref EdtfDate.Cursor cursor)
    {
        cursor.Take('T');
        var at = cursor.At;
        if (!TwoDigits(ref cursor, 24, out var hour) || !cursor.Take(':') || !TwoDigits(ref cursor, 59, out var minute))
        {
            return cursor.FaultIn(at, "a time of day is hh:mm:ss");
        }
        var rest = 0;
        if (cursor.Take(':'))
        {
            if (!TwoDigits(ref cursor, 59, out var second)) return cursor.Fault("a second is a number from 00 to 59");
            rest = second;
            if (cursor.Take('.'))
            {
                var digits = cursor.TakeDigits();
                if (digits.IsEmpty) return cursor.Fault("after a point stand digits");
                if (digits.ContainsAnyExcept('0')) rest = 1;
            }
        }
        if (hour == 24 && minute + rest > 0) return cursor.FaultIn(at, "the last moment of a day is 24:00:00");
        return ReadZone(ref cursor);
    }

    /// <summary>From −12:00 to +14:00; −00:00 is not.</summary>
    private static bool ReadZone(ref EdtfDate.Cursor cursor)
    {
        if (cursor.Take('Z')) return true;
        var at = cursor.At;
        var isWest = cursor.Next == '-';
        if (!cursor.Take('-') && !cursor.Take('+')) return true;
        if (!TwoDigits(ref cursor, 14, out var hours)) return cursor.FaultIn(at, "there is no such time zone");
        var minutes = 0;
        if ((cursor.Take(':') || char.IsAsciiDigit(cursor.Next)) && !TwoDigits(ref cursor, 59, out minutes)) return cursor.FaultIn(at, "there is no such time zone");
        var all = (60 * hours) + minutes;
        return isWest ? all is > 0 and <= 720 || cursor.FaultIn(at, "there is no such time zone") : all <= 840 || cursor.FaultIn(at, "there is no such time zone");
    }

    private static bool TwoDigits(ref EdtfDate.Cursor cursor, int most, out int value)
    {
        value = 0;
        for (var i = 0; i < 2; i++)
        {
            var next = cursor.Next;
            if (!char.IsAsciiDigit(next)) return false;
            value = (10 * value) + next - '0';
            cursor.Take(next);
        }
        return value <= most;
    }
}
