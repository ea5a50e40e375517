using System.Globalization;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>What is wrong in a schema, and where.</summary>
/// <param name="Message">What is wrong and what was expected; quotes the words of the schema.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character in the line, from 1.</param>
public sealed record SchemaError(string Message, int Line, int Column)
{
    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"line {Line}, column {Column}: {Message}");
}

/// <summary>A schema that was read, or everything that is wrong with it.</summary>
/// <param name="Schema">The schema; null when there are errors.</param>
/// <param name="Errors">What is wrong; empty when there is a schema.</param>
/// <param name="Warnings">What is allowed but probably not meant, for example a type that hides a built-in one.</param>
public sealed record SchemaReading(Schema? Schema, IReadOnlyList<SchemaError> Errors, IReadOnlyList<SchemaError> Warnings);
