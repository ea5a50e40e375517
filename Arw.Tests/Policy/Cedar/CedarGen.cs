using Arw.Core.Policy.Cedar.Ast;
using Arw.Core.Policy.Cedar.Values;
using CsCheck;

namespace Arw.Tests.Policy.Cedar;

/// <summary>Policies by chance: few names, so that they meet the entities that are asked about.</summary>
internal static class CedarGen
{
    private static readonly Gen<string> Text = Gen.OneOf(
        Any("", "a", "b c", "if", "\"\\*\n\t\0", "😀", "\u202e\u00ad", "1.0", "10.0.0.1", "2024-01-01", "1h"), Gen.Char.Array[0, 4].Select(Scalars));

    private static readonly Gen<string> Name = Gen.OneOf(Any("a", "b", "_c1", "principal", "when"), Text);

    private static readonly Gen<string> Type = Any("User", "Group", "A::B", "permit");

    public static Gen<EntityUid> Uid { get; } = Gen.Select(Type, Gen.OneOf(Any("x", "y", "z"), Text), (t, i) => new EntityUid(t, i));

    public static Gen<EntityUid> ActionUid { get; } = Gen.Select(Any("Action", "N::Action"), Any("x", "y", "z"), (t, i) => new EntityUid(t, i));

    public static Gen<Expr> Expression { get; } = Deep(4);

    public static Gen<CedarPolicy> Policy { get; } = Gen.Select(
        Gen.Bool, Annotations(), Scope(PolicySlot.Principal), ActionScope(), Scope(PolicySlot.Resource), Gen.Select(Gen.Bool, Expression, (w, e) => new PolicyCondition(w, e)).Array[0, 2],
        (permit, annotations, principal, action, resource, conditions) => new CedarPolicy(
            "policy0", permit ? PolicyEffect.Permit : PolicyEffect.Forbid, annotations, principal, action, resource, NodeList.From(conditions)));

    /// <summary>One of some values.</summary>
    public static Gen<T> Any<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<NodeList<Annotation>> Annotations() =>
        Gen.Select(Any("note", "if", "__cedar"), Text, Gen.Bool, (k, v, has) => new Annotation(k, has ? v : "", has)).Array[0, 2]
            .Select(all => NodeList.From(all.DistinctBy(a => a.Key)));

    private static string Scalars(char[] chars) => new([.. chars.Where(c => !char.IsSurrogate(c))]);

    private static Gen<ScopeConstraint> Scope(PolicySlot slot)
    {
        var reference = Gen.OneOf(Uid.Select(EntityReference.To), Gen.Const(EntityReference.To(slot)));
        return Gen.OneOf<ScopeConstraint>(
            Gen.Const<ScopeConstraint>(new ScopeAny()),
            reference.Select(e => (ScopeConstraint)new ScopeEquals(e)),
            reference.Select(e => (ScopeConstraint)new ScopeIn(e)),
            Type.Select(t => (ScopeConstraint)new ScopeIs(t, null)),
            Gen.Select(Type, reference, (t, e) => (ScopeConstraint)new ScopeIs(t, e)));
    }

    private static Gen<ScopeConstraint> ActionScope()
    {
        var reference = ActionUid.Select(EntityReference.To);
        return Gen.OneOf<ScopeConstraint>(
            Gen.Const<ScopeConstraint>(new ScopeAny()),
            reference.Select(e => (ScopeConstraint)new ScopeEquals(e)),
            reference.Select(e => (ScopeConstraint)new ScopeIn(e)),
            reference.Array[0, 3].Select(e => (ScopeConstraint)new ScopeInAny(NodeList.From(e))));
    }

    private static Gen<Expr> Deep(int depth)
    {
        var leaf = Gen.OneOf(
            Gen.Bool.Select(v => (Expr)new BoolLiteral(v)),
            Gen.OneOf(Gen.Long, Any(0L, 1L, -1L, long.MinValue, long.MaxValue)).Select(v => (Expr)new LongLiteral(v)),
            Text.Select(v => (Expr)new StringLiteral(v)),
            Uid.Select(v => (Expr)new EntityLiteral(v)),
            Gen.Enum<RequestVariable>().Select(v => (Expr)new VariableExpr(v)));
        if (depth == 0)
        {
            return leaf;
        }

        var inner = Deep(depth - 1);
        var some = inner.Array[0, 3].Select(NodeList.From<Expr>);
        return Gen.OneOf(
            leaf,
            inner.Select(e => (Expr)new NotExpr(e)),
            inner.Select(e => (Expr)new NegateExpr(e)),
            inner.Array[2, 4].Select(e => (Expr)new AndExpr(e)),
            inner.Array[2, 4].Select(e => (Expr)new OrExpr(e)),
            Gen.Select(Gen.Enum<BinaryOperator>(), inner, inner, (o, l, r) => (Expr)new BinaryExpr(o, l, r)),
            Gen.Select(inner, inner, inner, (c, t, e) => (Expr)new IfExpr(c, t, e)),
            Gen.Select(inner, Name, (e, n) => (Expr)new HasExpr(e, [n])),
            Gen.Select(inner, Any("a", "b").Array[2, 3], (e, n) => (Expr)new HasExpr(e, NodeList.From(n))),
            Gen.Select(inner, Any(LikePattern.Wildcard, 'a', '*', '"', '\\', 0x1f600).Array[0, 4], (e, p) => (Expr)new LikeExpr(e, LikePattern.Of(p))),
            Gen.Select(inner, Type, (e, t) => (Expr)new IsExpr(e, t, null)),
            Gen.Select(inner, Type, inner, (e, t, i) => (Expr)new IsExpr(e, t, i)),
            some.Select(e => (Expr)new SetExpr(e)),
            Gen.Select(Name, inner).Array[0, 3].Select(f => (Expr)new RecordExpr(NodeList.From(f.DistinctBy(p => p.Item1).Select(p => new RecordField(p.Item1, p.Item2))))),
            Gen.Select(inner, Name, (e, n) => (Expr)new AttributeExpr(e, n)),
            Gen.Select(Gen.Enum<CedarFunction>(), inner.Array[2], (f, a) => (Expr)new CallExpr(f, NodeList.From(a.Take(FunctionTable.Of(f).Arity)))));
    }
}
