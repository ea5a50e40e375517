using Arw.Core.Journal;
using Arw.Core.Policy.Leases;
using Arw.Core.Policy.Postures;
using Arw.Core.State;
using CsCheck;

namespace Arw.Tests.Policy;

public class PolicyFoldProperties
{
    private static readonly DateTimeOffset Start = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);

    private static readonly Gen<EventDraft> Drafts = Gen.OneOf<EventDraft>(
        from id in Gen.Int[0, 60]
        from capability in Gen.OneOf("model.run llama-*", "file.write project://a/**", "not a capability", "spend.usd 1")
        from secs in Gen.Int[1, 5000]
        from mode in Gen.OneOf(LeaseMode.Ttl, LeaseMode.Episode, LeaseMode.UntilRevoked)
        select LeaseEvents.Granted.Draft(
            new LeaseGranted($"L{id}", capability, "agent:x")
            {
                Mode = mode,
                Until = mode == LeaseMode.UntilRevoked ? null : Start.AddSeconds(secs),
                Episode = mode == LeaseMode.Episode ? $"e{id % 4}" : null,
                Limits = id % 2 == 0 ? new LeaseLimits(Count: id) : null,
            },
            "person:owner"),
        Gen.Int[0, 60].Select(id => LeaseEvents.Renewed.Draft(new LeaseRenewed($"L{id}", Start.AddSeconds(id * 20)), "person:owner")),
        Gen.Int[0, 60].Select(id => LeaseEvents.Revoked.Draft(new LeaseRevoked($"L{id}", "why"), "person:owner")),
        Gen.Int[0, 60].Select(id => LeaseEvents.Consumed.Draft(new LeaseConsumed($"L{id}", new LeaseUse(1, id, long.MaxValue / 2)), "agent:x")),
        Gen.Int[0, 4].Select(e => new EventDraft("episode.ended", "{}"u8.ToArray(), "system:actions") { CorrId = $"e{e}" }),
        Gen.OneOf(Posture.Relaxed, Posture.Standard, Posture.Strict).Select(p => PolicyEvents.PostureSet.Draft(new PostureSet(p), "person:owner")),
        Gen.OneOf(StagingMode.Ask, StagingMode.Auto, StagingMode.Always).Select(m => PolicyEvents.StagingSet.Draft(new StagingSet(m), "person:owner")),
        Gen.Select(Gen.Bool, Gen.OneOf<string?>((string?)null, "a", "b")).Select(s => PolicyEvents.KillSwitchSet.Draft(new KillSwitchSet(s.Item1, s.Item2), "person:owner")),
        Gen.Select(Gen.Int[0, 4], Gen.OneOf("shell.*", "net.http", "??").Array[0, 3]).Select(s => PolicyEvents.RecipeForbids.Draft(new RecipeForbids($"e{s.Item1}", s.Item2), "person:owner")));

    [Fact]
    public void Leases_SavedAndLoadedMidway_AreAsIfNeverStopped() => Check(() => new LeasesModel());

    [Fact]
    public void Policy_SavedAndLoadedMidway_IsAsIfNeverStopped() => Check(() => new PolicyModel());

    [Fact]
    public void Leases_AfterManyEnds_KeepTheLastTwoHundred()
    {
        var model = new LeasesModel();
        for (var i = 0; i < 500; i++)
        {
            model.Apply(Event(2 * i + 1, LeaseEvents.Granted.Draft(new LeaseGranted($"L{i}", "demo.echo", "agent:x"), "person:owner")));
            model.Apply(Event(2 * i + 2, LeaseEvents.Revoked.Draft(new LeaseRevoked($"L{i}"), "person:owner")));
        }

        Assert.Empty(model.Current.Live);
        Assert.Equal(200, model.Current.Ended.Count);
        Assert.Equal("L499", model.Current.Ended[^1].Id);
    }

    private static void Check<TModel>(Func<TModel> make)
        where TModel : DocumentModel => Gen.Select(Drafts.Array[0, 120], Gen.Int[0, 120]).Sample(
        (drafts, cut) =>
        {
            var (straight, first, second) = (make(), make(), make());
            for (var i = 0; i < drafts.Length; i++)
            {
                var e = Event(i + 1, drafts[i]);
                straight.Apply(e);
                if (i < cut)
                {
                    first.Apply(e);
                    continue;
                }

                if (i == cut)
                {
                    second.Load(first.Save());
                }

                second.Apply(e);
            }

            var resumed = cut < drafts.Length ? second : first;
            Assert.Equal(straight.Save(), resumed.Save());
            Assert.Equal(straight.Snapshot().ToJsonString(), resumed.Snapshot().ToJsonString());
        },
        iter: 100);

    private static JournalEvent Event(long seq, EventDraft draft) => new()
    {
        Seq = seq,
        Recorded = Start.AddSeconds(seq),
        Time = Start.AddSeconds(seq),
        Kind = draft.Kind,
        Actor = draft.Actor,
        CorrId = draft.CorrId,
        Payload = draft.Payload,
    };
}
