namespace Arw.Core.Policy.Cedar.Schemas;

/// <summary>The text of one schema and what was found wrong in it so far; turns offsets into lines and columns.</summary>
internal sealed class SchemaSource(string text)
{
    // A reader that never agrees with a text could otherwise complain about each of its characters.
    private const int MostErrors = 100;

    private readonly List<(int At, string Message)> _errors = [];
    private readonly List<(int At, string Message)> _warnings = [];
    private int[]? _lines;

    public string Text { get; } = text;

    public bool HasErrors => _errors.Count > 0;

    public void Error(int at, string message)
    {
        if (_errors.Count < MostErrors)
        {
            _errors.Add((at, message));
        }
    }

    public void ErrorUnless(bool right, int at, string message)
    {
        if (!right)
        {
            Error(at, message);
        }
    }

    public void Warn(int at, string message)
    {
        if (_warnings.Count < MostErrors)
        {
            _warnings.Add((at, message));
        }
    }

    /// <summary>What was found, in the order of the text; the schema counts only when nothing is wrong.</summary>
    public SchemaReading Read(Schema? schema) => new(HasErrors ? null : schema, Place(_errors), Place(_warnings));

    private IReadOnlyList<SchemaError> Place(List<(int At, string Message)> notes) =>
        [.. notes.OrderBy(note => note.At).Select(note => Place(note.At, note.Message)).Distinct()];

    private SchemaError Place(int at, string message)
    {
        _lines ??= [0, .. Text.Index().Where(item => item.Item == '\n').Select(item => item.Index + 1)];
        var line = Array.BinarySearch(_lines, at);
        line = line < 0 ? ~line - 1 : line;
        return new SchemaError(message, line + 1, at - _lines[line] + 1);
    }
}
