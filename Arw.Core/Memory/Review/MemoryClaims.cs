using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Memory.Taint;
using Claim = Arw.Core.Beliefs.Claim;

namespace Arw.Core.Memory.Review;

/// <summary>Stands before the map: claims from outside go to the review queue instead.</summary>
public sealed class MemoryClaims(OutsideContent outside, ReviewQueue queue)
{
    /// <summary>Holds claims back where they come from outside: the action's output then; null when they may be written.</summary>
    public async ValueTask<JsonNode?> ReviewAsync(IReadOnlyList<Claim> claims, ActionRun run, CancellationToken cancel)
    {
        var wanted = claims.Select(WantedContent.Of).ToArray();
        if (await WhyAsync(wanted, run, outside, queue, cancel) is not { } why)
        {
            return null;
        }

        var held = await queue.HoldAsync(wanted, why, run, cancel);
        return new JsonObject
        {
            ["beliefs"] = new JsonArray([.. held.Where(h => h.State == EntryState.Admitted && h.Became is not null).Select(h => JsonValue.Create(h.Became!["belief:".Length..]))]),
            ["held"] = new JsonArray([.. held.Where(h => h.State != EntryState.Admitted).Select(h => (JsonNode)new JsonObject { ["id"] = h.Id, ["state"] = QuarantineModel.Word(h.State) })]),
            ["why"] = why.Words,
        };
    }

    /// <summary>Why content is held back; null when it need not be.</summary>
    internal static async ValueTask<OutsideReason?> WhyAsync(IReadOnlyList<WantedContent> wanted, ActionRun run, OutsideContent outside, ReviewQueue queue, CancellationToken cancel)
    {
        if (await outside.JudgeAsync(run.Context, wanted.Any(w => w.Provenance.Any(p => p.IsOutside)), cancel) is { } why)
        {
            return why;
        }

        return !run.Context.Principal.MayControl && wanted.Any(w => queue.IsSuspicious(w, cancel))
            ? new("There is something in it that can act on a reader or an agent.")
            : null;
    }
}
