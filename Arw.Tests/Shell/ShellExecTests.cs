using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Policy.Postures;
using Arw.Core.Primitives;
using Arw.Core.Shell;
using Arw.Tests.Actions;

namespace Arw.Tests.Shell;

/// <summary>Programs that behave, and programs that use too much, each run for real.</summary>
public sealed class ShellExecTests
{
    [SandboxFact]
    public async Task Exec_WellBehavedProgram_AnswersWhatItPrintedAndChanged()
    {
        using var home = new SandboxHome();
        File.WriteAllText(Path.Combine(home.Project, "old.txt"), "before");
        var run = new FakeRun();

        var output = Value(await home.RunAsync(run, new ShellExecInput(["sh", "-c", "cat; echo seen >&2; pwd; echo made > new.txt; echo after >> old.txt; exit 3"]) { Input = "héllo\n" }));

        Assert.Equal((3, "héllo\n/project\n", "seen\n"), ((int)output["exit_code"]!, (string?)output["output"], (string?)output["errors"]));
        Assert.Equal("made\n", File.ReadAllText(Path.Combine(home.Project, "new.txt")));
        Assert.Equal(["shell.started", "shell.ended"], run.Written.Select(d => d.Kind));
        Assert.True(Read<ProcessStarted>(run.Written[0]).Contained);
        Assert.Equal([new FileChange("project://new.txt", "new"), new FileChange("project://old.txt", "changed")], Read<ProcessEnded>(run.Written[1]).Changed);
    }

    [SandboxFact]
    public async Task Exec_FolderOfTheProject_IsWhereItStarts()
    {
        using var home = new SandboxHome();
        Directory.CreateDirectory(Path.Combine(home.Project, "src", "deep"));

        Assert.Equal("/project/src/deep\n", (string?)Value(await home.RunAsync(new FakeRun(), new ShellExecInput(["pwd"]) { Folder = "project://src/deep" }))["output"]);
    }

