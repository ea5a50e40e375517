using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads a policy's scope: which principals, actions and resources it is about; and the names of types and entities.</summary>
internal sealed class ScopeParser(TokenReader reader)
{
    /// <summary><c>principal</c> and its constraint.</summary>
    public ScopeConstraint? Principal() => Constraint("principal", PolicySlot.Principal);

    /// <summary><c>resource</c> and its constraint.</summary>
    public ScopeConstraint? Resource() => Constraint("resource", PolicySlot.Resource);

    /// <summary><c>action</c> and its constraint.</summary>
    public ScopeConstraint? Action()
    {
        var start = reader.Current.Span;
        if (!Variable("action"))
        {
            return null;
        }

        if (reader.AtWord("is"))
        {
            reader.Report("\"is\" cannot constrain the action.", reader.Current.Span, "action == Action::\"…\", action in […], or no constraint");
            return null;
        }

        ScopeConstraint? constraint;
        if (reader.TryTake(TokenKind.Equal))
        {
            constraint = ActionReference() is { } entity ? new ScopeEquals(entity) : null;
        }
        else if (reader.TryTakeWord("in"))
        {
            constraint = ActionOrActions();
        }
        else
        {
            constraint = NoOperator() ? new ScopeAny() : null;
        }

        return constraint is null ? null : constraint with { Span = start.To(reader.Previous.Span) };
    }

    /// <summary>An entity's name; null with errors reported when none comes next.</summary>
    public EntityUid? EntityUid()
    {
        const string Expected = "an entity such as User::\"alice\"";
        if (reader.Kind != TokenKind.Identifier)
        {
            reader.Unexpected(Expected);
            return null;
        }

        var type = reader.Name(Expected)!;
        while (reader.TryTake(TokenKind.DoubleColon))
        {
            if (reader.Kind == TokenKind.String)
            {
                return SharedNames.Uid(type, reader.String(Expected)!);
            }

            if (reader.Name("a type's name or an id in quotes") is not { } part)
            {
                return null;
            }

            type = $"{type}::{part}";
        }

        reader.Unexpected(":: and an id in quotes");
        return null;
    }

    /// <summary>A type's full name; null with errors reported when none comes next.</summary>
    public string? TypeName()
    {
        var name = reader.Name("a type such as User");
        while (name is not null && reader.TryTake(TokenKind.DoubleColon))
        {
            if (reader.Kind == TokenKind.String)
            {
                reader.Unexpected("a type, not an entity");
                return null;
            }

            name = reader.Name("a type's name") is { } part ? SharedNames.Name($"{name}::{part}") : null;
        }

        return name;
    }

    private ScopeConstraint? Constraint(string variable, PolicySlot slot)
    {
        var start = reader.Current.Span;
        if (!Variable(variable))
        {
            return null;
        }

        ScopeConstraint? constraint;
        if (reader.TryTakeWord("is"))
        {
            if (TypeName() is not { } type)
            {
                return null;
            }

            EntityReference? below = null;
            if (reader.TryTakeWord("in") && (below = Reference(slot)) is null)
            {
                return null;
            }

            constraint = below is not null || NoOperator() ? new ScopeIs(type, below) : null;
        }
        else if (reader.TryTake(TokenKind.Equal))
        {
            constraint = Reference(slot) is { } entity ? new ScopeEquals(entity) : null;
        }
        else if (reader.TryTakeWord("in"))
        {
            constraint = Reference(slot) is { } entity ? new ScopeIn(entity) : null;
        }
        else
        {
            constraint = NoOperator() ? new ScopeAny() : null;
        }

        return constraint is null ? null : constraint with { Span = start.To(reader.Previous.Span) };
    }

    private bool Variable(string variable)
    {
        if (!reader.TryTakeWord(variable))
        {
            reader.Unexpected($"\"{variable}\"");
            return false;
        }

        if (reader.Kind == TokenKind.Colon)
        {
            reader.Unexpected($"a type as \"{variable} is Type\"");
            return false;
        }

        return true;
    }

    private bool NoOperator()
    {
        if (reader.Kind is TokenKind.Comma or TokenKind.CloseParen)
        {
            return true;
        }

        reader.Unexpected(reader.Kind == TokenKind.Assign ? "== to compare" : "==, in, is, or the next part of the scope");
        return false;
    }

    private ScopeConstraint? ActionOrActions()
    {
        var parens = OpenParens();
        if (reader.Kind != TokenKind.OpenBracket)
        {
            return ActionReference() is { } single && CloseParens(parens) ? new ScopeIn(single) : null;
        }

        reader.Take();
        var actions = new List<EntityReference>();
        while (reader.Kind != TokenKind.CloseBracket)
        {
            if (ActionReference() is not { } action)
            {
                return null;
            }

            actions.Add(action);
            if (!reader.TryTake(TokenKind.Comma))
            {
                break;
            }
        }

        return reader.Expect(TokenKind.CloseBracket, ", or ] after the actions") && CloseParens(parens) ? new ScopeInAny(NodeList.From(actions)) : null;
    }

    private EntityReference? ActionReference()
    {
        if (Reference(null) is not { } reference)
        {
            return null;
        }

        var type = reference.Entity!.Type;
        if (type != "Action" && !type.EndsWith("::Action", StringComparison.Ordinal))
        {
            reader.Report($"{reference.Entity} is no action.", reference.Span, "an entity of type Action, with or without a namespace");
        }

        return reference;
    }

    private EntityReference? Reference(PolicySlot? slot)
    {
        var parens = OpenParens();
        var start = reader.Current.Span;
        EntityReference? reference;
        if (reader.Kind == TokenKind.Slot)
        {
            var token = reader.Take();
            var expected = slot is { } allowed ? $"?{allowed.ToString().ToLowerInvariant()} or an entity" : "an entity";
            if (slot is not { } own || !reader.TextOf(token).SequenceEqual(own == PolicySlot.Principal ? "?principal" : "?resource"))
            {
                reader.Report($"The slot \"{reader.TextOf(token)}\" cannot stand here.", token.Span, expected);
                return null;
            }

            reference = EntityReference.To(own);
        }
        else
        {
            reference = EntityUid() is { } entity ? EntityReference.To(entity) : null;
        }

        if (reference is null)
        {
            return null;
        }

        reference = reference with { Span = start.To(reader.Previous.Span) };
        return CloseParens(parens) ? reference : null;
    }

    private int OpenParens()
    {
        var count = 0;
        while (reader.TryTake(TokenKind.OpenParen))
        {
            count++;
        }

        return count;
    }

    private bool CloseParens(int count)
    {
        while (count > 0 && reader.Expect(TokenKind.CloseParen, ")"))
        {
            count--;
        }

        return count == 0;
    }
}
