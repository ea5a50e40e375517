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
        Look(index.ByPrincipal, _frame.Request.Principal, _frame.Principal);
        Look(index.ByResource, _frame.Request.Resource, _frame.Resource);
        LookByAction(index.ByAction, _frame.Request.Action, _frame.Action);
        if (index.ByPrincipalType.Keys > 0)
        {
            Consider(index.ByPrincipalType.Find(_frame.Request.Principal.Type));
        }

        if (index.ByResourceType.Keys > 0)
        {
            Consider(index.ByResourceType.Find(_frame.Request.Resource.Type));
        }

        Sort(_determining, _met);
        Sort(_failing, _failed);
        return new CedarDecision(_met > 0 && !_forbidden, _met, _failed);
    }

    // Few policies are ever met, and lists are nearly in order: insertion is the quickest, and is done in place.
    private static void Sort(Span<CompiledPolicy> policies, int count)
    {
        policies = policies[..Math.Min(count, policies.Length)];
        if (policies.Length > 32)
        {
            policies.Sort((a, b) => a.Order.CompareTo(b.Order));
            return;
        }

        for (var i = 1; i < policies.Length; i++)
        {
            var policy = policies[i];
            var j = i - 1;
            while (j >= 0 && policies[j].Order > policy.Order)
            {
                policies[j + 1] = policies[j--];
            }

            policies[j + 1] = policy;
        }
    }

    private void Look(Postings<EntityUid> postings, EntityUid uid, CedarEntity? entity)
    {
        if (postings.Keys == 0)
        {
            return;
        }

        Consider(postings.Find(uid));
        if (entity is null)
        {
            return;
        }

        foreach (var above in entity.Ancestors)
        {
            Consider(postings.Find(above));
        }
    }

    private void LookByAction(Postings<EntityUid> postings, EntityUid uid, CedarEntity? entity)
    {
        if (postings.Keys == 0)
        {
            return;
        }

        ConsiderFor(postings.Find(uid), uid);
        if (entity is null)
        {
            return;
        }

        foreach (var above in entity.Ancestors)
        {
            ConsiderFor(postings.Find(above), above);
        }
    }

    // A policy with a list of actions is filed under each; it counts where its first match is.
    private void ConsiderFor(CompiledPolicy[]? policies, EntityUid key)
    {
        foreach (var policy in policies ?? [])
        {
            if (policy.Action.In.Length < 2 || key.Equals(policy.Action.FirstMet(_frame.Request.Action, _frame.Action)))
            {
                Consider(policy);
            }
        }
    }

    private void Consider(CompiledPolicy[]? policies)
    {
        if (policies is null)
        {
            return;
        }

        foreach (var policy in policies)
        {
            Consider(policy);
        }
    }

    private void Consider(CompiledPolicy policy)
    {
        if (!policy.Meets(_frame))
        {
            return;
        }

        switch (policy.Test(ref _frame))
        {
            case Truth.Error:
                Keep(_failing, ref _failed, policy);
                break;
            case Truth.True when policy.Effect == PolicyEffect.Forbid:
                _met = _forbidden ? _met : 0;
                _forbidden = true;
                Keep(_determining, ref _met, policy);
                break;
            case Truth.True when !_forbidden:
                Keep(_determining, ref _met, policy);
                break;
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
