using System.Collections.Immutable;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Evaluation;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>Changes to a set that take effect together. An error is kept, and then there is no new set.</summary>
public sealed class PolicySetEdit
{
    private readonly List<CedarError> _errors = [];
    private readonly ImmutableDictionary<string, CompiledPolicy>.Builder _policies;
    private readonly ImmutableDictionary<string, LinkableTemplate>.Builder _templates;
    private readonly ScopeIndexEdit _index;
    private long _next;

    internal PolicySetEdit(CedarPolicySet before)
    {
        _policies = before.ById.ToBuilder();
        _templates = before.TemplatesById.ToBuilder();
        _index = new ScopeIndexEdit(before.Index);
        _next = before.Next;
    }

    /// <summary>Adds policies and templates.</summary>
    public void Add(IEnumerable<CedarPolicy> policies)
    {
        foreach (var policy in policies)
        {
            Add(policy);
        }
    }

    /// <summary>Adds a policy or template.</summary>
    public void Add(CedarPolicy policy)
    {
        if (IsTaken(policy.Id, policy.Span))
        {
            return;
        }

        if (policy.Conditions.Any(c => c.Body.Height > Expr.MaxHeight))
        {
            _errors.Add(new CedarError($"The policy \"{policy.Id}\" is nested more than {Expr.MaxHeight} deep.", policy.Span, "a flatter policy", policy.Id));
        }
        else if (policy.IsTemplate)
        {
            _templates.Add(policy.Id, new LinkableTemplate(policy, ConditionCompiler.Compile(policy.Conditions), _next++, 0));
        }
        else
        {
            Add(new CompiledPolicy(policy, _next++));
        }
    }

    /// <summary>Adds a policy that is made of a template.</summary>
    public void Add(TemplateLink link)
    {
        if (IsTaken(link.Id, default))
        {
            return;
        }

        if (_templates.GetValueOrDefault(link.Template) is not { } template)
        {
            _errors.Add(new CedarError($"There is no template \"{link.Template}\".", Expected: "the id of a template", PolicyId: link.Id));
            return;
        }

        if (template.Source.HasPrincipalSlot != link.Principal is not null || template.Source.HasResourceSlot != link.Resource is not null)
        {
            _errors.Add(new CedarError(
                $"The link \"{link.Id}\" does not fill the slots of \"{link.Template}\".",
                Expected: "an entity for each slot of the template and no other",
                PolicyId: link.Id));
            return;
        }

        var linked = template.Source with
        {
            Id = link.Id,
            Principal = Fill(template.Source.Principal, link.Principal),
            Resource = Fill(template.Source.Resource, link.Resource),
        };
        Add(new CompiledPolicy(linked, _next++, link, template.Condition));
        _templates[link.Template] = template with { Links = template.Links + 1 };
    }

    /// <summary>Removes a policy, a link, or a template that has no links.</summary>
    public void Remove(string id)
    {
        if (_policies.GetValueOrDefault(id) is { } policy)
        {
            _policies.Remove(id);
            _index.Remove(policy);
            if (policy.Link is { } link)
            {
                var template = _templates[link.Template];
                _templates[link.Template] = template with { Links = template.Links - 1 };
            }
        }
        else if (_templates.GetValueOrDefault(id) is not { } template)
        {
            _errors.Add(new CedarError($"There is no policy \"{id}\".", Expected: "the id of a policy, link or template", PolicyId: id));
        }
        else if (template.Links > 0)
        {
            _errors.Add(new CedarError($"The template \"{id}\" still has {template.Links} links.", Expected: "a template without links", PolicyId: id));
        }
        else
        {
            _templates.Remove(id);
        }
    }

    internal CedarResult<CedarPolicySet> Finish() =>
        _errors.Count == 0 ? new CedarPolicySet(_policies.ToImmutable(), _templates.ToImmutable(), _index.Finish(), _next) : _errors;

    private static ScopeConstraint Fill(ScopeConstraint constraint, EntityUid? entity)
    {
        if (entity is null)
        {
            return constraint;
        }

        return constraint switch
        {
            ScopeEquals c => c with { Entity = EntityReference.To(entity) },
            ScopeIn c => c with { Entity = EntityReference.To(entity) },
            ScopeIs c => c with { In = EntityReference.To(entity) },
            _ => constraint,
        };
    }

    private void Add(CompiledPolicy policy)
    {
        _policies.Add(policy.Id, policy);
        _index.Add(policy);
    }

    private bool IsTaken(string id, SourceSpan span)
    {
        if (!_policies.ContainsKey(id) && !_templates.ContainsKey(id))
        {
            return false;
        }

        _errors.Add(new CedarError($"The id \"{id}\" is taken by another policy.", span, "an id of its own", id));
        return true;
    }
}

/// <summary>A template with its conditions compiled.</summary>
internal sealed record LinkableTemplate(CedarPolicy Source, ConditionStep[]? Condition, long Order, int Links);
