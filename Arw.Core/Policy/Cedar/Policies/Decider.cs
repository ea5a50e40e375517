using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>One decision in the making: looks through the index and keeps count. Lives on the stack, allocates nothing.</summary>
internal ref struct Decider
{
    private readonly Span<CompiledPolicy> _determining;
    private readonly Span<CompiledPolicy> _failing;
    private EvaluationFrame _frame;
    private int _met;
    private int _failed;
    private bool _forbidden;

    public Decider(CedarRequest request, CedarEntities entities, Span<CompiledPolicy> determining, Span<CompiledPolicy> failing)
    {
        _frame = new EvaluationFrame(request, entities);
        _determining = determining;
        _failing = failing;
    }

    public CedarDecision Decide(ScopeIndex index)
    {
        Consider(index.Everywhere);
        Look(index.ByPrincipal, 0);
        Look(index.ByResource, 2);
        Look(index.ByAction, 1);
        if (index.ByPrincipalType.Keys > 0)
        {
            Consider(index.ByPrincipalType.Find(_frame.Uid(0).Type));
        }

        if (index.ByResourceType.Keys > 0)
        {
            Consider(index.ByResourceType.Find(_frame.Uid(2).Type));
        }

        return new CedarDecision(_met > 0 && !_forbidden, _met, _failed);
    }

    private void Look(Postings<EntityUid> postings, int variable)
    {
        if (postings.Keys == 0)
        {
            return;
        }

        Consider(postings.Find(_frame.Uid(variable)));
        if (_frame.Entity(variable) is not { } entity)
        {
            return;
        }

        foreach (var above in entity.Ancestors)
        {
            Consider(postings.Find(above));
        }
    }

    private void Consider(FiledPolicy[]? policies)
    {
        foreach (ref readonly var policy in policies.AsSpan())
        {
            var truth = policy.Test(ref _frame);
            if (truth != Truth.False)
            {
                Count(truth, policy.Policy);
            }
        }
    }

    private void Count(Truth truth, CompiledPolicy policy)
    {
        if (truth == Truth.Error)
        {
            Keep(_failing, ref _failed, policy);
        }
        else if (policy.Effect == PolicyEffect.Forbid)
        {
            _met = _forbidden ? _met : 0;
            _forbidden = true;
            Keep(_determining, ref _met, policy);
        }
        else if (!_forbidden)
        {
            Keep(_determining, ref _met, policy);
        }
    }

    private static void Keep(Span<CompiledPolicy> buffer, ref int count, CompiledPolicy policy)
    {
        if (count < buffer.Length)
        {
            buffer[count] = policy;
        }

        count++;
    }
}
