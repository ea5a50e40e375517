using System.Collections.Frozen;

namespace Arw.Core.Policy.Cedar.Ast;

/// <summary>How a function is called.</summary>
/// <param name="Function">The function.</param>
/// <param name="Name">Its name in policies.</param>
/// <param name="IsMethod">True when it is called as <c>target.name(…)</c>, false for <c>name(…)</c>.</param>
/// <param name="Arity">Number of arguments, a method's target included.</param>
/// <param name="IsExtension">True when it belongs to an extension type (decimal, ipaddr, datetime, duration), false for those of sets and tags.</param>
public sealed record FunctionShape(CedarFunction Function, string Name, bool IsMethod, int Arity, bool IsExtension);

/// <summary>All functions, by name and by value.</summary>
public static class FunctionTable
{
    private static readonly FunctionShape[] All = [.. Enum.GetValues<CedarFunction>().Select(Describe)];
    private static readonly FrozenDictionary<string, FunctionShape> ByName = All.ToFrozenDictionary(f => f.Name);

    /// <summary>The function of a name; null when there is none.</summary>
    public static FunctionShape? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>How a function is called.</summary>
    public static FunctionShape Of(CedarFunction function) => All[(int)function];

    private static FunctionShape Describe(CedarFunction function) => new(
        function,
        char.ToLowerInvariant(function.ToString()[0]) + function.ToString()[1..],
        function is not (CedarFunction.Decimal or CedarFunction.Ip or CedarFunction.Datetime or CedarFunction.Duration),
        function switch
        {
            CedarFunction.Contains or CedarFunction.ContainsAll or CedarFunction.ContainsAny or CedarFunction.HasTag or CedarFunction.GetTag
                or CedarFunction.LessThan or CedarFunction.LessThanOrEqual or CedarFunction.GreaterThan or CedarFunction.GreaterThanOrEqual
                or CedarFunction.IsInRange or CedarFunction.Offset or CedarFunction.DurationSince => 2,
            _ => 1,
        },
        function > CedarFunction.GetTag);
}
