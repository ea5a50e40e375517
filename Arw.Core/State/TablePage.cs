namespace Arw.Core.State;

/// <summary>A stored row.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Json">The row as JSON.</param>
public readonly record struct StoredRow(string Key, byte[] Json);

/// <summary>Rows with the version that they belong to, read together.</summary>
/// <param name="Version">Seq of the last event that changed the table.</param>
/// <param name="Rows">The rows, in order.</param>
public sealed record TablePage(long Version, IReadOnlyList<StoredRow> Rows);
