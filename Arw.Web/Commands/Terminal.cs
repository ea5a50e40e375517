using Arw.Core.Primitives;
using Arw.Web.Hosting;

namespace Arw.Web.Commands;

/// <summary>Where a command speaks: results on the one stream, progress and complaints on the other.</summary>
/// <param name="Out">Results.</param>
/// <param name="Error">Progress and complaints.</param>
/// <param name="Interactive">Whether a person watches the second: then progress is a bar that redraws itself.</param>
/// <param name="Time">Clock.</param>
internal sealed record Terminal(TextWriter Out, TextWriter Error, bool Interactive, TimeProvider Time)
{
    /// <summary>The process's own.</summary>
    public static Terminal Process => new(Console.Out, Console.Error, !Console.IsErrorRedirected, TimeProvider.System);

    /// <summary>Says why a command does not run or found something.</summary>
    public int Refuse(Refusal refusal, int code)
    {
        StartUp.Refuse(Error, refusal);
        return code;
    }

    /// <summary>Text of unknown origin, made harmless for a terminal.</summary>
    public static string Plain(string text) => string.Create(text.Length, text, (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(from[i]) ? '·' : from[i];
        }
    });
}
