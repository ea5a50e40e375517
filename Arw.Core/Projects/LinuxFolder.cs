using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Arw.Core.Primitives;
using Microsoft.Win32.SafeHandles;

namespace Arw.Core.Projects;

/// <summary>A folder held by its descriptor: every name is opened relative to it with O_NOFOLLOW, so swapping a folder for a link between two steps gains nothing.</summary>
internal sealed class LinuxFolder : OpenFolder
{
    private const int ReadOnly = 0;
    private const int WriteOnly = 1;
    private const int Create = 0x40;
    private const int Exclusive = 0x80;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int NoEntry = 2;
    private const int Interrupted = 4;
    private const int NoDevice = 6;
    private const int Exists = 17;
    private const int NotDirectory = 20;
    private const int Loop = 40;
    private const uint FolderMode = 0x1C0; // rwx------
    private const uint FileMode = 0x180; // rw-------

    // The two flags that differ between processor families.
    private static readonly bool Arm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
    private static readonly int DirectoryOnly = Arm ? 0x4000 : 0x10000;
    private static readonly int NoFollow = Arm ? 0x8000 : 0x20000;

    private readonly SafeFileHandle _handle;

    private LinuxFolder(SafeFileHandle handle) => _handle = handle;

    private int Descriptor => _handle.DangerousGetHandle().ToInt32();

    private string ProcPath => $"/proc/self/fd/{Descriptor}";

    public static new LinuxFolder OpenRoot(string path)
    {
        var handle = Open(-100, path, ReadOnly | DirectoryOnly | CloseOnExec, 0, out var error);
        return handle is null ? throw Fault(path, error) : new(handle);
    }

    public override Result<OpenFolder?> Enter(string name, bool create)
    {
        var flags = ReadOnly | DirectoryOnly | NoFollow | CloseOnExec;
        var handle = Open(Descriptor, name, flags, 0, out var error);
        if (handle is null && error == NoEntry && create)
        {
            if (Native.mkdirat(Descriptor, Utf8(name), FolderMode) != 0 && Marshal.GetLastPInvokeError() is var made && made != Exists)
            {
                throw Fault(name, made);
            }

            handle = Open(Descriptor, name, flags, 0, out error);
        }

        return handle is not null
            ? new LinuxFolder(handle)
            : error switch
            {
                NoEntry => (Result<OpenFolder?>)(OpenFolder?)null,
                Loop => IsLink(name),
                NotDirectory => IsSymbolicLink(name) ? IsLink(name) : IsNot(name, "folder"),
                _ => throw Fault(name, error),
            };
    }

    public override Result<FileStream?> OpenRead(string name)
    {
        // Non-blocking, or a pipe planted under that name would hold the worker for ever.
        var handle = Open(Descriptor, name, ReadOnly | NoFollow | NonBlocking | CloseOnExec, 0, out var error);
        if (handle is null)
        {
            return error switch
            {
                NoEntry => (Result<FileStream?>)(FileStream?)null,
                Loop => IsLink(name),
                NoDevice => IsNot(name, "file"),
                _ => throw Fault(name, error),
            };
        }

        if (!IsPlainFile(handle))
        {
            handle.Dispose();
            return IsNot(name, "file");
        }

        return new FileStream(handle, FileAccess.Read, bufferSize: 1);
    }

    public override FileStream CreateNew(string name)
    {
        var handle = Open(Descriptor, name, WriteOnly | Create | Exclusive | NoFollow | CloseOnExec, FileMode, out var error);
        return handle is null ? throw Fault(name, error) : new FileStream(handle, FileAccess.Write, bufferSize: 1);
    }

    public override void Rename(string from, string to)
    {
        if (Native.renameat(Descriptor, Utf8(from), Descriptor, Utf8(to)) != 0)
        {
            throw Fault(to, Marshal.GetLastPInvokeError());
        }

        // The new name itself must survive a power cut too.
        if (Native.fsync(Descriptor) != 0)
        {
            throw Fault(to, Marshal.GetLastPInvokeError());
        }
    }

    public override void Delete(string name)
    {
        if (Native.unlinkat(Descriptor, Utf8(name), 0) != 0 && Marshal.GetLastPInvokeError() is var error && error != NoEntry)
        {
            throw Fault(name, error);
        }
    }

    // The kernel resolves this to the folder that is held, wherever it has been moved.
    public override IEnumerable<FileSystemInfo> Entries() => EntriesOf(ProcPath);

    public override void Dispose() => _handle.Dispose();

    private bool IsSymbolicLink(string name) => new FileInfo($"{ProcPath}/{name}").LinkTarget is not null;

    private static bool IsPlainFile(SafeFileHandle handle)
    {
        const int emptyPath = 0x1000;
        const uint typeMask = 1;
        var status = new byte[256];
        if (Native.statx(handle.DangerousGetHandle().ToInt32(), [0], emptyPath, typeMask, status) != 0)
        {
            throw Fault("an open file", Marshal.GetLastPInvokeError());
        }

        // stx_mode is the 16-bit field at offset 28; its upper four bits are the type, 8 a regular file.
        return BitConverter.ToUInt16(status, 28) >> 12 == 8;
    }

    private static SafeFileHandle? Open(int folder, string name, int flags, uint mode, out int error)
    {
        int descriptor;
        do
        {
            descriptor = Native.openat(folder, Utf8(name), flags, mode);
            error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        }
        while (error == Interrupted);
        return descriptor < 0 ? null : new SafeFileHandle(descriptor, ownsHandle: true);
    }

    private static byte[] Utf8(string name) => Encoding.UTF8.GetBytes(name + '\0');

    // Writing into an open folder finds no entry only when the folder itself was removed.
    private static IOException Fault(string name, int error)
    {
        var message = $"\"{name}\": {new Win32Exception(error).Message}";
        return error == NoEntry ? new DirectoryNotFoundException(message) : new IOException(message);
    }

    private static class Native
    {
#pragma warning disable SYSLIB1054 // the generated form needs unsafe code in the whole project
        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int openat(int folder, byte[] name, int flags, uint mode);

        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int mkdirat(int folder, byte[] name, uint mode);

        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int renameat(int fromFolder, byte[] from, int toFolder, byte[] to);

        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int unlinkat(int folder, byte[] name, int flags);

        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int statx(int folder, byte[] name, int flags, uint mask, byte[] status);

        [DllImport("libc", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        public static extern int fsync(int descriptor);
#pragma warning restore SYSLIB1054
    }
}
