using System.Text;
using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Parsing;

namespace Arw.Core.Policy.Cedar.Formatting;

/// <summary>Writes policies as text that reads back as the same policies. Comments are no part of a tree: <see cref="CedarFormatter"/> keeps them.</summary>
public static class CedarPrinter
{
    /// <summary>Policies, one after the other.</summary>
    public static string Print(IEnumerable<CedarPolicy> policies) => string.Join("\n", policies.Select(Print));

    /// <summary>A policy with a line feed at its end. Its id is written only where it is annotated.</summary>
    public static string Print(CedarPolicy policy)
    {
        var text = new StringBuilder();
        foreach (var annotation in policy.Annotations)
        {
            text.Append('@').Append(annotation.Key);
            if (annotation.HasValue)
            {
                text.Append('(').Append(StringEscapes.Quote(annotation.Value)).Append(')');
            }

            text.Append('\n');
        }

        text.Append(policy.Effect == PolicyEffect.Permit ? "permit (" : "forbid (");
        if (policy is { Principal: ScopeAny, Action: ScopeAny, Resource: ScopeAny })
        {
            text.Append("principal, action, resource)");
        }
        else
        {
            text.Append("\n  ").Append(Print(policy.Principal, "principal"))
                .Append(",\n  ").Append(Print(policy.Action, "action"))
                .Append(",\n  ").Append(Print(policy.Resource, "resource"))
                .Append("\n)");
        }

        foreach (var condition in policy.Conditions)
        {
            text.Append(condition.IsWhen ? "\nwhen { " : "\nunless { ");
            new ExprPrinter(text).Write(condition.Body);
            text.Append(" }");
        }

        return text.Append(";\n").ToString();
    }

    /// <summary>An expression in one line.</summary>
    public static string Print(Expr expression)
    {
        var text = new StringBuilder();
        new ExprPrinter(text).Write(expression);
        return text.ToString();
    }

    private static string Print(ScopeConstraint constraint, string variable) => constraint switch
    {
        ScopeEquals c => $"{variable} == {Print(c.Entity)}",
        ScopeIn c => $"{variable} in {Print(c.Entity)}",
        ScopeInAny c => $"{variable} in [{string.Join(", ", c.Entities.Select(Print))}]",
        ScopeIs { In: { } below } c => $"{variable} is {c.EntityType} in {Print(below)}",
        ScopeIs c => $"{variable} is {c.EntityType}",
        _ => variable,
    };

    private static string Print(EntityReference reference) => reference.Slot switch
    {
        PolicySlot.Principal => "?principal",
        PolicySlot.Resource => "?resource",
        _ => reference.Entity!.ToString(),
    };
}
