namespace Arw.Core.Journal;

/// <summary>All kinds that this home knows. Packs register theirs; nothing else is written but <c>ext.</c> kinds from outside.</summary>
public sealed class KindCatalogue
{
    private readonly Dictionary<string, EventKind> _kinds;

    /// <summary>A catalogue of the given kinds; two of one name are a programming error.</summary>
    public KindCatalogue(IEnumerable<EventKind> kinds) =>
        _kinds = kinds.ToDictionary(k => k.Name, StringComparer.Ordinal);

    /// <summary>All kinds, by name.</summary>
    public IEnumerable<EventKind> All => _kinds.Values.OrderBy(k => k.Name, StringComparer.Ordinal);

    /// <summary>The kind of that name; null when unknown.</summary>
    public EventKind? Find(string name) => _kinds.GetValueOrDefault(name);

    /// <summary>Whether <c>POST /events</c> takes it: a known kind when it is marked open, any other under <c>ext.</c></summary>
    public bool IsOpen(string name) => Find(name)?.Open ?? name.StartsWith("ext.", StringComparison.Ordinal);
}
