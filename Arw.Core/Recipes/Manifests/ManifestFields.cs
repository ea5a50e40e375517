namespace Arw.Core.Recipes;

/// <summary>Reads the fields of one map: wrong types and unknown names become problems, with the name that was probably meant.</summary>
internal sealed class ManifestFields
{
    private readonly ManifestNode _map;
    private readonly ProblemList _problems;

    /// <param name="map">The map; a node of another kind is a problem and reads as an empty map.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="known">The names that may appear.</param>
    public ManifestFields(ManifestNode map, ProblemList problems, params string[] known)
    {
        (_map, _problems) = (map, problems);
        if (map.Kind != NodeKind.Map)
        {
            problems.Add(map, $"This is {map.Shown}.", $"a map with {string.Join(", ", known)}");
            return;
        }

        foreach (var entry in map.Entries.Where(e => !known.Contains(e.Key)))
        {
            var closest = known.MinBy(k => Distance(entry.Key, k))!;
            var hint = Distance(entry.Key, closest) <= Math.Max(2, closest.Length / 3) ? $" Did you mean \"{closest}\"?" : "";
            problems.Add(entry.Line, entry.Column, ManifestNode.Child(map.Path, entry.Key),
                $"The field {ManifestNode.Quote(entry.Key)} is unknown.{hint}", $"one of {string.Join(", ", known)}");
        }
    }

    public ManifestNode? Node(string name, NodeKind kind, string expected)
    {
        if (_map.Find(name) is not { } node)
        {
            return null;
        }

        if (node.Kind == kind)
        {
            return node;
        }

        _problems.Add(node, $"\"{name}\" is {node.Shown}{(node.Kind is NodeKind.Number or NodeKind.Boolean && kind == NodeKind.Text ? ", which is no text unless quoted" : "")}.", expected);
        return null;
    }

    public ManifestNode? Required(string name, NodeKind kind, string expected)
    {
        if (_map.Kind == NodeKind.Map && _map.Find(name) is null)
        {
            _problems.Add(_map, $"The field \"{name}\" is missing.", expected);
        }

        return Node(name, kind, expected);
    }

    public string? Text(string name, string expected, int most, bool required = false)
    {
        var node = required ? Required(name, NodeKind.Text, expected) : Node(name, NodeKind.Text, expected);
        if (node is not null && (string.IsNullOrWhiteSpace(node.Text) || node.Text.Length > most))
        {
            _problems.Add(node, $"\"{name}\" is {(string.IsNullOrWhiteSpace(node.Text) ? "empty" : $"{node.Text.Length} characters long")}.", $"1 to {most} characters");
        }

        return node?.Text;
    }

    public bool Flag(string name, bool standard) =>
        Node(name, NodeKind.Boolean, "true or false") is { } node ? node.Text == "true" : standard;

    private static int Distance(string a, string b)
    {
        if (a.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var cost = Math.Min(diagonal + (char.ToLowerInvariant(a[i - 1]) == b[j - 1] ? 0 : 1), Math.Min(row[j], row[j - 1]) + 1);
                diagonal = row[j];
                row[j] = cost;
            }
        }

        return row[b.Length];
    }
}
