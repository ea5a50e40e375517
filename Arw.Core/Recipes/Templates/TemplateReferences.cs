using Fluid;
using Fluid.Ast;

namespace Arw.Core.Recipes;

/// <summary>The variables that a template reads, from its syntax tree: what can be checked, and planned, without running it.</summary>
internal sealed class TemplateReferences : AstVisitor
{
    private const int MostRange = 1_000;
    private readonly HashSet<(string Root, string? Member)> _read = [];
    private readonly HashSet<string> _locals = new(StringComparer.Ordinal) { "forloop", "blank", "empty", "nil" };

    private TemplateReferences()
    {
    }

    /// <summary>A construct that is refused; null when there is none.</summary>
    public string? Fault { get; private set; }

    /// <summary>Variables read from outside, with their first member: <c>(inputs, feeds)</c>.</summary>
    public IEnumerable<(string Root, string? Member)> All => _read.Where(r => !_locals.Contains(r.Root)).OrderBy(r => r.Root, StringComparer.Ordinal);

    public static TemplateReferences Of(IFluidTemplate template)
    {
        var references = new TemplateReferences();
        references.VisitTemplate(template);
        return references;
    }

    protected override Expression VisitMemberExpression(MemberExpression memberExpression)
    {
        if (memberExpression.Segments is [IdentifierSegment root, ..] segments)
        {
            _read.Add((root.Identifier, segments.Count > 1 && segments[1] is IdentifierSegment member ? member.Identifier : null));
        }

        return base.VisitMemberExpression(memberExpression);
    }

    protected override Statement VisitAssignStatement(AssignStatement assignStatement)
    {
        _locals.Add(assignStatement.Identifier);
        return base.VisitAssignStatement(assignStatement);
    }

    protected override Statement VisitForStatement(ForStatement forStatement)
    {
        _locals.Add(forStatement.Identifier);
        return base.VisitForStatement(forStatement);
    }

    // A range becomes a list in memory, so its ends must be known and near.
    protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
    {
        if (rangeExpression is not { From: LiteralExpression from, To: LiteralExpression to }
            || to.Value.ToNumberValue() - from.Value.ToNumberValue() > MostRange)
        {
            Fault ??= $"A range must have two literal ends at most {MostRange} apart.";
        }

        return base.VisitRangeExpression(rangeExpression);
    }
}
