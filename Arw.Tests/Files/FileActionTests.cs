using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Files;
using Arw.Core.Journal;
using Arw.Core.Primitives;
using Arw.Core.Projects;
using Arw.Tests.Actions;

namespace Arw.Tests.Files;

public sealed class FileActionTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly ProjectFiles _files;
    private readonly FileWritesModel _writes = new();
    private readonly WriteFile _write;
    private readonly PatchFile _patch;

    public FileActionTests()
    {
        _files = new ProjectFiles(_data.Path);
        var writer = new FileWriter(_files, _writes);
        (_write, _patch) = (new WriteFile(_files, writer), new PatchFile(writer));
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Write_NewFile_IsAnnouncedThenReported()
    {
        var run = new FakeRun();
        var output = (await Run(_write, run, """{"path":"project://a.md","content":"one\ntwo\n"}""")).Value!;
        Assert.Equal(["files.write.intended", "files.written"], run.Written.Select(d => d.Kind));
        var written = ArwJson.FromUtf8<FileWritten>(run.Written[1].Payload.Span);
        Assert.Equal(Digest.Of("one\ntwo\n"), written.AfterDigest);
        Assert.Contains("+two", written.Diff, StringComparison.Ordinal);
        Assert.False(written.Already);
        Assert.Equal(8L, (long)output["bytes"]!);
        Assert.Equal("file.write project://a.md", run.Demands.Single().ToString());
    }

    [Fact]
    public async Task Write_Refused_ChangesNothing()
    {
        var run = new FakeRun { Judge = _ => Refusal.Forbidden("no") };
        Assert.Equal("forbidden", (await Run(_write, run, """{"path":"project://a.md","content":"x"}""")).Refusal!.Code);
        Assert.Empty(run.Written);
        Assert.Equal("not_found", _files.Read("demo", At("project://a.md")).Refusal!.Code);
    }

    [Fact]
    public async Task Write_KilledBetweenEffectAndEvent_IsRecognised()
    {
        var first = new FakeRun();
        await Run(_write, first, """{"path":"project://a.md","content":"x","if_exists":"fail"}""");
        Fold(first.Written[0]);

        var second = new FakeRun();
        var output = (await Run(_write, second, """{"path":"project://a.md","content":"x","if_exists":"fail"}""")).Value!;
        Assert.True((bool)output["already"]!);
        Assert.Equal("files.written", second.Written.Single().Kind);
        Fold(second.Written[0]);
        Assert.Empty(_writes.Current.Open);
    }

    [Fact]
    public async Task Write_KilledBetweenAnnouncementAndEffect_IsDoneNow()
    {
        Fold(FileEvents.Intended.Draft(new FileWriteIntended("project://a.md", new FakeRun().Context.ActionId, Digest.Of("x")), "test"));
        var output = (await Run(_write, new FakeRun(), """{"path":"project://a.md","content":"x"}""")).Value!;
        Assert.Null(output["already"]);
        Assert.True(_files.Read("demo", At("project://a.md")).Ok);
    }

    [Fact]
    public async Task Write_ChangedByAnotherSinceFirstAttempt_IsConflict()
    {
        Fold(FileEvents.Intended.Draft(new FileWriteIntended("project://a.md", new FakeRun().Context.ActionId, Digest.Of("x")), "test"));
        _files.Write("demo", At("project://a.md"), "mine"u8, null);
        Assert.Equal("conflict", (await Run(_write, new FakeRun(), """{"path":"project://a.md","content":"x"}""")).Refusal!.Code);
        Assert.Equal(Digest.Of("mine"), _files.Read("demo", At("project://a.md")).Value.Digest);
    }

    [Fact]
    public async Task Write_FailAndVersion_KeepWhatIsThere()
    {
        _files.Write("demo", At("project://d/a.md"), "old"u8, null);
        Assert.Equal("conflict", (await Run(_write, new FakeRun(), """{"path":"project://d/a.md","content":"x","if_exists":"fail"}""")).Refusal!.Code);
        var output = (await Run(_write, new FakeRun(), """{"path":"project://d/a.md","content":"x","if_exists":"version"}""")).Value!;
        Assert.Equal("project://d/a-2.md", (string)output["path"]!);
        Assert.Equal(Digest.Of("old"), _files.Read("demo", At("project://d/a.md")).Value.Digest);
    }

    [Fact]
    public async Task Patch_Retried_IsNotAppliedTwice()
    {
        _files.Write("demo", At("project://a.md"), "a\na\n"u8, null);
        const string input = """{"path":"project://a.md","patch":"@@ -1 +1,2 @@\n a\n+a\n"}""";
        var first = new FakeRun();
        Assert.True((await Run(_patch, first, input)).Ok);
        Fold(first.Written[0]);
        Assert.True((bool)(await Run(_patch, new FakeRun(), input)).Value!["already"]!);
        Assert.Equal("a\na\na\n", Encoding.UTF8.GetString(_files.Read("demo", At("project://a.md")).Value.Bytes));
    }

    [Fact]
    public async Task Patch_OtherDigestThanExpected_IsConflict()
    {
        _files.Write("demo", At("project://a.md"), "a\n"u8, null);
        var input = new JsonObject { ["path"] = "project://a.md", ["patch"] = "@@ -1 +1 @@\n-a\n+b\n", ["expect_digest"] = Digest.Of("z") };
        Assert.Equal("conflict", (await Run(_patch, new FakeRun(), input.ToJsonString())).Refusal!.Code);
    }

    [Fact]
    public async Task Read_TextBinaryAndCut_AreTold()
    {
        _files.Write("demo", At("project://t"), "aé"u8, null);
        _files.Write("demo", At("project://b"), [0, 255], null);
        var read = new ReadFile(_files);
        Assert.Equal("aé", (string)(await Run(read, new FakeRun(), """{"path":"project://t"}""")).Value!["text"]!);
        Assert.Equal("AP8=", (string)(await Run(read, new FakeRun(), """{"path":"project://b"}""")).Value!["base64"]!);
        var cut = (await Run(read, new FakeRun(), """{"path":"project://t","max_bytes":2}""")).Value!;
        Assert.Equal("a", (string)cut["text"]!);
        Assert.True((bool)cut["truncated"]!);
    }

    [Fact]
    public async Task List_Pattern_NeedsItsFolder()
    {
        _files.Write("demo", At("project://feeds/a.xml"), "x"u8, null);
        var run = new FakeRun();
        var output = (await Run(new ListFiles(_files), run, """{"path":"project://feeds/*.xml"}""")).Value!;
        Assert.Equal("project://feeds/a.xml", (string)output["entries"]![0]!["path"]!);
        Assert.Equal("file", (string)output["entries"]![0]!["kind"]!);
        Assert.Equal("file.read project://feeds", run.Demands.Single().ToString());
    }

    [Theory]
    [InlineData("""{"path":"project://../a","content":"x"}""")]
    [InlineData("""{"path":"project://","content":"x"}""")]
    [InlineData("""{"path":"project://a","content":"x","extra":1}""")]
    public void Needs_BadInput_IsRefused(string input) =>
        Assert.Equal("invalid_input", _write.Needs(JsonElement.Parse(input), new FakeRun().Context).Refusal!.Code);

    private void Fold(EventDraft draft) => _writes.Apply(new JournalEvent
    {
        Seq = 1,
        Recorded = DateTimeOffset.UnixEpoch,
        Time = DateTimeOffset.UnixEpoch,
        Kind = draft.Kind,
        Actor = "test",
        Payload = draft.Payload,
    });

    private static Task<Result<JsonNode?>> Run(ActionKind kind, FakeRun run, string input) =>
        kind.RunAsync(JsonElement.Parse(input), run, CancellationToken.None);

    private static ProjectPath At(string uri) => ProjectPath.Parse(uri).Value;
}
