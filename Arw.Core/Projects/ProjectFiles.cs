using System.Security.Cryptography;
using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>The only way to files: paths under <c>{data}/projects/{project}/</c>, no links followed on the way, writes whole or not at all. Safe for concurrent use.</summary>
/// <param name="dataDirectory">The home's data folder.</param>
public sealed class ProjectFiles(string dataDirectory)
{
    /// <summary>Most bytes that one read returns and one write takes: 8 MiB.</summary>
    public const int MaxBytes = 8 * 1024 * 1024;

    /// <summary>Files longer than this (256 MiB) are not opened: their digest would cost too much.</summary>
    public const long MaxOpen = 256L * 1024 * 1024;

    private readonly Lock[] _writing = [.. Enumerable.Range(0, 32).Select(_ => new Lock())];
    private readonly string _root = Path.Combine(dataDirectory, "projects");

    /// <summary>The project's folder on disk, made where it is missing: for a program that is given the whole of it, never to open files by.</summary>
    internal string FolderOf(string project) => Directory.CreateDirectory(Path.Combine(_root, project)).FullName;

    /// <summary>Opens a file for reading; the caller disposes it. Refusals: no such file (404), a link on the way (403), no plain file (422), longer than <see cref="MaxOpen"/> (413).</summary>
    public Result<Stream> OpenRead(string project, ProjectPath path)
    {
        if (!OpenParent(project, path, create: false).TryGet(out var folder, out var refusal))
        {
            return refusal;
        }

        using (folder)
        {
            if (folder is null)
            {
                return Refusal.NotFound("file", path.ToString());
            }

            if (!folder.OpenRead(path.Name).TryGet(out var stream, out refusal))
            {
                return refusal;
            }

            if (stream is null)
            {
                return Refusal.NotFound("file", path.ToString());
            }

            if (stream.Length <= MaxOpen)
            {
                return stream;
            }

            var length = stream.Length;
            stream.Dispose();
            return TooLarge(path, length, MaxOpen);
        }
    }

