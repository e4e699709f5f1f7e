using System.Xml.Linq;
using Shouldly;
using Xunit;

namespace Understory.Architecture.Tests;

/// <summary>The table of projects in ARCHITECTURE.md is what the project files say.</summary>
public class ReferenceTests
{
    [Fact]
    public void The_table_of_projects_is_true()
    {
        var told = Table().ToDictionary(row => row.Name, row => row.References, StringComparer.Ordinal);
        var real = Projects().ToDictionary(project => project.Name, project => project.References, StringComparer.Ordinal);
        told.Keys.Order(StringComparer.Ordinal).ShouldBe(real.Keys.Order(StringComparer.Ordinal));
        foreach (var (name, references) in real) told[name].ShouldBe(references, $"the references of {name}");
    }

    /// <summary>That Intake cannot read what it stores is visible here: nothing that opens anything is within its reach.</summary>
    [Fact]
    public void Intake_reaches_sealing_and_envelopes_and_one_database_and_nothing_else()
    {
        var intake = Projects().Single(project => project.Name == "Intake");
        intake.References.ShouldBe(["Envelopes", "Pages", "Sealing"]);
        intake.File.Descendants("PackageReference").Where(package => package.Attribute("PrivateAssets") is null)
            .Select(package => package.Attribute("Include")!.Value).ShouldBe(["Microsoft.Data.Sqlite"]);
        foreach (var project in Projects().Where(project => intake.References.Contains(project.Name)))
            project.References.Except(intake.References).ShouldBeEmpty(project.Name);
    }

    [Fact]
    public void No_project_sees_more_than_it_names()
    {
        XDocument.Parse(Checkout.Read("Directory.Build.props")).Descendants("DisableTransitiveProjectReferences").Single().Value.ShouldBe("true");
        foreach (var project in Projects()) project.File.Descendants("DisableTransitiveProjectReferences").ShouldBeEmpty(project.Name);
    }

    [Fact]
    public void Every_package_has_one_exact_version()
    {
        foreach (var package in XDocument.Parse(Checkout.Read("Directory.Packages.props")).Descendants("PackageVersion"))
            package.Attribute("Version")!.Value.ShouldMatch(@"^\d+\.\d+\.\d+(\.\d+)?$", package.Attribute("Include")!.Value);
        foreach (var file in Checkout.Sources(".csproj"))
        {
            XDocument.Parse(Checkout.Read(file)).Descendants("PackageReference").Where(package => package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null)
                .ShouldBeEmpty(file);
            File.Exists(Path.Combine(Checkout.Folder, Path.GetDirectoryName(file)!, "packages.lock.json")).ShouldBeTrue($"{file} has a lock file");
        }
        Checkout.Read("client", "package.json").ShouldNotMatch("\": \"[\\^~*]");
    }

    [Fact]
    public void Every_project_is_in_the_solution() =>
        Checkout.Sources(".csproj").Order(StringComparer.Ordinal).ShouldBe(
            XDocument.Parse(Checkout.Read("understory.slnx")).Descendants("Project").Select(project => project.Attribute("Path")!.Value).Order(StringComparer.Ordinal));

    /// <summary>Rows of the first table whose first cell is a project: | `Sealing` | … | `Envelopes`, `Sealing` or nothing |.</summary>
    private static IEnumerable<(string Name, List<string> References)> Table() =>
        Checkout.Read("ARCHITECTURE.md").Split('\n')
            .SkipWhile(line => !line.StartsWith("| project", StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith('|'))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(cells => (cells[1].Trim('`'), cells[3] == "nothing" ? [] : cells[3].Split(',', StringSplitOptions.TrimEntries).Select(name => name.Trim('`')).Order(StringComparer.Ordinal).ToList()));

    private static IEnumerable<(string Name, XDocument File, List<string> References)> Projects() =>
        from path in Checkout.Sources(".csproj")
        where path.StartsWith("src/", StringComparison.Ordinal)
        let file = XDocument.Parse(Checkout.Read(path))
        select (Path.GetFileNameWithoutExtension(path), file, file.Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value.Replace('\\', '/')))
            .Order(StringComparer.Ordinal).ToList());
}
