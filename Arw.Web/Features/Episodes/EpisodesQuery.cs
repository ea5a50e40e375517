using Arw.Core.Episodes;
using Arw.Core.State;
using Arw.Web.Components.Lists;

namespace Arw.Web.Features.Episodes;

/// <summary>What the list of episodes shows: the page's address in another form.</summary>
public sealed record EpisodesQuery
{
    /// <summary>One status only, by its word; null = all.</summary>
    public string? Status { get; init; }

    /// <summary>One project only; null = all.</summary>
    public string? Project { get; init; }

    /// <summary>Words in title, id, recipe or actors; null = no search.</summary>
    public string? Search { get; init; }

    /// <summary>Those with errors only.</summary>
    public bool Errors { get; init; }

    /// <summary>The rows of a window and the count of all.</summary>
    public RowWindow<EpisodeRow> Window(EpisodesModel episodes, int start, int count)
    {
        var query = ToTable() with { Offset = start, Limit = count };
        return new(episodes.Rows.Query(query), episodes.Rows.Count(query));
    }

    /// <summary>The same as a question to the table.</summary>
    public TableQuery ToTable()
    {
        var where = new List<Condition>();
        if (Status is not null)
        {
            where.Add(new("status", Op.Equal, Status));
        }

        if (Project is not null)
        {
            where.Add(new("project", Op.Equal, Project));
        }

        if (Errors)
        {
            where.Add(new("errors", Op.AtLeast, 1L));
        }

        return new TableQuery { Where = where, Search = string.IsNullOrWhiteSpace(Search) ? null : Search, OrderBy = "start" };
    }
}
