using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Beliefs;

/// <summary>Who adds claims takes this turn, one at a time, and sees what the ones before wrote: contradictions are found whatever the timing.</summary>
public sealed class BeliefTurn(EventJournal journal, StateHost state) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Waits for the turn, and until all that was written before it is folded. The turn ends when the answer is disposed.</summary>
    public async Task<IDisposable> TakeAsync(CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel);
        try
        {
            await state.WaitForAsync(journal.Head, cancel);
            return new Held(_turn);
        }
        catch
        {
            _turn.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private sealed class Held(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
