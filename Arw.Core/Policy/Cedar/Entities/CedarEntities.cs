using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Entities;

/// <summary>All entities that a decision may look at, immutable.</summary>
public sealed class CedarEntities
{
    private readonly FlatTable<EntityUid, CedarEntity> _entities;

    private CedarEntities(int capacity) => _entities = new(capacity);

    /// <summary>No entities.</summary>
    public static CedarEntities Empty { get; } = new(0);

    /// <summary>Number of entities.</summary>
    public int Count => _entities.Count;

    /// <summary>The entities, in no particular order.</summary>
    public IEnumerable<CedarEntity> All => _entities.Values;

    /// <summary>The entities as a whole; errors when two of one name differ, or one is above itself.</summary>
    public static CedarResult<CedarEntities> Create(IEnumerable<CedarEntity> entities)
    {
        var given = entities as IReadOnlyCollection<CedarEntity> ?? [.. entities];
        var all = new CedarEntities(given.Count);
        var errors = new List<CedarError>();
        foreach (var entity in given)
        {
            if (all.Find(entity.Uid) is not { } there)
            {
                all._entities.Put(entity.Uid, entity.In(all));
            }
            else if (!there.SaysTheSame(entity))
            {
                errors.Add(new CedarError($"The entity {entity.Uid} is there twice.", Expected: "each entity once"));
            }
        }

        if (errors.Count == 0 && all.FindCycle() is { } cycle)
        {
            errors.Add(new CedarError($"The entity {cycle} is above itself.", Expected: "parents without a cycle"));
        }

        if (errors.Count > 0)
        {
            return errors;
        }

        foreach (var entity in all.All.ToList())
        {
            all._entities.Put(entity.Uid, entity.Together());
        }

        return all;
    }

    /// <summary>An entity by name; null when there is none.</summary>
    public CedarEntity? Find(EntityUid uid) => _entities.Find(uid);

    /// <summary>These and more entities; errors as for <see cref="Create"/>.</summary>
    public CedarResult<CedarEntities> With(IEnumerable<CedarEntity> more) => Create([.. _entities.Values, .. more]);

    // Depth first without recursion: a hierarchy may be as deep as it has entities.
    private EntityUid? FindCycle()
    {
        var done = new Dictionary<EntityUid, bool>(_entities.Count);
        var path = new Stack<(CedarEntity Entity, int NextParent)>();
        foreach (var start in _entities.Values)
        {
            if (!done.TryAdd(start.Uid, false))
            {
                continue;
            }

            path.Push((start, 0));
            while (path.TryPop(out var step))
            {
                var (entity, next) = step;
                if (next == entity.Parents.Count)
                {
                    done[entity.Uid] = true;
                    continue;
                }

                path.Push((entity, next + 1));
                var parent = entity.Parents[next];
                if (done.TryGetValue(parent, out var finished))
                {
                    if (!finished)
                    {
                        return parent;
                    }
                }
                else if (Find(parent) is { } known)
                {
                    done.Add(parent, false);
                    path.Push((known, 0));
                }
                else
                {
                    done.Add(parent, true);
                }
            }
        }

        return null;
    }
}
