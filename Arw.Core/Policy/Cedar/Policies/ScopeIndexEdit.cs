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
    private readonly FiledList _everywhere = new(before.Everywhere);

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

        best.Add();
    }

    public void Remove(CompiledPolicy policy)
    {
        // Sizes have changed since it was filed: it may be in any of its places.
        foreach (var place in Places(policy))
        {
            if (place.Remove())
            {
                return;
            }
        }
    }

    public ScopeIndex Finish() => new()
    {
        Everywhere = _everywhere.IsChanged ? _everywhere.Finish() : before.Everywhere,
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

        Entity(places, policy.Principal, _byPrincipal, left => new(policy, left, policy.Action, policy.Resource));
        Entity(places, policy.Resource, _byResource, left => new(policy, policy.Principal, policy.Action, left));
        Entity(places, policy.Action, _byAction, left => new(policy, policy.Principal, left, policy.Resource));
        Type(places, policy.Principal, _byPrincipalType, new(policy, default, policy.Action, policy.Resource));
        Type(places, policy.Resource, _byResourceType, new(policy, policy.Principal, policy.Action, default));
        if (places.Count == 0)
        {
            places.Add(new Place([(_everywhere, new(policy, default, default, default))]));
        }

        return places;
    }

    private static void Entity(List<Place> places, in ScopeTest scope, ListEdit<EntityUid> lists, Func<ScopeTest, FiledPolicy> filed)
    {
        var above = scope.In;
        if (scope.Equal is { } equal)
        {
            places.Add(new Place([(lists.Of(equal), filed(scope))]));
        }
        else if (above.Length > 0)
        {
            var under = new (FiledList, FiledPolicy)[above.Length];
            for (var i = 0; i < under.Length; i++)
            {
                under[i] = (lists.Of(above[i]), filed(scope.Under(i)));
            }

            places.Add(new Place(under));
        }
    }

    private static void Type(List<Place> places, in ScopeTest scope, ListEdit<string> lists, in FiledPolicy filed)
    {
        if (scope.Type is { } type && scope.In.Length == 0)
        {
            places.Add(new Place([(lists.Of(type), filed)]));
        }
    }

    /// <summary>Where a policy can be filed, and how: in one list, or in several for a list of actions.</summary>
    private readonly struct Place((FiledList List, FiledPolicy Filed)[] lists)
    {
        public int Size => lists.Sum(l => l.List.Count);

        public void Add()
        {
            foreach (var (list, filed) in lists)
            {
                list.Add(filed);
            }
        }

        public bool Remove()
        {
            var removed = false;
            foreach (var (list, filed) in lists)
            {
                removed |= list.Remove(filed.Policy);
            }

            return removed;
        }
    }

    /// <summary>The lists that an edit has looked at.</summary>
    private sealed class ListEdit<TKey>(Postings<TKey> before)
        where TKey : class, IEquatable<TKey>
    {
        private readonly Dictionary<TKey, FiledList> _lists = [];

        public FiledList Of(TKey key)
        {
            ref var list = ref CollectionsMarshal.GetValueRefOrAddDefault(_lists, key, out _);
            return list ??= new(before.Find(key));
        }

        public Postings<TKey> Finish() =>
            before.With([.. _lists.Where(l => l.Value.IsChanged).Select(l => (l.Key, l.Value.Finish()))]);
    }
}
