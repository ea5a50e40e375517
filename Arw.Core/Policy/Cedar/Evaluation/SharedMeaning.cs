using Arw.Core.Policy.Cedar.Ast;

namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>
/// Makes what equal short texts are compiled to one object, mostly: many policies ask the same questions, whose answers then lie in the nearest cache.
/// Of fixed size; what loses its place is merely no longer shared.
/// </summary>
internal sealed class SharedMeaning<TText, TCompiled>
    where TText : class, IEquatable<TText>
    where TCompiled : class
{
    private const int Places = 2048;

    // In characters: the table must not hold on to much.
    private const int LongestText = 200;

    private readonly Known?[] _places = new Known[Places];

    /// <summary>What a text is compiled to.</summary>
    /// <param name="text">The text as read.</param>
    /// <param name="span">Where it stands; what stands nowhere is not shared.</param>
    /// <param name="compile">Compiles it, when nothing equal is known.</param>
    public TCompiled Of(TText text, SourceSpan span, Func<TText, TCompiled> compile)
    {
        if (span.Length is 0 or > LongestText)
        {
            return compile(text);
        }

        ref var place = ref _places[text.GetHashCode() & (Places - 1)];
        if (Volatile.Read(ref place) is { } known && known.Text.Equals(text))
        {
            return known.Compiled;
        }

        var made = new Known(text, compile(text));
        Volatile.Write(ref place, made);
        return made.Compiled;
    }

    private sealed record Known(TText Text, TCompiled Compiled);
}
