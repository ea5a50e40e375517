using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Arw.Core.Journal;

/// <summary>Makes the entries of a folder durable: a file that was synced can still be gone after a power loss when its name was not.</summary>
internal static class DurableFolder
{
    private const int CloseOnExec = 0x80000;

    /// <summary>Makes a folder, and every missing one above it, durably.</summary>
    public static void Create(string path)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        var above = Path.GetDirectoryName(path)!;
        Create(above);
        Directory.CreateDirectory(path);
        Sync(above);
    }

    /// <summary>Syncs the names in a folder. Does nothing where folders cannot be synced (Windows keeps its own journal of names).</summary>
    public static void Sync(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new SafeFileHandle(Native.open(Encoding.UTF8.GetBytes(path + '\0'), CloseOnExec, 0), ownsHandle: true);
        if (folder.IsInvalid)
        {
            throw Fault(path);
        }

        Flush(folder, path);
    }

    /// <summary>Syncs an open file or folder. <c>FileStream.Flush(true)</c> does not do: it says nothing when the disk answers with an error.</summary>
    /// <param name="handle">The open file.</param>
    /// <param name="path">Its path, for the message.</param>
    public static void Flush(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
        }
        else if (Native.SystemNative_FSync(handle) != 0)
        {
            throw Fault(path);
        }
    }

    private static IOException Fault(string path)
    {
        var error = Marshal.GetLastPInvokeError();
        return new IOException($"\"{path}\" could not be synced: {new Win32Exception(error).Message}", error);
    }

    private static class Native
    {
#pragma warning disable SYSLIB1054 // the generated form needs unsafe code in the whole project
        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int open(byte[] path, int flags, uint mode);

        [DllImport("libSystem.Native", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories | DllImportSearchPath.AssemblyDirectory)]
        public static extern int SystemNative_FSync(SafeFileHandle handle);
#pragma warning restore SYSLIB1054
    }
}
