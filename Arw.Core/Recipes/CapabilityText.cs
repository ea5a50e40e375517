namespace Arw.Core.Recipes;

/// <summary>The parts of a concrete capability that a plan talks about.</summary>
/// <param name="Text">The capability.</param>
/// <param name="Name">Its name, without verbs.</param>
/// <param name="Verbs">Its verbs; empty for none.</param>
/// <param name="Scope">Its scope; null for none.</param>
internal sealed record CapabilityText(string Text, string Name, string Verbs, string? Scope)
{
    /// <summary>Host, and port where it is not the scheme's own; null when it is not about the network.</summary>
    public string? Host => Name == "net.http" && Uri.TryCreate(Scope, UriKind.Absolute, out var uri) ? uri.Authority : null;

    public static CapabilityText Of(string text)
    {
        var (head, scope) = text.IndexOf(' ', StringComparison.Ordinal) is var space and > 0 ? (text[..space], text[(space + 1)..]) : (text, null);
        var (name, verbs) = head.IndexOf(':', StringComparison.Ordinal) is var colon and > 0 ? (head[..colon], head[(colon + 1)..]) : (head, "");
        return new CapabilityText(text, name, verbs, scope);
    }
}
