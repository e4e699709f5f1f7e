using Understory.Terminal;
using Understory.Verification;

namespace Understory.Data;

/// <summary>The folder in which the data of verification lie: one file a source, <c>NAME.data</c>.</summary>
/// <param name="path">The folder; it need not be there.</param>
internal sealed class DataFolder(string path)
{
    private const string Ending = ".data";

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>The folder that somebody named, or the platform's: <c>$XDG_DATA_HOME/understory/data</c> or what takes its place.</summary>
    /// <exception cref="UsageException">Nobody named one and the platform has none.</exception>
    public static DataFolder Of(string? named)
    {
        if (named is not null)
        {
            Files.CheckName(named);
            return new DataFolder(named);
        }
        var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify);
        if (home.Length == 0) throw new UsageException("This system has no folder for data: name one with --data-dir.");
        return new DataFolder(System.IO.Path.Combine(home, "understory", "data"));
    }

    /// <summary>The file of a source, whole and checked; null where there is none.</summary>
    /// <exception cref="DataException">It is damaged.</exception>
    public DataFile? Read(string source)
    {
        var file = FileOf(source);
        if (!File.Exists(file)) return null;
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
            var read = DataFile.Read(stream);
            return read.Header.Name == source ? read : throw new DataException($"It holds {read.Header.Name} under another name.");
        }
        catch (DataException fault)
        {
            throw new DataException($"'{file}': {fault.Message}", inner: fault);
        }
    }

    /// <summary>The files of all sources that are there.</summary>
    public IReadOnlyList<DataFile> ReadAll() => [.. DataSource.All.Select(source => Read(source.Name)).OfType<DataFile>()];

    /// <summary>Puts a source's file in the place of the one before. Until the last moment the one before stays as it is. Returns its length.</summary>
    public long Write(Imported imported)
    {
        Directory.CreateDirectory(path);
        using var output = OutputFile.Create(FileOf(imported.Header.Name), isSecret: false);
        using var whole = new MemoryStream();
        DataFile.Write(whole, imported.Header, imported.Content);
        whole.Position = 0;
        whole.CopyTo(output.Stream);
        output.Finish();
        return whole.Length;
    }

    private string FileOf(string source) => System.IO.Path.Combine(path, source + Ending);
}
