namespace Understory.Sealing;

/// <summary>One recipient in a header: a type, arguments, and the wrapped file key.</summary>
internal sealed record Stanza(string Type, IReadOnlyList<string> Arguments, byte[] Body)
{
    /// <summary>Length of a file key as native recipients wrap it: 16 bytes and a 16-byte tag.</summary>
    public const int WrappedFileKeySize = AgeHeader.FileKeySize + 16;

    /// <summary>The one argument that must follow the type, decoded, of exactly <paramref name="length"/> bytes.</summary>
    public byte[] DecodeArgument(int index, int length, string what)
    {
        var text = System.Text.Encoding.ASCII.GetBytes(Arguments[index]);
        var bytes = new byte[RawBase64.DecodedLength(text.Length)];
        if (!RawBase64.TryDecode(text, bytes, out var written) || written != length)
            throw SealingException.Stanza(Type, $"{what} is not {length} bytes in base64");
        return bytes;
    }

    /// <summary>Checks the counts that the specification fixes for a native type.</summary>
    public void Expect(int arguments)
    {
        if (Arguments.Count != arguments)
            throw SealingException.Stanza(Type, $"{Arguments.Count} arguments instead of {arguments}");
        // Why this is safe: the length is checked before anything is decrypted, so that a crafted body cannot be used
        // to test many keys at once (a partitioning oracle).
        if (Body.Length != WrappedFileKeySize)
            throw SealingException.Stanza(Type, $"a file key of {Body.Length} bytes instead of {WrappedFileKeySize}");
    }
}
