using System.Text.Json.Serialization;
using Arw.Core.Journal;
using Arw.Core.Models;
using Arw.Core.State;

namespace Arw.Core.Egress;

/// <summary>Where a request goes.</summary>
/// <param name="Host">Host; empty when the URL could not be read.</param>
/// <param name="Port">Port; 0 when the URL could not be read.</param>
/// <param name="Protocol">http, https or tcp; empty when the URL could not be read.</param>
/// <param name="Ip">Address connected to or tried; null when it came to none.</param>
public sealed record EgressDestination(string Host, int Port, string Protocol, string? Ip = null);

/// <summary>One row of the ledger: one attempt at one hop.</summary>
public sealed record EgressRow
{
    /// <summary>Id of the request.</summary>
    public required string Id { get; init; }

    /// <summary>When it was asked for.</summary>
    public required DateTimeOffset Time { get; init; }

    /// <summary><c>allow</c> or <c>deny</c>.</summary>
    public required string Decision { get; init; }

    /// <summary>Stable code of the decision: <c>leased</c>, <c>permitted</c>, <c>needs_lease</c>, <c>address_not_public</c>, …</summary>
    public required string ReasonCode { get; init; }

    /// <summary>Why it was denied, in words; null when it was allowed.</summary>
    public string? Reason { get; init; }

    /// <summary>Egress mode in force.</summary>
    public required EgressMode Mode { get; init; }

    /// <summary>Who asked.</summary>
    public required string Actor { get; init; }

    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>The action that asked; the row's own id when it came by the proxy.</summary>
    public required string Action { get; init; }

    /// <summary>What asked: an action kind, or <c>proxy</c>; null in older events.</summary>
    public string? Tool { get; init; }

    /// <summary>What was asked for, as a lease would have to cover it; null when its URL could not be read, and in older events.</summary>
    public string? Capability { get; init; }

    /// <summary>Who would hold a lease for it; null for nobody.</summary>
    public string? Holder { get; init; }

    /// <summary>What leases would have to cover for what was found in it (<c>data.send:person …</c>); empty when that was not what stopped it.</summary>
    public IReadOnlyList<string> Missing { get; init; } = [];

    /// <summary>Why what was sent could not be looked into; null when it could, or was looked into before it was encrypted.</summary>
    public UnseenContent? Unseen { get; init; }

    /// <summary>HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>URL without secrets.</summary>
    public required string Url { get; init; }

    /// <summary>Where it goes.</summary>
    public required EgressDestination Dest { get; init; }

    /// <summary>How it ended, or that it is open.</summary>
    public required EgressOutcome Outcome { get; init; }

    /// <summary>HTTP status; null for none.</summary>
    public int? Status { get; init; }

    /// <summary>Bytes received on the socket; 0 until closed.</summary>
    public long BytesIn { get; init; }

    /// <summary>Bytes sent on the socket; 0 until closed.</summary>
    public long BytesOut { get; init; }

    /// <summary>Milliseconds; 0 until closed.</summary>
    public long DurationMs { get; init; }

    /// <summary>Scope that made it eligible; null for none.</summary>
    public string? ScopeId { get; init; }

    /// <summary>Lease that permitted it; null for none.</summary>
    public string? LeaseId { get; init; }

    /// <summary>The action's attempt; more than 1 marks a retry.</summary>
    public int Attempt { get; init; }

    /// <summary>0 for the request itself, then one more for each redirect.</summary>
    public int Hop { get; init; }

    /// <summary>What went wrong; null for nothing.</summary>
    public string? Error { get; init; }

    /// <summary>What it cost without the tokens of a model, in integer micro-USD; null = not known, or not ended.</summary>
    public long? FeeMicroUsd { get; init; }

    /// <summary>What its tokens cost, in integer micro-USD; null = it has none, or their price or number is not known.</summary>
    public long? TokensMicroUsd { get; init; }

    /// <summary>True when the price of its host counts tokens.</summary>
    public bool CountsTokens { get; init; }

    /// <summary>What it cost, in integer micro-USD by the prices in force when it began; null = not known, or not ended.</summary>
    [JsonIgnore]
    public long? CostMicroUsd => TokensMicroUsd is { } tokens ? (FeeMicroUsd ?? 0) + tokens : CountsTokens ? null : FeeMicroUsd;

    /// <summary>What it cost, in USD; null = not known, or not ended.</summary>
    public decimal? EstCostUsd => CostEstimate.Usd(CostMicroUsd);
}

/// <summary>Read model <c>egress</c>: the ledger of everything that left the machine or wanted to.</summary>
public sealed class EgressLedger : TableModel<EgressRow>
{
    private const string HomeStarted = "home.started";
    private const string Chat = "model.chat";
    private const int MostChats = 10_000;

    // Opened while this process folds and not closed yet: a batch that is not committed is not found by a query.
    private readonly HashSet<string> _open = new(StringComparer.Ordinal);

    // The newest request of each chat, for the same reason; far more than one batch opens.
    private readonly Dictionary<string, string> _chats = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public override string Id => "egress";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<EgressRow>> Columns { get; } =
    [
        new("time", r => r.Time),
        new("host", r => r.Dest.Host),
        new("decision", r => r.Decision),
        new("outcome", r => Word(r.Outcome)),
        new("corr_id", r => r.CorrId),
        new("project", r => r.Project),
        new("action", r => r.Action),
        new("tool", r => r.Tool),
        new("actor", r => r.Actor),
        new("lease", r => r.LeaseId),
        new("bytes_out", r => r.BytesOut),
    ];

