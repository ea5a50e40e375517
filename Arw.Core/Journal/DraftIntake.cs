using System.Security.Cryptography;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>Makes rows of drafts: checks names and size, validates and redacts the payload, takes its digest, and stores a large one as a blob.</summary>
/// <param name="options">Limits.</param>
/// <param name="redactor">What is rewritten, and which canaries raise an alarm.</param>
/// <param name="blobs">Where large payloads go.</param>
/// <param name="raise">Told that a blob could not be stored; the fault that it means.</param>
internal sealed class DraftIntake(JournalOptions options, Redactor redactor, BlobStore blobs, Func<Exception, JournalFault> raise)
{
    private readonly PayloadIntake _payloads = new(redactor);

    /// <summary>A row for each draft, and after them one for each alarm of a canary: in the same transaction, so that an event that carries a canary is never there without its alarm.</summary>
    /// <exception cref="JournalFaultException">A large payload could not be stored.</exception>
    /// <remarks>The blobs of the rows are held until <see cref="Release"/>; where there is a refusal or a fault, none is.</remarks>
    public async ValueTask<Result<EventRow[]>> TakeAsync(IReadOnlyList<EventDraft> drafts, CancellationToken cancel)
    {
        var rows = new EventRow[drafts.Count];
        var taken = false;
        try
        {
            List<EventDraft>? alarms = null;
            for (var i = 0; i < drafts.Count; i++)
            {
                var canaries = redactor.Setup.Canaries.Count > 0 ? new List<string>() : null;
                if (!(await TakeAsync(drafts[i], canaries, cancel)).TryGet(out rows[i]!, out var refusal))
                {
                    return refusal with { Message = drafts.Count == 1 ? refusal.Message : $"Event {i}: {refusal.Message}" };
                }

                foreach (var canary in canaries ?? [])
                {
                    if (redactor.Alarm?.Invoke(canary, drafts[i]) is { } alarm)
                    {
                        (alarms ??= []).Add(alarm);
                    }
                }
            }

            if (alarms is not null)
            {
                Array.Resize(ref rows, drafts.Count + alarms.Count);
                for (var i = 0; i < alarms.Count; i++)
                {
                    rows[drafts.Count + i] = (await TakeAsync(alarms[i], null, cancel)).Value;
                }
            }

            taken = true;
            return rows;
        }
        finally
        {
            if (!taken)
            {
                Release(rows);
            }
        }
    }

    /// <summary>The rows are written, or will never be: their blobs stay only where an event refers to them.</summary>
    public void Release(EventRow[] rows)
    {
        foreach (var row in rows)
        {
            if (row?.PayloadRef is { } digest)
            {
                blobs.Release(digest);
            }
        }
    }

    private async ValueTask<Result<EventRow>> TakeAsync(EventDraft draft, List<string>? canaries, CancellationToken cancel)
    {
        if (EventNames.Check(draft) is { } bad)
        {
            return bad;
        }

        if (draft.Payload.Length > options.MaxPayloadBytes)
        {
            return new Refusal("too_large", $"The payload of \"{draft.Kind}\" has {draft.Payload.Length:N0} bytes.", $"Send at most {options.MaxPayloadBytes:N0}.", 413);
        }

        if (!_payloads.Normalise(draft.Payload.IsEmpty ? "{}"u8 : draft.Payload.Span, canaries).TryGet(out var payload, out var refusal))
        {
            return refusal;
        }

        var salt = RandomNumberGenerator.GetBytes(16);
        var row = new EventRow
        {
            Time = draft.Time?.ToUnixTimeMilliseconds() ?? 0,
            Kind = draft.Kind,
            Subject = draft.Subject,
            Actor = draft.Actor,
            Project = draft.Project,
            CorrId = draft.CorrId,
            SpanId = draft.SpanId,
            ParentId = draft.ParentId,
            PayloadBytes = payload.Length,
            Salt = salt,
            PayloadDigest = ChainHash.PayloadDigest(salt, payload),
            Erases = draft.Erases,
            Once = draft.Once,
        };
        if (payload.Length > options.InlinePayloadBytes)
        {
            row.PayloadRef = await PutBlobAsync(payload, cancel);
        }
        else
        {
            row.Payload = payload;
        }

        return row;
    }

    // Held until the event is written: an erasure that removes the last other event of this payload must not take the blob along.
    private async ValueTask<string> PutBlobAsync(ReadOnlyMemory<byte> payload, CancellationToken cancel)
    {
        var digest = Digest.Of(payload.Span);
        blobs.Hold(digest);
        var kept = false;
        try
        {
            await blobs.PutAsync(payload, cancel);
            kept = true;
            return digest;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JournalFaultException(raise(e), e);
        }
        finally
        {
            if (!kept)
            {
                blobs.Release(digest);
            }
        }
    }
}
