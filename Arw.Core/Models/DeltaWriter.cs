using System.Text;
using Arw.Core.Actions;

namespace Arw.Core.Models;

/// <summary>Gathers a model's tokens into events: the first words at once, later ones a few each second, so that a fast model does not flood the journal. Whole words: the halves of a secret would pass the redactor.</summary>
internal sealed class DeltaWriter(ActionRun run, int round, TimeProvider time)
{
    private const int LongestWord = 4096;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(300);
    private readonly StringBuilder _waiting = new();
    private long? _lastWrite;
    private int _part;

    public async ValueTask AddAsync(string text, CancellationToken cancel)
    {
        _waiting.Append(text);
        if (_lastWrite is null || time.GetElapsedTime(_lastWrite.Value) >= Interval)
        {
            var words = _waiting.ToString();
            await WriteAsync(words.AsSpan().LastIndexOfAny(" \t\r\n") is >= 0 and var end ? end + 1 : words.Length > LongestWord ? words.Length : 0, cancel);
        }
    }

    public ValueTask FlushAsync(CancellationToken cancel) => WriteAsync(_waiting.Length, cancel);

    private async ValueTask WriteAsync(int length, CancellationToken cancel)
    {
        if (length == 0)
        {
            return;
        }

        var delta = new ChatDelta(run.Context.ActionId, round, ++_part, _waiting.ToString(0, length));
        _waiting.Remove(0, length);
        await run.AppendAsync([ModelEvents.Delta.Draft(delta, run.Context.Principal.Actor, ModelEvents.ChatSubject(delta.Action))], cancel);
        _lastWrite = time.GetTimestamp();
    }
}
