namespace Arw.Core.Egress.Proxy;

/// <summary>Places for large bodies that are held at a time: they bound what clients can make the home keep in memory.</summary>
/// <param name="most">How many there are.</param>
internal sealed class LargeHolds(int most)
{
    private int _taken;

    /// <summary>Takes a place; false when there is none.</summary>
    public bool TryTake()
    {
        if (Interlocked.Increment(ref _taken) <= most)
        {
            return true;
        }

        Interlocked.Decrement(ref _taken);
        return false;
    }

    /// <summary>Gives a place back.</summary>
    public void Give() => Interlocked.Decrement(ref _taken);
}
