using System.Diagnostics;
using System.Globalization;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Arw.Tests.Disks;

namespace Arw.Tests.Egress;

/// <summary>A network of its own on this machine, in which any address can be given out and listened on. Nothing of the machine's own network is changed.</summary>
internal sealed class NetworkNamespace : IDisposable
{
    private const int CloneNewNet = 0x40000000;

    public NetworkNamespace(IEnumerable<string> addresses, string nameServer)
    {
        Name = string.Create(CultureInfo.InvariantCulture, $"arw-test-{Environment.ProcessId}");
        Run("ip", "netns", "add", Name);
        try
        {
            Directory.CreateDirectory(Folder);
            File.WriteAllText(Path.Combine(Folder, "resolv.conf"), $"nameserver {nameServer}\noptions timeout:2 attempts:2\n");
            Run("ip", "-n", Name, "link", "set", "lo", "up");
            foreach (var address in addresses)
            {
                Run("ip", ["-n", Name, "address", "add", address, "dev", "lo", .. address.Contains(':', StringComparison.Ordinal) ? (string[])["nodad"] : []]);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Name { get; }

    private string Folder => $"/etc/netns/{Name}";

    /// <summary>Runs something whose sockets belong to the namespace, on a thread of its own: what it makes stays there wherever it is used.</summary>
    public T Inside<T>(Func<T> make)
        where T : class
    {
        T? made = null;
        ExceptionDispatchInfo? fault = null;
        var thread = new Thread(() =>
        {
            try
            {
                var handle = Native.Open(Encoding.UTF8.GetBytes($"/var/run/netns/{Name}\0"), 0);
                Assert.True(handle >= 0 && Native.SetNamespace(handle, CloneNewNet) == 0, $"setns: error {Marshal.GetLastPInvokeError()}");
                Assert.Equal(0, Native.Close(handle));
                made = make();
            }
            catch (Exception e)
            {
                fault = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        fault?.Throw();
        return made!;
    }

    public void Dispose()
    {
        Run("ip", "netns", "delete", Name);
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    private static void Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
        var said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)}: {said}");
    }

    private static class Native
    {
        [DllImport("libc", EntryPoint = "open", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Open(byte[] path, int flags);

        [DllImport("libc", EntryPoint = "close"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int Close(int handle);

        [DllImport("libc", EntryPoint = "setns", SetLastError = true), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        internal static extern int SetNamespace(int handle, int kind);
    }
}

/// <summary>A test in a network namespace: it needs Linux, iproute2 and the right to make one. Skipped where that is missing, except in continuous integration, where it fails then.</summary>
public sealed class NetworkNamespaceFactAttribute : FactAttribute
{
    public NetworkNamespaceFactAttribute()
    {
        if (!Needed.Everywhere && !(OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && Needed.Has("ip")))
        {
            Skip = "Needs Linux, ip (iproute2) and the right to make network namespaces.";
        }
    }
}
