namespace Arw.Core.Primitives;

/// <summary>An expected "no": a value, never an exception.</summary>
/// <param name="Code">Stable lower-case code that clients may switch on, for example <c>needs_lease</c>.</param>
/// <param name="Message">What happened, in the user's words; quotes the input that caused it.</param>
/// <param name="Next">What the reader can do now; null when nothing can be done.</param>
/// <param name="Status">HTTP status that views answer with; 400 by default.</param>
/// <param name="Details">Structured additions (schema errors, a decision, limits); null for none.</param>
public sealed record Refusal(string Code, string Message, string? Next = null, int Status = 400, object? Details = null)
{
    /// <summary>The request names something that does not exist (404).</summary>
    public static Refusal NotFound(string what, string id) =>
        new("not_found", $"There is no {what} \"{id}\".", $"Check the id, or list the existing ones.", 404);

    /// <summary>The caller may not do this, whatever the lease (403).</summary>
    public static Refusal Forbidden(string message, string? next = null) => new("forbidden", message, next, 403);

    /// <summary>The input is malformed (422).</summary>
    public static Refusal Invalid(string message, string? next = null, object? details = null) =>
        new("invalid_input", message, next, 422, details);

    /// <summary>The thing has moved on since the caller looked (409).</summary>
    public static Refusal Conflict(string message, string? next = null, object? details = null) =>
        new("conflict", message, next, 409, details);

    /// <inheritdoc/>
    public override string ToString() => Next is null ? $"{Code}: {Message}" : $"{Code}: {Message} {Next}";
}
