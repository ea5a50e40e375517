using System.Runtime.InteropServices;
using Arw.Core.Policy.Cedar.Values;

namespace Arw.Core.Policy.Cedar.Policies;

/// <summary>An edit of an index: any number of additions and removals, then one new index.</summary>
internal sealed class ScopeIndexEdit(ScopeIndex before)
{
    private readonly ListEdit<EntityUid> _byPrincipal = new(before.ByPrincipal);
    private readonly ListEdit<EntityUid> _byAction = new(before.ByAction);
    private readonly ListEdit<EntityUid> _byResource = new(before.ByResource);
    private readonly ListEdit<string> _byPrincipalType = new(before.ByPrincipalType);
    private readonly ListEdit<string> _byResourceType = new(before.ByResourceType);
    private List<CompiledPolicy>? _everywhere;

    private List<CompiledPolicy> Everywhere => _everywhere ??= [.. before.Everywhere];

    public void Add(CompiledPolicy policy)
    {
        var places = Places(policy);
        if (places.Count == 0)
        {
            return;
        }

        var best = places[0];
        var size = best.Size;
        foreach (var place in places)
        {
            if (size == 0)
            {
                break;
            }

            if (place.Size < size)
            {
                (best, size) = (place, place.Size);
            }
        }

        best.Add(policy);
    }

    public void Remove(CompiledPolicy policy)
    {
        // Sizes have changed since it was filed: it may be in any of its places.
        foreach (var place in Places(policy))
        {
            if (place.Remove(policy))
            {
                return;
            }
        }
    }

    public ScopeIndex Finish() => new()
    {
        Everywhere = _everywhere is null ? before.Everywhere : [.. _everywhere],
        ByPrincipal = _byPrincipal.Finish(),
        ByAction = _byAction.Finish(),
        ByResource = _byResource.Finish(),
        ByPrincipalType = _byPrincipalType.Finish(),
        ByResourceType = _byResourceType.Finish(),
    };

    private List<Place> Places(CompiledPolicy policy)
    {
        var places = new List<Place>(4);
        if (policy.Action.IsImpossible)
        {
            return places;
        }

        Entity(places, policy.Principal, _byPrincipal);
        Entity(places, policy.Resource, _byResource);
        Entity(places, policy.Action, _byAction);
        Type(places, policy.Principal, _byPrincipalType);
        Type(places, policy.Resource, _byResourceType);
        if (places.Count == 0)
        {
            places.Add(new Place(Everywhere));
        }

        return places;
    }

    private static void Entity(List<Place> places, in ScopeTest scope, ListEdit<EntityUid> lists)
    {
        if (scope.Equal is { } equal)
        {
            places.Add(new Place(lists.Of(equal)));
        }
        else if (scope.In.Length > 0)
        {
            var under = new List<CompiledPolicy>[scope.In.Length];
            for (var i = 0; i < under.Length; i++)
            {
                under[i] = lists.Of(scope.In[i]);
            }

            places.Add(new Place(under));
        }
    }

    private static void Type(List<Place> places, in ScopeTest scope, ListEdit<string> lists)
    {
        if (scope.Type is { } type && scope.In.Length == 0)
        {
            places.Add(new Place(lists.Of(type)));
        }
    }

    /// <summary>Where a policy can be filed: one list, or several for a list of actions.</summary>
    private readonly struct Place(params List<CompiledPolicy>[] lists)
    {
        public int Size => lists.Sum(l => l.Count);

        public void Add(CompiledPolicy policy)
        {
            foreach (var list in lists)
            {
                list.Add(policy);
            }
        }

        public bool Remove(CompiledPolicy policy)
        {
            var removed = false;
            foreach (var list in lists)
            {
                var at = list.IndexOf(policy);
                if (at >= 0)
                {
                    CollectionsMarshal.AsSpan(list)[at] = list[^1];
                    list.RemoveAt(list.Count - 1);
                    removed = true;
                }
            }

            return removed;
        }
    }

    /// <summary>The lists that an edit has looked at, as copies.</summary>
    private sealed class ListEdit<TKey>(Postings<TKey> before)
        where TKey : class
    {
        private readonly Dictionary<TKey, List<CompiledPolicy>> _lists = [];

        public List<CompiledPolicy> Of(TKey key)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, key, out _);
            return list ??= [.. before.Find(key) ?? []];
        }

        public Postings<TKey> Finish() => before.With(_lists);
    }
}
