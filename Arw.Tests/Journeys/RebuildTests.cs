using System.Globalization;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Beliefs;
using Arw.Core.Beliefs.Diffs;
using Arw.Core.Journal;
using Arw.Core.Memory;
using Arw.Core.Memory.Review;
using Arw.Core.State;
using CsCheck;

namespace Arw.Tests.Journeys;

/// <summary>Whatever happens at a home, every read model can be built again from the journal alone and comes out the same.</summary>
public sealed class RebuildTests
{
    private const int Deeds = 60;
    private const int RestartEvery = 25;

    private static readonly string[] Holders = ["project:lab", "agent:scout", "recipe:research-digest"];
    private static readonly string[] Capabilities = ["file.write project://**", "file.read project://a/*", "demo.echo", "net.http:GET https://example.org/*"];
    private static readonly string[] Answers = ["refuse", "once", "episode", "15m", "until_revoked"];
    private static readonly string[] Postures = ["relaxed", "standard", "strict"];
    private static readonly string[] Texts = ["Bees sleep at night.", "Bees never sleep.", "The lake is cold.", "Ångström & \"quotes\""];

    [Fact]
    public async Task Rebuild_AfterRandomDeedsAndRestarts_EqualsTheHome()
    {
        await Gen.Int[0, int.MaxValue].SampleAsync(
            async seed =>
            {
                await using var home = await JourneyHome.StartAsync();
                var random = new Random(seed);
                for (var i = 1; i <= Deeds; i++)
                {
                    await DoAsync(home, random);
                    if (i % RestartEvery == 0)
                    {
                        // What was folded comes back from the checkpoint; the rest is folded on top of it.
                        await home.RestartAsync();
                    }
                }

                await Rebuilt.AssertEqualAsync(home);
            },
            iter: 3,
            threads: 1);
    }

    private static Task DoAsync(JourneyHome home, Random random) => random.Next(19) switch
    {
        0 => SubmitAsync(home, random, "demo.echo", new() { ["text"] = Pick(random, Texts) }),
        1 => SubmitAsync(home, random, "file.write", new() { ["path"] = $"project://{Pick(random, "a", "b")}/{random.Next(3)}.txt", ["content"] = Pick(random, Texts) }),
        2 => SubmitAsync(home, random, "notes.append", new() { ["text"] = Pick(random, Texts) }),
        3 => SubmitAsync(home, random, "beliefs.propose", Claim(random)),
        4 => SubmitAsync(home, random, "policy.lease.grant", new() { ["capability"] = Pick(random, Capabilities), ["holder"] = Pick(random, Holders), ["limits"] = new JsonObject { ["count"] = random.Next(1, 4) } }),
        5 => LeaseAsync(home, random),
        6 => ApprovalAsync(home, random),
        7 => CancelAsync(home, random),
        8 => SubmitAsync(home, random, "policy.posture.set", new() { ["posture"] = Pick(random, Postures) }),
        9 => SubmitAsync(home, random, "egress.scope.set", new() { ["id"] = Pick(random, "one", "two"), ["hosts"] = new JsonArray($"{Pick(random, "a", "b")}.example.org") }),
        10 => JudgeAsync(home, random),
        11 => SubmitAsync(home, random, "world.diff.queue", Diff(random)),
        12 => DecideDiffAsync(home, random),
        13 => SubmitAsync(home, random, "memory.remember", new() { ["text"] = Pick(random, Texts), ["tags"] = new JsonArray(Pick(random, "a", "b")) }),
        14 => SubmitAsync(home, random, "memory.quarantine", new() { ["content"] = new JsonObject { ["text"] = Pick(random, [.. Texts, "<p hidden>x</p>Bees"]), ["provenance"] = new JsonArray(new JsonObject { ["kind"] = "url", ["ref"] = $"https://example.org/{random.Next(3)}" }) } }),
        15 => ReviewAsync(home, random),
        16 => ForgetAsync(home, random),
        _ => OutsideAsync(home, random),
    };

    private static Task ReviewAsync(JourneyHome home, Random random) => home.Get<QuarantineModel>().Rows.Query(QuarantineModel.Waits()) is [_, ..] waiting
        ? random.Next(3) == 0
            ? SubmitAsync(home, random, "memory.extract_again", new() { ["id"] = waiting[random.Next(waiting.Count)].Id })
            : SubmitAsync(home, random, Pick(random, "memory.admit", "memory.reject"), new() { ["ids"] = new JsonArray(waiting[random.Next(waiting.Count)].Id) })
        : Task.CompletedTask;

    private static Task ForgetAsync(JourneyHome home, Random random) => home.Get<MemoryModel>().Rows.Query(new TableQuery()) is [_, ..] items
        ? SubmitAsync(home, random, "memory.forget", new() { ["id"] = items[random.Next(items.Count)].Id })
        : Task.CompletedTask;

