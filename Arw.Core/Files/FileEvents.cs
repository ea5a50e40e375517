using Arw.Core.Journal;

namespace Arw.Core.Files;

/// <summary>Kinds of events about files. Subject: <c>file:PROJECT/PATH</c>.</summary>
public static class FileEvents
{
    /// <summary>A file is about to be written: what makes a write that was cut off recognisable.</summary>
    public static readonly EventKind<FileWriteIntended> Intended = new("files.write.intended", "A file is about to be written.");

    /// <summary>A file has been written.</summary>
    public static readonly EventKind<FileWritten> Written = new("files.written", "A file was written, with the difference to what it held before.");

    /// <summary>Subject of a file's events.</summary>
    public static string Subject(string? project, Projects.ProjectPath path) => $"file:{project}/{path.Relative}";
}

/// <summary>Payload of <c>files.write.intended</c>.</summary>
/// <param name="Path">The file, <c>project://…</c>.</param>
/// <param name="Action">Id of the action that writes.</param>
/// <param name="AfterDigest">Digest of what will be there.</param>
/// <param name="BeforeDigest">Digest of what is there; null when there is no file.</param>
public sealed record FileWriteIntended(string Path, string Action, string AfterDigest, string? BeforeDigest = null);

/// <summary>Payload of <c>files.written</c>.</summary>
/// <param name="Path">The file, <c>project://…</c>.</param>
/// <param name="Action">Id of the action that wrote.</param>
/// <param name="AfterDigest">Digest of what is there now.</param>
/// <param name="Bytes">Its length.</param>
public sealed record FileWritten(string Path, string Action, string AfterDigest, long Bytes)
{
    /// <summary>Digest of what was there; null when there was no file.</summary>
    public string? BeforeDigest { get; init; }

    /// <summary>The difference as a unified diff, at most 16 KiB; null for binary or very large content.</summary>
    public string? Diff { get; init; }

    /// <summary>True when the diff goes on.</summary>
    public bool DiffCut { get; init; }

    /// <summary>True when the content was there already, written by an earlier attempt or equal by chance, and nothing was written now.</summary>
    public bool Already { get; init; }
}
