using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Arw.Core.Notes;
using Arw.Core.Primitives;
using Arw.Core.Projects;
using Arw.Tests.Actions;

namespace Arw.Tests.Notes;

public sealed class AppendNoteTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly ProjectFiles _files;
    private readonly AppendNote _append;

    public AppendNoteTests()
    {
        _files = new ProjectFiles(_data.Path);
        _append = new AppendNote(_files);
    }

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task Append_Twice_WithOneActionId_AddsOnce()
    {
        var run = new FakeRun();
        Assert.True((await Run(run, """{"text":"first"}""")).Ok);
        Assert.True((bool)(await Run(run, """{"text":"first"}""")).Value!["already"]!);
        Assert.Equal("<!-- note 01K0000000000000000000TEST -->\nfirst\n", Content());
        Assert.Equal("notes.append project://notes/notes.md", run.Demands[0].ToString());
        Assert.True(ArwJson.FromUtf8<NoteAppended>(run.Written[1].Payload.Span).Already);
    }

    [Fact]
    public async Task Append_ExistingNotes_KeepsThem()
    {
        _files.Write("demo", ProjectPath.Parse(AppendNote.DefaultPath).Value, "# Mine"u8, null);
        await Run(new FakeRun(), """{"text":"<!-- note X -->"}""");
        Assert.Equal("# Mine\n\n<!-- note 01K0000000000000000000TEST -->\n&lt;!-- note X -->\n", Content());
    }

    [Theory]
    [InlineData("""{"text":"x","path":"project://src/main.md"}""")]
    [InlineData("""{"text":"x","path":"project://notes/run.sh"}""")]
    [InlineData("""{"text":"x","path":"project://notes/../a.md"}""")]
    [InlineData("""{"text":"  "}""")]
    public void Needs_NoNote_IsRefused(string input) =>
        Assert.Equal("invalid_input", _append.Needs(JsonElement.Parse(input), new FakeRun().Context).Refusal!.Code);

    private string Content() => Encoding.UTF8.GetString(_files.Read("demo", ProjectPath.Parse(AppendNote.DefaultPath).Value).Value.Bytes);

    private Task<Result<JsonNode?>> Run(FakeRun run, string input) => _append.RunAsync(JsonElement.Parse(input), run, CancellationToken.None);
}
