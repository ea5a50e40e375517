using System.IO.Pipelines;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Arw.Core.Access;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Web.Features.Access;
using Arw.Web.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;

namespace Arw.Web.Streaming;

/// <summary>Serves the journal as server-sent events: every matching event once and in order, however far behind the client begins, in constant memory.</summary>
internal static class EventStream
{
    /// <summary>How often a quiet stream says how far it has looked.</summary>
    public static TimeSpan Heartbeat { get; } = TimeSpan.FromSeconds(10);

    public static async Task ServeAsync(
        HttpContext context, EventJournal journal, ModelPatches patches, LiveAccess access, StreamMeters meters, IHostApplicationLifetime lifetime, TimeProvider time)
    {
        var principal = context.Principal();
        if (!StreamRequest.Read(context.Request, principal, journal).TryGet(out var request, out var refusal))
        {
            meters.Failed("request");
            await Problems.WriteAsync(context, refusal);
            return;
        }

        using var watch = access.Watch(context.User);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping, watch.Ended);
        using var subscription = request.Patches ? patches.Subscribe() : null;
        PrepareResponse(context);
        meters.Opened(request.Mode);
        try
        {
            SseFrames.Write(context.Response.BodyWriter, request.After, "service.connected", Connected(context, request, time));
            await context.Response.BodyWriter.FlushAsync(stop.Token);
            await PumpAsync(context.Response.BodyWriter, journal, request, principal, subscription?.Frames, meters, time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The client left, the home stops, or the credential ended: the stream simply ends, and the client resumes by its last id.
        }
        catch
        {
            meters.Failed("stream");
            throw;
        }
        finally
        {
            meters.Closed();
        }
    }

    private static async Task PumpAsync(
        PipeWriter output, EventJournal journal, StreamRequest request, Principal principal, ChannelReader<byte[]>? patches, StreamMeters meters, TimeProvider time, CancellationToken stop)
    {
        var scanned = request.After;
        using var heartbeat = new PeriodicTimer(Heartbeat, time);
        await using var pages = journal.FollowAsync($"stream:{principal.Actor}", request.After, request.Filter, stop).GetAsyncEnumerator(stop);
        var nextPage = pages.MoveNextAsync().AsTask();
        var nextBeat = heartbeat.WaitForNextTickAsync(stop).AsTask();
        var nextPatch = patches?.WaitToReadAsync(stop).AsTask();
        try
        {
            while (true)
            {
                if (!nextPage.IsCompleted)
                {
                    await (nextPatch is null ? Task.WhenAny(nextPage, nextBeat) : Task.WhenAny(nextPage, nextBeat, nextPatch));
                }

                stop.ThrowIfCancellationRequested();
                if (nextPage.IsCompleted)
                {
                    if (!await nextPage)
                    {
                        return;
                    }

                    scanned = WritePage(output, pages.Current, principal, meters);
                    nextPage = pages.MoveNextAsync().AsTask();
                }

                if (nextPatch?.IsCompleted == true)
                {
                    while (patches!.TryRead(out var frame))
                    {
                        output.Write(frame);
                    }

                    nextPatch = patches.WaitToReadAsync(stop).AsTask();
                }

                if (nextBeat.IsCompleted)
                {
                    SseFrames.WriteHeartbeat(output, scanned);
                    nextBeat = heartbeat.WaitForNextTickAsync(stop).AsTask();
                }

                // A slow client makes only this loop wait; the journal keeps what it has not read.
                await output.FlushAsync(stop);
            }
        }
        finally
        {
            // The enumerator must not be disposed while it moves; it ends with the same token.
            await nextPage.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private static long WritePage(PipeWriter output, EventPage page, Principal principal, StreamMeters meters)
    {
        if (page.Gap is var (from, to))
        {
            meters.Gap();
            SseFrames.Write(output, to, "bus.gap", ArwJson.ToUtf8(new { from, to }));
        }

        var sent = 0;
        foreach (var e in page.Events)
        {
            if (principal.MayUse(e.Project))
            {
                SseFrames.Write(output, e.Seq, e.Kind, e.ToJson().Span);
                sent++;
            }
        }

        meters.Sent(sent);

        return page.ScannedTo;
    }

    private static byte[] Connected(HttpContext context, StreamRequest request, TimeProvider time) => ArwJson.ToUtf8(new JsonObject
    {
        ["kind"] = "service.connected",
        ["time"] = Rfc3339.Format(time.GetUtcNow()),
        ["payload"] = new JsonObject
        {
            ["request_id"] = context.TraceIdentifier,
            ["resume_from"] = request.After,
            ["replay"] = new JsonObject { ["mode"] = request.Mode, ["count"] = request.Replayed },
            ["prefixes"] = request.Filter.Prefixes.Count == 0 ? null : new JsonArray([.. request.Filter.Prefixes.Select(p => JsonValue.Create(p))]),
        },
    });

    private static void PrepareResponse(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Response.Headers["X-Request-Id"] = context.TraceIdentifier;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
        {
            // A reader may pause as long as it likes: it costs a connection, nothing else.
            rate.MinDataRate = null;
        }
    }

    private static void Write(this PipeWriter output, byte[] frame) => System.Buffers.BuffersExtensions.Write(output, frame);
}
