using System.Diagnostics;
using System.Numerics.Tensors;
using Arw.Core.Inference;

namespace Arw.Tests.Inference;

public sealed class InferenceWorkerTests
{
    [Fact]
    public async Task EmbedAsync_SentencesOfLikeAndUnlikeMeaning_AreNearAndFar()
    {
        await using var home = new WorkerHome();

        var embeddings = (await home.Client.EmbedAsync(["The cat sits on the mat", "A kitten rests on a rug", "Tax filing is due in April"], default)).Value;

        Assert.Equal(384, embeddings.Dimensions);
        Assert.All(embeddings.Vectors, v => Assert.Equal(1f, TensorPrimitives.Norm(v), 4));
        Assert.True(Dot(0, 1) > 0.5f, $"{Dot(0, 1)}");
        Assert.True(Dot(0, 2) < 0.2f, $"{Dot(0, 2)}");

        float Dot(int a, int b) => TensorPrimitives.Dot(embeddings.Vectors[a], embeddings.Vectors[b]);
    }

    [Fact]
    public async Task EmbedAsync_ManyTextsOfMixedLength_GivesEachItsOwnVector()
    {
        await using var home = new WorkerHome();
        string[] texts = [.. Enumerable.Range(0, 150).Select(i => string.Join(' ', Enumerable.Repeat($"word{i}", 1 + i * 7 % 40))), new string('x', 20_000), ""];

        var together = (await home.Client.EmbedAsync(texts, default)).Value;
        var alone = (await home.Client.EmbedAsync([texts[149]], default)).Value;

        Assert.Equal(texts.Length, together.Vectors.Count);
        Assert.True(TensorPrimitives.Dot(together.Vectors[149], alone.Vectors[0]) > 0.999f);
    }

    [Fact]
    public async Task EmbedAsync_WorkerKilledInFlight_CostsThatRequestOnly()
    {
        await using var home = new WorkerHome();
        await home.Client.EmbedAsync(["warm"], default);
        var pid = home.Payload(InferenceEvents.Started).Pid;

        var doomed = home.Client.EmbedAsync(Work(), default);
        using (var worker = Process.GetProcessById(pid))
        {
            worker.Kill();
        }

        Assert.Equal("inference_worker_lost", (await doomed).Refusal?.Code);
        Assert.True((await home.Client.EmbedAsync(["again"], default)).Ok);
        Assert.Equal(["inference.worker.started", "inference.worker.crashed", "inference.worker.started"], home.Kinds);
        Assert.True(home.Payload(InferenceEvents.Crashed).RequestLost);
        Assert.Equal(137, home.Payload(InferenceEvents.Crashed).ExitCode);
        Assert.NotEqual(pid, home.Payload(InferenceEvents.Started).Pid);
    }

    [Fact]
    public async Task Worker_KilledWhileIdle_IsReportedAndReplaced()
    {
        await using var home = new WorkerHome();
        await home.Client.EmbedAsync(["warm"], default);
        await home.NextKindAsync();

        using (var worker = Process.GetProcessById(home.Payload(InferenceEvents.Started).Pid))
        {
            worker.Kill();
        }

        Assert.Equal("inference.worker.crashed", await home.NextKindAsync());
        Assert.False(home.Payload(InferenceEvents.Crashed).RequestLost);
        Assert.True((await home.Client.EmbedAsync(["again"], default)).Ok);
    }

    [Fact]
    public async Task Worker_IdleForFiveMinutes_IsStoppedAndStartsAgainOnDemand()
    {
        await using var home = new WorkerHome();
        await home.Client.EmbedAsync(["a"], default);
        Assert.Equal("inference.worker.started", await home.NextKindAsync());
        var pid = home.Payload(InferenceEvents.Started).Pid;

        home.Time.Advance(TimeSpan.FromMinutes(4));
        await home.Client.EmbedAsync(["b"], default);
        home.Time.Advance(TimeSpan.FromMinutes(4));
        await home.Client.EmbedAsync(["c"], default);
        Assert.Equal(["inference.worker.started"], home.Kinds);

        home.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("inference.worker.stopped", await home.NextKindAsync());
        Assert.Equal(new WorkerStopped(pid, "idle"), home.Payload(InferenceEvents.Stopped));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        Assert.True((await home.Client.EmbedAsync(["d"], default)).Ok);
    }

    [Fact]
    public async Task EmbedAsync_Cancelled_LeavesTheWorkerToOthers()
    {
        await using var home = new WorkerHome();
        await home.Client.EmbedAsync(["warm"], default);
        using var cancel = new CancellationTokenSource();
        var slow = home.Client.EmbedAsync(Work(), cancel.Token);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
        Assert.True((await home.Client.EmbedAsync(["next"], default)).Ok);
        Assert.Equal(["inference.worker.started"], home.Kinds);
    }

    [Fact]
    public async Task EmbedAsync_QueueFull_IsRefusedAtOnce()
    {
        await using var home = new WorkerHome(o => o with { QueueLimit = 2 });
        using var cancel = new CancellationTokenSource();
        var work = Enumerable.Range(0, 10).Select(_ => home.Client.EmbedAsync(Enumerable.Repeat("some words to embed", 500).ToArray(), cancel.Token)).ToArray();

        var refused = await await Task.WhenAny(work);

        Assert.Equal("inference_busy", refused.Refusal?.Code);
        await cancel.CancelAsync();
    }

    [Fact]
    public async Task EmbedAsync_NoSuchProgram_IsRefusedWithItsPath()
    {
        await using var home = new WorkerHome(o => o with { WorkerPath = "/nowhere/worker" });

        var refusal = (await home.Client.EmbedAsync(["a"], default)).Refusal;

        Assert.Equal("inference_unavailable", refusal?.Code);
        Assert.Contains("/nowhere/worker", refusal!.Message, StringComparison.Ordinal);
        Assert.Empty(home.Kinds);
    }

    [Fact]
    public async Task EmbedAsync_ProgramThatIsNoWorker_IsRefused()
    {
        await using var home = new WorkerHome(o => o with { WorkerPath = "/bin/true" });

        Assert.Equal("inference_unavailable", (await home.Client.EmbedAsync(["a"], default)).Refusal?.Code);
    }

    [Fact]
    public async Task DisposeAsync_StopsTheProcess()
    {
        var home = new WorkerHome();
        await home.Client.EmbedAsync(["a"], default);
        var pid = home.Payload(InferenceEvents.Started).Pid;

        await home.DisposeAsync();

        Assert.Equal(new WorkerStopped(pid, "shutdown"), home.Payload(InferenceEvents.Stopped));
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(pid));
        Assert.Equal("inference_unavailable", (await home.Client.EmbedAsync(["b"], default)).Refusal?.Code);
    }

    /// <summary>Many seconds of work, so that what happens next hits it in flight.</summary>
    private static string[] Work() => [.. Enumerable.Range(0, 20_000).Select(i => $"Sentence number {i} of a long list that nobody will read to its end")];
}
