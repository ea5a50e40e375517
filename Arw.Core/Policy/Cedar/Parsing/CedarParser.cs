using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Parsing;

/// <summary>Reads policies from text. Whatever the text, it answers: errors with their places, or all policies, never an exception, never a part.</summary>
public static class CedarParser
{
    /// <summary>Reading stops after about this many errors.</summary>
    public const int MaxErrors = 100;

    /// <summary>All policies and templates of a text, in order; no policy in an empty one. Ids are as <see cref="CedarPolicy.Id"/> says and not yet checked for uniqueness.</summary>
    public static CedarResult<NodeList<CedarPolicy>> ParsePolicies(string text)
    {
        var reader = new TokenReader(text);
        var parser = new PolicyParser(reader);
        var policies = new List<CedarPolicy>();
        var position = 0;
        while (!reader.AtEnd && reader.Errors.Count < MaxErrors)
        {
            if (parser.Policy($"policy{position++}") is { } policy)
            {
                policies.Add(policy);
            }
        }

        return Answer(reader, NodeList.From(policies));
    }

    /// <summary>One policy or template, and nothing after it.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="id">Its id when it has no <c>@id</c>.</param>
    public static CedarResult<CedarPolicy> ParsePolicy(string text, string id = "policy0") =>
        ParseAll(text, reader => new PolicyParser(reader).Policy(id));

    /// <summary>One expression, and nothing after it.</summary>
    public static CedarResult<Expr> ParseExpression(string text) => ParseAll(text, reader => new ExprParser(reader).Expression());

    /// <summary>One entity's name, <c>App::User::"alice"</c>.</summary>
    public static CedarResult<EntityUid> ParseEntityUid(string text) => ParseAll(text, reader => new ScopeParser(reader).EntityUid());

    private static CedarResult<T> ParseAll<T>(string text, Func<TokenReader, T?> parse)
        where T : class
    {
        var reader = new TokenReader(text);
        var found = parse(reader);
        if (found is not null && reader.Errors.Count == 0 && !reader.AtEnd)
        {
            reader.Unexpected("nothing more");
        }

        return Answer(reader, found);
    }

    private static CedarResult<T> Answer<T>(TokenReader reader, T? found)
        where T : class
    {
        if (reader.Errors.Count == 0 && found is not null)
        {
            return found;
        }

        reader.Errors.Sort((a, b) => a.Span.Offset.CompareTo(b.Span.Offset));
        return reader.Errors;
    }
}
