using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Archives;
using Arw.Core.Files;
using Arw.Core.Projects;
using Arw.Tests.Actions;
using Microsoft.Extensions.DependencyInjection;
using static Arw.Tests.Archives.Forge;

namespace Arw.Tests.Archives;

public sealed class UnpackArchiveTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly KernelFixture _kernel;

    public UnpackArchiveTests() => _kernel = new KernelFixture(services => services.AddArwProjects(_folder.Path).AddArwFiles().AddArwArchives(_folder.Path));

    private string Project => Path.Combine(_folder.Path, "projects", "demo");

    public async Task InitializeAsync()
    {
        await _kernel.StartAsync();
        await _kernel.SubmitAsync("policy.posture.set", new JsonObject { ["posture"] = "relaxed" });
        Directory.CreateDirectory(Project);
    }

    public async Task DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Unpack_SoundArchive_AdmitsItsFilesAsWritesOfTheProject()
    {
        Put("a.zip", Zip(new ZipEntrySpec("x.txt", "hello"u8.ToArray()), new ZipEntrySpec("d/y.txt", "there"u8.ToArray())));
        var row = await UnpackAsync("project://out");
        Assert.True(row.State == ActionState.Completed, row.Error?.Message);
        Assert.Equal("there", System.IO.File.ReadAllText(Path.Combine(Project, "out", "d", "y.txt")));
        Assert.Equal(["project://out/x.txt", "project://out/d/y.txt"], _kernel.Journal.Read(0).Where(FileEvents.Written.Is).Select(e => FileEvents.Written.Read(e).Path));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "quarantine")));
    }

    [Fact]
    public async Task Unpack_HostileArchive_FailsWithItsReasonAndAdmitsNothing()
    {
        Put("a.zip", Zip(new ZipEntrySpec("x.txt", "hello"u8.ToArray()), new ZipEntrySpec("../../journal.db", "gone"u8.ToArray())));
        var row = await UnpackAsync("project://out");
        Assert.Equal("archive_path", row.Error!.Code);
        Assert.Equal(["a.zip"], Directory.EnumerateFileSystemEntries(Project).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "quarantine")));
    }

    [Fact]
    public async Task Unpack_OverOtherFiles_NeedsToBeAskedFor()
    {
        Put("a.zip", Zip(new ZipEntrySpec("new.txt", "1"u8.ToArray()), new ZipEntrySpec("x.txt", "2"u8.ToArray())));
        Directory.CreateDirectory(Path.Combine(Project, "out"));
        Put("out/x.txt", "mine"u8.ToArray());
        Assert.Equal("conflict", (await UnpackAsync("project://out")).Error!.Code);
        Assert.False(System.IO.File.Exists(Path.Combine(Project, "out", "new.txt")));
        Assert.Equal(ActionState.Completed, (await UnpackAsync("project://out", replace: true)).State);
        Assert.Equal("2", System.IO.File.ReadAllText(Path.Combine(Project, "out", "x.txt")));
    }

    [Fact]
    public async Task Unpack_WithoutALease_AsksForTheWholeFolder()
    {
        await _kernel.SubmitAsync("policy.posture.set", new JsonObject { ["posture"] = "standard" });
        var request = new SubmitRequest("archive.unpack", new JsonObject { ["path"] = "project://a.zip", ["to"] = "project://out" }) { Project = "demo", OnNeedsLease = OnNeedsLease.Refuse };
        var result = await _kernel.Actions.SubmitAsync(request, KernelFixture.Agent);
        Assert.Equal("needs_lease", result.Refusal!.Code);
        Assert.Equal(["file.write project://out/**"], ((Core.Policy.DecisionReport)result.Refusal.Details!).Suggested);
    }

    private void Put(string name, byte[] bytes) => System.IO.File.WriteAllBytes(Path.Combine(Project, name), bytes);

    private async Task<ActionRow> UnpackAsync(string to, bool replace = false)
    {
        var outcome = await _kernel.SubmitAsync("archive.unpack", new JsonObject { ["path"] = "project://a.zip", ["to"] = to, ["replace"] = replace });
        return await _kernel.EndOf(outcome.Id);
    }
}
