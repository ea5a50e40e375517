using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Core.Projects;
using Arw.Core.Shell;
using Arw.Core.Shell.Containment;
using Arw.Tests.Actions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Shell;

/// <summary>A real sandbox on a data folder of its own.</summary>
internal sealed class SandboxHome : IDisposable
{
    private readonly TempFolder _data = new();

    public SandboxHome(SandboxDoor? door = null, string bubblewrap = "bwrap", TimeProvider? time = null)
    {
        Sandbox = new Sandbox(door ?? ((connection, _, _) => Task.CompletedTask), new SandboxOptions(_data.Path) { Bubblewrap = bubblewrap }, time ?? Time);
        Exec = new ShellExec(Sandbox, new ProjectFiles(_data.Path), Policy, time ?? Time);
        Directory.CreateDirectory(Project);
    }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 29, 8, 0, 0, TimeSpan.Zero));

    public PolicyModel Policy { get; } = new();

    public Sandbox Sandbox { get; }

    public ShellExec Exec { get; }

    public string Data => _data.Path;

    public string Project => Path.Combine(_data.Path, "projects", "demo");

    public Task<Result<JsonNode?>> RunAsync(FakeRun run, params string[] command) => RunAsync(run, new ShellExecInput(command));

    public Task<Result<JsonNode?>> RunAsync(FakeRun run, ShellExecInput input, CancellationToken cancel = default) =>
        Exec.RunAsync(JsonSerializer.SerializeToElement(input, ArwJson.Options), run, cancel);

    /// <summary>Sets the posture Relaxed.</summary>
    public void Relax() => Take(Posture.Relaxed);

    /// <summary>Sets a posture.</summary>
    public void Take(Posture posture)
    {
        var set = PolicyEvents.PostureSet.Draft(new PostureSet(posture), "person:owner", PolicyEvents.Subject);
        Policy.Apply(new JournalEvent { Seq = 1, Recorded = default, Time = default, Kind = set.Kind, Actor = set.Actor, Payload = set.Payload });
    }

    public void Dispose() => _data.Dispose();
}

/// <summary>A test that contains programs for real. Without bubblewrap it is skipped; in CI it fails instead, as it does everywhere when the kernel refuses.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SandboxFactAttribute : FactAttribute
{
    public SandboxFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Environment.GetEnvironmentVariable("CI") != "true" && !folders.Any(f => File.Exists(Path.Combine(f, "bwrap"))))
        {
            Skip = "bubblewrap is not installed (Debian: apt install bubblewrap).";
        }
    }
}
