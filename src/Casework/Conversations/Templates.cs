using Microsoft.Data.Sqlite;
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
    private const string StoringPurpose = "templates-stored";
    // 9999-12-31T23:59:59Z.
    private const ulong LastSecond = 253_402_300_799;
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
                return Rows.Find(connection, keyring, Row, Purpose) is { } content ? Decode(content) : null;
            });
        }
    }

    /// <summary>Who stored them last; null where nobody did, or an older program.</summary>
    public LastChange? Stored(Keyring keyring)
    {
        ArgumentNullException.ThrowIfNull(keyring);
        lock (keyring.Gate)
        {
            return _organisation.Store.Read(connection =>
            {
                keyring.Refresh(connection);
                return ReadStored(connection, keyring);
            });
        }
    }

    internal IReadOnlyList<Template>? Read(Microsoft.Data.Sqlite.SqliteConnection connection, Keyring keyring) =>
        Rows.Find(connection, keyring, Row, Purpose) is { } content ? Decode(content) : null;

    /// <summary>Stores all of them.</summary>
    /// <param name="keyring">Who does.</param>
    /// <param name="templates">All that there are to be.</param>
    /// <param name="seen">How many times they had been stored when the writer saw them; null: they do not ask.</param>
    /// <exception cref="CaseworkException">There are too many, one is too long, or its language is not one.</exception>
    /// <exception cref="OvertakenException">Somebody stored them since.</exception>
    public void Store(Keyring keyring, IReadOnlyList<Template> templates, long? seen = null)
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
                var last = ReadStored(connection, keyring);
                LastChange.CheckSeen(last, seen);
                Rows.Store(connection, Row, SealedRow.Seal(epoch, Purpose, Row, writer.Written));
                using var storing = new CborWriter(64);
                storing.WriteArray(3);
                storing.Write((last?.Sequence ?? 0) + 1);
                storing.Write(_organisation.Now);
                storing.Write(keyring.User.ToArray());
                Rows.Store(connection, StoringRow, SealedRow.Seal(epoch, StoringPurpose, StoringRow, storing.Written));
            });
        }
    }

    // One row of the whole organisation: its name tells nothing but that it is there.
    private RowId Row => RowId.From(_organisation.Founded.Journal.ToArray());

    // Beside it, so that a program that does not know it reads the other.
    private RowId StoringRow => RowId.From(Digest.Of([.. "understory/desk/v1/templates-stored"u8, .. _organisation.Founded.Journal.ToArray()]).ToArray().AsSpan(0, RowId.Size));

    private LastChange? ReadStored(SqliteConnection connection, Keyring keyring)
    {
        if (Rows.Find(connection, keyring, StoringRow, StoringPurpose) is not { } content) return null;
        var reader = new CborReader(content, what => new CaseworkException($"The templates are damaged: {what}."));
        reader.ReadArrayOf(3);
        var times = (long)reader.ReadUnsigned(long.MaxValue);
        var time = DateTimeOffset.FromUnixTimeSeconds((long)reader.ReadUnsigned(LastSecond));
        var by = DirectoryBodies.ReadUser(ref reader);
        reader.End();
        return new LastChange(times, time, by);
    }

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
