using System.Text.Json;
using Shouldly;

namespace Understory.Engines.Tests.Sealing;

/// <summary>Runs every test of a Wycheproof file and insists that none was left out.</summary>
internal static class Wycheproof
{
    /// <param name="file">Name below <c>wycheproof/testvectors_v1</c>.</param>
    /// <param name="run">Given the group and the test, asserts; the flag is whether the test is expected to be valid.</param>
    public static void Each(string file, Action<JsonElement, JsonElement, bool> run)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Vectors.Path("wycheproof", "testvectors_v1", file)));
        var count = 0;
        foreach (var group in document.RootElement.GetProperty("testGroups").EnumerateArray())
        {
            foreach (var test in group.GetProperty("tests").EnumerateArray())
            {
                count++;
                try
                {
                    run(group, test, test.GetProperty("result").GetString() != "invalid");
                }
                catch (Exception fault)
                {
                    throw new ShouldAssertException($"{file}, tcId {test.GetProperty("tcId")}: {fault.Message}", fault);
                }
            }
        }
        count.ShouldBe(document.RootElement.GetProperty("numberOfTests").GetInt32());
    }

    public static byte[] Bytes(this JsonElement element, string property) =>
        Convert.FromHexString(element.GetProperty(property).GetString()!);
}
