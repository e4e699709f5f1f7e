using System.Globalization;

namespace Understory.Pages;

/// <summary>
/// Which plural form a number takes: the C expression of a PO file's head, <c>nplurals=3; plural=(n%10==1 ? 0 : 1);</c>
/// (<see href="https://www.gnu.org/software/gettext/manual/html_node/Plural-forms.html"/>).
/// </summary>
public sealed class PluralRule
{
    private const int MostForms = 6;
    private const int MostLength = 500;
    private static readonly string[][] s_operators = [["||"], ["&&"], ["==", "!="], ["<=", ">=", "<", ">"], ["+", "-"], ["%"]];

    private readonly Func<long, long> _form;

    private PluralRule(int count, Func<long, long> form) => (Count, _form) = (count, form);

    /// <summary>One, and many.</summary>
    public static PluralRule English { get; } = new(2, n => n == 1 ? 0 : 1);

    /// <summary>How many forms there are.</summary>
    public int Count { get; }

    /// <summary>The number of the form, from 0.</summary>
    public int Form(long n) => (int)Math.Clamp(_form(Math.Abs(n)), 0, Count - 1);

    /// <summary>Reads what stands behind <c>Plural-Forms:</c>.</summary>
    /// <exception cref="FormatException">It is not understood.</exception>
    public static PluralRule Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (text.Length > MostLength || parts is not [var number, var expression] || !number.StartsWith("nplurals=", StringComparison.Ordinal)
            || !expression.StartsWith("plural=", StringComparison.Ordinal)
            || !int.TryParse(number.AsSpan(9), NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count is < 1 or > MostForms)
            throw new FormatException("has plural forms that are not understood");
        var reader = new Reader(expression[7..]);
        var form = reader.Choice();
        reader.End();
        return new PluralRule(count, form);
    }

    private sealed class Reader(string text)
    {
        private int _at;

        public Func<long, long> Choice()
        {
            var condition = Level(0);
            if (!Take("?")) return condition;
            var then = Choice();
            if (!Take(":")) throw Fault();
            var otherwise = Choice();
            return n => condition(n) != 0 ? then(n) : otherwise(n);
        }

        public void End()
        {
            Skip();
            if (_at < text.Length) throw Fault();
        }

        private static Func<long, long> Join(string @operator, Func<long, long> left, Func<long, long> right) => @operator switch
        {
            "||" => n => left(n) != 0 || right(n) != 0 ? 1 : 0,
            "&&" => n => left(n) != 0 && right(n) != 0 ? 1 : 0,
            "==" => n => left(n) == right(n) ? 1 : 0,
            "!=" => n => left(n) != right(n) ? 1 : 0,
            "<=" => n => left(n) <= right(n) ? 1 : 0,
            ">=" => n => left(n) >= right(n) ? 1 : 0,
            "<" => n => left(n) < right(n) ? 1 : 0,
            ">" => n => left(n) > right(n) ? 1 : 0,
            "+" => n => left(n) + right(n),
            "-" => n => left(n) - right(n),
            _ => n => right(n) == 0 ? 0 : left(n) % right(n),
        };

        private static FormatException Fault() => new("has plural forms that are not understood");

        private Func<long, long> Level(int level)
        {
            if (level == s_operators.Length) return Value();
            var left = Level(level + 1);
            while (Array.Find(s_operators[level], Take) is { } @operator) left = Join(@operator, left, Level(level + 1));
            return left;
        }

        private Func<long, long> Value()
        {
            if (Take("("))
            {
                var inside = Choice();
                return Take(")") ? inside : throw Fault();
            }
            if (Take("!"))
            {
                var value = Value();
                return n => value(n) == 0 ? 1 : 0;
            }
            if (Take("n")) return n => n;
            var start = _at;
            while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
            return long.TryParse(text.AsSpan(start, _at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? _ => number : throw Fault();
        }

        private bool Take(string token)
        {
            Skip();
            if (string.CompareOrdinal(text, _at, token, 0, token.Length) != 0) return false;
            _at += token.Length;
            Skip();
            return true;
        }

        private void Skip()
        {
            while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        }
    }
}
