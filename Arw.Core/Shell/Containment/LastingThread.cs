using System.Collections.Concurrent;
using System.Diagnostics;

namespace Arw.Core.Shell.Containment;

/// <summary>Starts processes from one thread that lives as long as the home. The kernel's promise to kill a child with its parent is about the thread that made it: from a pool's thread, it would be killed when the pool shrinks.</summary>
internal static class LastingThread
{
    private static readonly BlockingCollection<Action> Waiting = [];

    static LastingThread() => new Thread(Run) { IsBackground = true, Name = "child processes" }.Start();

    /// <summary>Starts a process.</summary>
    public static Task StartAsync(Process process)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Waiting.Add(() =>
        {
            try
            {
                process.Start();
                started.SetResult();
            }
            catch (Exception e)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    private static void Run()
    {
        foreach (var start in Waiting.GetConsumingEnumerable())
        {
            start();
        }
    }
}
