using System.IO.Compression;
using Arw.Core.Journal;
using Arw.Core.Journal.Verification;
using Arw.Tests.Http;
using Arw.Tests.Journal.Archive;
using Arw.Web.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Tests.Journal.Recorded;

/// <summary>Journals as every released schema left them, recorded by <c>record.sh</c>: today's program opens, migrates, verifies and folds each.</summary>
public sealed class RecordedJournalsTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Journal", "Recorded");

    public static TheoryData<string> Recorded() => [.. Directory.GetFiles(Folder, "*.zip").Select(f => Path.GetFileNameWithoutExtension(f)!).Order()];

    [Fact]
    public void Recorded_Journals_ThereIsOneForEveryMigration()
    {
        using var context = new JournalContext(JournalContext.OptionsFor("Data Source=:memory:"));
        Assert.Equal(context.Database.GetMigrations(), Directory.GetFiles(Folder, "*.zip").Select(f => Path.GetFileNameWithoutExtension(f)).Order());
    }

    [Theory]
    [MemberData(nameof(Recorded))]
    public async Task Recorded_Journal_IsReadAsItIsThenMigratedVerifiedAndFolded(string migration)
    {
        using var folder = new TempFolder();
        ZipFile.ExtractToDirectory(Path.Combine(Folder, migration + ".zip"), folder.Path);
        var options = new JournalOptions { DataDir = folder.Path };
        var recorded = new JournalVerifier(options).Run();
        ArchivedJournal.AssertHolds(recorded);
        Assert.True(recorded.Events > 100);

        var home = new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, StateDir = folder.Path, AdminToken = TestHome.OwnerToken };
        await using (var host = await ArwHost.StartAsync(home))
        {
            Assert.Null(host.Services.GetRequiredService<Core.State.StateHost>().Fault);
            Assert.NotNull(host.Services.GetRequiredService<Core.Projects.ProjectsModel>().Find("recorded"));
            Assert.Single(host.Services.GetRequiredService<Core.Erasure.ErasuresModel>().Current.Items);
        }

        using (var file = Core.Journal.Inspection.JournalFile.Open(options).Value)
        {
            Assert.Equal(recorded.HeadHash, Convert.ToHexStringLower(file.HashOf(recorded.Head)!));
        }

        var migrated = new JournalVerifier(options).Run();
        ArchivedJournal.AssertHolds(migrated);
        Assert.True(migrated.Head > recorded.Head);
    }
}
