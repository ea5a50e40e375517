using System.Net;
using System.Net.Sockets;
using Arw.Core.Actions;
using Arw.Core.Egress.Dns;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Redaction;

namespace Arw.Core.Egress;

/// <summary>Resolves a name to addresses; throws <see cref="SocketException"/> when there is none.</summary>
/// <param name="host">Host name.</param>
/// <param name="cancel">Stops it.</param>
public delegate Task<IPAddress[]> HostResolver(string host, CancellationToken cancel);

/// <summary>The one way out for HTTP. Every hop is normalised, judged, permitted, resolved once, checked, recorded, and only then connected, to the checked address.</summary>
public sealed class GuardedHttp(EgressGate gate, EgressGuard guard, EgressSettingsModel settings, TimeProvider time, IdSource ids, OutboundData? data = null)
{
    /// <summary>A handler for clients that speak <see cref="HttpClient"/>. It throws <see cref="EgressRefusedException"/> where <see cref="SendAsync"/> refuses; the run must outlive it.</summary>
    /// <param name="run">The action in whose name it sends.</param>
    /// <param name="limits">Limits of each request; null = the settings'.</param>
    public HttpMessageHandler For(ActionRun run, EgressLimits? limits = null) => new GuardedHandler(this, run, limits);

    /// <summary>Sends a request, follows its redirects, and answers when the head of the last answer is there. A refusal has code <c>invalid_url</c>, <c>scheme_not_allowed</c>, <c>not_in_allowlist</c>, <c>address_not_public</c>, <c>needs_lease</c>, <c>forbidden</c>, <c>name_not_resolved</c>, <c>redirect_loop</c>, <c>too_many_redirects</c>, <c>redirect_downgrade</c>, <c>response_too_large</c>, <c>unsupported_encoding</c>, <c>timeout</c> or <c>connection_failed</c>.</summary>
    /// <param name="request">The request.</param>
    /// <param name="run">The action that asks: each hop asks for its permission and writes its ledger rows through it.</param>
    /// <param name="cancel">Cuts the request, and its answer while that is read.</param>
    public async Task<Result<GuardedResponse>> SendAsync(GuardedRequest request, ActionRun run, CancellationToken cancel)
    {
        var limits = request.Limits ?? settings.Current.Limits;
        if (request.Fault(limits) is { } fault)
        {
            return fault;
        }

        var total = new CancellationTokenSource(TimeSpan.FromMilliseconds(limits.TotalMs), time);
        var handedOn = false;
        try
        {
            var result = await FollowAsync(request, run, limits, total, cancel);
            handedOn = result.Ok;
            return result;
        }
        finally
        {
            if (!handedOn)
            {
                total.Dispose();
            }
        }
    }

    private async Task<Result<GuardedResponse>> FollowAsync(GuardedRequest request, ActionRun run, EgressLimits limits, CancellationTokenSource total, CancellationToken cancel)
    {
        var redirects = new List<FollowedRedirect>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        EgressTarget? from = null;
        for (var hop = 0; ; hop++)
        {
            var ledger = new LedgerEntry(ids.New(), run, gate.ModeFor(run.Context.Project), request.Method, request.Url, hop, time.GetUtcNow(), data);
            if (!EgressTarget.Parse(request.Url).TryGet(out var target, out var refusal))
            {
                return await ledger.DenyAsync(null, null, refusal, cancel);
            }

            target = target with { SpeaksDns = OtherResolvers.Speaks(request.Headers) };
            if (RedirectRules.Fault(from, target, request.Method, hop, limits, visited) is { } wrong)
            {
                return await ledger.DenyAsync(target, null, wrong, cancel);
            }

            if (from is not null && from.Origin != target.Origin)
            {
                request = request.WithoutCredentials();
            }

            if (!(await OpenAsync(target, request, run, limits, ledger, total.Token, cancel)).TryGet(out var exchange, out refusal))
            {
                return refusal;
            }

            if (!(await exchange.SendAsync(request, target)).TryGet(out var head, out refusal))
            {
                await exchange.DisposeAsync();
                return refusal;
            }

            if (RedirectRules.Next(target, head, request) is { } next)
            {
                await exchange.DisposeAsync();
                redirects.Add(new FollowedRedirect((int)head.StatusCode, UrlRedaction.Redact(next.Url)));
                (request, from) = (next, target);
                continue;
            }

            return await AnswerAsync(exchange, head, request, target, redirects, limits, total, cancel);
        }
    }

    private async Task<Result<Exchange>> OpenAsync(EgressTarget target, GuardedRequest request, ActionRun run, EgressLimits limits, LedgerEntry ledger, CancellationToken total, CancellationToken cancel)
    {
        if (!Capability.ParseHttp(request.Method, target.Url.AbsoluteUri).TryGet(out var capability, out var refusal))
        {
            return await ledger.DenyAsync(target, null, refusal, cancel);
        }

        var judge = new OutboundJudge(capability, target.Host, target.Place.KnownClass == AddressClass.Loopback, run);
        if (!(await guard.AdmitAsync(target, capability, run, limits, total, cancel, Content(judge, target, request, cancel))).TryGet(out var admission, out refusal))
        {
            return await ledger.DenyAsync(target, capability, refusal, cancel, judge.Missing);
        }

        await ledger.OpenAsync(target, capability, admission, cancel);
        return new Exchange(ledger.Id, target, admission.Addresses, capability, admission.Permit, run, limits, settings.Current.PriceOf(target.Host), time, cancel, total);
    }

    private Func<ValueTask<Refusal?>>? Content(OutboundJudge judge, EgressTarget target, GuardedRequest request, CancellationToken cancel) =>
        data is null ? null : () => data.JudgeAsync(judge, target.Url, request.Headers, request.Body, cancel);

    private static async Task<Result<GuardedResponse>> AnswerAsync(Exchange exchange, HttpResponseMessage head, GuardedRequest request, EgressTarget target, IReadOnlyList<FollowedRedirect> redirects, EgressLimits limits, CancellationTokenSource total, CancellationToken cancel)
    {
        var hasBody = request.Method != "HEAD" && head.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified);
        var raw = await head.Content.ReadAsStreamAsync(cancel);
        var body = GuardedBody.Open(exchange, new Lifetime(exchange, total), raw, head.Content.Headers.ContentLength, head.Content.Headers.ContentEncoding, hasBody, limits);
        if (body.TryGet(out var stream, out var refusal))
        {
            return new GuardedResponse(head, stream, target, redirects);
        }

        await exchange.CloseAsync(EgressOutcome.Limit, refusal.Message);
        await exchange.DisposeAsync();
        return refusal;
    }

    private sealed class Lifetime(Exchange exchange, CancellationTokenSource total) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await exchange.DisposeAsync();
            total.Dispose();
        }
    }
}
