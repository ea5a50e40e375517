using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Episodes;
using Arw.Core.Erasure;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Memory.Taint;
using Arw.Core.Shell;
using Arw.Tests.State;
using CsCheck;

namespace Arw.Tests.Memory;

public sealed class TaintFoldTests
{
    private static readonly Principal Agent = new(PrincipalKind.Agent, "scout") { Projects = ["lab"] };
    private readonly MemoryRows<TaintRow> _taint = [];
    private long _seq;
    private List<JournalEvent> _recorded = [];

    [Fact]
    public void Request_ThatLeft_TaintsItsEpisodeAndTheAgentForGood()
    {
        Opened("e1", "http.fetch", "203.0.113.5");
        Assert.Contains("GET example.org", _taint["episode:e1"].How, StringComparison.Ordinal);
        Assert.True(_taint.ContainsKey("agent:scout"));
        Assert.Null(_taint["agent:scout"].Project);
        Assert.Equal(1, _taint["episode:e1"].Seq);
    }

    [Theory]
    [InlineData("model.chat", "127.0.0.1", false)]
    [InlineData("model.chat", "::1", false)]
    [InlineData("model.chat", "203.0.113.5", true)]
    [InlineData("http.fetch", "127.0.0.1", true)]
    [InlineData("proxy", "203.0.113.5", true)]
    public void Request_ToAModelOnThisMachine_TaintsNothing(string tool, string address, bool taints)
    {
        Opened("e1", tool, address);
        Assert.Equal(taints, _taint.ContainsKey("episode:e1"));
    }

    [Fact]
    public void Request_Denied_TaintsNothing()
    {
        Apply(EgressEvents.Denied, new EgressDenied("x", "a", "GET", "https://example.org/", "needs_lease", "No.", EgressMode.Public, 1, 0), "e1");
        Submit("a1", "http.fetch", "e1", """{"url":"https://example.org/"}""");
        Assert.Empty(_taint);
    }

    [Fact]
    public void Feed_OfAFile_TaintsOnceItWasRead()
    {
        Submit("a1", "feed.read", "e1", """{"url":"project://feeds/a.xml"}""");
        Assert.False(_taint.ContainsKey("episode:e1"));
        Complete("a1", "feed.read", "e1");
        Assert.Contains("project://feeds/a.xml", _taint["episode:e1"].How, StringComparison.Ordinal);
        Assert.False(_taint.ContainsKey("action:a1"));
    }

    [Fact]
    public void File_WrittenInATaintedEpisode_TaintsWhoReadsIt()
    {
        Opened("e1", "http.fetch", "203.0.113.5");
        Written("project://a.md", "e1", before: null);
        Submit("r1", "file.read", "e2", """{"path":"project://b.md"}""", Principal.Owner);
        Complete("r1", "file.read", "e2");
        Assert.False(_taint.ContainsKey("episode:e2"));
        Submit("r2", "file.read", "e2", """{"path":"project://a.md"}""", Principal.Owner);
        Complete("r2", "file.read", "e2");
        Assert.Contains("project://a.md", _taint["episode:e2"].How, StringComparison.Ordinal);
    }

    [Fact]
    public void File_ChangedByACleanEpisode_StaysTainted_MadeAnewIsClean()
    {
        Opened("e1", "http.fetch", "203.0.113.5");
        Written("project://a.md", "e1", before: null);
        Written("project://a.md", "clean", before: "sha256:0", actor: "person:owner");
        Assert.True(_taint.ContainsKey("file:lab/a.md"));
        Written("project://a.md", "clean", before: null, actor: "person:owner");
        Assert.False(_taint.ContainsKey("file:lab/a.md"));
    }

    [Fact]
    public void Archive_ItsFiles_AreFromOutside()
    {
        Submit("a1", "archive.unpack", "e1", """{"path":"project://x.zip","to":"project://x"}""");
        Written("project://x/y.md", "e1", before: null, action: "a1");
        Assert.True(_taint.ContainsKey("file:lab/x/y.md"));
        Complete("a1", "archive.unpack", "e1");
        Assert.True(_taint.ContainsKey("episode:e1"));
    }

