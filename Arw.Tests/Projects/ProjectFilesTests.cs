using System.Text;
using Arw.Core.Primitives;
using Arw.Core.Projects;

namespace Arw.Tests.Projects;

public sealed class ProjectFilesTests : IDisposable
{
    private readonly TempFolder _data = new();
    private readonly ProjectFiles _files;

    public ProjectFilesTests() => _files = new ProjectFiles(_data.Path);

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Write_NewFile_IsReadBack()
    {
        Assert.True(Write("project://a/b/c.md", "hello", null).Ok);
        var content = _files.Read("demo", At("project://a/b/c.md")).Value;
        Assert.Equal("hello", Encoding.UTF8.GetString(content.Bytes));
        Assert.Equal(Digest.Of("hello"), content.Digest);
        Assert.Equal(["c.md"], Directory.GetFiles(_data.File("projects/demo/a/b")).Select(Path.GetFileName));
    }

    [Fact]
    public void Write_OtherContentThere_IsConflict()
    {
        Write("project://a.md", "one", null);
        Assert.Equal("conflict", Write("project://a.md", "two", null).Refusal!.Code);
        Assert.Equal("conflict", Write("project://a.md", "two", Digest.Of("zero")).Refusal!.Code);
        Assert.True(Write("project://a.md", "two", Digest.Of("one")).Ok);
    }

    [Fact]
    public void Write_TemporaryOfKilledProcess_IsReplacedAndNeverShown()
    {
        Write("project://a.md", "one", null);
        var folder = _data.File("projects/demo");
        var left = Path.Combine(folder, ".arw-tmp-" + Digest.Of("a.md")[7..39]);
        File.WriteAllText(left, "half of tw");
        Assert.Equal(["project://a.md"], Listed("project://"));
        Assert.Equal("one", Encoding.UTF8.GetString(_files.Read("demo", At("project://a.md")).Value.Bytes));
        Assert.True(Write("project://a.md", "two", Digest.Of("one")).Ok);
        Assert.False(File.Exists(left));
    }

    [Fact]
    public void Read_Missing_IsNotFound()
    {
        Assert.Equal("not_found", _files.Read("demo", At("project://no.md")).Refusal!.Code);
        Assert.Equal("not_found", _files.Read("demo", At("project://no/where.md")).Refusal!.Code);
        Assert.Null(_files.ReadWhole("demo", At("project://no.md")).Value);
    }

    [Fact]
    public void Read_SmallLimit_TruncatesButDigestsAll()
    {
        Write("project://a.md", "0123456789", null);
        var content = _files.Read("demo", At("project://a.md"), 4).Value;
        Assert.Equal("0123", Encoding.UTF8.GetString(content.Bytes));
        Assert.True(content.Truncated);
        Assert.Equal(Digest.Of("0123456789"), content.Digest);
    }

    [Fact]
    public void Write_TooLarge_IsRefused() =>
        Assert.Equal("too_large", _files.Write("demo", At("project://big"), new byte[ProjectFiles.MaxBytes + 1], null).Refusal!.Code);

    [Fact]
    public void Read_FolderOrPipe_IsRefused()
    {
        Write("project://a/b.md", "x", null);
        Assert.False(_files.Read("demo", At("project://a")).Ok);
        Assert.False(_files.Read("demo", At("project://a/b.md/c")).Ok);
        using var made = System.Diagnostics.Process.Start("mkfifo", _data.File("projects/demo/pipe"));
        made.WaitForExit();
        Assert.Equal("invalid_input", _files.Read("demo", At("project://pipe")).Refusal!.Code);
    }

