using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A policy that decides: compiled once, immutable, shared by the sets that hold it.</summary>
public sealed class CompiledPolicy
{
    internal CompiledPolicy(CedarPolicy source, long order, TemplateLink? link = null, ConditionStep[]? condition = null)
    {
        (Source, Effect, Order, Link) = (source, source.Effect, order, link);
        Principal = new ScopeTest(source.Principal);
        Action = new ScopeTest(source.Action);
        Resource = new ScopeTest(source.Resource);
        Condition = link is null ? ConditionCompiler.Compile(source.Conditions) : condition;
    }

    /// <summary>Its id.</summary>
    public string Id => Source.Id;

    /// <summary>Permit or forbid.</summary>
    public PolicyEffect Effect { get; }

    /// <summary>The policy as written; for a linked template, with the entities in place of the slots.</summary>
    public CedarPolicy Source { get; }

    /// <summary>The link that it is made of; null for a policy of its own.</summary>
    public TemplateLink? Link { get; }

    internal ScopeTest Principal { get; }

    internal ScopeTest Action { get; }

    internal ScopeTest Resource { get; }

    /// <summary>Its place among the policies of a set.</summary>
    internal long Order { get; }

    /// <summary>Its conditions; null for none.</summary>
    internal ConditionStep[]? Condition { get; }

    internal bool Meets(ref readonly EvaluationFrame frame) =>
        Principal.Meets(in frame, RequestVariable.Principal) && Resource.Meets(in frame, RequestVariable.Resource) && Action.Meets(in frame, RequestVariable.Action);
}

/// <summary>A template filled with entities.</summary>
/// <param name="Template">Id of the template.</param>
/// <param name="Id">Id of the policy that results.</param>
/// <param name="Principal">What stands for <c>?principal</c>; null when the template has no such slot.</param>
/// <param name="Resource">What stands for <c>?resource</c>; null when the template has no such slot.</param>
public sealed record TemplateLink(string Template, string Id, EntityUid? Principal, EntityUid? Resource);
