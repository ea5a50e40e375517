namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>The answer to a request, without texts. The policies are in the caller's buffers, as far as they fit; the counts are complete.</summary>
/// <param name="Allowed">True when a permit is met and no forbid is.</param>
/// <param name="Determining">Number of policies that decided: the forbids that are met, else the permits that are; none when nothing is met.</param>
/// <param name="Failing">Number of policies that could not be evaluated. They decide nothing.</param>
public readonly record struct CedarDecision(bool Allowed, int Determining, int Failing);

/// <summary>The answer to a request in words.</summary>
/// <param name="Allowed">True when a permit is met and no forbid is.</param>
/// <param name="Determining">Ids of the policies that decided, in the order of the set.</param>
/// <param name="Failing">The policies that could not be evaluated, in the order of the set, each with what went wrong.</param>
public sealed record CedarAnswer(bool Allowed, IReadOnlyList<string> Determining, IReadOnlyList<CedarError> Failing);
