using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The text of one schema and what was found wrong in it so far; turns offsets into lines and columns.</summary>
internal sealed class SchemaSource(string text)
{
    // A reader that never agrees with a text could otherwise complain about each of its characters.
    private const int MostErrors = 100;

    private readonly List<CedarError> _errors = [];
    private readonly List<CedarError> _warnings = [];
    private int[]? _lines;

    public string Text { get; } = text;

    public bool HasErrors => _errors.Count > 0;

    /// <summary>What is wrong, in the order of the text.</summary>
    public List<CedarError> Errors => Ordered(_errors);

    /// <summary>What is allowed but probably not meant, in the order of the text.</summary>
    public List<CedarError> Warnings => Ordered(_warnings);

    public void Error(int at, string message, string? expected = null) => Note(_errors, at, message, expected);

    public void Warn(int at, string message) => Note(_warnings, at, message, null);

    public void ErrorUnless(bool right, int at, string message, string? expected = null)
    {
        if (!right)
        {
            Error(at, message, expected);
        }
    }

    /// <summary>The place of an offset.</summary>
    public SourceSpan Place(int at, int length = 0)
    {
        _lines ??= [0, .. Text.Index().Where(item => item.Item == '\n').Select(item => item.Index + 1)];
        var line = Array.BinarySearch(_lines, at);
        line = line < 0 ? ~line - 1 : line;
        return new SourceSpan(at, length, line + 1, at - _lines[line] + 1);
    }

    private void Note(List<CedarError> notes, int at, string message, string? expected)
    {
        if (notes.Count < MostErrors)
        {
            notes.Add(new CedarError(message, Place(at), expected));
        }
    }

    private static List<CedarError> Ordered(List<CedarError> notes) => [.. notes.OrderBy(note => note.Span.Offset).Distinct()];
}
