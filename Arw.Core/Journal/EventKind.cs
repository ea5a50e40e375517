using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using Arw.Core.Primitives;

namespace Arw.Core.Journal;

/// <summary>A kind of event: its name, meaning and payload schema. Declared once, beside the feature that writes it; the catalogue of all of them generates the AsyncAPI file.</summary>
/// <param name="Name">Lower-case dotted name.</param>
/// <param name="Summary">One sentence for readers of the specification.</param>
/// <param name="PayloadType">CLR type of the payload.</param>
/// <param name="Open">True when <c>POST /events</c> accepts it from outside.</param>
public abstract record EventKind(string Name, string Summary, Type PayloadType, bool Open)
{
    /// <summary>JSON Schema of the payload.</summary>
    public JsonNode Schema() => ArwJson.Options.GetJsonSchemaAsNode(PayloadType);
}

/// <summary>A kind of event with a typed payload.</summary>
/// <typeparam name="TPayload">The payload: an immutable record that evolves additively.</typeparam>
/// <param name="Name">Lower-case dotted name.</param>
/// <param name="Summary">One sentence for readers of the specification.</param>
/// <param name="Open">True when <c>POST /events</c> accepts it from outside; false by default.</param>
public sealed record EventKind<TPayload>(string Name, string Summary, bool Open = false)
    : EventKind(Name, Summary, typeof(TPayload), Open)
{
    /// <summary>A draft of such an event.</summary>
    public EventDraft Draft(TPayload payload, string actor, string? subject = null, string? project = null, string? corrId = null, string? parentId = null) =>
        new(Name, ArwJson.ToUtf8(payload), actor) { Subject = subject, Project = project, CorrId = corrId, ParentId = parentId };

    /// <summary>True when the event is of this kind and has its payload. An event whose payload was erased is of no kind to a fold: what it led to is gone with it.</summary>
    public bool Is(JournalEvent e) => string.Equals(e.Kind, Name, StringComparison.Ordinal) && !e.Erased;

    /// <summary>The payload when the event is of this kind, else null. A payload that no longer parses is a fault: kinds evolve additively.</summary>
    public TPayload Read(JournalEvent e) => ArwJson.FromUtf8<TPayload>(e.Payload.Span);
}
