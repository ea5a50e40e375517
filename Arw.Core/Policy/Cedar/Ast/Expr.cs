using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>
/// An expression. <see cref="Height"/> is bounded by the readers (<see cref="MaxHeight"/>), so that whoever walks one may recurse;
/// long chains of <c>&amp;&amp;</c> and <c>||</c> are one node with many operands and do not count.
/// </summary>
public abstract record Expr : CedarNode
{
    /// <summary>The greatest height that a reader of texts or JSON accepts.</summary>
    public const int MaxHeight = 500;

    private protected Expr(int below) => Height = below + 1;

    /// <summary>Number of nodes on the longest way down, itself included.</summary>
    public int Height { get; }

    /// <inheritdoc/>
    public virtual bool Equals(Expr? other) => base.Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => base.GetHashCode();

    private protected static int Highest(NodeList<Expr> items)
    {
        var height = 0;
        foreach (var item in items)
        {
            height = Math.Max(height, item.Height);
        }

        return height;
    }
}

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed record BoolLiteral(bool Value) : Expr(0);

/// <summary>A whole number, negative ones included: <c>-5</c>.</summary>
public sealed record LongLiteral(long Value) : Expr(0);

/// <summary>A text, unescaped.</summary>
public sealed record StringLiteral(string Value) : Expr(0);

/// <summary>An entity: <c>App::User::"alice"</c>.</summary>
public sealed record EntityLiteral(EntityUid Value) : Expr(0);

/// <summary>The request's parts that an expression can name.</summary>
public enum RequestVariable
{
    /// <summary><c>principal</c>: who asks.</summary>
    Principal,

    /// <summary><c>action</c>: to do what.</summary>
    Action,

    /// <summary><c>resource</c>: with what.</summary>
    Resource,

    /// <summary><c>context</c>: under which circumstances.</summary>
    Context,
}

/// <summary>One of the request's parts.</summary>
public sealed record VariableExpr(RequestVariable Variable) : Expr(0);

/// <summary><c>!operand</c>.</summary>
public sealed record NotExpr(Expr Operand) : Expr(Operand.Height);

/// <summary><c>-operand</c>.</summary>
public sealed record NegateExpr(Expr Operand) : Expr(Operand.Height);

/// <summary><c>a &amp;&amp; b &amp;&amp; c</c>, two operands or more, from the left, stopping at the first false. The first operand is never itself a <see cref="AndExpr"/>.</summary>
public sealed record AndExpr : Expr
{
    /// <summary>A conjunction; a first operand that is one is taken apart.</summary>
    public AndExpr(params ReadOnlySpan<Expr> operands)
        : this(operands[0] is AndExpr first ? [.. first.Operands, .. operands[1..]] : NodeList.Of(operands))
    {
    }

    private AndExpr(NodeList<Expr> operands)
        : base(Highest(operands)) => Operands = operands;

    /// <summary>The operands in order.</summary>
    public NodeList<Expr> Operands { get; }
}

/// <summary><c>a || b || c</c>, two operands or more, from the left, stopping at the first true. The first operand is never itself an <see cref="OrExpr"/>.</summary>
public sealed record OrExpr : Expr
{
    /// <summary>A disjunction; a first operand that is one is taken apart.</summary>
    public OrExpr(params ReadOnlySpan<Expr> operands)
        : this(operands[0] is OrExpr first ? [.. first.Operands, .. operands[1..]] : NodeList.Of(operands))
    {
    }

    private OrExpr(NodeList<Expr> operands)
        : base(Highest(operands)) => Operands = operands;

    /// <summary>The operands in order.</summary>
    public NodeList<Expr> Operands { get; }
}

/// <summary>Operators with two operands that are always both evaluated.</summary>
public enum BinaryOperator
{
    /// <summary><c>==</c>, defined between any two values.</summary>
    Equal,

    /// <summary><c>!=</c>.</summary>
    NotEqual,

    /// <summary><c>&lt;</c>, between two longs, two datetimes or two durations; so are the next three.</summary>
    Less,

    /// <summary><c>&lt;=</c>.</summary>
    LessOrEqual,

    /// <summary><c>&gt;</c>.</summary>
    Greater,

    /// <summary><c>&gt;=</c>.</summary>
    GreaterOrEqual,

    /// <summary><c>+</c>, an error on overflow, as the next two.</summary>
    Add,

    /// <summary><c>-</c>.</summary>
    Subtract,

    /// <summary><c>*</c>.</summary>
    Multiply,

    /// <summary><c>in</c>: below an entity, or below any of a set.</summary>
    In,
}

/// <summary><c>left operator right</c>.</summary>
public sealed record BinaryExpr(BinaryOperator Operator, Expr Left, Expr Right) : Expr(Math.Max(Left.Height, Right.Height));

/// <summary><c>if condition then … else …</c>.</summary>
public sealed record IfExpr(Expr Condition, Expr Then, Expr Else) : Expr(Math.Max(Condition.Height, Math.Max(Then.Height, Else.Height)));

/// <summary><c>target has a.b.c</c>; with several names it means <c>target has a &amp;&amp; target.a has b &amp;&amp; …</c>.</summary>
/// <param name="Target">Record or entity.</param>
/// <param name="Path">One name or more.</param>
public sealed record HasExpr(Expr Target, NodeList<string> Path) : Expr(Target.Height);

/// <summary><c>target like "a*"</c>.</summary>
public sealed record LikeExpr(Expr Target, LikePattern Pattern) : Expr(Target.Height);

/// <summary><c>target is App::User</c>, and with <paramref name="In"/> <c>target is App::User in …</c>.</summary>
public sealed record IsExpr(Expr Target, string EntityType, Expr? In) : Expr(Math.Max(Target.Height, In?.Height ?? 0));

/// <summary><c>[a, b]</c>.</summary>
public sealed record SetExpr(NodeList<Expr> Items) : Expr(Highest(Items));

/// <summary><c>{a: 1, "b c": 2}</c>; names are unique.</summary>
public sealed record RecordExpr(NodeList<RecordField> Fields) : Expr(Highest([.. Fields.Select(f => f.Value)]));

/// <summary>One field of a record.</summary>
public sealed record RecordField(string Name, Expr Value) : CedarNode;

/// <summary><c>target.name</c> or <c>target["name"]</c>.</summary>
public sealed record AttributeExpr(Expr Target, string Name) : Expr(Target.Height);

/// <summary>A method or function call; a method's target is the first argument. For a function of an extension the number of arguments is checked when it is evaluated.</summary>
public sealed record CallExpr(CedarFunction Function, NodeList<Expr> Arguments) : Expr(Highest(Arguments));
