using Arw.Core.Memory;
using Arw.Core.State;
using Arw.Web.Components.Lists;

namespace Arw.Web.Features.Memory;

/// <summary>What the list of memory shows: the page's address in another form.</summary>
public sealed record MemoryQuery(MemoryModel Memory)
{
    /// <summary>One project only; null = all.</summary>
    public string? Project { get; init; }

    /// <summary>One kind only, by its word; null = all.</summary>
    public string? Kind { get; init; }

    /// <summary>Words; null or empty = no search.</summary>
    public string? Search { get; init; }

    /// <summary>True when nothing is left out.</summary>
    public bool IsPlain => Project is null && Kind is null && string.IsNullOrWhiteSpace(Search);

    /// <summary>The rows of a window and the count of all.</summary>
    public RowWindow<MemoryItem> Window(int start, int count)
    {
        var where = new List<Condition>();
        if (Project is not null)
        {
            where.Add(new("project", Op.Equal, Project));
        }

        if (Kind is not null)
        {
            where.Add(new("kind", Op.Equal, Kind));
        }

        var query = new TableQuery { Where = where, Search = string.IsNullOrWhiteSpace(Search) ? null : Search, OrderBy = "updated", Offset = start, Limit = count };
        return new(Memory.Rows.Query(query), Memory.Rows.Count(query));
    }
}
