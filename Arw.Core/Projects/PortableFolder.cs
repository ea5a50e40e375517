using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>A folder held by its path, where no descriptor-relative calls are to be had: links are looked for before and after each open.</summary>
internal sealed class PortableFolder(string path) : OpenFolder
{
    public override Result<OpenFolder?> Enter(string name, bool create)
    {
        var inner = Path.Combine(path, name);
        if (IsLinkAt(inner))
        {
            return IsLink(name);
        }

        if (File.Exists(inner))
        {
            return IsNot(name, "folder");
        }

        if (!Directory.Exists(inner))
        {
            if (!create)
            {
                return (Result<OpenFolder?>)(OpenFolder?)null;
            }

            Directory.CreateDirectory(inner);
        }

        return new PortableFolder(inner);
    }

    public override Result<FileStream?> OpenRead(string name)
    {
        var file = Path.Combine(path, name);
        if (IsLinkAt(file))
        {
            return IsLink(name);
        }

        if (Directory.Exists(file))
        {
            return IsNot(name, "file");
        }

        if (!File.Exists(file))
        {
            return (Result<FileStream?>)(FileStream?)null;
        }

        var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        if (!IsLinkAt(file) && !IsLinkAt(path))
        {
            return stream;
        }

        stream.Dispose();
        return IsLink(name);
    }

    public override FileStream CreateNew(string name) =>
        new(Path.Combine(path, name), FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1);

    public override void Rename(string from, string to)
    {
        if (IsLinkAt(path))
        {
            throw new IOException($"\"{Path.GetFileName(path)}\" became a link while it was written to.");
        }

        File.Move(Path.Combine(path, from), Path.Combine(path, to), overwrite: true);
    }

    public override void Delete(string name) => File.Delete(Path.Combine(path, name));

    public override IEnumerable<FileSystemInfo> Entries() => EntriesOf(path);

    public override void Dispose()
    {
    }

    private static bool IsLinkAt(string path) => new FileInfo(path).LinkTarget is not null;
}
