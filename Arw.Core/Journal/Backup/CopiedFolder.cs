namespace Arw.Core.Journal.Backup;

/// <summary>Copies files of a journal durably.</summary>
internal static class CopiedFolder
{
    /// <summary>Copies a file, unless it is there already with that length.</summary>
    /// <exception cref="IOException">It cannot be read or written.</exception>
    public static void Copy(string from, string to)
    {
        if (File.Exists(to) && new FileInfo(to).Length == new FileInfo(from).Length)
        {
            return;
        }

        DurableFolder.Create(Path.GetDirectoryName(to)!);
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var target = new FileStream(to, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        source.CopyTo(target, 1024 * 1024);
        DurableFolder.Flush(target.SafeFileHandle, to);
    }

    /// <summary>Writes a small file durably.</summary>
    public static void Write(string path, byte[] bytes)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, 1);
        file.Write(bytes);
        DurableFolder.Flush(file.SafeFileHandle, path);
    }

    /// <summary>Makes a folder's names durable, and those of all folders in it.</summary>
    public static void Sync(string folder)
    {
        foreach (var inner in Directory.GetDirectories(folder, "*", SearchOption.AllDirectories))
        {
            DurableFolder.Sync(inner);
        }

        DurableFolder.Sync(folder);
    }
}
