namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>A part of a policy, immutable. Two nodes are equal when they say the same, wherever they stand.</summary>
public abstract record CedarNode
{
    /// <summary>Where it stands in the source; <see cref="SourceSpan.None"/> when it was not read from a text.</summary>
    public SourceSpan Span { get; init; }

    /// <summary>True for a node of the same kind: the position is no part of the meaning, derived records compare the rest.</summary>
    public virtual bool Equals(CedarNode? other) => other is not null && EqualityContract == other.EqualityContract;

    /// <inheritdoc/>
    public override int GetHashCode() => EqualityContract.GetHashCode();
}
