namespace Arw.Core.Redaction;

/// <summary>Something that the scanner knows how to find.</summary>
/// <param name="Id">Its name in tags and findings, <c>github-pat</c>.</param>
/// <param name="Class">What sort of thing it is.</param>
/// <param name="Name">Its name for people, "GitHub personal access token".</param>
/// <param name="Source">Where its format is published, or how it is told apart when nobody publishes it.</param>
public sealed record SecretKind(string Id, DataClass Class, string Name, string Source);

/// <summary>A place where something was found.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Start">Its first byte.</param>
/// <param name="Length">Its length in bytes.</param>
public readonly record struct Finding(SecretKind Kind, int Start, int Length)
{
    /// <summary>The byte after its last.</summary>
    public int End => Start + Length;
}

/// <summary>Where a verifier found something; nothing when the end is not after the start.</summary>
internal readonly record struct Hit(int Start, int End)
{
    public static Hit None => default;

    public bool Found => End > Start;
}

/// <summary>Judges one place. It looks at a bounded number of bytes around it, so that a scan stays linear, and never looks at the same bytes from more than a bounded number of places.</summary>
/// <param name="text">The whole text.</param>
/// <param name="at">Where the anchor stands.</param>
internal delegate Hit Verify(ReadOnlySpan<byte> text, int at);

/// <summary>How a kind is found: wherever one of the literals stands, the verifier is asked.</summary>
/// <param name="Kind">What is found.</param>
/// <param name="Anchors">Literals of at least three bytes of ASCII.</param>
/// <param name="Verify">Judges the place of a literal.</param>
/// <param name="AnyCase">True when the literals stand for any spelling in capitals and small letters.</param>
internal sealed record Detector(SecretKind Kind, IReadOnlyList<string> Anchors, Verify Verify, bool AnyCase = false)
{
    /// <summary>True when the literals are names, and the value after them is what counts.</summary>
    public bool IsAssignment { get; init; }
}
