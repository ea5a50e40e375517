using System.Globalization;
using Xunit.Abstractions;

namespace Arw.Tests.Journeys;

/// <summary>The promise of the journal under load: what was acknowledged outlives any number of deaths. Twenty here; <c>bench/long.sh</c> asks for two hundred.</summary>
public sealed class KillLoadTests(ITestOutputHelper output)
{
    private const int Seed = 20261125;
    private const double StartBudget = 3;

    [Fact]
    public async Task Producers_WhileTheHomeIsKilledAgainAndAgain_LoseNothingAcknowledgedAndSeeNothingTwice()
    {
        var asked = Environment.GetEnvironmentVariable("ARW_KILLS");
        var kills = asked is null ? 20 : int.Parse(asked, CultureInfo.InvariantCulture);
        using var folder = new TempFolder();
        var load = new KillLoad(folder.Path, Seed);

        await load.RunAsync(kills);
        var written = await load.AssertNothingLostAsync();

        var starts = load.Starts.Order().ToList();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{kills} kills: {load.Acknowledged} events acknowledged, 0 lost, 0 twice; {load.Unknown} without an answer, of which {written - load.Acknowledged} were written. Serving after {starts[starts.Count / 2]:0.00} s in the middle, {starts[^1]:0.00} s at most."));
        if (asked is not null)
        {
            // A budget, so only where the machine is known to have nothing else to do.
            Assert.True(starts[^1] < StartBudget, $"A start took {starts[^1]:0.00} s, the budget is {StartBudget} s.");
        }
    }
}
