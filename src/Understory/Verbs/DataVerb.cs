using System.CommandLine;
using System.Globalization;
using Understory.Data;
using Understory.Terminal;
using Understory.Verification;

namespace Understory.Verbs;

/// <summary><c>understory data</c>: what stories are checked against.</summary>
internal static class DataVerb
{
    /// <summary>More warnings than these are counted and not shown.</summary>
    private const int MaxWarnings = 20;

    public static Command Create() => new("data", "Import what stories are checked against, list it, and ask it about a place and a day. Nothing is ever asked of the network.")
    {
        CreateImport(),
        CreateList(),
        DataAtVerb.Create(),
    };

    /// <summary>The option that every verb has that reads or writes data.</summary>
    public static Option<string?> DataDir() => new("--data-dir") { HelpName = "DIR", Description = "The folder of the data. Without it: the platform's, as ~/.local/share/understory/data." };

    private static Command CreateImport()
    {
        var source = new Argument<string>("SOURCE") { Description = $"One of {string.Join(", ", DataSource.All.Select(each => each.Name))}." };
        var paths = new Argument<string[]>("PATH") { Arity = ArgumentArity.OneOrMore, Description = "A file, or a folder of files. Maps have their day in their names (20240708 or 2024-07-08)." };
        var edition = new Option<string?>("--edition") { HelpName = "DAY", Description = "Of which day the edition is, if the name of the file does not say it or says another day." };
        var fresh = new Option<bool>("--fresh") { Description = "Forget what was imported of this source before. Otherwise days of maps and years of VIINA are added to it." };
        var folder = DataDir();
        var verb = new Command("import", """
            Read files of a source and keep what they say, in one compact file with a checksum.

            All is read and checked first: if anything is wrong, what was imported before stays as it was.
            """)
        {
            source, paths, edition, fresh, folder,
        };
        verb.SetAction(parsed => Import(parsed.GetRequiredValue(source), parsed.GetRequiredValue(paths), parsed.GetValue(edition), parsed.GetValue(fresh), DataFolder.Of(parsed.GetValue(folder))));
        return verb;
    }

    private static int Import(string name, string[] paths, string? edition, bool fresh, DataFolder folder)
    {
        if (DataSource.Find(name) is not { } source) throw new UsageException($"There is no source '{name}': it is one of {string.Join(", ", DataSource.All.Select(each => each.Name))}.");
        int? day = edition is null ? null : DayOf(edition);
        var files = FilesOf(source, paths);
        var former = source.Grows && !fresh ? folder.Read(name) : null;
        var codifier = name == "order376" && folder.Read("katottg") is { } katottg ? Codifier.Read(katottg.Content.Span) : null;

        var import = new DataImport();
        var total = files.Sum(file => new FileInfo(file).Length);
        Imported imported;
        using (var progress = new Progress($"Reading {name}", total))
        {
            long before = 0;
            var inputs = files.Select(file => new DataInput(file, FileDates.Of(Path.GetFileName(file)), () =>
            {
                progress.Report(before);
                before += new FileInfo(file).Length;
                return Files.OpenInput(file);
            })).ToArray();
            imported = import.Read(source, inputs, former, day, codifier);
        }
        var length = folder.Write(imported);
        Warn(import.Warnings, import.Dropped);
        if (name == "katottg" && IsOfAnotherCodifier(folder)) Console.Error.WriteLine("order376 was read with the codifier before: import it again.");
        Console.Out.WriteLine(TextReport.Plain($"{name}: {imported.Summary}{Days(imported.Header, ", ")}, edition {imported.Header.Edition}, {Progress.Size(length)}"));
        return ExitStatus.Done;
    }

    /// <summary>Whether the official list can no more be used since the codifier is another one.</summary>
    private static bool IsOfAnotherCodifier(DataFolder folder)
    {
        try
        {
            if (folder.Read("order376") is not { } list || folder.Read("katottg") is not { } codifier) return false;
            Loaded.From([codifier, list]);
            return false;
        }
        catch (DataException)
        {
            return true;
        }
    }

    private static void Warn(IReadOnlyList<ImportWarning> warnings, long dropped)
    {
        foreach (var (file, warning) in warnings.Take(MaxWarnings)) Console.Error.WriteLine(TextReport.Plain($"{Path.GetFileName(file)}, line {warning.Line}: {warning.Text}"));
        if (warnings.Count > MaxWarnings) Console.Error.WriteLine($"… and {warnings.Count - MaxWarnings + dropped} more. Nothing else was changed or left out.");
    }

    /// <summary>The files that paths name: a folder stands for its files with the endings that the source has.</summary>
    private static List<string> FilesOf(DataSource source, string[] paths)
    {
        var files = new List<string>();
        foreach (var path in paths)
        {
            Files.CheckName(path);
            if (!Directory.Exists(path))
            {
                if (!File.Exists(path)) throw new UsageException($"There is no file '{path}'.");
                if (!Files.IsRegular(path)) throw new UsageException($"'{path}' is a pipe or a device: an import reads files, some of them twice.");
                files.Add(path);
                continue;
            }
            var found = Directory.EnumerateFiles(path).Where(file => Files.IsRegular(file) && source.Endings.Any(ending => file.EndsWith(ending, StringComparison.OrdinalIgnoreCase))).Order(StringComparer.Ordinal).ToList();
            if (found.Count == 0) throw new UsageException($"The folder '{path}' has no file that ends in {string.Join(" or ", source.Endings)}.");
            files.AddRange(found);
        }
        return files;
    }

    private static Command CreateList()
    {
        var folder = DataDir();
        var verb = new Command("list", "Say what was imported: source, edition, days, size, origin, licence.") { folder };
        verb.SetAction(parsed => List(DataFolder.Of(parsed.GetValue(folder))));
        return verb;
    }

    private static int List(DataFolder folder)
    {
        var status = ExitStatus.Done;
        var starter = StarterSet.Shipped;
        Console.Out.WriteLine($"{"starter",-10} edition {starter.Version}  {starter.Covered.ToString().Replace("/", " to ", StringComparison.Ordinal)}  {starter.Towns.Count} towns, ships with the program");
        foreach (var source in DataSource.All)
        {
            try
            {
                if (folder.Read(source.Name) is not { } file) continue;
                Console.Out.WriteLine(TextReport.Plain($"{source.Name,-10} edition {file.Header.Edition}{Days(file.Header, "  ")}  {Progress.Size(file.StoredLength)}{(file.Header.Warnings is var warnings and > 0 ? $"  warnings: {warnings}" : "")}"));
                Console.Out.WriteLine(TextReport.Plain($"{"",-10} {file.Header.Origin} ({file.Header.Licence})"));
            }
            catch (DataException fault)
            {
                // The others are listed all the same.
                Failure.Say(fault.Message);
                status = ExitStatus.Refused;
            }
        }
        return status;
    }

    private static string Days(DataHeader header, string before) =>
        header is { First: { } first, Last: { } last } ? $"{before}{DayRange.Iso(first)} to {DayRange.Iso(last)}" : "";

    /// <summary>A day as EDTF writes it, level 0.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static int DayOf(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.DayNumber >= DayRange.Earliest && day.DayNumber <= DayRange.Latest
            ? day.DayNumber
            : throw new UsageException($"'{text}' is no day: write it as 2024-07-08.");
}
