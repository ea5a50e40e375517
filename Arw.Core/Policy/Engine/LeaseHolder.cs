using Arw.Core.Access;

namespace Arw.Core.Policy.Engine;

/// <summary>Who holds leases.</summary>
public static class LeaseHolder
{
    /// <summary>Whom a grant in answer to this request should go to: the recipe that runs, else the agent that asks, else the episode, else the project. Null when the request names none of them.</summary>
    /// <param name="request">What was asked.</param>
    /// <param name="episodeOnly">True when the grant is for this episode only.</param>
    public static string? For(in AccessRequest request, bool episodeOnly = false) =>
        episodeOnly && request.CorrId is { } episode ? $"episode:{episode}"
        : request.Recipe is { } recipe ? $"recipe:{recipe}"
        : request.Principal.Kind == PrincipalKind.Agent ? $"agent:{request.Principal.Name}"
        : request.CorrId is { } corrId ? $"episode:{corrId}"
        : request.Project is { } project ? $"project:{project}"
        : null;

    /// <summary>Whether anybody could hold a lease for this request.</summary>
    internal static bool Exists(in AccessRequest request) =>
        request.Principal.Kind == PrincipalKind.Agent || request.Recipe is not null || request.CorrId is not null || request.Project is not null;

    /// <summary>Whether the request stands for this holder.</summary>
    internal static bool Is(string holder, in AccessRequest request) =>
        (request.Principal.Kind == PrincipalKind.Agent && holder == $"agent:{request.Principal.Name}")
        || holder == $"recipe:{request.Recipe}" || holder == $"episode:{request.CorrId}" || holder == $"project:{request.Project}";
}
