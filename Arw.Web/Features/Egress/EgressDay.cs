using Arw.Core.Egress;
using Arw.Core.State;

namespace Arw.Web.Features.Egress;

/// <summary>What one day's traffic to a host comes to.</summary>
/// <param name="Host">The host; empty for requests whose address could not be read.</param>
/// <param name="LetOut">Attempts that were let out.</param>
/// <param name="Refused">Attempts that were not.</param>
/// <param name="BytesOut">Bytes sent.</param>
/// <param name="BytesIn">Bytes received.</param>
/// <param name="CostMicroUsd">What is known of the cost, in integer micro-USD.</param>
/// <param name="CostNotKnown">Attempts whose cost is not known.</param>
/// <param name="Actors">Who asked.</param>
/// <param name="Rules">The codes of what was refused or cut.</param>
/// <param name="IsNew">No row of an earlier day names the host.</param>
public sealed record HostDay(string Host, int LetOut, int Refused, long BytesOut, long BytesIn, long CostMicroUsd, int CostNotKnown, IReadOnlyList<string> Actors, IReadOnlyList<string> Rules, bool IsNew);

/// <summary>One day of the ledger, host by host: what a person looks over in the evening.</summary>
public sealed class EgressDay
{
    private const int Page = 1000;

    private EgressDay(DateOnly day, IReadOnlyList<HostDay> hosts) => (Day, Hosts) = (day, hosts);

    /// <summary>The day.</summary>
    public DateOnly Day { get; }

    /// <summary>Hosts: new ones first, then by what was sent.</summary>
    public IReadOnlyList<HostDay> Hosts { get; }

    /// <summary>Attempts that were let out.</summary>
    public int LetOut => Hosts.Sum(h => h.LetOut);

    /// <summary>Attempts that were not.</summary>
    public int Refused => Hosts.Sum(h => h.Refused);

    /// <summary>Bytes sent.</summary>
    public long BytesOut => Hosts.Sum(h => h.BytesOut);

    /// <summary>Bytes received.</summary>
    public long BytesIn => Hosts.Sum(h => h.BytesIn);

    /// <summary>What is known of the cost, in integer micro-USD.</summary>
    public long CostMicroUsd => Hosts.Sum(h => h.CostMicroUsd);

    /// <summary>Attempts whose cost is not known.</summary>
    public int CostNotKnown => Hosts.Sum(h => h.CostNotKnown);

    /// <summary>Reads a day.</summary>
    public static EgressDay Of(EgressLedger ledger, DateOnly day, TimeZoneInfo zone)
    {
        var query = new EgressQuery { Day = day, Zone = zone };
        var sums = new Dictionary<string, Sum>(StringComparer.Ordinal);
        foreach (var row in Rows(ledger, query))
        {
            if (!sums.TryGetValue(row.Dest.Host, out var sum))
            {
                sums[row.Dest.Host] = sum = new Sum();
            }

            sum.Add(row);
        }

        var begin = query.ToTable().Where[0].Value;
        var hosts = sums.Select(s => s.Value.Total(s.Key, s.Key.Length > 0 && ledger.Rows.Query(new TableQuery { Where = [new("host", Op.Equal, s.Key), new("time", Op.Less, begin)], Limit = 1 }).Count == 0));
        return new EgressDay(day, [.. hosts.OrderByDescending(h => h.IsNew).ThenByDescending(h => h.BytesOut).ThenBy(h => h.Host, StringComparer.Ordinal)]);
    }

    /// <summary>All rows of a query, page by page, oldest first.</summary>
    public static IEnumerable<EgressRow> Rows(EgressLedger ledger, EgressQuery query)
    {
        // Oldest first: rows that come while they are read lie behind the page, not before it.
        var table = query.ToTable() with { Descending = false, Limit = Page };
        for (var offset = 0; ; offset += Page)
        {
            var rows = ledger.Rows.Query(table with { Offset = offset });
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < Page)
            {
                yield break;
            }
        }
    }

    private sealed class Sum
    {
        private readonly SortedSet<string> _actors = new(StringComparer.Ordinal);
        private readonly SortedSet<string> _rules = new(StringComparer.Ordinal);
        private int _letOut;
        private int _refused;
        private long _out;
        private long _in;
        private long _cost;
        private int _unpriced;

        public void Add(EgressRow row)
        {
            var refused = row.Outcome == EgressOutcome.Denied;
            (_letOut, _refused) = refused ? (_letOut, _refused + 1) : (_letOut + 1, _refused);
            (_out, _in) = (_out + row.BytesOut, _in + row.BytesIn);
            _cost += row.CostMicroUsd ?? 0;
            _unpriced += refused || row.CostMicroUsd is not null ? 0 : 1;
            _actors.Add(row.Actor);
            if (row.ReasonCode is not ("leased" or "permitted"))
            {
                _rules.Add(row.ReasonCode);
            }
        }

        public HostDay Total(string host, bool isNew) => new(host, _letOut, _refused, _out, _in, _cost, _unpriced, [.. _actors], [.. _rules], isNew);
    }
}
