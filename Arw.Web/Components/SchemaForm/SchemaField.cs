using System.Text.Json.Nodes;

namespace Arw.Web.Components.SchemaForm;

/// <summary>How a value is entered.</summary>
public enum FieldKind
{
    Text,
    LongText,
    Number,
    Integer,
    Switch,
    Choice,
    Lines,
    Group,
    Json,
}

/// <summary>One value of a form, made from a JSON Schema.</summary>
public sealed class SchemaField
{
    /// <summary>JSON pointer of the value in the input, <c>/feeds</c>.</summary>
    public required string Pointer { get; init; }

    /// <summary>Property name.</summary>
    public required string Name { get; init; }

    /// <summary>Label: the schema's title, else the name in words.</summary>
    public required string Label { get; init; }

    /// <summary>How it is entered.</summary>
    public required FieldKind Kind { get; init; }

    /// <summary>Help under the label; null for none.</summary>
    public string? Description { get; init; }

    /// <summary>Whether it must be given.</summary>
    public bool Required { get; init; }

    /// <summary>The schema of the value.</summary>
    public required JsonObject Schema { get; init; }

    /// <summary>Values to choose from, for <see cref="FieldKind.Choice"/>.</summary>
    public IReadOnlyList<string> Choices { get; init; } = [];

    /// <summary>Members, for <see cref="FieldKind.Group"/>.</summary>
    public IReadOnlyList<SchemaField> Fields { get; init; } = [];

    /// <summary>What was entered.</summary>
    public string Text { get; set; } = "";

    /// <summary>What was entered, for <see cref="FieldKind.Switch"/>.</summary>
    public bool On { get; set; }

    /// <summary>What is wrong with it; null for nothing.</summary>
    public string? Error { get; set; }

    /// <summary>Id of the form, unique on its page.</summary>
    public string Form { get; init; } = "f";

    /// <summary>An element id that is unique on the page.</summary>
    public string ElementId => Form + Pointer.Replace('/', '-');
}
