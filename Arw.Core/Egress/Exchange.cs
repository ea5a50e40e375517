using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.Policy;
using Arw.Core.Primitives;

namespace Arw.Core.Egress;

/// <summary>One request on one connection of its own, from its ledger row's opening to its closing. Nothing is pooled: a connection never outlives the decision that let it out.</summary>
internal sealed class Exchange : IAsyncDisposable
{
    private const string UserAgent = "Arw/0.1";

    private readonly ActionRun _run;
    private readonly Permit _permit;
    private readonly Capability _capability;
    private readonly EgressLimits _limits;
    private readonly EgressPrice? _price;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly CancellationToken _action;
    private readonly CancellationToken _total;
    private readonly GuardedConnection _connection;
    private readonly CancellationTokenSource _any;
    private readonly CancellationTokenRegistration _cutting;
    private readonly HttpMessageInvoker _http;
    private HttpResponseMessage? _response;
    private int _closed;

    internal Exchange(string id, EgressTarget target, IReadOnlyList<IPAddress> addresses, Capability capability, Permit permit, ActionRun run, EgressLimits limits, EgressPrice? price, TimeProvider time, CancellationToken action, CancellationToken total)
    {
        (Id, _capability, _permit, _run, _limits, _price, _time, _action, _total) = (id, capability, permit, run, limits, price, time, action, total);
        _began = time.GetTimestamp();
        _connection = new GuardedConnection(addresses, target.Port, TimeSpan.FromMilliseconds(limits.IdleMs), time);
        _any = CancellationTokenSource.CreateLinkedTokenSource(action, total, permit.Revoked, _connection.Silence);
        Stop = _any.Token;
        _cutting = Stop.Register(_connection.Cut);
        _http = new HttpMessageInvoker(Handler());
    }

    /// <summary>Id of the ledger row.</summary>
    public string Id { get; }

    /// <summary>Cancelled when the exchange is to stop, for whatever reason.</summary>
    public CancellationToken Stop { get; }

    /// <summary>Bytes received so far, as they came over the socket.</summary>
    public long BytesIn => _connection.BytesIn;

    /// <summary>Whether more bytes have passed than the lease that permits the exchange had left.</summary>
    public bool OverLease => _connection.BytesIn + _connection.BytesOut > _permit.BytesLeft;

    /// <summary>Sends and reads the head of the answer. On a refusal the ledger row is closed.</summary>
    public async Task<Result<HttpResponseMessage>> SendAsync(GuardedRequest request, EgressTarget target)
    {
        using var message = Message(request, target);
        try
        {
            return _response = await _http.SendAsync(message, Stop);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException or ObjectDisposedException)
        {
            return await FailAsync(e);
        }
    }

    /// <summary>Why reading or sending broke, as a refusal; closes the ledger row with it. Cancelling the action is no refusal: it throws.</summary>
    public async Task<Refusal> FailAsync(Exception fault)
    {
        if (_action.IsCancellationRequested)
        {
            await CloseAsync(EgressOutcome.Aborted, "The action was cancelled.");
            throw new OperationCanceledException("The action was cancelled.", fault, _action);
        }

        if (_permit.Revoked.IsCancellationRequested)
        {
            await CloseAsync(EgressOutcome.Aborted, "The permission was withdrawn.");

            // Policy is asked again for its reason: this is how the action fails with the decision that cut it.
            return (await _run.DemandAsync(_capability, _action)).Refusal
                ?? new Refusal("permission_withdrawn", "The permission was withdrawn while the request was under way, and the connection was cut.", "Run it again.", 403);
        }

        if (_total.IsCancellationRequested || _connection.Silence.IsCancellationRequested)
        {
            var why = _total.IsCancellationRequested
                ? $"The request took longer than {_limits.TotalMs} ms."
                : $"The server sent nothing for {_limits.IdleMs} ms.";
            await CloseAsync(EgressOutcome.Limit, why);
            return new Refusal("timeout", why, "Try again later, or raise the limit in the egress settings.", 504);
        }

        if (fault is EgressRefusedException refused)
        {
            await CloseAsync(EgressOutcome.Limit, refused.Refusal.Message);

            // Policy is asked again: the action fails with the decision that says what lease is missing now.
            return OverLease ? (await _run.DemandAsync(_capability, _action)).Refusal ?? refused.Refusal : refused.Refusal;
        }

        var words = Words(fault);
        await CloseAsync(EgressOutcome.Error, words);
        return new Refusal("connection_failed", words, "Check the address, or try again later.", 502);
    }

    /// <summary>Ends the exchange and writes how; the first call counts.</summary>
    public async ValueTask CloseAsync(EgressOutcome outcome, string? error = null)
    {
        if (Interlocked.Exchange(ref _closed, 1) != 0)
        {
            return;
        }

        var status = (int?)_response?.StatusCode;
        _response?.Dispose();
        await _cutting.DisposeAsync();
        _connection.Dispose();
        _http.Dispose();
        _any.Dispose();
        var closed = new EgressClosed(Id, outcome, _connection.BytesIn, _connection.BytesOut, (long)_time.GetElapsedTime(_began).TotalMilliseconds)
        {
            Status = status,
            Address = _connection.Address?.ToString(),
            Error = error,
            FeeMicroUsd = EgressPrice.FeeOf(_price, _connection.Address, _connection.BytesIn + _connection.BytesOut),
            CountsTokens = _price is { CountsTokens: true },
        };

        // Written even when the action is being cancelled: the row must not stay open.
        var actor = _run.Context.Principal.Actor;
        var booked = _permit.BookBytes?.Invoke(closed.BytesIn + closed.BytesOut);
        await _run.AppendAsync([EgressEvents.Closed.Draft(closed, actor, EgressEvents.Subject(Id)), .. booked is null ? Array.Empty<EventDraft>() : [booked]], CancellationToken.None);
    }

    public ValueTask DisposeAsync() => CloseAsync(EgressOutcome.Ok);

    private SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        Credentials = null,
        PreAuthenticate = false,
        AutomaticDecompression = DecompressionMethods.None,
        ActivityHeadersPropagator = null,
        MaxConnectionsPerServer = 1,
        MaxResponseHeadersLength = _limits.MaxHeaderKib,
        MaxResponseDrainSize = 0,
        ConnectTimeout = TimeSpan.FromMilliseconds(_limits.ConnectMs),
        ConnectCallback = (_, cancel) => _connection.ConnectAsync(cancel),
        SslOptions = new SslClientAuthenticationOptions
        {
            // Validating a certificate must not fetch anything past the guard.
            CertificateChainPolicy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true },
        },
    };

    private static HttpRequestMessage Message(GuardedRequest request, EgressTarget target)
    {
        var message = new HttpRequestMessage(new HttpMethod(request.Method), target.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        if (request.Body is not null)
        {
            message.Content = new ByteArrayContent(request.Body);
        }

        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        message.Headers.TryAddWithoutValidation("User-Agent", UserAgent);
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        message.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("br"));
        return message;
    }

    private static string Words(Exception fault)
    {
        var cause = fault.GetBaseException();
        return fault switch
        {
            HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } => $"No trusted TLS connection could be made: {cause.Message}",
            HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "The answer's headers are larger than allowed.",
            HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError } => $"The connection could not be made: {cause.Message}",
            OperationCanceledException => "The connection could not be made in time.",
            _ => $"The exchange broke off: {cause.Message}",
        };
    }
}