    [Fact]
    public void Program_CountsAsHavingReadTheWholeProject_AndWithoutASandboxAsMore()
    {
        Started("e1", contained: true);
        Assert.False(_taint.ContainsKey("episode:e1"));
        Started("e2", contained: false);
        Assert.True(_taint.ContainsKey("episode:e2"));
        Apply(ShellEvents.Ended, new ProcessEnded("p", 0, new ProcessUse(1, 1, 1, 1)) { Changed = [new FileChange("project://out.txt", "new")] }, "e2");
        Started("e3", contained: true);
        Assert.Contains("project://out.txt", _taint["episode:e3"].How, StringComparison.Ordinal);
    }

    [Fact]
    public void OutsideEvent_AndChildEpisode_AreTainted()
    {
        TaintFold.Apply(_taint, Event(new EventDraft("ext.otel.span", "{}"u8.ToArray(), "agent:scout") { CorrId = "otel:1", Project = "lab" }));
        Assert.True(_taint.ContainsKey("episode:otel:1"));
        Apply(EpisodeEvents.Started, new EpisodeStarted("child") { Parent = "otel:1" }, "e2", "person:owner");
        Assert.True(_taint.ContainsKey("episode:e2"));
    }

    [Fact]
    public void Agent_ThatJoinsATaintedEpisode_IsTainted()
    {
        Opened("e1", "http.fetch", "203.0.113.5", "person:owner");
        Assert.False(_taint.ContainsKey("agent:scout"));
        Submit("a1", "demo.echo", "e1", "{}");
        Assert.True(_taint.ContainsKey("agent:scout"));
    }

    [Fact]
    public void Erased_Records_TaintWhatTheyCouldHaveTold()
    {
        TaintFold.Apply(_taint, Event(new EventDraft("egress.opened", default, "agent:scout") { CorrId = "e1", Project = "lab" }) with { Erased = true });
        Assert.True(_taint.ContainsKey("episode:e1"));
        Assert.True(_taint.ContainsKey("agent:scout"));
        TaintFold.Apply(_taint, Event(new EventDraft("files.written", default, "agent:scout") { CorrId = "e1", Project = "lab", Subject = "file:lab/notes/a.md" }) with { Erased = true });
        Assert.True(_taint.ContainsKey("file:lab/notes/a.md"));
        Complete("a9", "feed.read", "e9");
        Assert.True(_taint.ContainsKey("episode:e9"));
    }

    [Theory]
    [InlineData("observations", true)]
    [InlineData("actions", true)]
    [InlineData("world_diff_changes", true)]
    [InlineData("leases", false)]
    [InlineData("memory", false)]
    public void State_OfAProjectThatReadFromOutside_TaintsWhoReadsIt(string model, bool taints)
    {
        Read("before");
        Assert.False(_taint.ContainsKey("episode:before"));
        Opened("e1", "http.fetch", "203.0.113.5", "agent:other");
        Read("after");
        Assert.Equal(taints, _taint.ContainsKey("episode:after"));
        Assert.Equal(taints, _taint.ContainsKey("agent:scout"));

        void Read(string corr)
        {
            Submit(corr, "state.read", corr, $$"""{"model":"{{model}}"}""");
            Complete(corr, "state.read", corr);
        }
    }

    // Whatever was forgotten of what happened: nobody who reads afterwards counts as cleaner than with all of it.
    [Fact]
    public void Erased_AnyOfTheRecords_NobodyIsCleanerForIt()
    {
        var history = Recorded(() =>
        {
            Opened("e1", "http.fetch", "203.0.113.5", "person:owner");
            Submit("j1", "demo.echo", "e1", "{}", new Principal(PrincipalKind.Agent, "joiner"));
            Complete("j1", "demo.echo", "e1");
            Apply(EpisodeEvents.Started, new EpisodeStarted("child") { Parent = "e1" }, "e1.child", "person:owner");
            Started("e2", contained: false);
            Apply(ShellEvents.Ended, new ProcessEnded("p", 0, new ProcessUse(1, 1, 1, 1)) { Changed = [new FileChange("project://program.txt", "new")] }, "e2", "person:owner");
            Submit("u1", "archive.unpack", "e3", """{"path":"project://x.zip","to":"project://x"}""", Principal.Owner);
            Written("project://unpacked.txt", "e3", before: null, action: "u1", actor: "person:owner");
            Complete("u1", "archive.unpack", "e3");
            Submit("r1", "file.read", "e4", """{"path":"project://program.txt"}""", new Principal(PrincipalKind.Agent, "reader"));
            Complete("r1", "file.read", "e4");
            Written("project://by-reader.txt", "e4", before: null, actor: "agent:reader");
            Submit("s1", "state.read", "e5", """{"model":"observations"}""", new Principal(PrincipalKind.Agent, "looker"));
            Complete("s1", "state.read", "e5");
        });
        var whole = Tainted(history);
        Assert.Contains("agent:joiner", whole);
        Assert.Contains("agent:looker", whole);
        Assert.Contains("file:program.txt", whole);
        Assert.Contains("file:unpacked.txt", whole);
        Assert.Contains("file:by-reader.txt", whole);

        Gen.Bool.Array[history.Count].Sample(erase =>
        {
            var less = Tainted([.. history.Select((e, i) => erase[i] && ErasePayload.MayErase(e.Kind) ? e with { Erased = true, Payload = default } : e)]);
            return whole.IsSubsetOf(less) ? true : throw new Xunit.Sdk.XunitException(
                $"{string.Join(", ", whole.Except(less))} is clean without {string.Join(", ", history.Where((_, i) => erase[i]).Select(e => $"{e.Seq} {e.Kind}"))}");
        }, threads: 1);
    }

