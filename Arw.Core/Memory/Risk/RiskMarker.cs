namespace Arw.Core.Memory.Risk;

/// <summary>What can be wrong with a text that comes from outside.</summary>
public enum RiskKind
{
    /// <summary>A script, or an address that runs one.</summary>
    Script,

    /// <summary>An attribute that runs a script on an event.</summary>
    EventHandler,

    /// <summary>A form or a control of one.</summary>
    Form,

    /// <summary>Another page or program inside this one, or markup that leads the reader away.</summary>
    Frame,

    /// <summary>Characters that cannot be seen, or that turn the order of those that can.</summary>
    HiddenText,

    /// <summary>Text that styles hide from a reader.</summary>
    HiddenStyle,

    /// <summary>A comment in markup, which a reader does not see.</summary>
    Comment,

    /// <summary>Words that tell an agent what to do.</summary>
    Instruction,

    /// <summary>A mark that pretends another speaker begins.</summary>
    Role,

    /// <summary>The shape of a tool call.</summary>
    ToolCall,

    /// <summary>A long piece that is encoded.</summary>
    Encoded,

    /// <summary>A link whose text names another place than it leads to.</summary>
    LinkMismatch,

    /// <summary>An address that carries its content in itself.</summary>
    DataUrl,
}

/// <summary>One place in a text that deserves a look.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Where it begins, in UTF-16 units of its field.</param>
/// <param name="Length">How long it is.</param>
/// <param name="Words">What it is and why it matters, for people.</param>
public sealed record RiskMarker(RiskKind Kind, int Start, int Length, string Words)
{
    /// <summary>The field that it is in: <c>topic</c>, <c>evidence 2: quote</c>; null for the text itself.</summary>
    public string? Field { get; init; }

    /// <summary>True for what can act on a reader or an agent; false for what only deserves a look.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool Serious => Kind is not (RiskKind.LinkMismatch or RiskKind.DataUrl or RiskKind.Comment);
}