    [SandboxFact]
    public async Task Exec_FolderThatIsALinkOutOfTheProject_LeadsNowhere()
    {
        using var home = new SandboxHome();
        File.CreateSymbolicLink(Path.Combine(home.Project, "out"), home.Data);

        var output = await home.RunAsync(new FakeRun(), new ShellExecInput(["ls"]) { Folder = "project://out" });

        // The link exists, but what it names does not, in there: the sandbox cannot start in it.
        Assert.NotEqual(0, (int)Value(output)["exit_code"]!);
        Assert.DoesNotContain("journal", Value(output).ToJsonString(), StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task Exec_ProgramThatIsNotThere_SaysSo()
    {
        using var home = new SandboxHome();

        var output = Value(await home.RunAsync(new FakeRun(), "no-such-program"));

        Assert.Equal(127, (int)output["exit_code"]!);
        Assert.Contains("no-such-program", (string?)output["errors"], StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task Exec_EnvironmentAndFilesOfTheHome_AreNotThere()
    {
        Environment.SetEnvironmentVariable("ARW_TEST_SECRET", "not-for-children");
        using var home = new SandboxHome();
        File.WriteAllText(Path.Combine(home.Data, "admin.token"), "secret-token");

        var output = Value(await home.RunAsync(new FakeRun(), "sh", "-c", $"env; cat {home.Data}/admin.token; ls -A /root /home /run /var /work /tmp; cat /etc/shadow; find / -name admin.token 2>/dev/null; touch /usr/x /x"));

        var said = output.ToJsonString();
        Assert.DoesNotContain("not-for-children", said, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-token", said, StringComparison.Ordinal);
        Assert.DoesNotContain("root:", said, StringComparison.Ordinal);
        Assert.Equal(2, said.Split("Read-only file system").Length - 1);
    }

    [SandboxFact]
    public async Task Exec_LongerThanItsTime_IsStoppedWithAllItStarted()
    {
        using var home = new SandboxHome();
        var run = new FakeRun();
        var running = home.RunAsync(run, new ShellExecInput(["sh", "-c", "(while :; do echo x >> /project/alive; sleep 0.05; done) & sleep 1000"]) { Seconds = 5 });
        await AppearsAsync(Path.Combine(home.Project, "alive"), running);

        home.Time.Advance(TimeSpan.FromSeconds(5));
        var ended = await running;

        Assert.Equal("limit_time", ended.Refusal!.Code);
        Assert.Equal("time", Read<ProcessEnded>(run.Written[1]).StoppedBy);
        Assert.DoesNotContain("while :; do echo x >> /project/alive", Processes(), StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task Exec_StoppedAtAnyMoment_LeavesNothingBehind()
    {
        using var home = new SandboxHome();
        await home.Sandbox.StateAsync();
        foreach (var moment in Enumerable.Range(0, 20))
        {
            using var cancel = new CancellationTokenSource();
            var running = home.RunAsync(new FakeRun(), new ShellExecInput(["sleep", "987654"]), cancel.Token);

            // Spread over what it takes to make a sandbox: the moment itself does not matter, that any will do does.
            SpinWait.SpinUntil(() => running.IsCompleted, TimeSpan.FromMilliseconds(10 * moment));
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        Assert.DoesNotContain("987654", Processes(), StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task Exec_EndlessOutput_IsStoppedAndItsBeginningKept()
    {
        using var home = new SandboxHome();

        var refusal = (await home.RunAsync(new FakeRun(), "yes")).Refusal!;

        Assert.Equal("limit_output", refusal.Code);
        Assert.Equal(1 << 20, ((string)Details(refusal)["output"]!).Length);
    }

    [SandboxFact]
    public async Task Exec_TooMuchMemoryInManyProcesses_IsStopped()
    {
        using var home = new SandboxHome(time: TimeProvider.System);
        var hog = "perl -e '$x = \"a\" x 300_000_000; sleep 1000' & ";

        var ended = await home.RunAsync(new FakeRun(), new ShellExecInput(["sh", "-c", string.Concat(Enumerable.Repeat(hog, 6)) + "wait"]) { Seconds = 600 });

        Assert.Equal("limit_memory", ended.Refusal!.Code);
    }

    [SandboxFact]
    public async Task Exec_TooMuchMemoryInOneProcess_IsRefusedByTheKernel()
    {
        using var home = new SandboxHome();

        var output = Value(await home.RunAsync(new FakeRun(), "perl", "-e", "$x = 'a' x 1_500_000_000; print 'had it'"));

        Assert.NotEqual(0, (int)output["exit_code"]!);
        Assert.DoesNotContain("had it", (string?)output["output"], StringComparison.Ordinal);
    }

    [SandboxFact]
    public async Task Exec_ForkBomb_IsStopped()
    {
        using var home = new SandboxHome(time: TimeProvider.System);

        var ended = await home.RunAsync(new FakeRun(), new ShellExecInput(["sh", "-c", "i=0; while [ $i -lt 200 ]; do sleep 1000 & i=$((i+1)); done; wait"]) { Seconds = 600 });

        Assert.Equal("limit_processes", ended.Refusal!.Code);
    }

    [SandboxFact]
    public async Task Exec_LeaseRevokedWhileItRuns_StopsItAndAsksAgain()
    {
        using var home = new SandboxHome();
        var judged = 0;
        var run = new FakeRun { Judge = _ => judged++ == 0 ? null : new Refusal("needs_lease", "It needs a lease.") };
        var running = home.RunAsync(run, "sh", "-c", "touch /project/started; sleep 1000");
        await AppearsAsync(Path.Combine(home.Project, "started"), running);

        await run.Revocation.CancelAsync();

        Assert.Equal("needs_lease", (await running).Refusal!.Code);
        Assert.Equal("revoked", Read<ProcessEnded>(run.Written[1]).StoppedBy);
    }

    [SandboxFact]
    public async Task Exec_Refused_StartsNothing()
    {
        using var home = new SandboxHome();
        var run = new FakeRun { Judge = _ => Refusal.Forbidden("no") };

        Assert.Equal("forbidden", (await home.RunAsync(run, "touch", "/project/x")).Refusal!.Code);
        Assert.Empty(run.Written);
        Assert.Empty(Directory.GetFileSystemEntries(home.Project));
    }

    [Theory]
    [InlineData(Posture.Standard, "containment_unavailable")]
    [InlineData(Posture.Strict, "containment_unavailable")]
    [InlineData(Posture.Relaxed, null)]
    public async Task Exec_WithoutASandbox_RunsUnderRelaxedOnly(Posture posture, string? refusal)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using var home = new SandboxHome(bubblewrap: "/nowhere/bwrap");
        home.Take(posture);
        var run = new FakeRun();

        var ended = await home.RunAsync(run, "sh", "-c", "echo out");

        Assert.Equal(refusal, ended.Ok ? null : ended.Refusal.Code);
        Assert.Equal(refusal is null ? [false] : Array.Empty<bool>(), run.Written.Where(d => d.Kind == "shell.started").Select(d => Read<ProcessStarted>(d).Contained));
    }

    private static JsonNode Value(Result<JsonNode?> result) => result.Ok ? result.Value! : throw new Xunit.Sdk.XunitException(result.Refusal.ToString());

    private static T Read<T>(EventDraft draft) => ArwJson.FromUtf8<T>(draft.Payload.Span);

    private static JsonNode Details(Refusal refusal) => JsonNode.Parse(ArwJson.ToUtf8(refusal.Details!))!;

    private static string Processes() => string.Concat(Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Select(CommandLine));

    private static string CommandLine(string process)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes(Path.Combine(process, "cmdline")));
        }
        catch (IOException)
        {
            return "";
        }
    }

    // The program says by a file that it has come so far.
    private static async Task AppearsAsync(string file, Task<Result<JsonNode?>> running)
    {
        using var watcher = new FileSystemWatcher(Path.GetDirectoryName(file)!);
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        watcher.Created += (_, e) => { if (e.FullPath == file) { seen.TrySetResult(); } };
        watcher.EnableRaisingEvents = true;
        if (!File.Exists(file) && await Task.WhenAny(seen.Task, running) == running)
        {
            throw new Xunit.Sdk.XunitException($"It ended before: {(await running) switch { { Ok: true } r => r.Value, var r => r.Refusal.ToString() }}");
        }
    }
}