    private static Task SubmitAsync(JourneyHome home, Random random, string kind, JsonObject input) =>
        home.TryAsync(kind, input, (OnNeedsLease)random.Next(2), $"episode-{random.Next(4)}");

    private static JsonObject Claim(Random random) => new()
    {
        ["claims"] = new JsonArray(new JsonObject
        {
            ["text"] = Pick(random, Texts),
            ["confidence"] = random.Next(0, 11) / 10.0,
            ["subject"] = Pick(random, "bees", "lake"),
            ["predicate"] = Pick(random, "sleep", "temperature"),
            ["topic"] = "nature",
            ["evidence"] = new JsonArray(new JsonObject { ["url"] = $"https://example.org/{random.Next(4)}" }),
        }),
    };

    private static JsonObject Diff(Random random) => new()
    {
        ["from"] = Pick(random, "home-b", "home-c"),
        ["changes"] = new JsonArray(new JsonObject
        {
            ["op"] = "add",
            ["value"] = Pick(random, Texts),
            ["confidence"] = random.Next(0, 11) / 10.0,
            ["subject"] = Pick(random, "bees", "lake"),
            ["predicate"] = Pick(random, "sleep", "temperature"),
        }),
    };

    // Applied ones are undone again, or refused to be; what is refused is part of the story too.
    private static async Task DecideDiffAsync(JourneyHome home, Random random)
    {
        var diffs = home.Get<WorldDiffsModel>().Rows.Query(new TableQuery());
        if (diffs.Count == 0)
        {
            return;
        }

        var diff = diffs[random.Next(diffs.Count)];
        var comparison = home.Get<DiffDesk>().Compare(diff.Id)!;
        await (diff.State == DiffState.Applied
            ? SubmitAsync(home, random, "world.diff.revert", new() { ["id"] = diff.Id })
            : SubmitAsync(home, random, "world.diff.decide", new()
            {
                ["id"] = diff.Id,
                ["decision"] = "apply",
                ["seen"] = comparison.Seen,
                ["choices"] = new JsonArray([.. comparison.Changes.Where(c => c.Conflicts.Count > 0).Select(c => new JsonObject { ["index"] = c.Index, ["choice"] = Pick(random, "keep_ours", "take_theirs") })]),
            }));
    }

    private static Task LeaseAsync(JourneyHome home, Random random) => home.Leases is [_, ..] leases
        ? SubmitAsync(home, random, random.Next(2) == 0 ? "policy.lease.revoke" : "policy.lease.renew", random.Next(2) == 0
            ? new() { ["id"] = leases[random.Next(leases.Count)].Id }
            : new() { ["id"] = leases[random.Next(leases.Count)].Id, ["ttl_secs"] = 600 })
        : Task.CompletedTask;

    private static Task ApprovalAsync(JourneyHome home, Random random) => home.Get<ApprovalsModel>().Current.Open is [_, ..] open
        ? SubmitAsync(home, random, "approval.answer", new() { ["approval"] = open[random.Next(open.Count)].Id, ["answer"] = Pick(random, Answers) })
        : Task.CompletedTask;

    private static Task CancelAsync(JourneyHome home, Random random) => home.Get<LiveActions>().Current.Actions.Values.FirstOrDefault() is { } live
        ? SubmitAsync(home, random, "action.cancel", new() { ["action"] = live.Id, ["reason"] = "by chance" })
        : Task.CompletedTask;

    private static Task JudgeAsync(JourneyHome home, Random random) => home.Get<BeliefsModel>().Rows.Query(new TableQuery { Limit = 20 }) is [_, ..] beliefs
        ? SubmitAsync(home, random, Pick(random, "belief.accept", "belief.reject", "beliefs.retract"), new() { ["id"] = beliefs[random.Next(beliefs.Count)].Id })
        : Task.CompletedTask;

    private static async Task OutsideAsync(JourneyHome home, Random random)
    {
        var payload = new JsonObject { ["n"] = random.Next(5), ["text"] = Pick(random, Texts), ["big"] = random.Next(4) == 0 ? new string('x', 40_000) : "" };
        await home.Journal.AppendAsync(new EventDraft($"ext.probe.{Pick(random, "seen", "failed")}", Arw.Core.Primitives.ArwJson.ToUtf8(payload), "agent:scout")
        {
            Subject = $"probe:{random.Next(3).ToString(CultureInfo.InvariantCulture)}",
            Project = JourneyHome.Project,
            CorrId = $"episode-{random.Next(6)}",
        });
    }

    private static string Pick(Random random, params string[] of) => of[random.Next(of.Length)];
}
