using System.Text;

namespace Understory.Verification;

/// <summary>One row of a delimited file.</summary>
/// <param name="Line">The line that it begins on, from 1.</param>
/// <param name="Fields">Its fields, as they stand.</param>
public readonly record struct DelimitedRow(int Line, string[] Fields);

/// <summary>
/// Reads delimited text (RFC 4180 with any separator): UTF-8 with or without a byte order mark, lines ended by LF or CRLF.
/// It holds one row at a time and refuses what no honest file has, so that a hostile file costs no more than it is long.
/// </summary>
/// <remarks>Errors: <see cref="DataException"/> with the line for bytes that are no UTF-8, NUL and other control characters, a quote that is not closed, a row of more than 64 Ki characters or of more than 64 fields, and more than 20 million rows.</remarks>
public static class DelimitedText
{
    private const int LongestRow = 64 * 1024;
    private const int MostFields = 64;
    private const int MostRows = 20_000_000;

    /// <summary>Its rows, blank lines left out. With <paramref name="quotes"/> a field may be put in double quotes.</summary>
    public static IEnumerable<DelimitedRow> Read(Stream stream, char separator, bool quotes)
    {
        using var reader = new StreamReader(stream, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        var row = new RowReader(reader, separator, quotes);
        var count = 0;
        while (row.Next() is { } next)
        {
            if (++count > MostRows) throw new DataException($"There are more than {MostRows} rows.", next.Line);
            yield return next;
        }
    }

    private sealed class RowReader(StreamReader reader, char separator, bool quotes)
    {
        private readonly char[] _buffer = new char[32 * 1024];
        private readonly StringBuilder _field = new();
        private int _at;
        private int _filled;
        private int _line = 1;

        /// <summary>The next row that has anything in it; null at the end.</summary>
        public DelimitedRow? Next()
        {
            var fields = new List<string>();
            var (start, length, quoted, wasQuoted) = (_line, 0, false, false);
            while (true)
            {
                var c = Read();
                if (c < 0)
                {
                    if (quoted) throw new DataException("The file ends inside a field in quotes.", start);
                    if (fields.Count == 0 && _field.Length == 0 && !wasQuoted) return null;
                    return Finish(fields, start);
                }
                if (c != '\n' && ++length > LongestRow) throw new DataException($"The row has more than {LongestRow} characters.", start);
                if (quoted)
                {
                    if (c == '"' && Peek() == '"') _field.Append((char)Read());
                    else if (c == '"') quoted = false;
                    else _field.Append((char)c);
                }
                else if (c == '"' && quotes && _field.Length == 0 && !wasQuoted)
                {
                    (quoted, wasQuoted) = (true, true);
                }
                else if (c == separator)
                {
                    Add(fields, start);
                    wasQuoted = false;
                }
                else if (c == '\n')
                {
                    if (fields.Count > 0 || _field.Length > 0 || wasQuoted) return Finish(fields, start);
                    start = _line;
                }
                else if (c != '\r' || Peek() != '\n')
                {
                    _field.Append((char)c);
                }
            }
        }

        private DelimitedRow Finish(List<string> fields, int start)
        {
            Add(fields, start);
            return new DelimitedRow(start, [.. fields]);
        }

        private void Add(List<string> fields, int start)
        {
            if (fields.Count == MostFields) throw new DataException($"The row has more than {MostFields} fields.", start);
            fields.Add(_field.ToString());
            _field.Clear();
        }

        private int Peek() => _at < _filled || Fill() ? _buffer[_at] : -1;

        private int Read()
        {
            if (_at == _filled && !Fill()) return -1;
            var c = _buffer[_at++];
            if (c == '\n') _line++;
            else if (c < ' ' && c is not ('\t' or '\r')) throw new DataException($"There is a control character (U+{(int)c:X4}).", _line);
            return c;
        }

        private bool Fill()
        {
            try
            {
                (_at, _filled) = (0, reader.Read(_buffer));
            }
            catch (DecoderFallbackException exception)
            {
                throw new DataException("The file is not UTF-8, near this line.", _line, exception);
            }
            catch (InvalidDataException exception)
            {
                throw new DataException("The file is damaged, near this line.", _line, exception);
            }
            return _filled > 0;
        }
    }
}
