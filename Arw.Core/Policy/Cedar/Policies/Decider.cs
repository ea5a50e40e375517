using System.Runtime.CompilerServices;
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
    private FoundLists _found;
    private int _count;

    public Decider(CedarRequest request, CedarEntities entities, Span<CompiledPolicy> determining, Span<CompiledPolicy> failing)
    {
        _frame = new EvaluationFrame(request, entities);
        _determining = determining;
        _failing = failing;
    }

    /// <summary>Looks up all lists first, and only then goes through them: looks do not depend on each other, so that memory is waited for once and not for each.</summary>
    public CedarDecision Decide(ScopeIndex index)
    {
        Found(index.Everywhere);
        Look(index.ByPrincipal, RequestVariable.Principal);
        Look(index.ByResource, RequestVariable.Resource);
        Look(index.ByAction, RequestVariable.Action);
        if (index.ByPrincipalType.Keys > 0)
        {
            Found(index.ByPrincipalType.Find(_frame.Uid((int)RequestVariable.Principal).Type));
        }

        if (index.ByResourceType.Keys > 0)
        {
            Found(index.ByResourceType.Find(_frame.Uid((int)RequestVariable.Resource).Type));
        }

        for (var i = 0; i < _count; i++)
        {
            Consider(_found[i]);
        }

        return new CedarDecision(_met > 0 && !_forbidden, _met, _failed);
    }

    private void Look(Postings<EntityUid> postings, RequestVariable part)
    {
        if (postings.Keys == 0)
        {
            return;
        }

        Found(postings.Find(_frame.Uid((int)part)));
        if (_frame.Entity((int)part) is not { } entity)
        {
            return;
        }

        foreach (var above in entity.Ancestors)
        {
            Found(postings.Find(above));
        }
    }

    private void Found(FiledPolicies policies)
    {
        if (policies.IsEmpty)
        {
            return;
        }

        if (_count < FoundLists.Room)
        {
            _found[_count++] = policies;
        }
        else
        {
            Consider(policies);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Consider(FiledPolicies policies)
    {
        if (policies.Few is { } few)
        {
            Consider(few);
        }
        else
        {
            ConsiderMany(policies.Many!);
        }
    }

    private void ConsiderMany(FiledPolicy[][] chunks)
    {
        foreach (var chunk in chunks)
        {
            Consider(chunk);
        }
    }

    private void Consider(FiledPolicy[] policies)
    {
        foreach (ref readonly var policy in policies.AsSpan())
        {
            var truth = policy.Test(ref _frame);
            if (truth != Truth.False)
            {
                Count(truth, policy.Policy, policy.Forbids);
            }
        }
    }

    private void Count(Truth truth, CompiledPolicy policy, bool forbids)
    {
        if (truth == Truth.Error)
        {
            Keep(_failing, ref _failed, policy);
        }
        else if (forbids)
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

    [InlineArray(Room)]
    private struct FoundLists
    {
        public const int Room = 8;
        private FiledPolicies _first;
    }
}
