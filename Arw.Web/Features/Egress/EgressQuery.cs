using Arw.Core.Egress;
using Arw.Core.State;
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

    /// <summary>Why it went out or did not, in a few words.</summary>
    public static string Why(EgressRow row) => row.Reason ?? row.Error ?? row.ReasonCode switch
    {
        "leased" => "by a lease",
        "permitted" => "by the posture",
        var code => code,
    };
}
