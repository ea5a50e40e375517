using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar;

/// <summary>What is wrong with a policy, schema, entity or request, for the person who wrote it.</summary>
/// <param name="Message">What happened, as a sentence that quotes the input.</param>
/// <param name="Span">Where; <see cref="SourceSpan.None"/> when it has no place in a text.</param>
/// <param name="Expected">What was expected there; null when the message says it all.</param>
/// <param name="PolicyId">The policy that it is about; null when it is about none.</param>
public sealed record CedarError(string Message, SourceSpan Span = default, string? Expected = null, string? PolicyId = null)
{
    /// <summary>Line, counted from 1; 0 for none.</summary>
    public int Line => Span.Line;

    /// <summary>Column, counted from 1; 0 for none.</summary>
    public int Column => Span.Column;

    /// <summary>The whole in one line.</summary>
    public override string ToString() =>
        (Line > 0 ? $"line {Line}, column {Column}: {Message}" : Message) + (Expected is null ? "" : $" Expected {Expected}.");
}
