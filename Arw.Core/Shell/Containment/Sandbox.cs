using System.Net.Sockets;
using Arw.Core.Actions;
using Arw.Core.Primitives;

namespace Arw.Core.Shell.Containment;

/// <summary>Runs programs in bubblewrap. A program sees the system's programs and its project; its only way out is a socket that leads to the door.</summary>
public sealed class Sandbox(SandboxDoor door, SandboxOptions options, TimeProvider time)
{
    private const int NotFound = 127;
    private Task<SandboxState>? _known;
    private volatile bool _resolver = true;

    /// <summary>Whether programs can be contained here, found out by containing one. What is missing is looked for again each time.</summary>
    public async Task<SandboxState> StateAsync()
    {
        var known = _known;
        if (known is null || (known.IsCompletedSuccessfully && known.Result.Missing is not null))
        {
            _known = known = ProbeAsync();
        }

        return await known;
    }

    /// <summary>What was found out last; null before the first try.</summary>
    public SandboxState? Seen => _known is { IsCompletedSuccessfully: true } known ? known.Result : null;

    internal async Task<SandboxEnd> RunAsync(SandboxTask task, ActionRun? run, CancellationToken revoked, CancellationToken cancel)
    {
        var folder = Directory.CreateTempSubdirectory("arw-sandbox-");
        try
        {
            if (!task.Contained)
            {
                using var child = new ChildProcess(Bubblewrap.StartUncontained(task), task, time);
                return await child.RunAsync(revoked, cancel);
            }

            Prepare(folder.FullName);
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            listener.Bind(new UnixDomainSocketEndPoint(Path.Combine(folder.FullName, "door")));
            listener.Listen();
            using var ended = new CancellationTokenSource();
            var serving = ServeAsync(listener, run, ended.Token);
            try
            {
                using var child = new ChildProcess(Bubblewrap.Start(folder.FullName, options, task, _resolver), task, time) { Stopping = ended.Cancel };
                return await child.RunAsync(revoked, cancel);
            }
            finally
            {
                await ended.CancelAsync();
                await serving;
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Prepare(string folder)
    {
        Directory.CreateDirectory(Path.Combine(folder, "etc"));
        File.WriteAllText(Path.Combine(folder, "etc", "passwd"), $"user:x:{Bubblewrap.User}:{Bubblewrap.User}:user:/tmp:/bin/sh\n");
        File.WriteAllText(Path.Combine(folder, "etc", "hosts"), "127.0.0.1 localhost sandbox\n");
        File.WriteAllText(Path.Combine(folder, "etc", "resolv.conf"), "nameserver 127.0.0.1\noptions timeout:4 attempts:1\n");
        File.WriteAllBytes(Path.Combine(folder, "filter"), Seccomp.Filter()!);
    }

    // The first connection is that of the sandbox's first process, which ends when it breaks, and starts nothing when it cannot make it: so neither a stop
    // while the sandbox is still being made nor the death of the home leaves a program behind, although bubblewrap alone would.
    private async Task ServeAsync(Socket listener, ActionRun? run, CancellationToken ended)
    {
        var serving = new List<Task>();
        using (listener)
        {
            try
            {
                using var lifeline = await listener.AcceptAsync(ended);
                while (true)
                {
                    var connection = await listener.AcceptAsync(ended);
                    serving.RemoveAll(t => t.IsCompleted);
                    serving.Add(ServeOneAsync(connection, run, ended));
                }
            }
            catch (OperationCanceledException)
            {
                // The program has ended, and what it had open ends with it.
            }
        }

        await Task.WhenAll(serving);
    }

    private async Task ServeOneAsync(Socket connection, ActionRun? run, CancellationToken ended)
    {
        using (connection)
        {
            try
            {
                await (run is null ? Task.CompletedTask : door(connection, run, ended));
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The program went away.
            }
        }
    }

    private async Task<SandboxState> ProbeAsync()
    {
        if (!OperatingSystem.IsLinux() || Seccomp.Filter() is null)
        {
            return Missing("the sandbox needs Linux on x64 or arm64.", "Run the home there, or choose the posture Relaxed, which contains nothing.");
        }

        var empty = Directory.CreateTempSubdirectory("arw-sandbox-");
        try
        {
            var task = new SandboxTask(["/bin/sh", "-c", "exit 42"], empty.FullName, "", null, new ShellLimits { Seconds = 20 }, Contained: true);
            _resolver = true;
            var end = await RunAsync(task, null, default, default);
            if (end.ExitCode is not (42 or NotFound))
            {
                _resolver = false;
                end = await RunAsync(task, null, default, default);
            }

            return end switch
            {
                { ExitCode: 42 } => new SandboxState((Refusal?)null) { Resolver = _resolver },
                { ExitCode: NotFound } => Missing("bubblewrap is not installed.", "Install it (Debian: apt install bubblewrap)."),
                _ => Missing($"the kernel does not let a sandbox be made ({Reason(end)}).", "Permit unprivileged user namespaces; in a container, see the README for the flags it needs."),
            };
        }
        finally
        {
            empty.Delete(recursive: true);
        }
    }

    private static string Reason(SandboxEnd end) => end.Errors.Trim() is { Length: > 0 } said ? said.Split('\n')[0] : end.StoppedBy is { } limit ? $"stopped: {limit}" : $"exit code {end.ExitCode}";

    private static SandboxState Missing(string what, string next) => new(new Refusal("containment_unavailable", what, next, 503));
}
