using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Arw.Core.Primitives;
using Fluid;
using Fluid.Ast;
using Fluid.Parser;

namespace Arw.Core.Recipes;

/// <summary>A parsed Liquid template. Variables are strict, nothing outside its data is reachable, and what it may compute and write is bounded, because templates come from recipes and agents.</summary>
internal sealed partial class LiquidTemplate
{
    /// <summary>Longest template, in characters.</summary>
    public const int MostLength = 64 * 1024;

    private const int MostTag = 2_000;
    private const int MostBlocks = 32;
    private readonly FluidTemplate _template;

    private LiquidTemplate(FluidTemplate template, TemplateReferences references)
    {
        (_template, References) = (template, references);
        Expression = template.Statements is [OutputStatement output] ? output.Expression : null;
    }

    /// <summary>What it reads.</summary>
    public TemplateReferences References { get; }

    /// <summary>The expression of a template that is exactly one <c>{{ … }}</c>: it yields a typed value. Else null.</summary>
    private Expression? Expression { get; }

    /// <summary>Parses; the refusal says what is wrong in the template.</summary>
    public static Result<LiquidTemplate> Parse(string text)
    {
        if (text.Length > MostLength)
        {
            return Refusal.Invalid($"The template is {text.Length} characters long; {MostLength} are the most.");
        }

        // The parser and the evaluator recurse over blocks and over one tag's expression: both are kept short, so that no input overflows the stack.
        if (Tags().EnumerateMatches(text) is var tags && Depth(text, tags) is { } tooMuch)
        {
            return Refusal.Invalid(tooMuch);
        }

        if (!LiquidDialect.Parser.TryParse(text, out var parsed, out var error) || parsed is not FluidTemplate template)
        {
            return Refusal.Invalid($"The template is no valid Liquid: {error ?? "unknown reason"}.");
        }

        var references = TemplateReferences.Of(template);
        return references.Fault is { } fault ? Refusal.Invalid(fault) : new LiquidTemplate(template, references);
    }

    /// <summary>A template that yields the value of one expression.</summary>
    public static Result<LiquidTemplate> ParseExpression(string expression)
    {
        var inner = Wrapped().Match(expression) is { Success: true } match ? match.Groups["inner"].Value : expression;
        return inner.Contains("}}", StringComparison.Ordinal) || inner.Contains("{%", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(inner)
            ? Refusal.Invalid($"\"{expression}\" is no Liquid expression.")
            : Parse($"{{{{ {inner} }}}}");
    }

    /// <summary>A template that yields <c>true</c> or nothing.</summary>
    public static Result<LiquidTemplate> ParseCondition(string condition) =>
        condition.Contains("%}", StringComparison.Ordinal) || condition.Contains("{%", StringComparison.Ordinal) || string.IsNullOrWhiteSpace(condition)
            ? Refusal.Invalid($"\"{condition}\" is no Liquid condition.")
            : Parse($"{{% if {condition} %}}true{{% endif %}}");

    /// <summary>The text.</summary>
    public Result<string> Render(TemplateData data, CancellationToken cancel) => Unknown(data) is { } unknown ? unknown : LiquidDialect.Guard(() =>
    {
        using var writer = new BoundedWriter();
        _template.RenderAsync(writer, LiquidDialect.Context(data, cancel), NullEncoder.Default).AsTask().GetAwaiter().GetResult();
        return writer.ToString();
    });

    /// <summary>The typed value of a single expression, else the text.</summary>
    public Result<JsonNode?> Evaluate(TemplateData data, CancellationToken cancel) => Expression is not { } expression
        ? Render(data, cancel).Map(text => (JsonNode?)JsonValue.Create(text))
        : Unknown(data) is { } unknown ? unknown : LiquidDialect.Guard(() =>
        {
            var value = expression.EvaluateAsync(LiquidDialect.Context(data, cancel));
            return JsonLiquid.ToJson(value.IsCompleted ? value.Result : throw new FluidException("The expression does not end at once."), 0);
        });

    // The engine's own strictness takes a member that is null for one that is unknown, so unknown names are looked for here.
    private Refusal? Unknown(TemplateData data) => References.All.FirstOrDefault(r => !data.Values.ContainsKey(r.Root)).Root is { } name
        ? new Refusal("template_failed", $"A template could not be rendered: there is no variable \"{name}\".", $"Use one of {string.Join(", ", data.Values.Keys)}.", 422)
        : null;

    private static string? Depth(string text, Regex.ValueMatchEnumerator tags)
    {
        var depth = 0;
        foreach (var match in tags)
        {
            if (match.Length > MostTag)
            {
                return $"A tag is {match.Length} characters long; {MostTag} are the most.";
            }

            var tag = text.AsSpan(match.Index, match.Length).TrimStart("{%- \t\r\n");
            if (tag.StartsWith("end", StringComparison.Ordinal))
            {
                depth = Math.Max(0, depth - 1);
            }
            else if ((tag.StartsWith("if", StringComparison.Ordinal) || tag.StartsWith("unless", StringComparison.Ordinal)
                || tag.StartsWith("for", StringComparison.Ordinal) || tag.StartsWith("case", StringComparison.Ordinal)) && ++depth > MostBlocks)
            {
                return $"Blocks are nested more than {MostBlocks} levels deep.";
            }
        }

        return null;
    }

    [GeneratedRegex(@"\{%[^%]*(%[^}][^%]*)*%\}|\{\{[^}]*(\}[^}][^}]*)*\}\}", RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\A\s*\{\{(?<inner>.*)\}\}\s*\z", RegexOptions.NonBacktracking | RegexOptions.Singleline | RegexOptions.ExplicitCapture)]
    private static partial Regex Wrapped();
}
