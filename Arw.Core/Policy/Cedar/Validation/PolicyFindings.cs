using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Validation;

/// <summary>What the validation of one policy found; each thing is told once, however many kinds of requests it shows in.</summary>
internal sealed class PolicyFindings(CedarPolicy policy)
{
    private const int MostErrors = 100;

    private readonly HashSet<CedarError> _known = [];
    private readonly List<CedarError> _errors = [];
    private readonly List<CedarError> _warnings = [];

    public IReadOnlyList<CedarError> Errors => _errors;

    public IReadOnlyList<CedarError> Warnings => _warnings;

    public void Error(SourceSpan span, string message, string? expected = null) => Note(_errors, span, message, expected);

    public void Warn(SourceSpan span, string message) => Note(_warnings, span, message, null);

    private void Note(List<CedarError> notes, SourceSpan span, string message, string? expected)
    {
        var note = new CedarError(message, span, expected, policy.Id);
        if (notes.Count < MostErrors && _known.Add(note))
        {
            notes.Add(note);
        }
    }
}
