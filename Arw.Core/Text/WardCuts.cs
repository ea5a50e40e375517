namespace Arw.Core.Text;

/// <summary>Ward's agglomerative clustering by the Lance–Williams update, with each cluster's nearest neighbour kept, so that a merge usually costs one row.</summary>
internal sealed class WardCuts
{
    private readonly double[,] _d;
    private readonly int _n;
    private readonly int[] _size;
    private readonly int[] _parent;
    private readonly int[] _nearest;

    private WardCuts(double[,] distances)
    {
        _n = distances.GetLength(0);
        _d = (double[,])distances.Clone();
        _size = Enumerable.Repeat(1, _n).ToArray();
        _parent = Enumerable.Range(0, _n).ToArray();
        _nearest = new int[_n];
        for (var i = 0; i < _n; i++)
        {
            _nearest[i] = NearestAbove(i);
        }
    }

    /// <summary>The cuts with <paramref name="most"/> clusters down to 2, as cluster number per item, numbered in order of first item.</summary>
    public static IEnumerable<(int Count, int[] Assignment)> From(double[,] distances, int most, CancellationToken cancel)
    {
        var cuts = new WardCuts(distances);
        for (var count = cuts._n; count >= 2; count--)
        {
            cancel.ThrowIfCancellationRequested();
            if (count <= most && (count < cuts._n || cuts._n == 2))
            {
                yield return (count, cuts.Assignment());
            }

            cuts.Merge();
        }
    }

    private void Merge()
    {
        var a = -1;
        for (var i = 0; i < _n; i++)
        {
            if (_parent[i] == i && _nearest[i] >= 0 && (a < 0 || _d[i, _nearest[i]] < _d[a, _nearest[a]]))
            {
                a = i;
            }
        }

        var b = _nearest[a];
        for (var k = 0; k < _n; k++)
        {
            if (_parent[k] == k && k != a && k != b)
            {
                _d[a, k] = _d[k, a] =
                    ((_size[a] + _size[k]) * _d[a, k] + (_size[b] + _size[k]) * _d[b, k] - _size[k] * _d[a, b]) / (_size[a] + _size[b] + _size[k]);
            }
        }

        _size[a] += _size[b];
        _parent[b] = a;
        for (var k = 0; k < _n; k++)
        {
            if (_parent[k] != k)
            {
                continue;
            }

            if (k == a || _nearest[k] == a || _nearest[k] == b)
            {
                _nearest[k] = NearestAbove(k);
            }
            else if (k < a && _d[k, a] < _d[k, _nearest[k]])
            {
                _nearest[k] = a;
            }
        }
    }

    private int NearestAbove(int i)
    {
        var best = -1;
        for (var j = i + 1; j < _n; j++)
        {
            if (_parent[j] == j && (best < 0 || _d[i, j] < _d[i, best]))
            {
                best = j;
            }
        }

        return best;
    }

    private int[] Assignment()
    {
        var numbers = new Dictionary<int, int>();
        var assignment = new int[_n];
        for (var i = 0; i < _n; i++)
        {
            var root = i;
            while (_parent[root] != root)
            {
                root = _parent[root];
            }

            if (!numbers.TryGetValue(root, out var number))
            {
                numbers[root] = number = numbers.Count;
            }

            assignment[i] = number;
        }

        return assignment;
    }
}
