using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace Arw.Core.Shell.Containment;

/// <summary>How a program is started inside bubblewrap: namespaces of its own for everything, no capability, no network but a loopback that leads to one socket, and of the files only the system's programs, read-only, and the project.</summary>
internal static class Bubblewrap
{
    /// <summary>Where the socket is bound to inside.</summary>
    public const string Door = "/run/arw/door";

    /// <summary>Where the project is inside.</summary>
    public const string Project = "/project";

    /// <summary>Number of user and group inside; outside it is whoever runs the home.</summary>
    public const string User = "1000";

    // A port below 1024 in a network of its own, which no program inside has the right to: whoever makes that network gives it away to all in it. So one bubblewrap makes the network, and a
    // second one in it the sandbox. Where the first step does not work there is a sandbox without a resolver.
    private const string InOwnNetwork =
        "filter=$1; shift; exec \"$0\" --dev-bind / / --unshare-user --unshare-net --uid 0 --gid 0 --cap-add ALL --die-with-parent -- "
        + "/bin/sh -c '{ echo 53 > /proc/sys/net/ipv4/ip_unprivileged_port_start; } 2>/dev/null; exec \"$0\" --seccomp 9 --unshare-all --share-net \"$@\"' \"$0\" \"$@\" 9<\"$filter\"";

    private const string Alone = "filter=$1; shift; exec \"$0\" --seccomp 9 --unshare-all \"$@\" 9<\"$filter\"";

    private const string App = "/run/arw/app";
    private const string Runtime = "/run/arw/dotnet";

