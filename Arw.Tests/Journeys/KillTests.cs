using System.Text.Json.Nodes;
using Arw.Core.Journal;

namespace Arw.Tests.Journeys;

/// <summary>The research digest with the home killed at seeded moments: after an event was seen, between a request's effect and its event, and while an answer is on its way.</summary>
public sealed class KillTests
{
    private const int Seed = 20261125;
    private const int Kills = 20;

    [Fact]
    public async Task Digest_KilledAtSeededMoments_LosesNothingAndGoesOn()
    {
        await using var feeds = await FeedServer.StartAsync();
        using var folder = new TempFolder();
        var random = new Random(Seed);
        var story = new KillStory(folder.Path, feeds);
        await story.PrepareAsync();
        for (var i = 0; i < Kills; i++)
        {
            await story.RunAsync($"run-{i}", Moment.Choose(random, i));
        }

        await story.EndAsync();
        Assert.Equal(Kills, story.Killed);
        AssertChain(folder.Path, story.Seen.All);
        Assert.Equal(0, feeds.Elsewhere.Requests);
    }

    private static void AssertChain(string folder, IReadOnlyDictionary<long, string> seen)
    {
        using var context = new JournalContext(JournalContext.OptionsFor($"Data Source={new JournalOptions { DataDir = folder }.JournalPath};Pooling=False"));
        var chain = new ChainHash();
        var (previous, last) = (ChainHash.Genesis, 0L);
        foreach (var row in context.Events.OrderBy(r => r.Seq))
        {
            Assert.Equal(last + 1, row.Seq);
            Assert.Equal(chain.Next(previous, row), row.Hash);
            (previous, last) = (row.Hash, row.Seq);
            if (seen.TryGetValue(row.Seq, out var data))
            {
                Assert.Equal(row.Kind, (string?)JsonNode.Parse(data)!["kind"]);
            }
        }

        Assert.True(seen.Keys.Max() <= last, $"A client saw event {seen.Keys.Max()}, but the journal ends at {last}.");
    }
}

/// <summary>When a home is killed in a run.</summary>
/// <param name="Event">When this many events of the run were seen; null for another moment.</param>
/// <param name="Request">At this request to the feed server, from 0; null for another moment.</param>
/// <param name="Answered">Whether the feed server has answered the request by then.</param>
/// <param name="Posting">While the answer to a question is being sent.</param>
internal sealed record Moment(int? Event, int? Request, bool Answered, bool Posting)
{
    public static Moment Choose(Random random, int turn) => (turn % 5) switch
    {
        0 => new(null, random.Next(3), random.Next(2) == 0, false),
        1 => new(null, null, false, true),
        _ => new(random.Next(1, 45), null, false, false),
    };
}
