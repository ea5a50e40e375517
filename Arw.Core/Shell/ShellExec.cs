using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Core.Projects;
using Arw.Core.Shell.Containment;

namespace Arw.Core.Shell;

/// <summary>Input of <c>shell.exec</c>.</summary>
public sealed record ShellExecInput(
    [property: Description("Program and arguments, one item each: no shell splits or expands them. For a shell line: [\"sh\", \"-c\", \"…\"]")] IReadOnlyList<string> Command)
{
    /// <summary>Folder of the project in which it starts; the project's own by default.</summary>
    [Description("Folder of the project in which it starts, project://src; the project's own by default")]
    public string? Folder { get; init; }

    /// <summary>What it reads from its standard input; nothing by default.</summary>
    [Description("Text for its standard input; none by default")]
    public string? Input { get; init; }

    /// <summary>Seconds until it is stopped, 1 to 600; 60 by default.</summary>
    [Description("Seconds until it is stopped, 1 to 600; 60 by default")]
    public int? Seconds { get; init; }
}

/// <summary><c>shell.exec</c>: runs a program in a sandbox that sees the project and the system's programs, and reaches the network only through the egress guard.</summary>
public sealed class ShellExec(Sandbox sandbox, ProjectFiles files, PolicyModel policy, TimeProvider time) : ActionKind<ShellExecInput>
{
    private const int MaxSeconds = 600;
    private const int MaxInput = 1 << 20;

    /// <inheritdoc/>
    public override string Id => "shell.exec";

    /// <inheritdoc/>
    public override string Title => "Run a program";

    /// <inheritdoc/>
    public override string Summary => "Runs a program in a sandbox. It sees the project's files, which it may change, and the system's programs; the network only through the egress guard. Returns what it printed and its exit code.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.External;

    /// <inheritdoc/>
    protected override string Describe(ShellExecInput input) => $"Run {string.Join(' ', input.Command.Select(ShellNeeds.Shown))}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(ShellExecInput input, ActionContext context)
    {
        if (input.Seconds is < 1 or > MaxSeconds)
        {
            return Refusal.Invalid($"seconds is {input.Seconds}, but must be from 1 to {MaxSeconds}.", "Leave it out for 60.");
        }

        if (input.Input?.Length > MaxInput)
        {
            return Refusal.Invalid($"The input has {input.Input.Length:N0} characters; at most {MaxInput:N0} are possible.", "Write it to a file of the project first.");
        }

        return !InProject(context).TryGet(out _, out var refusal)
            || !FolderOf(input).TryGet(out _, out refusal)
            || !ShellNeeds.Of(input.Command).TryGet(out var need, out refusal)
                ? refusal
                : new[] { need };
    }

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(ShellExecInput input, ActionRun run, CancellationToken cancel)
    {
        if (!InProject(run.Context).TryGet(out var project, out var refusal)
            || !FolderOf(input).TryGet(out var folder, out refusal)
            || !ShellNeeds.Of(input.Command).TryGet(out var need, out refusal)
            || !(await MayRunAsync()).TryGet(out var contained, out refusal)
            || !(await run.DemandAsync(need, cancel)).TryGet(out var permit, out refusal))
        {
            return refusal;
        }

        var limits = new ShellLimits { Seconds = input.Seconds ?? 60 };
        var root = files.FolderOf(project);
        var before = FolderSnapshot.Take(root);
        var task = new SandboxTask(input.Command, root, folder.Relative, input.Input, limits, contained);
        await run.AppendAsync([ShellEvents.Started.Draft(new ProcessStarted(run.Context.ActionId, input.Command, contained, limits), run.Context.Principal.Actor)], cancel);
        var began = time.GetTimestamp();
        var ended = await sandbox.RunAsync(task, run, permit.Revoked, cancel);
        var (changed, more) = FolderSnapshot.Take(root).Since(before);
        var report = new ProcessEnded(run.Context.ActionId, ended.ExitCode, new ProcessUse((long)time.GetElapsedTime(began).TotalMilliseconds, ended.CpuMs, ended.PeakBytes, ended.OutputBytes))
        {
            StoppedBy = ended.StoppedBy,
            Changed = changed,
            MoreChanged = more,
        };

        // The effect has happened: its report is written even when the action is being stopped.
        await run.AppendAsync([ShellEvents.Ended.Draft(report, run.Context.Principal.Actor)], CancellationToken.None);
        cancel.ThrowIfCancellationRequested();
        return await AnswerAsync(report, ended, limits, need, run, cancel);
    }

    private static async Task<Result<JsonNode?>> AnswerAsync(ProcessEnded report, SandboxEnd ended, ShellLimits limits, Capability need, ActionRun run, CancellationToken cancel)
    {
        if (report.StoppedBy == SandboxEnd.Revoked)
        {
            return (await run.DemandAsync(need, cancel)).TryGet(out _, out var refusal)
                ? new Refusal("revoked", "The program was stopped: the lease that it ran under was revoked.", "Run it again.", 403)
                : refusal;
        }

        if (report.StoppedBy is { } limit)
        {
            return new Refusal($"limit_{limit}", $"The program was stopped: {LimitWords(limit, limits)}.", "Let it do less at once, or in parts.", 422, new { ended.Output, ended.Errors, report.Used, report.Changed });
        }

        return new JsonObject
        {
            ["exit_code"] = report.ExitCode,
            ["output"] = ended.Output,
            ["errors"] = ended.Errors,
            ["elapsed_ms"] = report.Used.ElapsedMs,
            ["changed"] = System.Text.Json.JsonSerializer.SerializeToNode(report.Changed, ArwJson.Options),
        };
    }

    private static string LimitWords(string limit, ShellLimits limits) => limit switch
    {
        SandboxEnd.Time => $"it ran for {limits.Seconds} s",
        SandboxEnd.Cpu => $"it used {limits.CpuSeconds} s of processor",
        SandboxEnd.Memory => $"it used more than {limits.MemoryBytes >> 20} MiB of memory",
        SandboxEnd.Processes => $"it had more than {limits.Processes} processes",
        _ => $"it printed more than {limits.OutputBytes >> 10} KiB",
    };

    // Without a sandbox nothing holds a child: only a person who chose Relaxed has said that this is all right.
    private async Task<Result<bool>> MayRunAsync()
    {
        if ((await sandbox.StateAsync()).Missing is not { } missing)
        {
            return true;
        }

        return policy.Current.Posture == Posture.Relaxed
            ? false
            : new Refusal("containment_unavailable", $"Programs cannot be contained on this machine: {missing.Message}", missing.Next, 503);
    }

    private static Result<string> InProject(ActionContext context) => context.Project is { } project
        ? project
        : Refusal.Invalid("A program runs in a project, and this action names none.", "Submit it with \"project\".");

    private static Result<ProjectPath> FolderOf(ShellExecInput input) => ProjectPath.Parse(input.Folder ?? "project://");
}