    /// <summary>Reads a file, or its beginning, and its digest. Refuses as <see cref="OpenRead"/> does.</summary>
    /// <param name="project">The project.</param>
    /// <param name="path">The file.</param>
    /// <param name="maxBytes">Most bytes to return; at most, and by default, <see cref="MaxBytes"/>.</param>
    public Result<ProjectContent> Read(string project, ProjectPath path, int maxBytes = MaxBytes)
    {
        if (!OpenRead(project, path).TryGet(out var stream, out var refusal))
        {
            return refusal;
        }

        using (stream)
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var kept = new MemoryStream();
            var buffer = new byte[64 * 1024];
            long length = 0;
            int read;
            while ((read = stream.Read(buffer)) > 0 && length <= MaxOpen)
            {
                hash.AppendData(buffer, 0, read);
                length += read;
                kept.Write(buffer, 0, (int)Math.Min(read, Math.Max(0, Math.Min(maxBytes, MaxBytes) - kept.Length)));
            }

            return new ProjectContent(kept.ToArray(), length, Digest.Format(hash.GetHashAndReset()));
        }
    }

    /// <summary>Reads a file that may be missing: null then. Refuses a file longer than <see cref="MaxBytes"/> (413).</summary>
    public Result<ProjectContent?> ReadWhole(string project, ProjectPath path)
    {
        if (!Read(project, path).TryGet(out var content, out var refusal))
        {
            return refusal.Code == "not_found" ? (Result<ProjectContent?>)(ProjectContent?)null : refusal;
        }

        return content.Truncated ? TooLarge(path, content.Length, MaxBytes) : content;
    }

    /// <summary>Replaces or makes a file: all of it or nothing, durable on return. Folders on the way are made.</summary>
    /// <param name="project">The project.</param>
    /// <param name="path">The file.</param>
    /// <param name="content">The new content, at most <see cref="MaxBytes"/>.</param>
    /// <param name="expected">Digest of the content that is to be replaced, null for "there must be none"; something else there is a conflict (409).</param>
    public Result<Done> Write(string project, ProjectPath path, ReadOnlySpan<byte> content, string? expected)
    {
        if (path.Segments.Count == 0)
        {
            return Refusal.Invalid($"\"{path}\" is the project's folder.", "Name a file in it.");
        }

        if (content.Length > MaxBytes)
        {
            return TooLarge(path, content.Length, MaxBytes);
        }

        // Within this process one path has one writer at a time; the home is the only process with authority over the folder.
        lock (_writing[(uint)HashCode.Combine(project, path) % _writing.Length])
        {
            if (!ReadWhole(project, path).TryGet(out var present, out var refusal))
            {
                return refusal;
            }

            if (present?.Digest != expected)
            {
                return Refusal.Conflict(
                    $"\"{path}\" has changed: it is {present?.Digest ?? "not there"}, not {expected ?? "a new file"}.", "Read it again.");
            }

            if (!OpenParent(project, path, create: true).TryGet(out var folder, out refusal))
            {
                return refusal;
            }

            if (folder is null)
            {
                return WentAway(path);
            }

            using (folder)
            {
                // One temporary name per target: what a killed process left behind is removed by the retry.
                var temporary = PathSegment.TemporaryPrefix + Digest.Of(path.Name)[7..39];
                folder.Delete(temporary);
                try
                {
                    using (var stream = folder.CreateNew(temporary))
                    {
                        stream.Write(content);
                        stream.Flush(flushToDisk: true);
                    }

                    folder.Rename(temporary, path.Name);
                }
                catch (DirectoryNotFoundException)
                {
                    return WentAway(path);
                }
                catch
                {
                    folder.Delete(temporary);
                    throw;
                }
            }

            return default(Done);
        }
    }

    /// <summary>Lists a folder (its entries, not theirs) or what a glob matches. Links and half-written files are left out.</summary>
    /// <param name="project">The project.</param>
    /// <param name="glob">What to list.</param>
    /// <param name="limit">Most entries; 1,000 by default.</param>
    public Result<ProjectListing> List(string project, ProjectGlob glob, int limit = 1000)
    {
        if (!OpenFolders(project, glob.Folder.Segments, create: false).TryGet(out var folder, out var refusal))
        {
            return refusal;
        }

        if (folder is null)
        {
            return glob.Folder.Segments.Count == 0
                ? new ProjectListing([], false)
                : Refusal.NotFound("folder", glob.Folder.ToString());
        }

        using (folder)
        {
            var found = new List<ProjectEntry>();
            var complete = ProjectWalk.Collect(folder, glob, glob.Folder, found);
            found.Sort((a, b) => string.CompareOrdinal(a.Path, b.Path));
            return new ProjectListing(found.Count > limit ? found[..limit] : found, found.Count > limit || !complete);
        }
    }

    private Result<OpenFolder?> OpenParent(string project, ProjectPath path, bool create) =>
        path.Segments.Count == 0
            ? Refusal.Invalid($"\"{path}\" is the project's folder.", "Name a file in it.")
            : OpenFolders(project, path.Parent.Segments, create);

    private Result<OpenFolder?> OpenFolders(string project, IReadOnlyList<string> names, bool create)
    {
        if (!ProjectId.Check(project).TryGet(out _, out var refusal))
        {
            return refusal;
        }

        var folder = OpenFolder.OpenRoot(_root);
        foreach (var name in names.Prepend(project))
        {
            using var above = folder;
            if (!above.Enter(name, create).TryGet(out var inner, out refusal))
            {
                return refusal;
            }

            if (inner is null)
            {
                return (Result<OpenFolder?>)(OpenFolder?)null;
            }

            folder = inner;
        }

        return folder;
    }

    // Somebody outside this process moved it between two looks.
    private static Refusal WentAway(ProjectPath path) => Refusal.Conflict($"The folder of \"{path}\" went away while the file was written.", "Try again.");

    private static Refusal TooLarge(ProjectPath path, long length, long limit) => new(
        "too_large", $"\"{path}\" has {length:N0} bytes; at most {limit:N0} are possible.", "Use a smaller file.", 413);
}
