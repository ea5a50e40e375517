using Arw.Web.Commands;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Commands;

public sealed class ProgressLineTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly StringWriter _error = new();

    [Fact]
    public void Progress_OnATerminal_RedrawsABarAtItsPaceAndTakesItAway()
    {
        using (var progress = new ProgressLine(new Terminal(TextWriter.Null, _error, Interactive: true, _time)))
        {
            progress.Report("Checking", 0, 200);
            progress.Report("Checking", 1, 200);
            _time.Advance(TimeSpan.FromSeconds(1));
            progress.Report("Checking", 100, 200);
        }

        var drawn = _error.ToString().Split('\r', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, drawn.Length);
        Assert.Contains("[###############...............]", drawn[1], StringComparison.Ordinal);
        Assert.Contains("100/s", drawn[1], StringComparison.Ordinal);
        Assert.True(string.IsNullOrWhiteSpace(drawn[2]));
    }

    [Fact]
    public void Progress_InALog_IsAPlainLineNowAndThen()
    {
        using (var progress = new ProgressLine(new Terminal(TextWriter.Null, _error, Interactive: false, _time)))
        {
            for (var i = 0; i < 25; i++)
            {
                progress.Report("Checking", i, 25);
                _time.Advance(TimeSpan.FromSeconds(1));
            }
        }

        Assert.Equal(["Checking: 10 of 25", "Checking: 20 of 25"], _error.ToString().Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }
}
