using System.Globalization;
using Arw.Core.Access;
using Arw.Core.Primitives;
using Arw.Core.State;
using Microsoft.Extensions.Primitives;

namespace Arw.Web.Api;

/// <summary>Reads the query of a list under <c>/state</c>.</summary>
internal static class StateQuery
{
    private const int MaxLimit = 1000;
    private static readonly string[] Reserved = ["limit", "offset", "kind_prefix", "since", "q", "order", "ascending"];

    /// <summary>The question to a table, limited to what the caller may see.</summary>
    public static Result<TableQuery> Read(IQueryCollection query, TableModel model, Principal principal)
    {
        var columns = model.ColumnNames;
        var newest = model.NewestBy;
        var where = new List<Condition>();
        foreach (var (name, values) in query)
        {
            if (Array.IndexOf(Reserved, name) >= 0)
            {
                continue;
            }

            if (!columns.Contains(name))
            {
                return Bad($"\"{name}\" cannot be asked of \"{model.Id}\".", $"It takes {string.Join(", ", Reserved.Concat(columns))}.");
            }

            where.Add(new Condition(name, Op.Equal, Value(values)));
        }

        if (query["kind_prefix"] is [{ Length: > 0 } prefix])
        {
            if (!columns.Contains("kind"))
            {
                return Bad($"\"{model.Id}\" has no kinds, so kind_prefix cannot be asked of it.", null);
            }

            where.Add(new Condition("kind", Op.Prefix, prefix));
        }

        if (query["since"] is [{ Length: > 0 } since])
        {
            if (newest is null || !TryMoment(since, out var moment))
            {
                return Bad($"since \"{since}\" is not understood.", "Use an RFC 3339 time, or a number in the unit of the list's order.");
            }

            where.Add(new Condition(newest, Op.AtLeast, moment));
        }

        if (principal.Kind == PrincipalKind.Agent)
        {
            if (!columns.Contains("project"))
            {
                return Refusal.Forbidden($"\"{model.Id}\" is for people only.", null);
            }

            where.Add(principal.Projects is { } own ? new Condition("project", Op.In, own) : new Condition("project", Op.NotEqual, null));
        }

        if (!TryNumber(query["limit"], 200, 1, MaxLimit, out var limit) || !TryNumber(query["offset"], 0, 0, int.MaxValue, out var offset))
        {
            return Bad("limit or offset is not a number in range.", $"limit is 1 to {MaxLimit} (200 by default), offset 0 or more.");
        }

        if (query["order"] is [{ Length: > 0 } order] && !columns.Contains(order))
        {
            return Bad($"\"{model.Id}\" cannot be ordered by \"{order}\".", $"It has {string.Join(", ", columns)}.");
        }

        var search = query["q"].ToString();
        if (search.Length > 0 && !model.Searchable)
        {
            return Bad($"\"{model.Id}\" cannot be searched.", null);
        }

        return new TableQuery
        {
            Where = where,
            Search = search.Length > 0 ? search : null,
            OrderBy = query["order"] is [{ Length: > 0 } by] ? by : newest,
            Descending = !string.Equals(query["ascending"], "true", StringComparison.OrdinalIgnoreCase),
            Limit = limit,
            Offset = offset,
        };
    }

    private static Refusal Bad(string message, string? next) => new("invalid_query", message, next);

    private static object? Value(StringValues values) => values.ToString() switch
    {
        "null" => null,
        "true" => true,
        "false" => false,
        var text => text,
    };

    private static bool TryMoment(string text, out long moment)
    {
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out moment))
        {
            return true;
        }

        var ok = DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        moment = time.ToUnixTimeMilliseconds();
        return ok;
    }

    private static bool TryNumber(StringValues values, int fallback, int min, int max, out int number)
    {
        number = fallback;
        return values.Count == 0 || (int.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= min && number <= max);
    }
}
