using System.Globalization;
using Arw.Core.Egress;
using Arw.Core.State;
using Arw.Web.Components.Formats;
using Arw.Web.Components.Lists;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Egress;

/// <summary>What the ledger shows: the page's address in another form.</summary>
public sealed record EgressQuery
{
    /// <summary><c>allow</c> or <c>deny</c> only; null = both.</summary>
    public string? Decision { get; init; }

    /// <summary>One host only; null = all.</summary>
    public string? Host { get; init; }

    /// <summary>Words in URL, reason or who; null = no search.</summary>
    public string? Search { get; init; }

    /// <summary>One day only; null = all.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>Where the day begins and ends; UTC by default.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>A day as addresses spell it; null for none or a malformed one.</summary>
    public static DateOnly? DayOf(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is >= 1970 and <= 9000 ? day : null;

    /// <summary>The rows of a window and the count of all.</summary>
    public RowWindow<EgressRow> Window(EgressLedger ledger, int start, int count)
    {
        var query = ToTable() with { Offset = start, Limit = count };
        return new(ledger.Rows.Query(query), ledger.Rows.Count(query));
    }

    /// <summary>The same as a question to the table.</summary>
    public TableQuery ToTable()
    {
        var where = new List<Condition>();
        if (Decision is not null)
        {
            where.Add(new("decision", Op.Equal, Decision));
        }

        if (Host is not null)
        {
            where.Add(new("host", Op.Equal, Host));
        }

        if (Day is { } day)
        {
            where.Add(new("time", Op.AtLeast, Midnight(day)));
            where.Add(new("time", Op.Less, Midnight(day.AddDays(1))));
        }

        return new TableQuery { Where = where, Search = string.IsNullOrWhiteSpace(Search) ? null : Search, OrderBy = "time" };
    }

    /// <summary>How an attempt stands, with its word.</summary>
    public static (StatusKind Kind, string Word) Status(EgressRow row) => row.Outcome switch
    {
        EgressOutcome.Open => (StatusKind.Running, "Under way"),
        EgressOutcome.Ok => (StatusKind.Done, row.Status is { } status ? $"Answered {status}" : "Done"),
        EgressOutcome.Denied => (StatusKind.Refused, "Not let out"),
        EgressOutcome.Aborted => (StatusKind.Cancelled, "Cut"),
        EgressOutcome.Limit => (StatusKind.Warning, "Cut at a limit"),
        EgressOutcome.Unknown => (StatusKind.Warning, "Not known"),
        _ => (StatusKind.Failed, "Failed"),
    };

    /// <summary>What it cost, in words.</summary>
    public static string Cost(EgressRow row) => row switch
    {
        { Outcome: EgressOutcome.Denied } => Format.None,
        { Outcome: EgressOutcome.Open } => "known when it has ended",
        { CostMicroUsd: 0, BytesOut: 0 } => "nothing: it was not reached",
        { CostMicroUsd: 0 } => "nothing",
        { CostMicroUsd: { } cost } => $"about {Format.ExactMoney(cost)}",
        { CountsTokens: true } => "not known: how many tokens were counted",
        _ => $"not known: no price is set for {row.Dest.Host}",
    };

    /// <summary>Whether what was sent was looked into, in words.</summary>
    public static string Content(EgressRow row) => row switch
    {
        { Unseen: UnseenContent.Encrypted } => "not looked into: it is encrypted (TLS), and the proxy does not open it",
        { Unseen: UnseenContent.Compressed } => "its body could not be looked into: it is compressed",
        { Unseen: UnseenContent.Binary } => "looked through for canaries only: it is no text protocol",
        { Missing: [_, ..] missing } => $"held classified data: {string.Join(", ", missing)}",
        { ReasonCode: "canary" } => "held a canary",
        { Outcome: EgressOutcome.Denied } => Format.None,
        { Outcome: EgressOutcome.Open, Method: "CONNECT" } => "known when it has ended",
        _ => "looked into before it left",
    };

    private DateTimeOffset Midnight(DateOnly day)
    {
        var local = day.ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(local, Zone.GetUtcOffset(local)).ToUniversalTime();
    }

    /// <summary>Why it went out or did not, in a few words.</summary>
    public static string Why(EgressRow row) => row.Reason ?? row.Error ?? row.ReasonCode switch
    {
        "leased" => "by a lease",
        "permitted" => "by the posture",
        var code => code,
    };
}