    // Nothing else of the machine is there: no home folders, no /var, no /run (whose sockets would be doors, read-only or not), no data folder.
    private static readonly string[] SystemFolders = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/etc/alternatives", "/etc/ssl", "/etc/ca-certificates", "/etc/pki", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime"];

    /// <summary>What a process is started with.</summary>
    /// <param name="folder">A folder of the run's own, which holds <c>door</c>, <c>filter</c> and <c>etc</c>.</param>
    /// <param name="options">Where bubblewrap is, and what must not be seen.</param>
    /// <param name="task">What to run.</param>
    /// <param name="resolver">Whether it can have a resolver where programs look for one, on port 53.</param>
    public static ProcessStartInfo Start(string folder, SandboxOptions options, SandboxTask task, bool resolver)
    {
        // The shell hands the filter over as an open file, which a process started by the runtime cannot do.
        var start = Plain("/bin/sh");
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(resolver ? InOwnNetwork : Alone);
        start.ArgumentList.Add(options.Bubblewrap);
        start.ArgumentList.Add(Path.Combine(folder, "filter"));
        foreach (var argument in Arguments(folder, options.DataDir, task))
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    /// <summary>What a program is started with where there is no sandbox: in the project's folder, with limits and an environment without secrets, and nothing else.</summary>
    public static ProcessStartInfo StartUncontained(SandboxTask task)
    {
        var start = Plain("/bin/sh");
        start.WorkingDirectory = Path.Combine(task.Project, task.Folder);
        start.ArgumentList.Add("-c");
        foreach (var argument in Limited(task))
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["LANG"] = "C.UTF-8";
        start.Environment["HOME"] = task.Project;
        return start;
    }

    private static IEnumerable<string> Arguments(string folder, string dataDirectory, SandboxTask task)
    {
        // The kernel's settings ask who somebody is outside: a home that root runs would have programs that may change those of the whole machine.
        string[] basis =
        [
            "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--uid", User, "--gid", User, "--hostname", "sandbox", "--clearenv",
            "--proc", "/proc", "--ro-bind", "/proc/sys", "/proc/sys", "--ro-bind-try", "/proc/sysrq-trigger", "/proc/sysrq-trigger", "--dev", "/dev", "--size", Size(task), "--tmpfs", "/tmp", "--size", Size(task), "--tmpfs", "/dev/shm",
        ];
        foreach (var argument in basis)
        {
            yield return argument;
        }

        foreach (var system in SystemFolders)
        {
            // A merged /usr makes some of these links: the link is made again, so that nothing is mounted twice.
            if (new FileInfo(system).LinkTarget is { } target && system.LastIndexOf('/') == 0)
            {
                yield return "--symlink";
                yield return target;
                yield return system;
            }
            else
            {
                yield return "--ro-bind-try";
                yield return system;
                yield return system;
            }
        }

        foreach (var (from, to) in new[] { (Path.Combine(folder, "etc", "passwd"), "/etc/passwd"), (Path.Combine(folder, "etc", "hosts"), "/etc/hosts"), (Path.Combine(folder, "etc", "resolv.conf"), "/etc/resolv.conf"), (Path.Combine(folder, "door"), Door), (AppContext.BaseDirectory, App) })
        {
            yield return "--ro-bind";
            yield return from;
            yield return to;
        }

        if (DotNetRoot() is { } root)
        {
            yield return "--ro-bind";
            yield return root;
            yield return Runtime;
        }

        foreach (var hidden in Hidden(dataDirectory))
        {
            yield return "--tmpfs";
            yield return hidden;
        }

        string[] end =
        [
            "--bind", task.Project, Project, "--remount-ro", "/", "--chdir", Path.Combine(Project, task.Folder),
            "--setenv", "PATH", "/usr/local/bin:/usr/bin:/bin", "--setenv", "HOME", "/tmp", "--setenv", "LANG", "C.UTF-8", "--setenv", SandboxStart.NoDiagnostics, "0",
        ];
        foreach (var argument in end)
        {
            yield return argument;
        }

        foreach (var name in new[] { "http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "NODE_USE_ENV_PROXY" })
        {
            yield return "--setenv";
            yield return name;
            yield return name.StartsWith("NODE", StringComparison.Ordinal) ? "1" : name.StartsWith("all", StringComparison.OrdinalIgnoreCase) ? $"socks5h://127.0.0.1:{SandboxStart.Port}" : $"http://127.0.0.1:{SandboxStart.Port}";
        }

        yield return "--";
        foreach (var argument in DotNetRoot() is null ? new[] { $"{App}/Arw.Web" } : [$"{Runtime}/dotnet", "exec", $"{App}/Arw.Web.dll"])
        {
            yield return argument;
        }

        yield return SandboxStart.Command;
        yield return "/bin/sh";
        yield return "-c";
        foreach (var argument in Limited(task))
        {
            yield return argument;
        }
    }

    // Each process by itself; all together are watched from outside.
    private static IEnumerable<string> Limited(SandboxTask task) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"ulimit -c 0 && ulimit -t {task.Limits.CpuSeconds} && ulimit -d {task.Limits.MemoryBytes / 1024} && ulimit -f {task.Limits.FileBytes / 512} && exec \"$@\""),
        "sh", .. task.Command,
    ];

    // Where the data folder, or what it is a link to, lies below something that is bound in.
    private static IEnumerable<string> Hidden(string dataDirectory)
    {
        var data = Path.GetFullPath(dataDirectory);
        foreach (var (outside, inside) in SystemFolders.Select(f => (f, f)).Append((Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory), App)).Append((DotNetRoot() ?? App, Runtime)))
        {
            if (data.StartsWith(outside + "/", StringComparison.Ordinal))
            {
                yield return inside + data[outside.Length..];
            }
        }
    }

    private static string Size(SandboxTask task) => task.Limits.MemoryBytes.ToString(CultureInfo.InvariantCulture);

    private static ProcessStartInfo Plain(string program)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false, WorkingDirectory = "/" };

        // The home's environment holds keys.
        var path = start.Environment["PATH"];
        start.Environment.Clear();
        start.Environment["PATH"] = path;
        return start;
    }

    // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION; one that was published with the program lies beside it and has no root.
    private static string? DotNetRoot()
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        return File.Exists(Path.Combine(root, "dotnet")) ? root : null;
    }
}
