using System.Collections.Concurrent;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Core.Egress.Proxy;

/// <summary>In whose name a connection goes out, and where it belongs.</summary>
/// <param name="Principal">Who, from the credential.</param>
/// <param name="Project">Project; null for the whole home.</param>
/// <param name="CorrId">The episode.</param>
public sealed record ProxyIdentity(Principal Principal, string? Project, string CorrId)
{
    /// <summary>Recipe that runs it: its leases count; null for none.</summary>
    public string? Recipe { get; init; }

    /// <summary>The action whose program it is; null for a client from outside.</summary>
    public string? Action { get; init; }
}

/// <summary>Lets clients of the proxy in. The password is the credential's secret; the user name says where the traffic belongs: <c>project</c>, <c>project+episode</c>, or anything empty for the credential's only project.</summary>
public sealed class ProxyEntrance(Doorkeeper door, EpisodesModel episodes, EventJournal journal, StateHost state, IdSource ids, TimeProvider time)
{
    private const int MaxCorrId = 128;
    private const int MostDays = 10_000;

    private readonly ConcurrentDictionary<(string Actor, string? Project), (DateOnly Day, string CorrId)> _days = new();

    /// <summary>Who comes in. Refusals: <c>credential_unknown</c> (407), <c>forbidden</c>, <c>invalid_input</c>.</summary>
    public async ValueTask<Result<ProxyIdentity>> AdmitAsync(string user, string secret, CancellationToken cancel)
    {
        if (door.Who(secret) is not { } principal)
        {
            return new Refusal("credential_unknown", "The proxy does not know this credential, or it was revoked.", "Use the secret of an agent's credential as the password.", 407);
        }

        var plus = user.IndexOf('+', StringComparison.Ordinal);
        var (project, corrId) = plus < 0 ? (user, null) : (user[..plus], user[(plus + 1)..]);
        if (corrId is not null && (corrId.Length is 0 or > MaxCorrId || !corrId.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or ':' or '-')))
        {
            return Refusal.Invalid("The user name for the proxy names an episode that is none.", "Use project+episode, or only the project.");
        }

        if (project is "" or "-")
        {
            project = principal.Projects is [var only] ? only : null;
        }

        if (!principal.MayUse(project))
        {
            return Refusal.Forbidden(
                project is null ? $"{principal.Actor} did not name a project." : $"{principal.Actor} is not bound to the project \"{project}\".",
                "Put a project that the credential is bound to before the password.");
        }

        return (await episodes.AdmitAsync(principal, corrId, journal, state, cancel)).TryGet(out _, out var refusal)
            ? new ProxyIdentity(principal, project, corrId ?? Daily(principal, project))
            : refusal;
    }

    /// <summary>Whether somebody who came in earlier may still be here.</summary>
    public bool StillHolds(ProxyIdentity identity) => door.StillHolds(identity.Principal, null);

    // Traffic that names no episode is one episode a day for each credential and project. Its id cannot be guessed: who opened it before would own it.
    private string Daily(Principal principal, string? project)
    {
        // An agent that is bound to no project may name any; the day then begins anew for all.
        if (_days.Count > MostDays)
        {
            _days.Clear();
        }

        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        return _days.AddOrUpdate((principal.Actor, project), _ => (today, $"proxy:{ids.New()}"), (_, had) => had.Day == today ? had : (today, $"proxy:{ids.New()}")).CorrId;
    }
}
