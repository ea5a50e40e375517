using System.Text.Json.Nodes;
using Arw.Tests.Journal.Verification;
using Arw.Tests.Journeys;

namespace Arw.Tests.Commands;

/// <summary>The commands of the real program, beside a live home where they may run there.</summary>
public sealed class JournalCommandsTests : IDisposable
{
    private readonly TempFolder _work = new();

    [Fact]
    public async Task Commands_BesideALiveHome_ReadItAndImportIsKeptOut()
    {
        var anchor = _work.File("heads.jsonl");
        using var folder = new TempFolder();
        using var home = await HomeProcess.StartAsync(folder.Path, new Dictionary<string, string>(StringComparer.Ordinal) { ["ARW_ANCHOR"] = anchor });
        while (!File.Exists(anchor))
        {
            await home.GetAsync("/healthz");
        }
        var file = _work.File("journal.ndjson.gz");

        var verify = await CommandProcess.RunAnchoredAsync(folder.Path, anchor, "journal", "verify", "--anchor");
        Assert.True(verify.Code == 0, verify.Out + verify.Error);
        Assert.Contains("The journal holds.", verify.Out, StringComparison.Ordinal);
        Assert.Contains("signed head", verify.Out, StringComparison.Ordinal);

        var stats = await CommandProcess.RunAsync(folder.Path, "journal", "stats");
        Assert.True(stats.Code == 0, stats.Error);
        Assert.Contains("home.started", stats.Out, StringComparison.Ordinal);

        using (var tail = CommandProcess.Start(folder.Path, "journal", "tail", "-n", "1", "--follow", "--prefix", "home.,projects.", "--json"))
        {
            Assert.Contains("\"home.started\"", await tail.LineAsync(), StringComparison.Ordinal);
            await home.PostAsync("/actions", new JsonObject { ["kind"] = "project.create", ["input"] = new JsonObject { ["id"] = "seen", ["title"] = "Seen" } });
            Assert.Contains("\"seen\"", await tail.LineAsync(), StringComparison.Ordinal);
        }

        var export = await CommandProcess.RunAsync(folder.Path, "journal", "export", file);
        Assert.True(export.Code == 0, export.Error);

        var import = await CommandProcess.RunAsync(folder.Path, "journal", "import", file);
        Assert.Equal(2, import.Code);
        Assert.Contains("is in use by another Arw.Web", import.Error, StringComparison.Ordinal);

        var restored = _work.File("restored");
        import = await CommandProcess.RunAsync(folder.Path, "journal", "import", file, "--state-dir", restored);
        Assert.True(import.Code == 0, import.Error);
        Assert.Equal(export.Out[export.Out.IndexOf(": ", StringComparison.Ordinal)..], import.Out[import.Out.IndexOf(": ", StringComparison.Ordinal)..]);
        verify = await CommandProcess.RunAsync(restored, "journal", "verify", "--anchor", anchor);
        Assert.True(verify.Code == 0, verify.Out + verify.Error);
    }

