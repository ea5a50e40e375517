namespace Arw.Core.Projects;

/// <summary>What a name in a project stands for.</summary>
public enum EntryKind
{
    /// <summary>A file.</summary>
    File,

    /// <summary>A folder.</summary>
    Folder,
}

/// <summary>One entry of a listing.</summary>
/// <param name="Path">Full path, <c>project://notes/today.md</c>.</param>
/// <param name="Bytes">Length in bytes; 0 for folders.</param>
/// <param name="Modified">When it last changed (file system's clock).</param>
/// <param name="Kind">File or folder.</param>
public sealed record ProjectEntry(string Path, long Bytes, DateTimeOffset Modified, EntryKind Kind);

/// <summary>A listing.</summary>
/// <param name="Entries">Entries by path.</param>
/// <param name="Truncated">True when there are more than were asked for.</param>
public sealed record ProjectListing(IReadOnlyList<ProjectEntry> Entries, bool Truncated);

/// <summary>The content of a file, or its beginning.</summary>
/// <param name="Bytes">What was read.</param>
/// <param name="Length">Length of the whole file in bytes.</param>
/// <param name="Digest">Digest of the whole file.</param>
public sealed record ProjectContent(byte[] Bytes, long Length, string Digest)
{
    /// <summary>True when the file goes on after <see cref="Bytes"/>.</summary>
    public bool Truncated => Bytes.Length < Length;
}
