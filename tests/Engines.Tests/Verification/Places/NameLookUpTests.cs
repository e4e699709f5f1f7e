using Shouldly;
using Understory.Verification;
using Xunit;

namespace Understory.Engines.Tests.Verification.Places;

/// <summary>The tables of names against the plainest index there is: a dictionary of everything, made anew.</summary>
public sealed class NameLookUpTests
{
    private static readonly string[] s_prepositions = ["в ", "під ", "под ", "із ", "near ", "з-під "];
    private static readonly string[] s_kinds = ["с. ", "м. ", "смт ", "село ", "город ", "village of "];
    private static readonly string[] s_endings = ["і", "у", "ом", "е", "а", "ої", "ій", "ому", "ого", "ском", "івці", "ах", "ові"];

    [Fact]
    public void Every_name_finds_what_a_plain_index_finds()
    {
        var katottg = PlacesData.RealCodifier;
        var codifier = Codifier.Read(Codifier.Encode(katottg));
        var index = new NameIndex([new NameIndex.Layer(codifier.Names, codifier.Bearers)]);
        var plain = new NaiveNames();
        for (var unit = 0; unit < katottg.Units.Count; unit++)
        {
            if (katottg.Units[unit].IsPlace) plain.AddOwn(katottg.Units[unit].Name, unit);
        }
        plain.Freeze();

        var random = new Random(376);
        var names = katottg.Units.Where(unit => unit.IsPlace).Select(unit => unit.Name).Distinct().Where((_, i) => i % 5 == 0).SelectMany(name => Said(name, random)).ToList();
        names.AddRange(["", " ", "1", "в", "село", "Ёлка", "Ывановка", "Iванiвка", "а b", "Нова Каховка", "в Новій Каховці", "в Красном Лимане", "у Великій Новосілці", "Великая Новоселка", "x", new string('щ', 100), new string('щ', 101)]);
        foreach (var name in names)
        {
            index.Find(name).Select(match => (match.Place, match.Rank)).Order()
                .ShouldBe(plain.Find(name).Select(match => (match.Place, match.Rank)).Order(), $"«{name}»");
        }
        names.Count.ShouldBeGreaterThan(20_000);
    }

    /// <summary>A name as people say it: declined, misspelt, transliterated, with other apostrophes.</summary>
    private static IEnumerable<string> Said(string name, Random random)
    {
        yield return name;
        yield return name.Replace('’', '\'').ToUpperInvariant();
        yield return name.Replace('і', 'и').Replace('ї', 'и').Replace('є', 'е').Replace("’", "", StringComparison.Ordinal);
        yield return s_prepositions[random.Next(s_prepositions.Length)] + name[..^1] + s_endings[random.Next(s_endings.Length)];
        yield return string.Join(' ', name.Split(' ').Select(word => (word.Length > 2 ? word[..^1] : word) + s_endings[random.Next(s_endings.Length)]));
        yield return s_kinds[random.Next(s_kinds.Length)] + name;
        yield return Romanization.Write(name, (RomanizationSystem)random.Next(9));
        var at = random.Next(name.Length);
        yield return random.Next(3) switch { 0 => name.Remove(at, 1), 1 => name.Insert(at, name[at].ToString()), _ => name[..at] + "о" + name[(at + 1)..] };
    }
}