    private HashSet<string> Tainted(IReadOnlyList<JournalEvent> history)
    {
        _taint.Clear();
        foreach (var e in history)
        {
            TaintFold.Apply(_taint, e);
        }

        var tainted = _taint.Keys.Where(k => k.StartsWith("episode:", StringComparison.Ordinal) || k.StartsWith("agent:", StringComparison.Ordinal)).ToHashSet();
        foreach (var file in new[] { "program.txt", "unpacked.txt", "by-reader.txt" })
        {
            Submit($"probe-{file}", "file.read", $"probe-{file}", $$"""{"path":"project://{{file}}"}""", Principal.Owner);
            Complete($"probe-{file}", "file.read", $"probe-{file}");
            if (_taint.ContainsKey($"episode:probe-{file}"))
            {
                tainted.Add($"file:{file}");
            }
        }

        return tainted;
    }

    private List<JournalEvent> Recorded(Action history)
    {
        _recorded = [];
        history();
        return [.. _recorded];
    }

    private void Opened(string corr, string tool, string address, string actor = "agent:scout") => Apply(
        EgressEvents.Opened, new EgressOpened("x", "a", "GET", "https://example.org/a", "example.org", 443, "https", [address], "leased", EgressMode.Public, 1, 0) { Tool = tool }, corr, actor);

    private void Written(string path, string corr, string? before, string action = "w", string actor = "agent:scout") =>
        Apply(FileEvents.Written, new FileWritten(path, action, "sha256:1", 1) { BeforeDigest = before }, corr, actor);

    private void Started(string corr, bool contained) => Apply(ShellEvents.Started, new ProcessStarted("p", ["true"], contained, new ShellLimits()), corr, "person:owner");

    private void Submit(string id, string kind, string corr, string input, Principal? by = null) => TaintFold.Apply(_taint, Event(ActionEvents.Submitted.Draft(
        new ActionSubmitted(id, kind, 1, kind, JsonNode.Parse(input), Effects.None, by ?? Agent), (by ?? Agent).Actor, ActionEvents.Subject(id), "lab", corr)));

    private void Complete(string id, string kind, string corr) =>
        TaintFold.Apply(_taint, Event(ActionEvents.Completed.Draft(new ActionCompleted(id, kind, 1, null), "system:actions", ActionEvents.Subject(id), "lab", corr)));

    private void Apply<T>(EventKind<T> kind, T payload, string corr, string actor = "agent:scout") => TaintFold.Apply(_taint, Event(kind.Draft(payload, actor, null, "lab", corr)));

    private JournalEvent Event(EventDraft d)
    {
        var e = new JournalEvent
        {
            Seq = ++_seq,
            Recorded = DateTimeOffset.UnixEpoch.AddSeconds(_seq),
            Time = DateTimeOffset.UnixEpoch.AddSeconds(_seq),
            Kind = d.Kind,
            Subject = d.Subject,
            Actor = d.Actor,
            Project = d.Project,
            CorrId = d.CorrId,
            ParentId = d.ParentId,
            Payload = d.Payload,
        };
        _recorded.Add(e);
        return e;
    }
}
