namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>An action by its type, which ends in <c>Action</c>, and its id.</summary>
/// <param name="Type">The full name of its type.</param>
/// <param name="Id">Its id; any text.</param>
public readonly record struct ActionUid(string Type, string Id)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Type}::{SchemaNames.Quote(Id)}";
}
