using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>Control action <c>egress.price.set</c>.</summary>
public sealed class SetEgressPriceAction(EgressSettingsModel settings) : ActionKind<EgressPrice>
{
    private const int MaxPrices = 1000;

    /// <inheritdoc/>
    public override string Id => "egress.price.set";

    /// <inheritdoc/>
    public override string Title => "Set the price of a host";

    /// <inheritdoc/>
    public override string Summary => "Says what a host charges, by request, by size or by token, so that costs can be estimated. It permits nothing.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(EgressPrice input) => $"Set the price of {input.Host}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(EgressPrice input, ActionContext context) =>
        input.Check().TryGet(out _, out var refusal) ? Array.Empty<Capability>() : refusal;

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(EgressPrice input, ActionRun run, CancellationToken cancel)
    {
        if (!input.Check().TryGet(out var price, out var refusal))
        {
            return refusal;
        }

        if (settings.Current.Prices.Count(p => p.Host != price.Host) >= MaxPrices)
        {
            return Refusal.Conflict($"There are {MaxPrices:N0} prices already.", "Remove one first.");
        }

        await run.AppendAsync([EgressEvents.PriceSet.Draft(price, run.Context.Principal.Actor, EgressEvents.PriceSubject(price.Host))], cancel);
        return new JsonObject { ["host"] = price.Host };
    }
}

/// <summary>Input of <c>egress.price.remove</c>.</summary>
public sealed record RemoveEgressPrice([property: Description("The host, as its price names it")] string Host);

/// <summary>Control action <c>egress.price.remove</c>.</summary>
public sealed class RemoveEgressPriceAction(EgressSettingsModel settings) : ActionKind<RemoveEgressPrice>
{
    /// <inheritdoc/>
    public override string Id => "egress.price.remove";

    /// <inheritdoc/>
    public override string Title => "Remove the price of a host";

    /// <inheritdoc/>
    public override string Summary => "Forgets what a host charges: costs there are not known from then on.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.None;

    /// <inheritdoc/>
    public override bool Control => true;

    /// <inheritdoc/>
    protected override string Describe(RemoveEgressPrice input) => $"Remove the price of {input.Host}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(RemoveEgressPrice input, ActionContext context) => Array.Empty<Capability>();

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(RemoveEgressPrice input, ActionRun run, CancellationToken cancel)
    {
        if (settings.Current.Prices.All(p => p.Host != input.Host))
        {
            return Refusal.NotFound("price", input.Host);
        }

        await run.AppendAsync([EgressEvents.PriceRemoved.Draft(new EgressPriceRemoved(input.Host), run.Context.Principal.Actor, EgressEvents.PriceSubject(input.Host))], cancel);
        return new JsonObject { ["host"] = input.Host };
    }
}
