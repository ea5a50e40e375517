using System.Globalization;
using System.Text;
using System.Text.Json;
using Arw.Core.Egress;
using Arw.Core.Primitives;
using Arw.Web.Hosting.Protection;

namespace Arw.Web.Features.Egress;

/// <summary>The ledger as a file: rows as the page filters them, oldest first, written while they are read.</summary>
internal static class EgressExport
{
    private static readonly (string Name, Func<EgressRow, object?> Value)[] Columns =
    [
        ("id", r => r.Id), ("time", r => Rfc3339.Format(r.Time)), ("decision", r => r.Decision), ("reason_code", r => r.ReasonCode), ("reason", r => r.Reason ?? r.Error), ("mode", r => r.Mode),
        ("method", r => r.Method), ("url", r => r.Url), ("host", r => r.Dest.Host), ("address", r => r.Dest.Ip), ("port", r => r.Dest.Port), ("protocol", r => r.Dest.Protocol),
        ("outcome", r => r.Outcome), ("status", r => r.Status), ("bytes_in", r => r.BytesIn), ("bytes_out", r => r.BytesOut), ("duration_ms", r => r.DurationMs), ("est_cost_usd", r => r.EstCostUsd), ("unseen", r => r.Unseen),
        ("tool", r => r.Tool), ("agent", r => r.Actor), ("project", r => r.Project), ("episode", r => r.CorrId), ("lease", r => r.LeaseId), ("scope", r => r.ScopeId), ("attempt", r => r.Attempt), ("hop", r => r.Hop),
    ];

    public static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/egress/export", Export).RequireAuthorization(ProtectionRegistration.Person).WithTags("egress")
            .WithSummary("The ledger as a file, format=csv or json; decision, host, q and day (YYYY-MM-DD) narrow it as on the page.");

    private static IResult Export(EgressLedger ledger, TimeProvider time, string format = "csv", string? decision = null, string? host = null, string? q = null, string? day = null)
    {
        var asked = EgressQuery.DayOf(day);
        if (format is not ("csv" or "json") || (day is not null && asked is null))
        {
            return Hosting.Problems.ToProblem(Refusal.Invalid($"\"{(format is "csv" or "json" ? day : format)}\" cannot be exported.", "Use format=csv or format=json, and a day as 2026-01-31."));
        }

        var rows = EgressDay.Rows(ledger, new EgressQuery { Decision = decision, Host = host, Search = q, Day = asked, Zone = time.LocalTimeZone });
        return format == "csv"
            ? Results.Stream(to => CsvAsync(rows, to), "text/csv; charset=utf-8", $"egress{day}.csv")
            : Results.Stream(to => JsonAsync(rows, to), "application/json", $"egress{day}.json");
    }

    private static async Task JsonAsync(IEnumerable<EgressRow> rows, Stream to)
    {
        await using var text = Writer(to);
        var separator = "[";
        foreach (var row in rows)
        {
            await text.WriteAsync(separator);
            await text.WriteAsync(JsonSerializer.Serialize(Columns.ToDictionary(c => c.Name, c => c.Value(row)), ArwJson.Options));
            separator = ",\n";
        }

        await text.WriteLineAsync(separator == "[" ? "[]" : "]");
    }

    private static async Task CsvAsync(IEnumerable<EgressRow> rows, Stream to)
    {
        await using var text = Writer(to);
        await text.WriteLineAsync(string.Join(',', Columns.Select(c => c.Name)));
        foreach (var row in rows)
        {
            await text.WriteLineAsync(string.Join(',', Columns.Select(c => Cell(c.Value(row)))));
        }
    }

    private static StreamWriter Writer(Stream to) => new(to, new UTF8Encoding(false), 32 * 1024, leaveOpen: true) { NewLine = "\r\n" };

    /// <summary>A value as a cell. What a spreadsheet would take for a formula is marked as text: agents write URLs.</summary>
    internal static string Cell(object? value)
    {
        var text = value switch
        {
            null => "",
            Enum word => JsonNamingPolicy.SnakeCaseLower.ConvertName(word.ToString()),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };
        if (text.Length > 0 && value is string && text[0] is '=' or '+' or '-' or '@' or '\t' or '\r')
        {
            text = "'" + text;
        }

        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