    /// <inheritdoc/>
    protected internal override Func<EgressRow, string> SearchText { get; } =
        r => $"{r.Method} {r.Url} {r.Dest.Host} {r.Decision} {r.ReasonCode} {r.Reason} {r.Actor} {r.CorrId}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<EgressRow> rows, JournalEvent e)
    {
        if (EgressEvents.Opened.Is(e))
        {
            var opened = EgressEvents.Opened.Read(e);
            _open.Add(opened.Id);
            if (opened.Tool == Chat)
            {
                if (_chats.Count >= MostChats)
                {
                    _chats.Clear();
                }

                _chats[opened.Action] = opened.Id;
            }

            rows.Put(opened.Id, Row(e, opened));
        }
        else if (EgressEvents.Closed.Is(e))
        {
            Close(rows, EgressEvents.Closed.Read(e));
        }
        else if (EgressEvents.Denied.Is(e))
        {
            var denied = EgressEvents.Denied.Read(e);
            rows.Put(denied.Id, Row(e, denied));
        }
        else if (ModelEvents.Completed.Is(e))
        {
            Charge(rows, ModelEvents.Completed.Read(e));
        }
        else if (e.Kind == HomeStarted)
        {
            Forget(rows);
        }
    }

    /// <summary>An outcome as its column has it.</summary>
    public static string Word(EgressOutcome outcome) => outcome.ToString().ToLowerInvariant();

    private void Close(IRowSet<EgressRow> rows, EgressClosed closed)
    {
        _open.Remove(closed.Id);
        if (rows.Find(closed.Id) is { } row)
        {
            rows.Put(closed.Id, row with
            {
                Outcome = closed.Outcome,
                Status = closed.Status,
                BytesIn = closed.BytesIn,
                BytesOut = closed.BytesOut,
                DurationMs = closed.DurationMs,
                Error = closed.Error,
                Decision = closed.Outcome == EgressOutcome.Denied ? "deny" : row.Decision,
                ReasonCode = closed.Code ?? row.ReasonCode,
                FeeMicroUsd = closed.FeeMicroUsd,
                CountsTokens = closed.CountsTokens,
                Missing = closed.Missing ?? [],
                Unseen = closed.Unseen,
                Dest = row.Dest with { Ip = closed.Address ?? row.Dest.Ip },
            });
        }
    }

    // Only the chat knows what the endpoint said of its tokens; it says so when the request has ended, or just before.
    private void Charge(IRowSet<EgressRow> rows, ChatCompleted chat)
    {
        var id = _chats.TryGetValue(chat.Action, out var noted)
            ? noted
            : Rows.Query(new TableQuery { Where = [new Condition("action", Op.Equal, chat.Action), new Condition("tool", Op.Equal, Chat), new Condition("decision", Op.Equal, "allow")], OrderBy = "time", Limit = 1 }) is [var newest, ..] ? newest.Id : null;
        if (chat.CostMicroUsd is { } cost && id is not null && rows.Find(id) is { } row)
        {
            rows.Put(id, row with { TokensMicroUsd = cost });
        }
    }

    // What was open when the home ended was cut with it; nobody saw how far it came.
    private void Forget(IRowSet<EgressRow> rows)
    {
        var open = new TableQuery { Where = [new Condition("outcome", Op.Equal, Word(EgressOutcome.Open))], Limit = int.MaxValue };
        foreach (var id in Rows.Query(open).Select(r => r.Id).Concat(_open).ToHashSet(StringComparer.Ordinal))
        {
            if (rows.Find(id) is { Outcome: EgressOutcome.Open } row)
            {
                rows.Put(id, row with { Outcome = EgressOutcome.Unknown, Error = "The home ended while the request was under way." });
            }
        }

        _open.Clear();
    }

    private static EgressRow Row(JournalEvent e, EgressOpened opened) => new()
    {
        Id = opened.Id,
        Time = e.Time,
        Decision = "allow",
        ReasonCode = opened.Code,
        Mode = opened.Mode,
        Actor = e.Actor,
        Project = e.Project,
        CorrId = e.CorrId,
        Action = opened.Action,
        Method = opened.Method,
        Url = opened.Url,
        Dest = new EgressDestination(opened.Host, opened.Port, opened.Scheme, opened.Addresses[0]),
        Outcome = EgressOutcome.Open,
        ScopeId = opened.Scope,
        Tool = opened.Tool,
        Capability = opened.Capability,
        Holder = opened.Holder,
        LeaseId = opened.Lease,
        Attempt = opened.Attempt,
        Hop = opened.Hop,
    };

    private static EgressRow Row(JournalEvent e, EgressDenied denied) => new()
    {
        Id = denied.Id,
        Time = e.Time,
        Decision = "deny",
        ReasonCode = denied.Code,
        Reason = denied.Reason,
        Mode = denied.Mode,
        Actor = e.Actor,
        Project = e.Project,
        CorrId = e.CorrId,
        Action = denied.Action,
        Method = denied.Method,
        Url = denied.Url,
        Dest = new EgressDestination(denied.Host ?? "", denied.Port ?? 0, denied.Scheme ?? "", denied.Address),
        Outcome = EgressOutcome.Denied,
        Tool = denied.Tool,
        Capability = denied.Capability,
        Holder = denied.Holder,
        Missing = denied.Missing ?? [],
        Attempt = denied.Attempt,
        Hop = denied.Hop,
    };
}