    [Fact]
    public async Task BackupRestorePrune_OfARealHome_DoWhatTheySay()
    {
        var home = _work.File("home");
        using (var live = await HomeProcess.StartAsync(home, new Dictionary<string, string>(StringComparer.Ordinal) { ["ARW_ANCHOR"] = "none" }))
        {
            for (var n = 0; n < 14; n++)
            {
                await live.PostAsync("/events", new JsonArray([.. Enumerable.Range(0, 90).Select(i => new JsonObject { ["kind"] = "ext.filled", ["payload"] = new JsonObject { ["text"] = new string('x', 1000) + i } })]));
            }

            var backup = await CommandProcess.RunAsync(home, "journal", "backup", _work.File("backup"));
            Assert.True(backup.Code == 0, backup.Error);
            Assert.Contains("Head: event", backup.Out, StringComparison.Ordinal);
            foreach (var kept in new[] { new[] { "prune" }, ["restore", _work.File("backup")] })
            {
                var refused = await CommandProcess.RunAsync(home, ["journal", .. kept]);
                Assert.Equal(2, refused.Code);
                Assert.Contains("is in use by another Arw.Web", refused.Error, StringComparison.Ordinal);
            }
        }

        var prune = await CommandProcess.RunAsync(home, "journal", "prune", "--retention-size", "1MB");
        Assert.True(prune.Code == 0, prune.Out + prune.Error);
        Assert.Matches("^.*: [1-9][0-9]* segments? written, [1-9][0-9,]* events dropped", prune.Out);
        var verify = await CommandProcess.RunAsync(home, "journal", "verify");
        Assert.True(verify.Code == 0, verify.Out);
        Assert.Contains("were dropped", verify.Out, StringComparison.Ordinal);
        var stats = await CommandProcess.RunAsync(home, "journal", "stats");
        Assert.Contains("Dropped by retention", stats.Out, StringComparison.Ordinal);
        var export = await CommandProcess.RunAsync(home, "journal", "export", _work.File("x"));
        Assert.Contains("journal backup", export.Error, StringComparison.Ordinal);

        File.Delete(Path.Combine(home, "views.db"));
        using (var live = await HomeProcess.StartAsync(home, new Dictionary<string, string>(StringComparer.Ordinal) { ["ARW_ANCHOR"] = "none" }))
        {
            await live.GetAsync("/healthz");
        }

        var restored = await CommandProcess.RunAsync(home, "journal", "restore", _work.File("backup"));
        Assert.Equal(2, restored.Code);
        Assert.Contains("--replace", restored.Error, StringComparison.Ordinal);
        restored = await CommandProcess.RunAsync(home, "journal", "restore", _work.File("backup"), "--replace");
        Assert.True(restored.Code == 0, restored.Error);
        Assert.Contains("replaced-", restored.Out, StringComparison.Ordinal);
        verify = await CommandProcess.RunAsync(home, "journal", "verify");
        Assert.True(verify.Code == 0, verify.Out);
    }

    [Fact]
    public async Task Verify_OfADamagedJournal_NamesTheSeqAndEndsWithOne()
    {
        using var journal = await RecordedJournal.MakeAsync(40);
        journal.Edit("UPDATE events SET actor = 'person:owner' WHERE seq = 17");
        var (code, output, _) = await CommandProcess.RunAsync(journal.Folder, "journal", "verify");
        Assert.Equal(1, code);
        Assert.Contains("the first bad event is 17", output, StringComparison.Ordinal);

        (code, output, _) = await CommandProcess.RunAsync(journal.Folder, "journal", "verify", "--json");
        Assert.Equal(1, code);
        Assert.Equal(17, (long)JsonNode.Parse(output)!["first_bad_seq"]!);

        var export = await CommandProcess.RunAsync(journal.Folder, "journal", "export", _work.File("x"));
        Assert.Equal(1, export.Code);
    }

    [Theory]
    [InlineData("There is no journal", "journal", "verify")]
    [InlineData("There is no journal", "journal", "stats")]
    [InlineData("There is no journal", "journal", "tail")]
    [InlineData("There is no file", "journal", "import", "not-there")]
    [InlineData("There is no journal", "journal", "prune")]
    [InlineData("There is no journal", "journal", "backup", "somewhere")]
    [InlineData("is no backup", "journal", "restore", "not-there")]
    [InlineData("ARW_RETENTION_SIZE", "journal", "prune", "--retention-size", "much")]
    [InlineData("verfy", "journal", "verfy")]
    [InlineData("--help", "journal")]
    [InlineData("--lines takes a number", "journal", "tail", "-n", "-3")]
    [InlineData("--nonsense", "journal", "verify", "--nonsense")]
    [InlineData("jornal", "jornal", "verify")]
    public async Task Command_UsedBadly_SaysSoAndEndsWithTwo(string says, params string[] args)
    {
        var (code, output, error) = await CommandProcess.RunAsync(_work.File("empty"), args);
        Assert.True(code == 2, $"{code}: {output}{error}");
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Empty(output);
    }

    [Fact]
    public async Task Help_OfTheProgramAndOfACommand_NamesWhatThereIs()
    {
        var (code, output, _) = await CommandProcess.RunAsync(_work.Path, "--help");
        Assert.Equal(0, code);
        Assert.Contains("journal verify", output, StringComparison.Ordinal);
        Assert.Contains("ARW_ANCHOR", output, StringComparison.Ordinal);

        (code, output, _) = await CommandProcess.RunAsync(_work.Path, "journal", "export", "--help");
        Assert.Equal(0, code);
        Assert.Contains("--state-dir", output, StringComparison.Ordinal);
    }

    public void Dispose() => _work.Dispose();
}
