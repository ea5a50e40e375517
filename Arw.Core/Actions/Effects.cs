namespace Arw.Core.Actions;

/// <summary>What running an action changes outside the journal.</summary>
public enum Effects
{
    /// <summary>Nothing: it computes or reads.</summary>
    None,

    /// <summary>Something on this machine, undoable in principle.</summary>
    Local,

    /// <summary>Something elsewhere: bytes leave, money is spent. Never repeated without being marked as a retry.</summary>
    External,
}
