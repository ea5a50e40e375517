namespace Arw.Web.Features.World;

/// <summary>A place on the map, in pixels from its top left corner.</summary>
public readonly record struct MapPoint(double X, double Y);

/// <summary>Sizes of the layout, in pixels.</summary>
public sealed record MapSizes
{
    public double NodeWidth { get; init; } = 176;

    public double NodeHeight { get; init; } = 58;

    /// <summary>Between layers: room for the lines and the words on them.</summary>
    public double GapX { get; init; } = 96;

    /// <summary>Between the nodes of a layer.</summary>
    public double GapY { get; init; } = 16;

    /// <summary>Between parts that are not connected.</summary>
    public double PartGap { get; init; } = 20;

    /// <summary>Room around the whole.</summary>
    public double Margin { get; init; } = 24;

    /// <summary>Most nodes above each other in one layer.</summary>
    public int MaxPerLayer { get; init; } = 16;

    /// <summary>Width of the canvas.</summary>
    public double Width { get; init; } = 1000;

    /// <summary>Height of the canvas.</summary>
    public double Height { get; init; } = 700;
}

/// <summary>How much the map is enlarged, and where its top left corner stands in the canvas.</summary>
public readonly record struct MapFit(double Zoom, double X, double Y);

/// <summary>A layered layout: edges point to the right, related nodes stand near each other, parts that are not connected stand below each other, and in as many columns as the canvas has room for.
/// Pure and deterministic; meant to run off the renderer's thread.</summary>
public static class MapLayout
{
    /// <summary>The smallest scale at which a map opens: the words on it stay readable, what has no room is reached by panning.</summary>
    public const double LeastZoom = 0.95;

    private const double MostZoom = 1.15;
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
        var parts = Parts(nodes.Count, links).OrderByDescending(p => p.Count).ThenBy(p => p[0]).Select(part =>
        {
            var inside = part.ToHashSet();
            return Layers(part, [.. links.Where(l => inside.Contains(l.From))], sizes.MaxPerLayer);
        });
        return Pack([.. parts], sizes).ToDictionary(p => nodes[p.Node], p => p.Point, StringComparer.Ordinal);
    }

    /// <summary>Shows a whole map where it fits without becoming unreadable, else its beginning.</summary>
    public static MapFit Fit(IReadOnlyCollection<MapPoint> places, MapSizes sizes)
    {
        if (places.Count == 0)
        {
            return new(1, 0, 0);
        }

        var (width, height) = (places.Max(p => p.X) + sizes.NodeWidth, places.Max(p => p.Y) + sizes.NodeHeight);
        var zoom = Math.Clamp(Math.Min((sizes.Width - 2 * sizes.Margin) / width, (sizes.Height - 2 * sizes.Margin) / height), LeastZoom, MostZoom);
        return new(zoom, Math.Max(sizes.Margin, (sizes.Width - width * zoom) / 2), Math.Max(sizes.Margin, (sizes.Height - height * zoom) / 2));
    }

    // As few columns as show everything at once; when even the most do not, the most.
    private static IEnumerable<(int Node, MapPoint Point)> Pack(IReadOnlyList<List<List<int>>> parts, MapSizes sizes)
    {
        if (parts.Count == 0)
        {
            return [];
        }

        var widest = parts.Max(p => Span(p.Count, sizes.NodeWidth, sizes.GapX));
        var room = (sizes.Width - 2 * sizes.Margin) / LeastZoom;
        var most = Math.Max(1, (int)((room + sizes.PartGap) / (widest + sizes.PartGap)));
        for (var columns = 1; ; columns++)
        {
            var (places, height) = Pack(parts, sizes, columns, widest);
            if (columns == most || height * LeastZoom <= sizes.Height - 2 * sizes.Margin)
            {
                return places;
            }
        }
    }

    private static (List<(int Node, MapPoint Point)> Places, double Height) Pack(IReadOnlyList<List<List<int>>> parts, MapSizes sizes, int columns, double width)
    {
        var bottom = new double[columns];
        var places = new List<(int, MapPoint)>();
        foreach (var layers in parts)
        {
            var column = Array.IndexOf(bottom, bottom.Min());
            var (left, top) = (column * (width + sizes.PartGap), bottom[column]);
            var height = Span(layers.Max(l => l.Count), sizes.NodeHeight, sizes.GapY);
            foreach (var (depth, layer) in layers.Index())
            {
                var first = top + (height - Span(layer.Count, sizes.NodeHeight, sizes.GapY)) / 2;
                places.AddRange(layer.Select((node, row) => (node, new MapPoint(left + depth * (sizes.NodeWidth + sizes.GapX), first + row * (sizes.NodeHeight + sizes.GapY)))));
            }

            bottom[column] = top + height + sizes.PartGap;
        }

        return (places, bottom.Max() - sizes.PartGap);
    }

    private static double Span(int count, double size, double gap) => count * size + (count - 1) * gap;

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

    /// <summary>Each node behind all that lead to it, no layer longer than allowed.</summary>
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
}
