using Arw.Core.Primitives;

namespace Arw.Core.Beliefs;

/// <summary>What a claim must look like, beyond its schema.</summary>
internal static class ClaimRules
{
    private const int MaxClaims = 100;
    private const int MaxText = 2000;
    private const int MaxName = 200;
    internal const int MaxParts = 32;
    private const int MaxUrl = 2048;

    /// <summary>The first fault; null when all claims are fine.</summary>
    public static Refusal? Fault(IReadOnlyList<Claim> claims)
    {
        if (claims.Count is 0 or > MaxClaims)
        {
            return Refusal.Invalid($"There are {claims.Count} claims.", $"Send 1 to {MaxClaims}.");
        }

        for (var i = 0; i < claims.Count; i++)
        {
            if (Fault(claims[i]) is { } fault)
            {
                return Refusal.Invalid($"Claim {i + 1} {fault}.", "Correct it and submit again.");
            }
        }

        return null;
    }

    /// <summary>What is wrong with a claim, as the end of a sentence about it; null when it is fine.</summary>
    public static string? Fault(Claim claim) =>
        string.IsNullOrWhiteSpace(claim.Text) || claim.Text.Length > MaxText ? $"has a text of {claim.Text.Length:N0} characters; 1 to {MaxText:N0} are possible"
        : claim.Confidence is not (>= 0 and <= 1) ? $"has the confidence {claim.Confidence}; it lies between 0 and 1"
        : claim.Subject?.Length > MaxName || claim.Predicate?.Length > MaxName || claim.Topic?.Length > MaxName ? $"has a subject, predicate or topic longer than {MaxName} characters"
        : claim.Evidence.Count > MaxParts || claim.Relations.Count > MaxParts ? $"has more than {MaxParts} pieces of evidence or relations"
        : claim.Relations.Any(r => string.IsNullOrWhiteSpace(r.Target) || r.Target.Length > MaxName) ? $"has a relation whose target is empty or longer than {MaxName} characters"
        : claim.Evidence.Select(Fault).FirstOrDefault(f => f is not null);

    private static string? Fault(BeliefEvidence evidence)
    {
        if (evidence.Url is { } url && (url.Length > MaxUrl || !Uri.TryCreate(url, UriKind.Absolute, out var parsed) || parsed.Scheme is not ("http" or "https" or "project")))
        {
            return $"has evidence at \"{(url.Length > MaxName ? url[..MaxName] + "…" : url)}\", which is no http, https or project address";
        }

        if (evidence.Quote?.Length > MaxText || evidence.Title?.Length > MaxText || evidence.ItemId?.Length > MaxText)
        {
            return $"has evidence with a field longer than {MaxText:N0} characters";
        }

        return (evidence.Url ?? evidence.Title ?? evidence.Quote ?? evidence.ItemId) is null ? "has empty evidence" : null;
    }
}
