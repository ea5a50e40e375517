using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Egress.Dns;

/// <summary>One name, asked for by one asker.</summary>
/// <param name="Id">Its id.</param>
/// <param name="First">When it was asked for first.</param>
/// <param name="Last">When it was last, as far as was written.</param>
/// <param name="Actor">Who asked.</param>
/// <param name="Lookup">What was said last.</param>
public sealed record DnsRow(string Id, DateTimeOffset First, DateTimeOffset Last, string Actor, DnsLookedUp Lookup)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode; null for none.</summary>
    public string? CorrId { get; init; }

    /// <summary>The action whose program asked; null for a client from outside.</summary>
    public string? Action { get; init; }
}

/// <summary>Read model <c>dns</c>: names that were looked up, or not.</summary>
public sealed class DnsLookups : TableModel<DnsRow>
{
    /// <inheritdoc/>
    public override string Id => "dns";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<DnsRow>> Columns { get; } =
    [
        new("last", r => r.Last),
        new("name", r => r.Lookup.Name),
        new("domain", r => r.Lookup.Domain),
        new("outcome", r => r.Lookup.Outcome.ToString().ToLowerInvariant()),
        new("project", r => r.Project),
        new("corr_id", r => r.CorrId),
        new("actor", r => r.Actor),
    ];

    /// <inheritdoc/>
    protected internal override Func<DnsRow, string> SearchText { get; } = r => $"{r.Lookup.Name} {r.Lookup.Code} {r.Lookup.Reason} {r.Actor} {r.CorrId}";

    /// <inheritdoc/>
    protected override void Fold(IRowSet<DnsRow> rows, JournalEvent e)
    {
        if (DnsEvents.LookedUp.Is(e))
        {
            var lookup = DnsEvents.LookedUp.Read(e);
            rows.Put(lookup.Id, new DnsRow(lookup.Id, rows.Find(lookup.Id)?.First ?? e.Time, e.Time, e.Actor, lookup) { Project = e.Project, CorrId = e.CorrId, Action = e.ParentId });
        }
    }
}

/// <summary>An anomaly, with whose lookups it is about.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Time">When it was found.</param>
/// <param name="Actor">Whose lookups.</param>
/// <param name="Anomaly">What is unusual.</param>
public sealed record DnsAlert(string Id, DateTimeOffset Time, string Actor, DnsAnomaly Anomaly)
{
    /// <summary>Project; null for the whole home.</summary>
    public string? Project { get; init; }

    /// <summary>Episode; null for none.</summary>
    public string? CorrId { get; init; }
}

/// <summary>Read model <c>dns_anomalies</c>: what was unusual about lookups.</summary>
public sealed class DnsAlerts : TableModel<DnsAlert>
{
    /// <inheritdoc/>
    public override string Id => "dns_anomalies";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<DnsAlert>> Columns { get; } =
    [
        new("time", r => r.Time),
        new("reason", r => r.Anomaly.Reason.ToString()),
        new("severity", r => r.Anomaly.Severity.ToString().ToLowerInvariant()),
        new("project", r => r.Project),
        new("corr_id", r => r.CorrId),
        new("actor", r => r.Actor),
    ];

    /// <inheritdoc/>
    protected override void Fold(IRowSet<DnsAlert> rows, JournalEvent e)
    {
        if (DnsEvents.Anomaly.Is(e))
        {
            var found = DnsEvents.Anomaly.Read(e);
            rows.Put(found.Id, new DnsAlert(found.Id, e.Time, e.Actor, found) { Project = e.Project, CorrId = e.CorrId });
        }
    }
}
