using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads whole policies: annotations, effect, scope, conditions.</summary>
internal sealed class PolicyParser(TokenReader reader)
{
    private readonly ScopeParser _scopes = new(reader);
    private readonly ExprParser _expressions = new(reader);

    /// <summary>The next policy; null with errors reported when there is none, and the reader stands after its semicolon.</summary>
    public CedarPolicy? Policy(string id)
    {
        var errors = reader.Errors.Count;
        var policy = Read(id);
        if (policy is null)
        {
            reader.SkipStatement();
        }

        return reader.Errors.Count == errors ? policy : null;
    }

    private CedarPolicy? Read(string id)
    {
        var start = reader.Current.Span;
        if (Annotations() is not { } annotations || Effect() is not { } effect
            || !reader.Expect(TokenKind.OpenParen, "( after the effect")
            || _scopes.Principal() is not { } principal || !reader.Expect(TokenKind.Comma, ", and then \"action\"")
            || _scopes.Action() is not { } action || !reader.Expect(TokenKind.Comma, ", and then \"resource\"")
            || _scopes.Resource() is not { } resource)
        {
            return null;
        }

        reader.TryTake(TokenKind.Comma);
        if (!reader.Expect(TokenKind.CloseParen, ") after the resource"))
        {
            return null;
        }

        var conditions = new List<PolicyCondition>();
        while (reader.Kind == TokenKind.Identifier)
        {
            if (Condition() is not { } condition)
            {
                return null;
            }

            conditions.Add(condition);
        }

        if (!reader.Expect(TokenKind.Semicolon, "\"when\", \"unless\" or ;"))
        {
            return null;
        }

        var named = annotations.Find(a => a.Key == "id") is { Value.Length: > 0 } written ? written.Value : id;
        return new CedarPolicy(named, effect, NodeList.From(annotations), principal, action, resource, NodeList.From(conditions))
        {
            Span = start.To(reader.Previous.Span),
        };
    }

    private List<Annotation>? Annotations()
    {
        var annotations = new List<Annotation>();
        while (reader.Kind == TokenKind.At)
        {
            var start = reader.Take().Span;
            if (reader.Kind != TokenKind.Identifier)
            {
                reader.Unexpected("the name of an annotation");
                return null;
            }

            var key = reader.TextOf(reader.Take()).ToString();
            var (value, hasValue) = ("", false);
            if (reader.TryTake(TokenKind.OpenParen))
            {
                if (reader.String("the annotation's text in quotes") is not { } text || !reader.Expect(TokenKind.CloseParen, ") after the annotation's text"))
                {
                    return null;
                }

                (value, hasValue) = (text, true);
            }

            var span = start.To(reader.Previous.Span);
            if (annotations.Exists(a => a.Key == key))
            {
                reader.Report($"The annotation \"@{key}\" is there twice.", span, "each annotation once");
            }

            annotations.Add(new Annotation(key, value, hasValue) { Span = span });
        }

        return annotations;
    }

    private PolicyEffect? Effect()
    {
        if (reader.TryTakeWord("permit"))
        {
            return PolicyEffect.Permit;
        }

        if (reader.TryTakeWord("forbid"))
        {
            return PolicyEffect.Forbid;
        }

        reader.Unexpected("\"permit\" or \"forbid\"");
        return null;
    }

    private PolicyCondition? Condition()
    {
        var start = reader.Current.Span;
        var isWhen = reader.AtWord("when");
        if (!isWhen && !reader.AtWord("unless"))
        {
            reader.Unexpected("\"when\", \"unless\" or ;");
            return null;
        }

        reader.Take();
        if (!reader.Expect(TokenKind.OpenBrace, "{ and a condition"))
        {
            return null;
        }

        if (reader.Kind == TokenKind.CloseBrace)
        {
            reader.Report($"The \"{(isWhen ? "when" : "unless")}\" clause is empty.", reader.Current.Span, "a condition, such as true");
            return null;
        }

        if (_expressions.Expression() is not { } body || !reader.Expect(TokenKind.CloseBrace, "an operator, or } after the condition"))
        {
            return null;
        }

        return new PolicyCondition(isWhen, body) { Span = start.To(reader.Previous.Span) };
    }
}
