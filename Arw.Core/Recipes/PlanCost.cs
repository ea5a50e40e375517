using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;

namespace Arw.Core.Recipes;

/// <summary>What a step would cost, from what it needs and from the prices of hosts and models. Nothing that is not known is taken for nothing.</summary>
/// <param name="prices">Prices of hosts; null = none are known.</param>
internal sealed class PlanCost(EgressPrices? prices)
{
    /// <summary>The estimate of a step.</summary>
    /// <param name="kind">Its tool.</param>
    /// <param name="step">The step, with what it needs.</param>
    /// <param name="calls">What each of its calls needs; null when an earlier step decides it.</param>
    public CostEstimate Of(ActionKind kind, PlannedStep step, IReadOnlyList<IReadOnlyList<string>>? calls)
    {
        if (step.Skipped || kind.Effects != Effects.External)
        {
            return CostEstimate.Free;
        }

        return step.Calls is null ? CostEstimate.Unknown($"how often the step {step.Step} runs")
            : calls is null ? CostEstimate.Unknown($"where the step {step.Step} sends to")
            : calls.Select(c => Call(step, c)).Aggregate(CostEstimate.Free, (sum, one) => sum.Plus(one));
    }

    private CostEstimate Call(PlannedStep step, IReadOnlyList<string> needs)
    {
        var asked = needs.Select(n => Capability.Parse(n)).Where(c => c.Ok).Select(c => c.Value).ToList();
        var requests = asked.Where(c => c.Name == "net.http").ToList();
        var spends = asked.Where(c => c.UsdMicros is not null).Sum(c => c.UsdMicros!.Value);
        if (requests.Count == 0)
        {
            // A project's file may be read by the same tool as an address: that costs nothing.
            return asked.Exists(c => c.Name is "file.read" or "file.write") || spends > 0 ? new(spends, []) : CostEstimate.Unknown($"what the step {step.Step} sends");
        }

        return requests.Aggregate(new CostEstimate(spends, []), (sum, request) => sum.Plus(
            EgressPlace.Of(request) is { } place && prices is not null
                ? prices.Estimate(place, default, tokensElsewhere: spends > 0)
                : CostEstimate.Unknown($"the price of {request.Host}")));
    }
}
