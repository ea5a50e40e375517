using System.Diagnostics;
using System.Text;

namespace Arw.Core.Shell.Containment;

/// <summary>One child process: feeds it, gathers what it prints, and stops it with all that it started when it uses too much or is not wanted any more.</summary>
internal sealed class ChildProcess(ProcessStartInfo start, SandboxTask task, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly Process _process = new() { StartInfo = start };
    private readonly MemoryStream _output = new();
    private readonly MemoryStream _errors = new();
    private long _printed;
    private long _cpu;
    private long _peak;
    private string? _stoppedBy;

    /// <summary>Called when it is stopped, before it is killed.</summary>
    public Action? Stopping { get; init; }

    public async Task<SandboxEnd> RunAsync(CancellationToken revoked, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(task.Limits.Seconds), time);
        using var over = new CancellationTokenSource();
        await LastingThread.StartAsync(_process);
        var watching = WatchAsync(over.Token);
        int? code;
        await using (late.Token.Register(() => Stop(SandboxEnd.Time)))
        await using (revoked.Register(() => Stop(SandboxEnd.Revoked)))
        await using (cancel.Register(() => Stop(SandboxEnd.Cancelled)))
        {
            var pumps = Task.WhenAll(FeedAsync(), GatherAsync(_process.StandardOutput.BaseStream, _output), GatherAsync(_process.StandardError.BaseStream, _errors));
            await _process.WaitForExitAsync(CancellationToken.None);
            if (!task.Contained)
            {
                // Something that was left behind may hold the pipes open for ever; in a sandbox nothing outlives it.
                await Task.WhenAny(pumps, Task.Delay(TimeSpan.FromSeconds(2), time, CancellationToken.None));
            }
            else
            {
                await pumps;
            }

            code = _stoppedBy is null ? _process.ExitCode : null;
        }

        await over.CancelAsync();
        await watching;
        return new SandboxEnd(code, Text(_output), Text(_errors)) { StoppedBy = _stoppedBy, CpuMs = _cpu, PeakBytes = _peak, OutputBytes = Interlocked.Read(ref _printed) };
    }

    public void Dispose()
    {
        _process.Dispose();
        _output.Dispose();
        _errors.Dispose();
    }

    // Whoever is first gives the reason.
    private void Stop(string reason)
    {
        if (Interlocked.CompareExchange(ref _stoppedBy, reason, null) is null)
        {
            Stopping?.Invoke();
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // It has just ended by itself.
            }
        }
    }

    private async Task WatchAsync(CancellationToken over)
    {
        using var tick = new PeriodicTimer(Look, time);
        try
        {
            while (await tick.WaitForNextTickAsync(over))
            {
                var now = ProcessTree.Read(_process.Id);
                _cpu = Math.Max(_cpu, now.CpuMs);
                _peak = Math.Max(_peak, now.Bytes);
                if (now.Bytes > task.Limits.MemoryBytes)
                {
                    Stop(SandboxEnd.Memory);
                }
                else if (now.CpuMs > task.Limits.CpuSeconds * 1000L)
                {
                    Stop(SandboxEnd.Cpu);
                }
                else if (now.Processes > task.Limits.Processes)
                {
                    Stop(SandboxEnd.Processes);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has ended.
        }
    }

    private async Task FeedAsync()
    {
        try
        {
            await _process.StandardInput.WriteAsync(task.Input);
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It does not read it.
        }
    }

    private async Task GatherAsync(Stream from, MemoryStream to)
    {
        var buffer = new byte[32 * 1024];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer)) > 0)
            {
                var all = Interlocked.Add(ref _printed, read);
                lock (to)
                {
                    to.Write(buffer, 0, (int)Math.Clamp(task.Limits.OutputBytes - (all - read), 0, read));
                }

                if (all > task.Limits.OutputBytes)
                {
                    Stop(SandboxEnd.TooMuchOutput);
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Its end was closed.
        }
    }

    private static string Text(MemoryStream bytes)
    {
        lock (bytes)
        {
            return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
        }
    }
}
