using System.Security.Cryptography;
using System.Text;

namespace Understory.Desk.Setup;

/// <summary>
/// What the terminal shows and the browser is asked for, so that whoever started the program sets it up and nobody else who
/// reaches its address. Some wrong tries make it void, and the terminal shows another one.
/// </summary>
internal sealed class OneTimeCode
{
    private const string FileName = "one-time-code";
    private const int Length = 8;
    private const int MostTries = 5;
    private const int MostCodes = 10;

    // Without what looks like something else. 8 of 30 are 39 bits, and there are 50 tries.
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ234567";

    private readonly string _path;
    private readonly Action<string> _say;
    private int _tries;
    private int _codes = 1;

    /// <param name="folder">The data directory: the code lies there, for its owner alone, so that the next start shows the same.</param>
    /// <param name="say">Told when there is another one.</param>
    public OneTimeCode(string folder, Action<string> say)
    {
        // Why this is safe: whoever may read this file may also put another database in its place.
        (_path, _say) = (Path.Combine(folder, FileName), say);
        Text = Stored() ?? Make();
        PlacedFile.Write(_path, Text);
    }

    /// <summary>As it is printed: <c>ABCD-EFGH</c>.</summary>
    public string Text { get; private set; }

    /// <summary>Whether it is spent: then only a new start of the program helps.</summary>
    public bool IsSpent => _codes > MostCodes;

    /// <summary>Whether somebody typed it; case, hyphens and spaces do not matter.</summary>
    public bool Fits(string typed)
    {
        if (IsSpent) return false;
        // Why this is safe: compared in constant time, and few tries are given.
        var given = Encoding.UTF8.GetBytes(string.Concat(typed.Where(char.IsLetterOrDigit)).ToUpperInvariant());
        if (CryptographicOperations.FixedTimeEquals(given, Encoding.UTF8.GetBytes(Text.Replace("-", "", StringComparison.Ordinal))))
        {
            _tries = 0;
            return true;
        }
        if (++_tries < MostTries) return false;
        (_tries, Text) = (0, Make());
        PlacedFile.Write(_path, Text);
        _say(++_codes > MostCodes
            ? "Too many wrong codes were entered. Somebody else may reach this address. Start the program again to go on."
            : $"A wrong code was entered {MostTries} times. The new one: {Text}");
        return false;
    }

    /// <summary>Nobody needs it any more.</summary>
    public static void Remove(string folder) => File.Delete(Path.Combine(folder, FileName));

    private string? Stored() =>
        File.Exists(_path) && File.ReadAllText(_path) is var text && text.Length == Length + 1 && text.All(letter => letter == '-' || Letters.Contains(letter, StringComparison.Ordinal)) ? text : null;

    private static string Make() => RandomNumberGenerator.GetString(Letters, Length).Insert(Length / 2, "-");
}
