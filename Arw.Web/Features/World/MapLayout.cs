namespace Arw.Web.Features.World;

/// <summary>A place on the map, in pixels from its top left corner.</summary>
public readonly record struct MapPoint(double X, double Y);

/// <summary>Sizes of the layout, in pixels.</summary>
public sealed record MapSizes
{
    public double NodeWidth { get; init; } = 184;

    public double NodeHeight { get; init; } = 56;

    public double GapX { get; init; } = 56;

    public double GapY { get; init; } = 72;

    /// <summary>Most nodes side by side in one layer.</summary>
    public int MaxPerLayer { get; init; } = 6;
}

/// <summary>A layered layout: edges point down, related nodes stand near each other, parts that are not connected stand side by side. Pure and deterministic; meant to run off the renderer's thread.</summary>
public static class MapLayout
{
    private const int Sweeps = 8;

    /// <summary>Where each node stands.</summary>
    /// <param name="nodes">Ids, unique.</param>
    /// <param name="edges">Pairs of ids; those that name a missing node or itself are ignored.</param>
    /// <param name="sizes">Sizes; the defaults by default.</param>
    public static IReadOnlyDictionary<string, MapPoint> Place(IReadOnlyList<string> nodes, IEnumerable<(string From, string To)> edges, MapSizes? sizes = null)
    {
        sizes ??= new MapSizes();
        var index = nodes.Index().ToDictionary(n => n.Item, n => n.Index, StringComparer.Ordinal);
        var links = edges.Where(e => e.From != e.To && index.ContainsKey(e.From) && index.ContainsKey(e.To))
            .Select(e => (From: index[e.From], To: index[e.To])).Distinct().ToArray();
        var places = new Dictionary<string, MapPoint>(nodes.Count, StringComparer.Ordinal);
        var shelf = new Shelf(sizes);
        foreach (var part in Parts(nodes.Count, links).OrderByDescending(p => p.Count).ThenBy(p => p[0]))
        {
            var inside = part.ToHashSet();
            var layers = Layers(part, [.. links.Where(l => inside.Contains(l.From))], sizes.MaxPerLayer);
            shelf.Put(layers, (node, point) => places[nodes[node]] = point);
        }

        return places;
    }

    private static List<List<int>> Parts(int count, (int From, int To)[] links)
    {
        var near = Neighbours(count, links.Concat(links.Select(l => (l.To, l.From))));
        var seen = new bool[count];
        var parts = new List<List<int>>();
        for (var first = 0; first < count; first++)
        {
            if (seen[first])
            {
                continue;
            }

            var part = new List<int>();
            var open = new Queue<int>([first]);
            seen[first] = true;
            while (open.TryDequeue(out var node))
            {
                part.Add(node);
                foreach (var next in near[node].Where(n => !seen[n]))
                {
                    seen[next] = true;
                    open.Enqueue(next);
                }
            }

            part.Sort();
            parts.Add(part);
        }

        return parts;
    }

    private static List<int>[] Neighbours(int count, IEnumerable<(int From, int To)> links)
    {
        var near = new List<int>[count];
        for (var i = 0; i < count; i++)
        {
            near[i] = [];
        }

        foreach (var (from, to) in links)
        {
            near[from].Add(to);
        }

        return near;
    }

    private static List<List<int>> Layers(List<int> part, (int From, int To)[] links, int most)
    {
        var local = part.Index().ToDictionary(p => p.Item, p => p.Index);
        var down = Acyclic(part.Count, [.. links.Select(l => (local[l.From], local[l.To]))]);
        var above = Neighbours(part.Count, down.Select(l => (l.To, l.From)));
        var below = Neighbours(part.Count, down);
        var layers = Assign(part.Count, above, below, most);
        Order(layers, above, below);
        return [.. layers.Select(l => l.ConvertAll(n => part[n]))];
    }

