using System.Text.Json;
using Arw.Core.Journal;
using Arw.Core.State;

namespace Arw.Core.Memory;

/// <summary>The read model <c>memory</c>: what is remembered. Columns: project, kind, updated, trust, actor; searchable.</summary>
public sealed class MemoryModel : TableModel<MemoryItem>
{
    private const int MostKept = 64;
    private const int Batch = 200;

    /// <inheritdoc/>
    public override string Id => "memory";

    /// <inheritdoc/>
    protected internal override IReadOnlyList<Column<MemoryItem>> Columns { get; } =
    [
        new("project", m => m.Project),
        new("kind", m => Word(m.Kind)),
        new("updated", m => m.Updated),
        new("trust", m => m.Trust),
        new("actor", m => m.Actor),
    ];

    /// <inheritdoc/>
    protected internal override Func<MemoryItem, string> SearchText => m => $"{m.Text} {string.Join(' ', m.Tags)}";

    /// <summary>Looks things up in one project's memory, newest first.</summary>
    /// <param name="project">The project; never another's.</param>
    /// <param name="filter">What else must hold.</param>
    /// <param name="limit">Most to return.</param>
    public IReadOnlyList<MemoryItem> Find(string? project, MemoryFilter filter, int limit)
    {
        var where = new List<Condition> { new("project", Op.Equal, project) };
        if (filter.Kinds.Count > 0)
        {
            where.Add(new("kind", Op.In, filter.Kinds.Select(Word).ToArray()));
        }

        var query = new TableQuery { Where = where, Search = string.IsNullOrWhiteSpace(filter.Search) ? null : filter.Search, OrderBy = "updated", Limit = Batch };
        var found = new List<MemoryItem>();
        for (var offset = 0; found.Count < limit; offset += Batch)
        {
            var page = Rows.Query(query with { Offset = offset });
            found.AddRange(page.Where(m => HasAny(m, filter.Tags) && HasAny(m, filter.SharedTags)));
            if (page.Count < Batch)
            {
                break;
            }
        }

        return found.Count <= limit ? found : found[..limit];
    }

    private static bool HasAny(MemoryItem item, IReadOnlyCollection<string> tags) => tags.Count == 0 || item.Tags.Any(tags.Contains);

    internal static string Word(MemoryKind kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind.ToString());

    /// <inheritdoc/>
    protected override void Fold(IRowSet<MemoryItem> rows, JournalEvent e)
    {
        if (MemoryEvents.Remembered.Is(e))
        {
            var said = MemoryEvents.Remembered.Read(e);
            var item = rows.Find(said.Id) ?? new MemoryItem(said.Id, said.Kind, said.Text)
            {
                Project = e.Project,
                Actor = said.Author ?? e.Actor,
                CorrId = said.Episode ?? e.CorrId,
                Created = e.Recorded,
            };
            rows.Put(item.Id, item with
            {
                Tags = [.. item.Tags.Union(said.Tags, StringComparer.Ordinal).Take(MostKept)],
                Provenance = [.. item.Provenance.Union(said.Provenance).Take(MostKept)],
                // A second word for the same thing may only raise what it is worth.
                EvidenceScore = item.EvidenceScore is { } known && said.EvidenceScore is { } score ? Math.Max(known, score) : item.EvidenceScore ?? said.EvidenceScore,
                Trust = Math.Max(item.Trust, said.Trust),
                AdmittedBy = item.AdmittedBy ?? said.AdmittedBy,
                Entry = item.Entry ?? said.Entry,
                Updated = e.Recorded,
            });
        }
        else if (MemoryEvents.Forgotten.Is(e))
        {
            rows.Delete(MemoryEvents.Forgotten.Read(e).Id);
        }
    }
}

/// <summary>What is looked for in memory. Everything set must hold.</summary>
public sealed record MemoryFilter
{
    /// <summary>Words that must occur; null or empty for any.</summary>
    public string? Search { get; init; }

    /// <summary>Kinds; empty for all.</summary>
    public IReadOnlyCollection<MemoryKind> Kinds { get; init; } = [];

    /// <summary>Tags, one of which it must have; empty for any.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Tags that an export view shows, one of which it must have too; empty for any.</summary>
    public IReadOnlyCollection<string> SharedTags { get; init; } = [];
}
