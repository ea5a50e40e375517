using System.Globalization;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;

namespace Arw.Web.Api;

/// <summary>Large payloads by their digest.</summary>
internal static class BlobRoutes
{
    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/blobs/{digest}", GetAsync).WithTags("events")
            .WithSummary("A payload over 32 KiB, by its digest. An agent names the event that refers to it (seq), of a project of its own.")
            .Produces(200, contentType: "application/octet-stream");

    private static async Task<IResult> GetAsync(HttpContext context, EventJournal journal, BlobStore blobs, string digest, string? seq)
    {
        var principal = context.Principal();
        if (!principal.MayControl && !(Event(journal, seq) is { } e && e.PayloadRef?.Digest == digest && principal.MayUse(e.Project)))
        {
            // Whether such a blob exists is nobody's business who may not read it.
            return Refusal.NotFound("blob", digest).ToProblem();
        }

        if (!(await blobs.GetAsync(digest, context.RequestAborted)).TryGet(out var bytes, out var refusal))
        {
            return refusal.ToProblem();
        }

        // Content never changes under its digest, but the right to read it may.
        context.Response.Headers.CacheControl = "private, no-cache";
        return Results.Bytes(bytes, "application/octet-stream", fileDownloadName: digest.Replace(':', '-'));
    }

    private static JournalEvent? Event(EventJournal journal, string? seq) =>
        long.TryParse(seq, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            && journal.Read(number - 1, max: 1) is [var e] && e.Seq == number
            ? e
            : null;
}
