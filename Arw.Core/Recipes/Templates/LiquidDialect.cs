using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Primitives;
using Fluid;
using Fluid.Values;

namespace Arw.Core.Recipes;

/// <summary>The Liquid that recipes speak: no files, no includes, no captures; every filter pays for what it makes.</summary>
internal static class LiquidDialect
{
    private const int MostSteps = 100_000;
    private const string Spent = "spent";
    private const string Cancel = "cancel";

    // The most characters and elements that all filters of one rendering may make, in total.
    private const int MostMade = 16 * 1024 * 1024;

    private static readonly TemplateOptions Options = MakeOptions();

    public static FluidParser Parser { get; } = MakeParser();

    public static TemplateContext Context(TemplateData data, CancellationToken cancel)
    {
        var context = new TemplateContext(Options) { Now = () => data.Now };
        context.AmbientValues[Spent] = 0L;
        context.AmbientValues[Cancel] = cancel;
        foreach (var (name, value) in data.Values)
        {
            context.SetValue(name, data.Strict.Contains(name) && value is JsonObject map ? JsonLiquid.ToStrict(name, map) : JsonLiquid.ToLiquid(value));
        }

        return context;
    }

    /// <summary>Runs a rendering; what it may not do becomes a refusal.</summary>
    public static Result<T> Guard<T>(Func<T> render)
    {
        try
        {
            return render();
        }
        catch (Exception e) when (e is FluidException or InvalidOperationException or ArgumentException or FormatException or OverflowException or DivideByZeroException or InvalidCastException)
        {
            return new Refusal("template_failed", $"A template could not be rendered: {e.Message.TrimEnd('.')}.", "Correct the template or its data.", 422);
        }
    }

    private static FluidParser MakeParser()
    {
        var parser = new FluidParser(new FluidParserOptions { AllowFunctions = false });

        // Files are out of reach, and a capture could grow without bounds.
        foreach (var tag in (string[])["capture", "include", "render", "tablerow", "cycle", "increment", "decrement", "ifchanged", "liquid"])
        {
            parser.RegisteredTags.Remove(tag);
        }

        return parser;
    }

    private static TemplateOptions MakeOptions()
    {
        var options = new TemplateOptions
        {
            StrictFilters = true,
            MaxSteps = MostSteps,
            CultureInfo = CultureInfo.InvariantCulture,
            TimeZone = TimeZoneInfo.Utc,
        };
        LiquidFilters.Add(options.Filters);
        foreach (var (name, filter) in options.Filters.ToArray())
        {
            options.Filters.AddFilter(name, Paid(name, filter));
        }

        return options;
    }

    private static FilterDelegate Paid(string name, FilterDelegate filter) => async (input, arguments, context) =>
    {
        ((CancellationToken)context.AmbientValues[Cancel]).ThrowIfCancellationRequested();
        context.IncrementSteps();
        Pay(context, name switch
        {
            "replace" => Replaced(input, arguments),
            "join" when input is ArrayValue list => (long)list.Values.Count * arguments.At(0).ToStringValue().Length,
            _ => 0,
        });
        var made = await filter(input, arguments, context);
        Pay(context, Size(made));
        return made;
    };

    // What a replacement would make, known before it is made: one call could otherwise multiply two long texts.
    private static long Replaced(FluidValue input, FilterArguments arguments)
    {
        var (text, old) = (input.ToStringValue(), arguments.At(0).ToStringValue());
        return old.Length == 0 ? 0 : (long)(text.Length / old.Length) * arguments.At(1).ToStringValue().Length;
    }

    private static long Size(FluidValue value) => value switch
    {
        StringValue => value.ToStringValue().Length,
        ArrayValue list => list.Values.Count,
        _ => 1,
    };

    private static void Pay(TemplateContext context, long amount)
    {
        var spent = (long)context.AmbientValues[Spent] + amount;
        context.AmbientValues[Spent] = spent;
        if (spent > MostMade)
        {
            throw new FluidException("The template makes more than it may");
        }
    }
}