    /// <summary>The links with those that close a circle turned round.</summary>
    private static List<(int From, int To)> Acyclic(int count, (int From, int To)[] links)
    {
        var following = Neighbours(count, links);
        var state = new byte[count];
        var result = new List<(int From, int To)>(links.Length);
        for (var root = 0; root < count; root++)
        {
            if (state[root] != 0)
            {
                continue;
            }

            // Depth first without recursion: a chain may be as long as the map.
            var stack = new Stack<(int Node, int Next)>([(root, 0)]);
            state[root] = 1;
            while (stack.TryPop(out var at))
            {
                if (at.Next == following[at.Node].Count)
                {
                    state[at.Node] = 2;
                    continue;
                }

                stack.Push((at.Node, at.Next + 1));
                var to = following[at.Node][at.Next];
                result.Add(state[to] == 1 ? (to, at.Node) : (at.Node, to));
                if (state[to] == 0)
                {
                    state[to] = 1;
                    stack.Push((to, 0));
                }
            }
        }

        return result;
    }

    /// <summary>Each node below all that is above it, no layer wider than allowed.</summary>
    private static List<List<int>> Assign(int count, List<int>[] above, List<int>[] below, int most)
    {
        var missing = above.Select(a => a.Count).ToArray();
        var ready = new SortedSet<(int Layer, int Node)>();
        var layerOf = new int[count];
        for (var node = 0; node < count; node++)
        {
            if (missing[node] == 0)
            {
                ready.Add((0, node));
            }
        }

        var layers = new List<List<int>>();
        while (ready.Count > 0)
        {
            var (layer, node) = ready.Min;
            ready.Remove((layer, node));
            while (layers.Count <= layer || layers[layer].Count >= most)
            {
                if (layers.Count <= layer)
                {
                    layers.Add([]);
                }
                else
                {
                    layer++;
                }
            }

            layers[layer].Add(node);
            layerOf[node] = layer;
            foreach (var next in below[node])
            {
                if (--missing[next] == 0)
                {
                    ready.Add((above[next].Max(a => layerOf[a]) + 1, next));
                }
            }
        }

        return layers;
    }

    /// <summary>Fewer crossings: each node goes to the middle of its neighbours in the layer before, up and down in turn.</summary>
    private static void Order(List<List<int>> layers, List<int>[] above, List<int>[] below)
    {
        var at = new double[above.Length];
        foreach (var layer in layers)
        {
            Number(layer, at);
        }

        for (var sweep = 0; sweep < Sweeps; sweep++)
        {
            var near = sweep % 2 == 0 ? above : below;
            foreach (var layer in sweep % 2 == 0 ? layers : Enumerable.Reverse(layers))
            {
                var middle = layer.ToDictionary(n => n, n => near[n].Count == 0 ? at[n] : near[n].Average(o => at[o]));
                layer.Sort((a, b) => middle[a] != middle[b] ? middle[a].CompareTo(middle[b]) : a.CompareTo(b));
                Number(layer, at);
            }
        }
    }

    private static void Number(List<int> layer, double[] at)
    {
        for (var i = 0; i < layer.Count; i++)
        {
            at[layer[i]] = i - (layer.Count - 1) / 2.0;
        }
    }

    /// <summary>Puts parts side by side, in rows.</summary>
    private sealed class Shelf(MapSizes sizes)
    {
        private readonly double _width = sizes.MaxPerLayer * (sizes.NodeWidth + sizes.GapX);
        private double _x;
        private double _y;
        private double _height;

        public void Put(List<List<int>> layers, Action<int, MapPoint> place)
        {
            var width = layers.Max(l => l.Count) * (sizes.NodeWidth + sizes.GapX);
            var height = layers.Count * (sizes.NodeHeight + sizes.GapY);
            if (_x > 0 && _x + width > _width)
            {
                (_x, _y, _height) = (0, _y + _height, 0);
            }

            foreach (var (row, layer) in layers.Index())
            {
                var left = _x + (width - layer.Count * (sizes.NodeWidth + sizes.GapX)) / 2;
                foreach (var (column, node) in layer.Index())
                {
                    place(node, new MapPoint(left + column * (sizes.NodeWidth + sizes.GapX), _y + row * (sizes.NodeHeight + sizes.GapY)));
                }
            }

            _x += width;
            _height = Math.Max(_height, height);
        }
    }
}
