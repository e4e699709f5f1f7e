using System.Security.Cryptography;
using Shouldly;
using Understory.Sealing;
using Xunit;

namespace Understory.Engines.Tests.Sealing;

/// <summary>The 143 age test files of C2SP/CCTV, each with the outcome that its header names.</summary>
public sealed class CctvAgeTests : IDisposable
{
    private readonly LockedMemory _memory = new();

    public static TheoryData<string> Names =>
        Vectors.Find("cctv-age", "age", "testdata") is { } folder
            ? [.. Directory.GetFiles(folder).Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)]
            : ["(missing)"];

    [Theory, MemberData(nameof(Names))]
    public async Task Opens_as_its_header_says(string name)
    {
        var file = CctvAgeFile.Read(Path.Combine(CctvAgeFile.Folder, name));
        var (outcome, content) = await OpenAsync(file, workers: 1);
        outcome.ShouldBe(file.Expect);
        if (file.PayloadHash is { } hash) Convert.ToHexStringLower(SHA256.HashData(content)).ShouldBe(hash);

        // The same with workers, and in memory: the same outcome. (Not for passphrases: they take long, and end before.)
        if (file.Fields["passphrase"].Any()) return;
        var (parallelOutcome, parallelContent) = await OpenAsync(file, workers: 2);
        parallelOutcome.ShouldBe(outcome);
        parallelContent.AsSpan().SequenceEqual(content).ShouldBeTrue();
        if (!file.IsArmored) OpenInMemory(file).ShouldBe(outcome);
    }

    [Fact]
    public void There_are_143() => Directory.GetFiles(CctvAgeFile.Folder).Length.ShouldBe(143);

    public void Dispose() => _memory.Dispose();

    private async Task<(string Outcome, byte[] Content)> OpenAsync(CctvAgeFile file, int workers)
    {
        using var content = new MemoryStream();
        var identities = file.Identities(_memory);
        try
        {
            await AgeFile.OpenAsync(
                new MemoryStream(file.Age), content, identities, new() { Workers = workers }, TestContext.Current.CancellationToken);
            return ("success", content.ToArray());
        }
        catch (SealingException fault)
        {
            return (Outcome(fault, file), content.ToArray());
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }

    private string OpenInMemory(CctvAgeFile file)
    {
        var identities = file.Identities(_memory);
        try
        {
            AgeFile.Open(file.Age, identities);
            return "success";
        }
        catch (SealingException fault)
        {
            return Outcome(fault, file);
        }
        finally
        {
            identities.ForEach(identity => identity.Dispose());
        }
    }

    private static string Outcome(SealingException fault, CctvAgeFile file) => fault switch
    {
        { Fault: SealingFault.NoIdentityFits } => "no match",
        { Fault: SealingFault.Tampered, Part: SealingPart.Header } => "HMAC failure",
        // What does not begin as armor is seen not as damaged armor but as no age file at all.
        { Fault: SealingFault.NotAge } when file.IsArmored && !file.BeginsAsArmor => "armor failure",
        { Part: SealingPart.Header } => "header failure",
        { Part: SealingPart.Payload } => "payload failure",
        { Part: SealingPart.Armor } => "armor failure",
        _ => $"{fault.Fault} in {fault.Part}",
    };
}
