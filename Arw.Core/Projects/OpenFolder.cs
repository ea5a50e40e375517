using System.Runtime.InteropServices;
using Arw.Core.Primitives;

namespace Arw.Core.Projects;

/// <summary>A folder held open while something is done in it, reached name by name without following a link. Two ways to hold it: by descriptor on Linux, by path elsewhere.</summary>
internal abstract class OpenFolder : IDisposable
{
    /// <summary>Opens a folder that the home owns; links above it are the owner's affair.</summary>
    public static OpenFolder OpenRoot(string path)
    {
        Directory.CreateDirectory(path);
        return OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64
            ? LinuxFolder.OpenRoot(path)
            : new PortableFolder(path);
    }

    /// <summary>The folder of that name in this one; null when there is none and it is not to be made. A link or a file is a refusal.</summary>
    public abstract Result<OpenFolder?> Enter(string name, bool create);

    /// <summary>Opens a file for reading; null when there is none. Anything but a plain file is a refusal.</summary>
    public abstract Result<FileStream?> OpenRead(string name);

    /// <summary>Makes a file that must not exist yet.</summary>
    public abstract FileStream CreateNew(string name);

    /// <summary>Gives a file another name in this folder, replacing what has it: atomically, and durably on return.</summary>
    public abstract void Rename(string from, string to);

    /// <summary>Removes a file, if there.</summary>
    public abstract void Delete(string name);

    /// <summary>Entries that are no links: name, kind, length, time.</summary>
    public abstract IEnumerable<FileSystemInfo> Entries();

    /// <inheritdoc/>
    public abstract void Dispose();

    /// <summary>Entries of a folder by its path, without links and half-written files.</summary>
    protected static IEnumerable<FileSystemInfo> EntriesOf(string path) => new DirectoryInfo(path)
        .EnumerateFileSystemInfos("*", new EnumerationOptions { AttributesToSkip = FileAttributes.ReparsePoint, IgnoreInaccessible = true })
        .Where(e => !e.Name.StartsWith(PathSegment.TemporaryPrefix, StringComparison.OrdinalIgnoreCase));

    /// <summary>The refusal for a link.</summary>
    protected static Refusal IsLink(string name) => Refusal.Forbidden(
        $"\"{name}\" is a link. Links are not followed inside a project.", "Put the file itself into the project.");

    /// <summary>The refusal for something that is not of the kind asked for.</summary>
    protected static Refusal IsNot(string name, string what) => Refusal.Invalid(
        $"\"{name}\" is no {what}.", "List the folder to see what is there.");
}
