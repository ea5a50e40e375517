using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What the validation of policies found.</summary>
/// <param name="Errors">What is wrong; the policies are valid when there is nothing.</param>
/// <param name="Warnings">What is allowed but probably not meant, such as a policy that never applies.</param>
public sealed record ValidationResult(IReadOnlyList<CedarError> Errors, IReadOnlyList<CedarError> Warnings)
{
    /// <summary>True when nothing is wrong.</summary>
    public bool Ok => Errors.Count == 0;
}

/// <summary>
/// Checks policies against a schema, strictly: a valid policy never fails on a valid request for any reason but overflow,
/// missing entities, or the values of an extension.
/// </summary>
public sealed class PolicyValidator
{
    private readonly Schema _schema;
    private readonly ScopeTypes _scopes;

    /// <summary>A validator for one schema; it may be shared.</summary>
    public PolicyValidator(Schema schema)
    {
        _schema = schema;
        _scopes = new ScopeTypes(schema);
    }

    /// <summary>
    /// False, the default: a policy whose scope no action can meet is an error, as in the public corpus. True: it is a warning, as newer releases
    /// of the reference engine have it.
    /// </summary>
    public bool TolerateInapplicableScopes { get; init; }

    /// <summary>Checks policies and templates.</summary>
    public ValidationResult Validate(IEnumerable<CedarPolicy> policies) => Gather(policies.Select(Validate));

    /// <summary>Checks all that is in a set; of a linked template only what its link adds, since the template itself is checked for all links.</summary>
    public ValidationResult Validate(CedarPolicySet policies) => Gather(policies.Templates.Select(Validate)
        .Concat(policies.Policies.Select(policy => policy.Link is { } link ? Validate(policy.Source, link) : Validate(policy.Source))));

    private static ValidationResult Gather(IEnumerable<PolicyFindings> all)
    {
        List<CedarError> errors = [], warnings = [];
        foreach (var findings in all)
        {
            errors.AddRange(findings.Errors);
            warnings.AddRange(findings.Warnings);
        }

        return new ValidationResult(errors, warnings);
    }

    private PolicyFindings Validate(CedarPolicy policy)
    {
        var findings = new PolicyFindings(policy);
        new PolicyReferences(_schema, findings).Check(policy);
        CheckApplication(policy, findings);
        CheckActions(policy, findings);
        CheckTypes(policy, findings);
        return findings;
    }

    private PolicyFindings Validate(CedarPolicy linked, TemplateLink link)
    {
        var findings = new PolicyFindings(linked);
        var references = new PolicyReferences(_schema, findings);
        foreach (var entity in new[] { link.Principal, link.Resource })
        {
            if (entity is not null)
            {
                references.Type(entity.Type, linked.Span);
            }
        }

        CheckApplication(linked, findings);
        return findings;
    }

    private void CheckApplication(CedarPolicy policy, PolicyFindings findings)
    {
        var principals = _scopes.Admitted(policy.Principal).ToHashSet();
        var resources = _scopes.Admitted(policy.Resource).ToHashSet();
        if (!_scopes.AdmittedActions(policy.Action).Any(action => action.PrincipalTypes.Any(principals.Contains) && action.ResourceTypes.Any(resources.Contains)))
        {
            const string Message = "No action that the scope allows applies to the principals and resources that it allows.";
            if (TolerateInapplicableScopes)
            {
                findings.Warn(policy.Span, Message);
            }
            else
            {
                findings.Error(policy.Span, Message, "a scope that some request can meet");
            }
        }
    }

    // The actions that a scope lists are a set as any other: at least one, and all of one type.
    private void CheckActions(CedarPolicy policy, PolicyFindings findings)
    {
        if (policy.Action is ScopeInAny list && Environments(policy.Principal, new ScopeAny(), new ScopeAny()).FirstOrDefault() is { } environment)
        {
            var literals = list.Entities.Select(reference => new EntityLiteral(reference.Entity!) { Span = reference.Span });
            new Typechecker(_schema, environment, findings).Check(new SetExpr(NodeList.From<Expr>(literals)) { Span = list.Span }, default);
        }
    }

    private void CheckTypes(CedarPolicy policy, PolicyFindings findings)
    {
        Expr[] conditions = [.. policy.Conditions.Select(Condition)];
        var used = ExprParts.Variables(conditions);
        HashSet<(string?, string?, object?, RecordType?)> seen = [];
        var possible = false;
        foreach (var environment in Environments(policy.Principal, policy.Action, policy.Resource))
        {
            // Environments that differ only in what the conditions never look at give the same answer.
            var key = (
                used.Contains(RequestVariable.Principal) ? environment.Principal.Name : null,
                used.Contains(RequestVariable.Resource) ? environment.Resource.Name : null,
                used.Contains(RequestVariable.Action) ? environment.Action.Uid : null,
                used.Contains(RequestVariable.Context) ? environment.Action.Context : null);
            if (seen.Add(key))
            {
                possible |= conditions.Length == 0 || !new Typechecker(_schema, environment, findings).All(conditions, default).IsFalse;
            }
        }

        if (!possible)
        {
            findings.Warn(policy.Span, "This policy never applies: its conditions are false for every request that the schema allows.");
        }
    }

    private IEnumerable<RequestEnvironment> Environments(ScopeConstraint principals, ScopeConstraint actions, ScopeConstraint resources)
    {
        foreach (var action in _schema.Actions.Values.Where(action => _scopes.Admits(actions, action)))
        {
            foreach (var principal in action.PrincipalTypes.Where(type => _scopes.Admits(principals, type)))
            {
                foreach (var resource in action.ResourceTypes.Where(type => _scopes.Admits(resources, type)))
                {
                    yield return new RequestEnvironment(new EntityReferenceType(principal), action, new EntityReferenceType(resource));
                }
            }
        }
    }

    private static Expr Condition(PolicyCondition condition) =>
        condition.IsWhen ? condition.Body : new NotExpr(condition.Body) { Span = condition.Body.Span };
}
