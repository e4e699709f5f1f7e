using Shouldly;
using Understory.Bench.Planted;
using Xunit;

namespace Understory.Engines.Tests.Verification.Planted;

/// <summary>A few of the stories that <c>script/bench</c> counts thousands of: other ones each time.</summary>
public sealed class PlantedTests
{
    private const int Stories = 48;

    [Fact]
    public void Planted_faults_are_found_with_their_claims_and_sound_stories_are_not_accused()
    {
        var seed = Random.Shared.Next(1_000_000);
        World[] worlds = [Worlds.Invented(new Random(seed), isWithheld: false), Worlds.Invented(new Random(seed + 1), isWithheld: true)];
        var (sound, found) = (0, 0);
        for (var number = 0; number < Stories; number++)
        {
            // Where the oracle gives up nothing can be said; that it calls a sound story impossible is a fault of the generator.
            if (Planter.One(worlds, seed, number) is not { } outcome || outcome.Unusable == Planter.GaveUp) continue;
            var context = $"seed {seed}, story {number}\n{outcome.Yaml}";
            outcome.Unusable.ShouldBeNull(context);
            outcome.Refused.ShouldBeNull(context);
            outcome.Otherwise.ShouldBeEmpty(context);
            outcome.NotFound.ShouldBeEmpty(context);
            Joined(outcome.Found).ShouldBe(Joined(Planter.Contradicting(outcome.Shown)), context);

            // What is true stands among the sources: nobody can be accused of it.
            if (outcome.Faults.Count == 0 && !outcome.World.IsWithheld) outcome.Found.ShouldBeEmpty(context);
            if (outcome.Faults.Count == 0) sound++;
            foreach (var (kind, claim) in outcome.Faults)
            {
                if (kind is not ("age" or "mobilised" or "season" or "law-age")) continue;
                var expected = Planter.Contradicting(outcome.Expected, claim);
                Joined(outcome.Found.Where(set => Planter.Has(set, claim))).ShouldBe(Joined(expected), context);
                found += expected.Count;
            }
        }
        sound.ShouldBeGreaterThan(Stories / 4, $"seed {seed}");
        found.ShouldBeGreaterThan(0, $"seed {seed}");
    }

    private static string Joined(IEnumerable<string> sets) => string.Join(" | ", sets.Order(StringComparer.Ordinal));
}