    [Fact]
    public void Link_FileFolderOrParent_IsNeverFollowed()
    {
        var outside = _data.File("outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "secret"), "s3cret");
        Write("project://real/a.md", "x", null);
        File.CreateSymbolicLink(_data.File("projects/demo/file"), Path.Combine(outside, "secret"));
        Directory.CreateSymbolicLink(_data.File("projects/demo/folder"), outside);
        Directory.CreateSymbolicLink(_data.File("projects/demo/inner"), _data.File("projects/demo/real"));
        Directory.CreateSymbolicLink(_data.File("projects/linked"), outside);

        foreach (var uri in new[] { "project://file", "project://folder/secret", "project://inner/a.md" })
        {
            Assert.Equal("forbidden", _files.Read("demo", At(uri)).Refusal!.Code);
            Assert.Equal("forbidden", Write(uri, "owned", null).Refusal!.Code);
        }

        Assert.Equal("forbidden", _files.Read("linked", At("project://secret")).Refusal!.Code);
        Assert.Equal("forbidden", Write("project://folder/new", "owned", null).Refusal!.Code);
        Assert.Equal(["project://real", "project://real/a.md"], Listed("project://**"));
        Assert.Equal("forbidden", _files.List("demo", ProjectGlob.Parse("project://folder").Value).Refusal!.Code);
        Assert.Equal(["secret"], Directory.GetFileSystemEntries(outside).Select(Path.GetFileName));
        Assert.Equal("s3cret", File.ReadAllText(Path.Combine(outside, "secret")));
    }

    [Fact]
    public async Task Link_SwappedInWhileWorking_NeverReachesOutside()
    {
        var outside = _data.File("outside");
        Directory.CreateDirectory(outside);
        File.WriteAllText(Path.Combine(outside, "a.md"), "s3cret");
        Write("project://d/a.md", "inside", null);
        var folder = _data.File("projects/demo/d");
        var aside = _data.File("projects/demo/aside");
        using var done = new CancellationTokenSource();
        var swapping = Task.Run(() =>
        {
            // A write in between may make the folder anew, so every move is an attempt; nothing is deleted but the link.
            for (var n = 0; !done.IsCancellationRequested; n++)
            {
                Attempt(() => Directory.Move(folder, aside));
                Attempt(() => Directory.CreateSymbolicLink(folder, outside));
                if (new FileInfo(folder).LinkTarget is not null)
                {
                    Attempt(() => File.Delete(folder));
                }

                var anew = _data.File($"projects/demo/anew-{n}");
                Attempt(() => Directory.Move(folder, anew));
                Attempt(() => Directory.Move(aside, folder));
            }
        });

        var answers = new HashSet<string>();
        for (var i = 0; i < 3000; i++)
        {
            var read = _files.Read("demo", At("project://d/a.md"));
            answers.Add(read.Ok ? Encoding.UTF8.GetString(read.Value.Bytes) : read.Refusal!.Code);
            if (read.Ok)
            {
                _ = Write("project://d/a.md", "inside", read.Value.Digest);
            }
        }

        await done.CancelAsync();
        await swapping;
        Assert.Contains("inside", answers);
        Assert.DoesNotContain("s3cret", answers);
        Assert.Equal("s3cret", File.ReadAllText(Path.Combine(outside, "a.md")));
        Assert.Single(Directory.GetFileSystemEntries(outside));
    }

    private static void Attempt(Action move)
    {
        try
        {
            move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The other side was faster.
        }
    }

    [Fact]
    public void PortableFolder_Link_IsRefused()
    {
        Directory.CreateDirectory(_data.File("p/real"));
        File.WriteAllText(_data.File("p/real/a.md"), "x");
        Directory.CreateSymbolicLink(_data.File("p/link"), _data.File("p/real"));
        File.CreateSymbolicLink(_data.File("p/file"), _data.File("p/real/a.md"));
        using var folder = new PortableFolder(_data.File("p"));
        Assert.Equal("forbidden", folder.Enter("link", create: true).Refusal!.Code);
        Assert.Equal("forbidden", folder.OpenRead("file").Refusal!.Code);
        Assert.Null(folder.OpenRead("none").Value);
        using var real = folder.Enter("real", create: false).Value!;
        using var stream = real.OpenRead("a.md").Value!;
        Assert.Equal('x', stream.ReadByte());
    }

    [Fact]
    public void List_NewProject_IsEmpty() => Assert.Empty(Listed("project://"));

    [Fact]
    public void List_Folder_ShowsItsEntriesOnly()
    {
        Write("project://feeds/a.xml", "<a/>", null);
        Write("project://feeds/old/b.xml", "<b/>", null);
        Assert.Equal(["project://feeds/a.xml", "project://feeds/old"], Listed("project://feeds"));
        Assert.Equal(["project://feeds/a.xml", "project://feeds/old/b.xml"], Listed("project://feeds/**/*.xml"));
    }

    private IEnumerable<string> Listed(string glob) =>
        _files.List("demo", ProjectGlob.Parse(glob).Value).Value.Entries.Select(e => e.Path);

    private static ProjectPath At(string uri) => ProjectPath.Parse(uri).Value;

    private Result<Done> Write(string uri, string content, string? expected) =>
        _files.Write("demo", At(uri), Encoding.UTF8.GetBytes(content), expected);
}
