using System.Text;
using Arw.Core.Actions;

namespace Arw.Core.Models;

/// <summary>Gathers a model's tokens into events: the first at once, later ones a few each second, so that a fast model does not flood the journal.</summary>
internal sealed class DeltaWriter(ActionRun run, int round, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private readonly StringBuilder _waiting = new();
    private long? _lastWrite;
    private int _part;

    public async ValueTask AddAsync(string text, CancellationToken cancel)
    {
        _waiting.Append(text);
        if (_lastWrite is null || time.GetElapsedTime(_lastWrite.Value) >= Interval)
        {
            await FlushAsync(cancel);
        }
    }

    public async ValueTask FlushAsync(CancellationToken cancel)
    {
        if (_waiting.Length == 0)
        {
            return;
        }

        var delta = new ChatDelta(run.Context.ActionId, round, ++_part, _waiting.ToString());
        _waiting.Clear();
        await run.AppendAsync([ModelEvents.Delta.Draft(delta, run.Context.Principal.Actor, ModelEvents.ChatSubject(delta.Action))], cancel);
        _lastWrite = time.GetTimestamp();
    }
}
