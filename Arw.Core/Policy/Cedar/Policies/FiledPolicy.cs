using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// A policy in a list of the index, with all that a decision reads of it first: a list is then read from its start to its end, as memory likes it.
/// The parts of its three tests stand apart, which makes it a fifth smaller.
/// </summary>
internal readonly struct FiledPolicy
{
    public readonly CompiledPolicy Policy;
    private readonly ConditionStep[]? _condition;
    private readonly EntityUid? _principal;
    private readonly EntityUid? _action;
    private readonly EntityUid? _resource;
    private readonly object? _principalType;
    private readonly object? _actions;
    private readonly object? _resourceType;
    private readonly ScopeTest.Mode _principalMode;
    private readonly ScopeTest.Mode _actionMode;
    private readonly ScopeTest.Mode _resourceMode;

    /// <summary>True for a forbid.</summary>
    public readonly bool Forbids;

    /// <summary>Files a policy.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="principal">What is left to test of the principal, once the list was found.</param>
    /// <param name="action">What is left to test of the action.</param>
    /// <param name="resource">What is left to test of the resource.</param>
    public FiledPolicy(CompiledPolicy policy, in ScopeTest principal, in ScopeTest action, in ScopeTest resource)
    {
        (Policy, _condition, Forbids) = (policy, policy.Condition, policy.Effect == PolicyEffect.Forbid);
        (_principal, _principalType, _principalMode) = (principal.Uid, principal.TypeOrMany, principal.Kind);
        (_action, _actions, _actionMode) = (action.Uid, action.TypeOrMany, action.Kind);
        (_resource, _resourceType, _resourceMode) = (resource.Uid, resource.TypeOrMany, resource.Kind);
    }

    /// <summary>Whether the request meets the scope and the conditions.</summary>
    public Truth Test(ref EvaluationFrame frame)
    {
        if (!ScopeTest.Meets(_principalMode, _principal, _principalType, in frame, (int)RequestVariable.Principal)
            || !ScopeTest.Meets(_resourceMode, _resource, _resourceType, in frame, (int)RequestVariable.Resource)
            || !ScopeTest.Meets(_actionMode, _action, _actions, in frame, (int)RequestVariable.Action))
        {
            return Truth.False;
        }

        return _condition is null ? Truth.True : Condition.Test(_condition, ref frame);
    }
}
