using Arw.Core.Policy.Cedar.Evaluation;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>A policy in a list of the index, with all that a decision reads of it first: a list is then read from its start to its end, as memory likes it.</summary>
/// <param name="policy">The policy.</param>
/// <param name="principal">What is left to test of the principal, once the list was found.</param>
/// <param name="action">What is left to test of the action.</param>
/// <param name="resource">What is left to test of the resource.</param>
internal readonly struct FiledPolicy(CompiledPolicy policy, in ScopeTest principal, in ScopeTest action, in ScopeTest resource)
{
    public readonly CompiledPolicy Policy = policy;
    private readonly Condition? _condition = policy.Condition;
    private readonly ScopeTest _principal = principal;
    private readonly ScopeTest _action = action;
    private readonly ScopeTest _resource = resource;

    /// <summary>Whether the request meets the scope and the conditions.</summary>
    public Truth Test(ref EvaluationFrame frame)
    {
        if (!_principal.Meets(frame.Uid(0), frame.Entity(0)) || !_resource.Meets(frame.Uid(2), frame.Entity(2)) || !_action.Meets(frame.Uid(1), frame.Entity(1)))
        {
            return Truth.False;
        }

        return _condition is null ? Truth.True : _condition.Test(ref frame);
    }
}
