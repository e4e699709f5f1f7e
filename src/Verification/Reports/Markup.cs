using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Understory.Verification;

/// <summary>
/// HTML as it is written: what stands in an interpolation is text and is encoded, whoever's words it is; markup is only what
/// stands in the source.
/// </summary>
/// <remarks>Why this is safe: nothing but a literal of this assembly gets in without being encoded, because there is no way to add a string as markup.</remarks>
internal sealed class Markup
{
    private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
    private readonly StringBuilder _text = new();

    /// <summary>Adds markup with words in it.</summary>
    public Markup Add([InterpolatedStringHandlerArgument("")] ref Handler markup)
    {
        // It has written itself already, while it was put together.
        _ = markup;
        return this;
    }

    /// <summary>Adds other markup.</summary>
    public void Add(Markup other) => _text.Append(other._text);

    /// <summary>Adds a style sheet or a script that ships with the program.</summary>
    public void AddResource(string resource) => _text.Append(resource);

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    /// <summary>Encodes what is put in.</summary>
    [InterpolatedStringHandler]
    public readonly ref struct Handler
    {
        private readonly StringBuilder _text;

        /// <summary>For a literal of a length.</summary>
        public Handler(int literalLength, int holes, Markup markup)
        {
            _ = holes;
            _text = markup._text;
            _text.EnsureCapacity(_text.Length + literalLength);
        }

        /// <summary>From the source.</summary>
        public void AppendLiteral(string literal) => _text.Append(literal);

        /// <summary>Words, without what turns the direction of writing: it would go on into the page's own sentences.</summary>
        public void AppendFormatted(string? words) => _text.Append(Encoder.Encode(string.Concat((words ?? "").Where(sign => char.GetUnicodeCategory(sign) is not UnicodeCategory.Format))));

        /// <summary>A number.</summary>
        public void AppendFormatted(int number) => _text.Append(number.ToString(CultureInfo.InvariantCulture));

        /// <summary>A measure, to three places.</summary>
        public void AppendFormatted(double number) => _text.Append(TimeScale.Number(number));
    }
}
