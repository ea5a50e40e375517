namespace Arw.Web.Components.Lists;

/// <summary>The rows that a list shows now, and how many there are in all.</summary>
public sealed record RowWindow<TItem>(IReadOnlyList<TItem> Rows, int Total);
