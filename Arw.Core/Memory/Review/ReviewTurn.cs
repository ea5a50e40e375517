using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Memory.Review;

/// <summary>Whoever changes the review queue does it alone and sees everything before: nothing is decided twice.</summary>
/// <param name="journal">Everything durable counts.</param>
/// <param name="state">Folds the queue.</param>
public sealed class ReviewTurn(EventJournal journal, StateHost state) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Does something in the turn.</summary>
    public async Task<T> TakeAsync<T>(Func<Task<T>> work, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await state.WaitForAsync(journal.Head, cancel);
            return await work();
        }
        finally
        {
            _turn.Release();
        }
    }
}
