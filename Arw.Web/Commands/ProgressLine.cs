using System.Globalization;

namespace Arw.Web.Commands;

/// <summary>How far a command is: a bar on a terminal, a plain line now and then in a log.</summary>
internal sealed class ProgressLine(Terminal terminal) : IDisposable
{
    private const int Width = 30;
    private static readonly TimeSpan BarPace = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LinePace = TimeSpan.FromSeconds(10);
    private readonly long _start = terminal.Time.GetTimestamp();
    private long _last = terminal.Time.GetTimestamp();
    private string? _step;
    private int _drawn;

    /// <summary>Tells where it is.</summary>
    /// <param name="step">What is done, capitalised.</param>
    /// <param name="done">How many are done.</param>
    /// <param name="total">Of how many; 0 = not known.</param>
    public void Report(string step, long done, long total)
    {
        var fresh = step != _step;
        if (!fresh && terminal.Time.GetElapsedTime(_last) < (terminal.Interactive ? BarPace : LinePace))
        {
            return;
        }

        (_step, _last) = (step, terminal.Time.GetTimestamp());
        if (terminal.Interactive)
        {
            Draw(total > 0 ? $"{step} {Bar(done, total)} {Rate(done)}" : $"{step} …");
        }
        else if (!fresh)
        {
            // The first line comes after a while: what is quick says nothing.
            terminal.Error.WriteLine(total > 0 ? $"{step}: {JournalCommands.Number(done)} of {JournalCommands.Number(total)}" : $"{step} …");
        }
    }

    /// <summary>Takes the bar away.</summary>
    public void Dispose()
    {
        if (_drawn > 0)
        {
            terminal.Error.Write("\r" + new string(' ', _drawn) + "\r");
        }
    }

    private static string Bar(long done, long total)
    {
        var part = Math.Clamp((double)done / total, 0, 1);
        var full = (int)(part * Width);
        return string.Create(CultureInfo.InvariantCulture, $"[{new string('#', full)}{new string('.', Width - full)}] {part,4:P0} {done:N0}/{total:N0}");
    }

    private string Rate(long done) =>
        terminal.Time.GetElapsedTime(_start).TotalSeconds is var seconds and > 0.5 ? string.Create(CultureInfo.InvariantCulture, $"{done / seconds:N0}/s") : "";

    private void Draw(string text)
    {
        terminal.Error.Write("\r" + text.PadRight(_drawn));
        _drawn = Math.Max(_drawn, text.Length);
    }
}
