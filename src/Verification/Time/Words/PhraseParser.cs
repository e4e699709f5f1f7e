using System.Text;

namespace Understory.Verification;

/// <summary>
/// Reads one phrase by descent. Every alternative begins again at its first token; what could not be read is at the furthest
/// token that any of them reached. A date nests at most three deep, so time grows with the length alone.
/// </summary>
internal sealed partial class PhraseParser
{
    private readonly string _words;
    private readonly int _told;
    private readonly List<Token> _tokens;
    private readonly List<(Term Term, int Length)>[] _terms;
    private readonly Tongues _tongue;
    private int _at;
    private int _furthest;
    private (int At, string Why)? _objection;

    public PhraseParser(string words, int told)
    {
        (_words, _told) = (words, told);
        _tokens = Scanner.Scan(words);
        _terms = new List<(Term, int)>[_tokens.Count + 1];
        for (var i = 0; i <= _tokens.Count; i++) _terms[i] = TermsAt(i);
        _tongue = Tongue();
    }

    private bool IsAtEnd => _at >= _tokens.Count;

    private int ToldYear => DateOnly.FromDayNumber(_told).Year;

    private Token Next => _at < _tokens.Count ? _tokens[_at] : default;

    private Token Peek(int ahead) => _at + ahead < _tokens.Count ? _tokens[_at + ahead] : default;

    /// <summary>A word nobody knows is the fault, wherever it stands; otherwise what was objected to; otherwise where reading stopped.</summary>
    private StoryException Fault()
    {
        var unknown = Enumerable.Range(0, _tokens.Count).Where(i => _tokens[i].IsWord && _terms[i].Count == 0 && !IsCovered(i)).FirstOrDefault(-1);
        if (unknown >= 0) return Fault(_tokens[unknown].Start, $"“{_tokens[unknown].Text}” is not a word that is known here");
        if (_objection is { } objection) return Fault(objection.At < _tokens.Count ? _tokens[objection.At].Start : _words.Length, objection.Why);
        return _furthest < _tokens.Count
            ? Fault(_tokens[_furthest].Start, "it is not understood from here on")
            : Fault(_words.Length, _tokens.Count == 0 ? "nothing is said" : "something is missing at its end");
    }

    private StoryException Fault(int offset, string why) => new($"“{_words.ReplaceLineEndings(" ")}”: {why} (character {offset + 1}).") { Offset = offset };

    /// <summary>Whether a word belongs to a term of several words that begins before it.</summary>
    private bool IsCovered(int i) => Enumerable.Range(0, i).Any(from => _terms[from].Any(term => from + term.Length > i));

    private List<(Term Term, int Length)> TermsAt(int at)
    {
        var found = new List<(Term, int)>();
        if (at >= _tokens.Count || !_tokens[at].IsWord) return found;
        var key = new StringBuilder(_tokens[at].Text);
        var end = at + 1;
        for (var words = 1; ; words++)
        {
            foreach (var term in Lexicon.Find(key.ToString())) found.Insert(0, (term, end - at));
            var next = end;
            // «где-то», "new-year": a hyphen between two words may also join them.
            if (next + 1 < _tokens.Count && _tokens[next] is { Kind: '-', IsGlued: true } && _tokens[next + 1].IsGlued) next++;
            if (words == Lexicon.LongestTerm || next >= _tokens.Count || !_tokens[next].IsWord) return found;
            key.Append(' ').Append(_tokens[next].Text);
            end = next + 1;
        }
    }

    /// <summary>
    /// The language, by words and letters that only one has. Cyrillic that may be either counts as Ukrainian, which keeps both
    /// days of a holiday where they differ.
    /// </summary>
    private Tongues Tongue()
    {
        var seen = Tongues.None;
        for (var i = 0; i < _tokens.Count; i++)
        {
            if (!_tokens[i].IsWord) continue;
            var tongues = _terms[i].Aggregate(Tongues.None, (all, item) => all | item.Term.In);
            if (tongues is Tongues.Russian or Tongues.Ukrainian) seen |= tongues;
            if (_tokens[i].Text.AsSpan().IndexOfAny("іїєґ") >= 0) seen |= Tongues.Ukrainian;
            else if (_tokens[i].Text.AsSpan().IndexOfAny("ыэъ") >= 0) seen |= Tongues.Russian;
        }
        if (seen.HasFlag(Tongues.Ukrainian)) return Tongues.Ukrainian;
        if (seen.HasFlag(Tongues.Russian)) return Tongues.Russian;
        return _words.Any(Scanner.IsCyrillic) ? Tongues.Ukrainian : Tongues.English;
    }

    private bool Take(TermKind kind) => Take(kind, out _);

    private bool Take(TermKind kind, out int value)
    {
        foreach (var (term, length) in _terms[Math.Min(_at, _tokens.Count)])
        {
            if (term.Kind != kind) continue;
            value = term.Value;
            _at += length;
            return true;
        }
        value = 0;
        Reach();
        return false;
    }

    private bool IsNext(TermKind kind, int ahead = 0) => _at + ahead < _tokens.Count && _terms[_at + ahead].Any(item => item.Term.Kind == kind);

    private bool TakeMark(char mark)
    {
        if (Next.Kind == mark)
        {
            _at++;
            return true;
        }
        Reach();
        return false;
    }

    private void SkipAll(params ReadOnlySpan<TermKind> kinds)
    {
        for (var isSkipped = true; isSkipped;)
        {
            isSkipped = false;
            foreach (var kind in kinds) isSkipped |= Take(kind);
        }
    }

    private void Reach() => _furthest = Math.Max(_furthest, _at);

    /// <summary>Objects to something that was read and cannot be; the last place objected to counts.</summary>
    private T? Object<T>(int at, string why)
        where T : class
    {
        if (_objection is null || at >= _objection.Value.At) _objection = (at, why);
        return null;
    }

    /// <summary>Tries one alternative, and goes back where it fails.</summary>
    private T? Try<T>(Func<T?> alternative)
        where T : class
    {
        var start = _at;
        var found = alternative();
        if (found is null)
        {
            Reach();
            _at = start;
        }
        return found;
    }

    /// <summary>Tries an alternative that must reach the end.</summary>
    private T? Whole<T>(Func<T?> alternative)
        where T : class => Try(() =>
        {
            var found = alternative();
            if (found is null) return null;
            SkipAll(TermKind.Inclusive);
            if (!IsAtEnd) TakeMark('.');
            if (IsAtEnd) return found;
            Reach();
            return null;
        });
}
