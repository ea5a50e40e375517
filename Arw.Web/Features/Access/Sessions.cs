using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;

namespace Arw.Web.Features.Access;

/// <summary>Opens and ends browser sessions of people.</summary>
public sealed class Sessions(EventJournal journal, StateHost state, SessionsModel sessions, SessionCookie cookie, IdSource ids, TimeProvider time)
{
    /// <summary>How long a session lasts.</summary>
    public static TimeSpan Lifetime { get; } = TimeSpan.FromDays(30);

    /// <summary>Signs a person in; the cookie works when this returns.</summary>
    public async Task StartAsync(HttpContext context, Principal person, CancellationToken cancel)
    {
        var (id, expires) = (ids.New(), Rfc3339.Truncate(time.GetUtcNow() + Lifetime));
        var started = new SessionStarted(id, person.Name, expires) { CredentialId = person.CredentialId };
        var appended = await journal.AppendAsync(AccessEvents.SessionStarted.Draft(started, person.Actor, AccessEvents.SessionSubject(id)), cancel);
        await state.WaitForAsync(appended.LastSeq, cancel);
        cookie.Write(context, id, expires);
    }

    /// <summary>Ends a session, if it is one: its cookie, pages and streams stop working.</summary>
    public async Task EndAsync(string sessionId, Principal by, CancellationToken cancel)
    {
        if (sessions.Current.Items.ContainsKey(sessionId))
        {
            var appended = await journal.AppendAsync(
                AccessEvents.SessionEnded.Draft(new SessionEnded(sessionId), by.Actor, AccessEvents.SessionSubject(sessionId)), cancel);
            await state.WaitForAsync(appended.LastSeq, cancel);
        }
    }
}
