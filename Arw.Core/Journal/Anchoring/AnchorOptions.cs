namespace Arw.Core.Journal.Anchoring;

/// <summary>Where signed heads of the journal are written, and how often.</summary>
public sealed record AnchorOptions
{
    /// <summary>The anchor file, outside the data folder; null = no heads are signed.</summary>
    public string? File { get; init; }

    /// <summary>A head is signed after this many new events; 1,000 by default. They are counted once a second, so under load there are more of them to a head.</summary>
    public int EveryEvents { get; init; } = 1000;

    /// <summary>A head is signed at the latest this long after a new event; a minute by default. Nothing is written while nothing happens.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromMinutes(1);
}

/// <summary>How the anchor stands.</summary>
public enum AnchorState
{
    /// <summary>None is configured.</summary>
    Off,

    /// <summary>Heads are written.</summary>
    Kept,

    /// <summary>The anchor cannot be written or read now; it is tried again.</summary>
    Failing,

    /// <summary>The anchor vouches for something that this journal does not contain: it is left as it is.</summary>
    Disputed,
}

/// <summary>The anchor as it stands now: a meter, never journaled.</summary>
/// <param name="State">How it stands.</param>
/// <param name="File">The anchor file; null when none is configured.</param>
/// <param name="KeyId">The home's key; null before it was needed.</param>
/// <param name="Last">The newest signed head; null for none yet.</param>
/// <param name="Problem">What is wrong and what to do, in words; null when nothing is.</param>
public sealed record AnchorStatus(AnchorState State, string? File, string? KeyId, SignedHead? Last, string? Problem);
