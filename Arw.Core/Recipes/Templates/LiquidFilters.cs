using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Fluid;
using Fluid.Values;

namespace Arw.Core.Recipes;

/// <summary>Filters beyond Liquid's own: what steps need to hand lists to each other and to write Markdown from text that nobody can trust.</summary>
internal static class LiquidFilters
{
    private const string Special = "\\`*_{}[]<>#|~";

    public static void Add(FilterCollection filters)
    {
        filters.AddFilter("flat", Flat);
        filters.AddFilter("pick", Pick);
        filters.AddFilter("by", By);
        filters.AddFilter("md", Markdown);
        filters.AddFilter("md_url", MarkdownUrl);
        filters.AddFilter("json", Json);
        filters.AddFilter("position", Position);
    }

    /// <summary>A list of lists as one list.</summary>
    private static ValueTask<FluidValue> Flat(FluidValue input, FilterArguments arguments, TemplateContext context) =>
        new ArrayValue([.. List(input).SelectMany(v => v is ArrayValue inner ? inner.Values : v.IsNil() ? [] : [v])]);

    /// <summary>Objects with some of their members, renamed where asked: <c>pick: "id, url, text:summary"</c>. Missing members are left out.</summary>
    private static ValueTask<FluidValue> Pick(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var members = arguments.At(0).ToStringValue().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(m => m.Split(':', 2, StringSplitOptions.TrimEntries)).Select(m => (To: m[0], From: m[^1])).ToArray();
        FluidValue One(FluidValue value)
        {
            var picked = new JsonObject();
            foreach (var (to, from) in members)
            {
                if (JsonLiquid.ToJson(JsonLiquid.Member(value, from), 0) is { } member)
                {
                    picked[to] = member;
                }
            }

            return JsonLiquid.ToLiquid(picked);
        }

        return input is ArrayValue list ? new ArrayValue([.. list.Values.Select(One)]) : One(input);
    }

    /// <summary>The objects of a list that belong to the given keys, in the order of the keys: <c>topic.items | by: items, "id"</c>.</summary>
    private static ValueTask<FluidValue> By(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var member = arguments.At(1).IsNil() ? "id" : arguments.At(1).ToStringValue();
        var found = new Dictionary<string, FluidValue>(StringComparer.Ordinal);
        foreach (var value in List(arguments.At(0)))
        {
            found.TryAdd(JsonLiquid.Member(value, member).ToStringValue(), value);
        }

        return new ArrayValue([.. List(input).Select(key => found.GetValueOrDefault(key.ToStringValue())).OfType<FluidValue>()]);
    }

    /// <summary>The place of a value in a list, from 1; 0 when it is not there.</summary>
    private static ValueTask<FluidValue> Position(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var text = input.ToStringValue();
        var place = List(arguments.At(0)).Index().FirstOrDefault(v => v.Item.ToStringValue() == text, (-1, NilValue.Instance)).Item1;
        return NumberValue.Create(place + 1);
    }

    /// <summary>Text that means itself in Markdown: one line, no markup, no HTML.</summary>
    private static ValueTask<FluidValue> Markdown(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var text = new StringBuilder();
        var gap = false;
        foreach (var rune in input.ToStringValue().EnumerateRunes())
        {
            if (Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                gap = text.Length > 0;
                continue;
            }

            if (gap)
            {
                text.Append(' ');
                gap = false;
            }

            if (rune.IsAscii && Special.Contains((char)rune.Value, StringComparison.Ordinal))
            {
                text.Append('\\');
            }

            text.Append(rune);
        }

        return StringValue.Create(text.ToString());
    }

    /// <summary>An address that is safe as the target of a Markdown link: http, https or project, with nothing that could end the link. Empty for anything else.</summary>
    private static ValueTask<FluidValue> MarkdownUrl(FluidValue input, FilterArguments arguments, TemplateContext context)
    {
        var text = input.ToStringValue();
        var allowed = Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "project";
        return StringValue.Create(!allowed ? "" : string.Concat(uri!.AbsoluteUri.Select(c => c switch
        {
            '(' => "%28",
            ')' => "%29",
            '<' => "%3C",
            '>' => "%3E",
            '\\' => "%5C",
            _ => c.ToString(),
        })));
    }

    private static ValueTask<FluidValue> Json(FluidValue input, FilterArguments arguments, TemplateContext context) =>
        StringValue.Create(JsonLiquid.ToJson(input, 0)?.ToJsonString(ArwJson.Options) ?? "null");

    private static IEnumerable<FluidValue> List(FluidValue value) => value switch
    {
        ArrayValue list => list.Values,
        NilValue => [],
        _ => [value],
    };
}
