using System.Runtime.InteropServices;
using System.Text.Json;
using Arw.Core.Access;
using Arw.Core.Episodes;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.State;
using Arw.Web.Api;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;

namespace Arw.Web.Streaming;

/// <summary>An event as outsiders send it.</summary>
/// <param name="Kind">Its kind: under <c>ext.</c>, or one that the catalogue marks open.</param>
/// <param name="Payload">Its payload; an empty object by default.</param>
/// <param name="CorrId">Correlation id; none by default.</param>
/// <param name="Project">Project; an agent that is bound to one project may leave it out.</param>
/// <param name="Time">When it happened; the time of writing by default.</param>
/// <param name="Actor">Ignored unless it names somebody else than the caller, which is refused.</param>
internal sealed record IncomingEvent(string Kind, JsonElement? Payload = null, string? CorrId = null, string? Project = null, DateTimeOffset? Time = null, string? Actor = null);

/// <summary>Where the events landed.</summary>
internal sealed record IntakeAnswer(long FirstSeq, long LastSeq);

/// <summary>Appends events that come from outside.</summary>
internal static class EventIntake
{
    public static async Task<IResult> AcceptAsync(HttpContext context, EventJournal journal, KindCatalogue kinds, EpisodesModel episodes, StateHost state)
    {
        if (!(await ReadAsync(context.Request)).TryGet(out var events, out var malformed))
        {
            return malformed.ToProblem();
        }

        var principal = context.Principal();
        var drafts = new List<EventDraft>(events.Count);
        foreach (var read in events)
        {
            if (!read.TryGet(out var incoming, out var refusal)
                || !Draft(incoming, principal, kinds).TryGet(out var draft, out refusal)
                || !(await episodes.AdmitAsync(principal, draft.CorrId, journal, state, context.RequestAborted)).TryGet(out _, out refusal))
            {
                return (refusal with { Message = events.Count == 1 ? refusal.Message : $"Event {drafts.Count}: {refusal.Message}" }).ToProblem();
            }

            drafts.Add(draft);
        }

        return (await journal.AppendAsync(drafts, null, context.RequestAborted)).Map(a => new IntakeAnswer(a.FirstSeq, a.LastSeq)).ToHttp();
    }

    private static async Task<Result<List<Result<IncomingEvent>>>> ReadAsync(HttpRequest request)
    {
        var form = CloudEvents.FormOf(request);
        if (form == CloudEventForm.Binary)
        {
            return new List<Result<IncomingEvent>> { await CloudEvents.ReadBinaryAsync(request) };
        }

        if (!(await JsonBody.ReadAsync(request)).TryGet(out var body, out var malformed))
        {
            return malformed;
        }

        using (body)
        {
            var root = body.RootElement;
            if (form == CloudEventForm.Batch && root.ValueKind != JsonValueKind.Array)
            {
                return Refusal.Invalid("A batch of CloudEvents is a JSON array.", "Send one event as application/cloudevents+json.");
            }

            Func<JsonElement, Result<IncomingEvent>> read = form == CloudEventForm.None ? JsonBody.Parse<IncomingEvent> : CloudEvents.Read;
            return form != CloudEventForm.Structured && root.ValueKind == JsonValueKind.Array ? root.EnumerateArray().Select(read).ToList() : [read(root)];
        }
    }

    private static Result<EventDraft> Draft(IncomingEvent incoming, Principal principal, KindCatalogue kinds)
    {
        if (incoming.Actor is { } actor && actor != principal.Actor)
        {
            return Refusal.Forbidden($"You are \"{principal.Actor}\" and cannot write as \"{actor}\".", "Leave the actor out; it comes from the credential.");
        }

        if (incoming.CorrId is { } corrId && !EventNames.IsCorrId(corrId))
        {
            return Refusal.Invalid($"\"{corrId}\" is no correlation id.", "Use 1 to 128 letters, digits and . _ : -");
        }

        if (!kinds.IsOpen(incoming.Kind))
        {
            return Refusal.Forbidden($"Events of kind \"{incoming.Kind}\" are written by the home itself.", "Use a kind under \"ext.\", for example ext.mytool.finished.");
        }

        var project = incoming.Project ?? (principal.Projects is [var only] ? only : null);
        if (!principal.MayUse(project))
        {
            return Refusal.Forbidden(
                project is null ? $"\"{principal.Actor}\" may not write events of no project." : $"\"{principal.Actor}\" may not use the project \"{project}\".",
                "Name a project that the credential is bound to.");
        }

        return new EventDraft(incoming.Kind, incoming.Payload is { } payload ? JsonMarshal.GetRawUtf8Value(payload).ToArray() : default, principal.Actor)
        {
            Project = project,
            CorrId = incoming.CorrId,
            Time = incoming.Time,
        };
    }
}
