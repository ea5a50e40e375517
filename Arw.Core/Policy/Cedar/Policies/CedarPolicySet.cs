using System.Collections.Immutable;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>
/// Policies that decide together, immutable: an edit answers another set and shares nearly everything with this one. Compiled once and
/// indexed by scope, so that a decision costs about what the policies cost whose scope the request meets.
/// </summary>
public sealed class CedarPolicySet
{
    private readonly ImmutableDictionary<string, CompiledPolicy> _policies;
    private readonly ImmutableDictionary<string, LinkableTemplate> _templates;
    private readonly ScopeIndex _index;
    private readonly long _next;

    internal CedarPolicySet(
        ImmutableDictionary<string, CompiledPolicy> policies, ImmutableDictionary<string, LinkableTemplate> templates, ScopeIndex index, long next) =>
        (_policies, _templates, _index, _next) = (policies, templates, index, next);

    /// <summary>The set without policies: it denies everything.</summary>
    public static CedarPolicySet Empty { get; } = new(
        ImmutableDictionary<string, CompiledPolicy>.Empty, ImmutableDictionary<string, LinkableTemplate>.Empty, new ScopeIndex(), 0);

    /// <summary>Number of policies, links included and templates not.</summary>
    public int Count => _policies.Count;

    /// <summary>The policies that decide, links included, in the order in which they were added.</summary>
    public IEnumerable<CompiledPolicy> Policies => _policies.Values.OrderBy(p => p.Order);

    /// <summary>The templates, in the order in which they were added.</summary>
    public IEnumerable<CedarPolicy> Templates => _templates.Values.OrderBy(t => t.Order).Select(t => t.Source);

    internal ImmutableDictionary<string, CompiledPolicy> ById => _policies;

    internal ImmutableDictionary<string, LinkableTemplate> TemplatesById => _templates;

    internal ScopeIndex Index => _index;

    internal long Next => _next;

    /// <summary>The policies of a text.</summary>
    public static CedarResult<CedarPolicySet> Parse(string text) =>
        CedarParser.ParsePolicies(text) is { } read && read.Ok ? Create(read.Value) : read.Errors.ToList();

    /// <summary>A set of policies and templates.</summary>
    public static CedarResult<CedarPolicySet> Create(IEnumerable<CedarPolicy> policies) => Empty.Edit(edit => edit.Add(policies));

    /// <summary>This set and one more policy or template; an error when its id is taken.</summary>
    public CedarResult<CedarPolicySet> Add(CedarPolicy policy) => Edit(edit => edit.Add(policy));

    /// <summary>This set and a policy made of a template; an error when the id is taken or the slots do not fit.</summary>
    public CedarResult<CedarPolicySet> Add(TemplateLink link) => Edit(edit => edit.Add(link));

    /// <summary>This set without a policy, link, or template that has no links; an error when there is none of the id.</summary>
    public CedarResult<CedarPolicySet> Remove(string id) => Edit(edit => edit.Remove(id));

    /// <summary>Several changes as one: all of them, or none and the errors.</summary>
    public CedarResult<CedarPolicySet> Edit(Action<PolicySetEdit> changes)
    {
        var edit = new PolicySetEdit(this);
        changes(edit);
        return edit.Finish();
    }

    /// <summary>A policy by id; null when there is none.</summary>
    public CompiledPolicy? Find(string id) => _policies.GetValueOrDefault(id);

    /// <summary>A template by id; null when there is none.</summary>
    public CedarPolicy? FindTemplate(string id) => _templates.GetValueOrDefault(id)?.Source;

    /// <summary>Decides a request. Nothing is allocated unless a policy makes sets, records or extension values while it is evaluated.</summary>
    /// <param name="request">The question.</param>
    /// <param name="entities">What is known.</param>
    /// <param name="determining">Receives the policies that decided, in no particular order.</param>
    /// <param name="failing">Receives the policies that could not be evaluated, in no particular order.</param>
    public CedarDecision Decide(CedarRequest request, CedarEntities entities, Span<CompiledPolicy> determining, Span<CompiledPolicy> failing) =>
        new Decider(request, entities, determining, failing).Decide(_index);

    /// <summary>Decides a request and answers in words.</summary>
    public CedarAnswer Decide(CedarRequest request, CedarEntities entities)
    {
        var determining = new CompiledPolicy[8];
        var failing = new CompiledPolicy[8];
        var decision = Decide(request, entities, determining, failing);
        if (decision.Determining > determining.Length || decision.Failing > failing.Length)
        {
            determining = new CompiledPolicy[decision.Determining];
            failing = new CompiledPolicy[decision.Failing];
            decision = Decide(request, entities, determining, failing);
        }

        return new CedarAnswer(
            decision.Allowed,
            [.. determining.Take(decision.Determining).OrderBy(p => p.Order).Select(p => p.Id)],
            [.. failing.Take(decision.Failing).OrderBy(p => p.Order).Select(p => Explain(p, request, entities)!)]);
    }

    /// <summary>Why a policy cannot be evaluated for a request; null when it can.</summary>
    public static CedarError? Explain(CompiledPolicy policy, CedarRequest request, CedarEntities entities)
    {
        // The nodes, which know their places in the text, are made for the occasion: only an error needs them.
        var frame = new EvaluationFrame(request, entities) { Explains = true };
        return policy.Meets(in frame) && Compiler.Conditions(policy.Source.Conditions)?.Test(ref frame) == Truth.Error
            ? (frame.Failure ?? new CedarError("The policy cannot be evaluated.")) with { PolicyId = policy.Id }
            : null;
    }

    /// <summary>Evaluates an expression on its own, for tools and tests.</summary>
    public static CedarEvaluation Evaluate(Expr expression, CedarRequest request, CedarEntities entities)
    {
        var frame = new EvaluationFrame(request, entities) { Explains = true };
        return Compiler.Compile(expression).Evaluate(ref frame, out var value)
            ? new CedarEvaluation(value, null)
            : new CedarEvaluation(default, frame.Failure ?? new CedarError("The expression cannot be evaluated."));
    }
}

/// <summary>What came out of an expression.</summary>
/// <param name="Value">Its value; unset when there is an error.</param>
/// <param name="Error">Why it has none; null when it has.</param>
public sealed record CedarEvaluation(CedarValue Value, CedarError? Error);
