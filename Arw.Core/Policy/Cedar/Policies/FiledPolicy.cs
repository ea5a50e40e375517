using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Evaluation;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// A policy in a list of the index, with all that a decision reads of it first: a list is then read from its start to its end, as memory likes it.
/// The parts of its three tests stand apart, which makes it a quarter smaller.
/// </summary>
internal readonly struct FiledPolicy
{
    public readonly CompiledPolicy Policy;
    private readonly ConditionStep[]? _condition;
    private readonly object? _principal;
    private readonly object? _action;
    private readonly object? _resource;
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
        (_principal, _principalMode) = (principal.Against, principal.Kind);
        (_action, _actionMode) = (action.Against, action.Kind);
        (_resource, _resourceMode) = (resource.Against, resource.Kind);
    }

    /// <summary>Whether the request meets the scope and the conditions.</summary>
    public Truth Test(ref EvaluationFrame frame)
    {
        if (!ScopeTest.Meets(_principalMode, _principal, in frame, (int)RequestVariable.Principal)
            || !ScopeTest.Meets(_resourceMode, _resource, in frame, (int)RequestVariable.Resource)
            || !ScopeTest.Meets(_actionMode, _action, in frame, (int)RequestVariable.Action))
        {
            return Truth.False;
        }

        return _condition is null ? Truth.True : Condition.Test(_condition, ref frame);
    }
}
