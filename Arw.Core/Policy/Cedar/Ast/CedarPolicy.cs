namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>What a policy does with the requests that satisfy it.</summary>
public enum PolicyEffect
{
    /// <summary>It allows them, unless a policy forbids them.</summary>
    Permit,

    /// <summary>It forbids them, whatever is permitted.</summary>
    Forbid,
}

/// <summary>A policy as written; with a slot in its scope it is a template, which decides nothing until it is linked.</summary>
/// <param name="Id">Its id: the <c>@id</c> annotation, or <c>policy0</c>, <c>policy1</c>, … by its place in the text.</param>
/// <param name="Effect">Permit or forbid.</param>
/// <param name="Annotations">Annotations as written; keys are unique.</param>
/// <param name="Principal">Which principals it is about.</param>
/// <param name="Action">Which actions it is about.</param>
/// <param name="Resource">Which resources it is about.</param>
/// <param name="Conditions">Its <c>when</c> and <c>unless</c> clauses; all must hold.</param>
public sealed record CedarPolicy(
    string Id,
    PolicyEffect Effect,
    NodeList<Annotation> Annotations,
    ScopeConstraint Principal,
    ScopeConstraint Action,
    ScopeConstraint Resource,
    NodeList<PolicyCondition> Conditions) : CedarNode
{
    /// <summary>True when it has a slot, so that it must be linked before it decides.</summary>
    public bool IsTemplate => HasPrincipalSlot || HasResourceSlot;

    /// <summary>True when its principal is <c>?principal</c>.</summary>
    public bool HasPrincipalSlot => Principal.Slot is not null;

    /// <summary>True when its resource is <c>?resource</c>.</summary>
    public bool HasResourceSlot => Resource.Slot is not null;

    /// <summary>The value of an annotation; null when it has none of that name.</summary>
    public string? Annotation(string key)
    {
        foreach (var annotation in Annotations)
        {
            if (annotation.Key == key)
            {
                return annotation.Value;
            }
        }

        return null;
    }
}

/// <summary>A remark about a policy, <c>@advice("ask first")</c>; it never changes a decision.</summary>
/// <param name="Key">Its name.</param>
/// <param name="Value">Its text; empty when none is written.</param>
/// <param name="HasValue">True when a text is written, even an empty one.</param>
public sealed record Annotation(string Key, string Value, bool HasValue = true) : CedarNode
{
    /// <summary><c>@key</c> and <c>@key("")</c> say the same.</summary>
    public bool Equals(Annotation? other) => other is not null && Key == other.Key && Value == other.Value;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Key, Value);
}

/// <summary>A <c>when</c> or <c>unless</c> clause.</summary>
/// <param name="IsWhen">True for <c>when</c>, false for <c>unless</c>.</param>
/// <param name="Body">What must be true, or must not.</param>
public sealed record PolicyCondition(bool IsWhen, Expr Body) : CedarNode;
