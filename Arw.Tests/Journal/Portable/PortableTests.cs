using System.IO.Compression;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.Journal.Portable;
using Arw.Core.Journal.Verification;
using Arw.Tests.Journal.Verification;
using Microsoft.EntityFrameworkCore;

namespace Arw.Tests.Journal.Portable;

public sealed class PortableTests : IDisposable
{
    private readonly TempFolder _work = new();

    private string File => _work.File("journal.ndjson.gz");

    private JournalOptions Target => new() { DataDir = _work.File("restored") };

    [Fact]
    public async Task Import_OfAnExport_RestoresEveryColumnBitForBit()
    {
        using var journal = await RecordedJournal.MakeAsync(120);
        var exported = Export(journal).Value;
        var imported = (await ImportAsync()).Value;

        Assert.Equal(exported, imported);
        Assert.Equal((120, 6), (imported.Events, imported.Blobs));
        Assert.Equal(Rows(journal.Options), Rows(Target));
        Assert.Equal(
            journal.BlobFiles().Select(b => Path.GetRelativePath(journal.Options.BlobsPath, b)).Order(),
            Directory.GetFiles(Target.BlobsPath, "*", SearchOption.AllDirectories).Select(b => Path.GetRelativePath(Target.BlobsPath, b)).Order());
        var report = new JournalVerifier(Target).Run();
        Assert.True(report.Holds, string.Join('\n', report.Faults));
        Assert.Equal(journal.Verify().HeadHash, report.HeadHash);
    }

    [Fact]
    public async Task Import_ThenAppend_GoesOnWithTheChain()
    {
        using var journal = await RecordedJournal.MakeAsync(25);
        Export(journal);
        await ImportAsync();
        await using (var f = new JournalFixture(_ => Target))
        {
            Assert.Equal(26, (await f.Journal.AppendAsync(JournalFixture.Draft())).FirstSeq);
        }

        Assert.Equal(26, new JournalVerifier(Target).Run().Events);
        Assert.True(new JournalVerifier(Target).Run().Holds);
    }

    [Fact]
    public async Task Import_OfAnEmptyJournal_IsEmpty()
    {
        using var journal = await RecordedJournal.MakeAsync(0);
        Assert.Equal(0, Export(journal).Value.Events);
        Assert.Equal(0, (await ImportAsync()).Value.Events);
        Assert.True(new JournalVerifier(Target).Run().Holds);
    }

    [Theory]
    [InlineData("\"actor\":\"agent:tester\"", "\"actor\":\"agent:nobody\"")]
    [InlineData("\"n\":7,", "\"n\":8,")]
    [InlineData("\"seq\":7,", "\"seq\":8,")]
    [InlineData("\"data\":\"", "\"data\":\"AAAA")]
    [InlineData("{\"blob\":\"sha256:", "{\"blob\":\"sha256:/")]
    [InlineData("\"payload_bytes\":", "\"payload_size\":")]
    [InlineData("{\"arw_journal\":1", "{\"arw_journal\":2")]
    [InlineData("{\"arw_journal\":1", "{\"some_journal\":1")]
    [InlineData("{\"seq\":30,", "[{\"seq\":30,")]
    public async Task Import_OfAChangedFile_IsRefusedAndWritesNothing(string what, string by)
    {
        using var journal = await RecordedJournal.MakeAsync(30);
        Export(journal);
        var text = Unpacked();
        var at = text.IndexOf(what, StringComparison.Ordinal);
        Assert.True(at >= 0);
        Pack(text[..at] + by + text[(at + what.Length)..]);
        await AssertRefusedAsync("export_damaged");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20)]
    [InlineData(31)]
    public async Task Import_OfAFileThatWasCutShort_IsRefusedAndWritesNothing(int lines)
    {
        using var journal = await RecordedJournal.MakeAsync(30);
        Export(journal);
        Pack(string.Concat(Unpacked().Split('\n').Take(lines).Select(l => l + "\n")));
        await AssertRefusedAsync("export_damaged");
    }

    [Fact]
    public async Task Import_OfSomethingElse_IsRefusedAndWritesNothing()
    {
        await System.IO.File.WriteAllTextAsync(File, "no gzip");
        await AssertRefusedAsync("import_failed");
    }

    [Fact]
    public async Task Import_IntoAFolderWithAJournal_IsRefusedAndChangesNothing()
    {
        using var journal = await RecordedJournal.MakeAsync(30);
        Export(journal);
        var before = await System.IO.File.ReadAllBytesAsync(journal.Options.JournalPath);
        var refusal = (await new JournalImporter(journal.Options).RunAsync(File)).Refusal!;
        Assert.Equal("conflict", refusal.Code);
        Assert.Equal(before, await System.IO.File.ReadAllBytesAsync(journal.Options.JournalPath));
    }

    [Fact]
    public async Task Export_OfADamagedJournal_IsRefusedAndLeavesNoFile()
    {
        using var journal = await RecordedJournal.MakeAsync(30);
        journal.Edit("UPDATE events SET actor = 'person:owner' WHERE seq = 12");
        var refusal = Export(journal).Refusal!;
        Assert.Equal("journal_damaged", refusal.Code);
        Assert.Contains("12", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_work.Path));
    }

    [Fact]
    public async Task Export_OverAFile_NeedsToBeTold()
    {
        using var journal = await RecordedJournal.MakeAsync(3);
        await System.IO.File.WriteAllTextAsync(File, "precious");
        Assert.Equal("conflict", Export(journal).Refusal!.Code);
        Assert.Equal("precious", await System.IO.File.ReadAllTextAsync(File));
        Assert.True(new JournalExporter(journal.Options, TimeProvider.System).Run(File, overwrite: true).Ok);
    }

    public void Dispose() => _work.Dispose();

    private static List<string> Rows(JournalOptions options)
    {
        using var context = new JournalContext(JournalContext.OptionsFor($"Data Source={options.JournalPath};Mode=ReadOnly;Pooling=False"));
        return [.. context.Events.AsNoTracking().OrderBy(r => r.Seq).AsEnumerable().Select(r => System.Text.Json.JsonSerializer.Serialize(r))];
    }

    private Core.Primitives.Result<PortableReport> Export(RecordedJournal journal) => new JournalExporter(journal.Options, TimeProvider.System).Run(File);

    private async Task<Core.Primitives.Result<PortableReport>> ImportAsync()
    {
        Directory.CreateDirectory(Target.DataDir);
        return await new JournalImporter(Target).RunAsync(File);
    }

    private async Task AssertRefusedAsync(string code)
    {
        Assert.Equal(code, (await ImportAsync()).Refusal?.Code);
        Assert.Empty(Directory.GetFileSystemEntries(Target.DataDir));
    }

    private string Unpacked()
    {
        using var zip = new GZipStream(System.IO.File.OpenRead(File), CompressionMode.Decompress);
        using var reader = new StreamReader(zip, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    private void Pack(string text)
    {
        using var zip = new GZipStream(System.IO.File.Create(File), CompressionLevel.Fastest);
        zip.Write(Encoding.UTF8.GetBytes(text));
    }
}
