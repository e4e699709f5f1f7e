using Understory.Journal;
using Understory.Sealing;

namespace Understory.Casework;

/// <summary>A common answer.</summary>
/// <param name="Language">Of its words: <c>ru</c>, <c>uk</c> or <c>en</c>.</param>
/// <param name="Title">By which it is chosen.</param>
/// <param name="Words">What is put into the answer, to be changed there.</param>
public sealed record Template(string Language, string Title, string Words);

/// <summary>Common answers of the organisation, sealed under its own journal's key.</summary>
public sealed class Templates
{
    /// <summary>The most there can be.</summary>
    public const int Most = 100;

    private const string Purpose = "templates";
    private const int MaxTitle = 200;
    private const int MaxWords = 4_000;
    private readonly Organisation _organisation;

    internal Templates(Organisation organisation) => _organisation = organisation;

    /// <summary>All of them; null where none were ever stored.</summary>
    public IReadOnlyList<Template>? Read(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return Read(connection, keyring);
            });
        }
    }

    internal IReadOnlyList<Template>? Read(Microsoft.Data.Sqlite.SqliteConnection connection, Keyring keyring) =>
        Rows.Find(connection, keyring, Row, Purpose) is { } content ? Decode(content) : null;

    /// <summary>Stores all of them.</summary>
    /// <exception cref="CaseworkException">There are too many, one is too long, or its language is not one.</exception>
    public void Store(Keyring keyring, IReadOnlyList<Template> templates)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        ArgumentNullException.ThrowIfNull(templates);
        if (templates.Count > Most) throw new CaseworkException($"There can be at most {Most} templates.");
        using var writer = new CborWriter(4096);
        writer.WriteArray(templates.Count);
        foreach (var template in templates)
        {
            writer.WriteArray(3);
            writer.Write(Texts.Language(template.Language));
            writer.Write(Texts.Limited(template.Title, MaxTitle));
            writer.Write(Texts.Limited(template.Words, MaxWords));
        }
        lock (keyring.Gate)
        {
            _organisation.Store.Write(connection =>
            {
                keyring.Refresh(connection);
                var epoch = keyring.Keychain.Newest(_organisation.Founded.Journal, Compartment.Work) ?? throw new CaseworkException("You have no key to the organisation's templates.");
                Rows.Store(connection, Row, SealedRow.Seal(epoch, Purpose, Row, writer.Written));
            });
        }
    }

    // One row of the whole organisation: its name tells nothing but that it is there.
    private RowId Row => RowId.From(_organisation.Founded.Journal.ToArray());

    private static List<Template> Decode(byte[] content)
    {
        var reader = new CborReader(content, what => new CaseworkException($"The templates are damaged: {what}."));
        var templates = new List<Template>();
        for (var count = reader.ReadArray(Most); count > 0; count--)
        {
            reader.ReadArrayOf(3);
            templates.Add(new Template(reader.ReadText(2), reader.ReadText(MaxTitle), reader.ReadText(MaxWords)));
        }
        reader.End();
        return templates;
    }
}
