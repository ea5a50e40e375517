using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Text;

/// <summary>Input of <c>text.facts</c>.</summary>
/// <param name="Text">The text, at most 2,000,000 characters; empty by default.</param>
/// <param name="Source">Where it is from, passed on with every fact; null for none.</param>
public sealed record FactsInput(
    [property: Description("The text to look through.")] string Text = "",
    [property: Description("Where it is from, a path or an address: passed on with every fact.")] string? Source = null);

/// <summary>A date found in a text.</summary>
/// <param name="Text">As written.</param>
/// <param name="Date"><c>2026-11-25</c>.</param>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="Context">The line itself, shortened.</param>
/// <param name="Ambiguous">True when day and month could be the other way round; the day is then taken to come first.</param>
/// <param name="Source">Where the text is from.</param>
public sealed record FoundDate(string Text, string Date, int Line, string Context, bool Ambiguous, string? Source);

/// <summary>An amount of money found in a text.</summary>
/// <param name="Text">As written.</param>
/// <param name="Value">Its value.</param>
/// <param name="Currency">ISO code, <c>EUR</c>.</param>
/// <param name="Line">Line in the text, from 1.</param>
/// <param name="Context">The line itself, shortened.</param>
/// <param name="Source">Where the text is from.</param>
public sealed record FoundAmount(string Text, decimal Value, string Currency, int Line, string Context, string? Source);

/// <summary>A line that says when something must be done.</summary>
/// <param name="Date">The day, <c>2026-11-25</c>; null for a period such as "within 14 days".</param>
/// <param name="Text">The line, shortened.</param>
/// <param name="Line">Its number, from 1.</param>
/// <param name="Source">Where the text is from.</param>
public sealed record FoundDeadline(string? Date, string Text, int Line, string? Source);

/// <summary>What <c>text.facts</c> found, in the order of the text.</summary>
/// <param name="Dates">Dates.</param>
/// <param name="Amounts">Amounts of money.</param>
/// <param name="Deadlines">Lines that set a deadline.</param>
public sealed record TextFacts(IReadOnlyList<FoundDate> Dates, IReadOnlyList<FoundAmount> Amounts, IReadOnlyList<FoundDeadline> Deadlines);

/// <summary><c>text.facts</c>: dates, amounts of money and deadlines of a text, each with its line. By rules, without a model.</summary>
internal sealed class FactsAction : ActionKind<FactsInput>
{
    private const int MostLength = 2_000_000;

    public override string Id => "text.facts";

    public override string Title => "Find dates, amounts and deadlines";

    public override string Summary => "Finds dates, amounts of money and deadlines in a text, each with the line that it stands in. Needs no language model.";

    public override Effects Effects => Effects.None;

    protected override string Describe(FactsInput input) => input.Source is { } source ? $"{Title} in {source}" : Title;

    protected override Result<IReadOnlyList<Capability>> Needs(FactsInput input, ActionContext context) =>
        input.Text.Length <= MostLength
            ? new[] { Capability.Of(Id) }
            : Refusal.Invalid($"The text has {input.Text.Length} characters; {MostLength} are the most.", "Send a part of it.");

    protected override async Task<Result<JsonNode?>> RunAsync(FactsInput input, ActionRun run, CancellationToken cancel)
    {
        var facts = await Task.Run(() => FactFinder.Find(input.Text, input.Source, cancel), cancel);
        return JsonSerializer.SerializeToNode(facts, ArwJson.Options);
    }
}
