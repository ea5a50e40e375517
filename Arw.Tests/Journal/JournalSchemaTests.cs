using Arw.Core.Journal;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Arw.Tests.Journal;

public class JournalSchemaTests
{
    [Fact]
    public void Newest_IsTheLastMigration_AndTheModelHasNoOther()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        using var context = new JournalContext(new DbContextOptionsBuilder<JournalContext>().UseSqlite(connection).Options);

        Assert.Equal(JournalSchema.Newest, context.Database.GetMigrations().Last());
        Assert.False(context.Database.HasPendingModelChanges());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("DELETE FROM __EFMigrationsHistory; DROP TABLE events; DROP TABLE archived; DROP TABLE cuts; DROP TABLE segments")]
    [InlineData("DELETE FROM __EFMigrationsHistory; DROP TABLE events; DROP TABLE archived; DROP TABLE cuts; DROP TABLE segments; CREATE TABLE IF NOT EXISTS __EFMigrationsLock (Id INTEGER PRIMARY KEY, Timestamp TEXT NOT NULL); INSERT INTO __EFMigrationsLock VALUES (1, '2026-11-25')")]
    public void Ensure_OfAFileThatIsNotUpToDate_MigratesIt(string? before)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        if (before is not null)
        {
            JournalSchema.Ensure(connection);
            Run(connection, before);
        }

        JournalSchema.Ensure(connection);

        Assert.Equal(0L, Run(connection, "SELECT count(*) FROM events"));
        Assert.Equal(JournalSchema.Newest, Run(connection, "SELECT max(MigrationId) FROM __EFMigrationsHistory"));
    }

    [Fact]
    public void Ensure_OfAFileThatIsUpToDate_LeavesItAlone()
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        JournalSchema.Ensure(connection);
        var before = Run(connection, "PRAGMA schema_version");

        JournalSchema.Ensure(connection);

        Assert.Equal(before, Run(connection, "PRAGMA schema_version"));
    }

    private static object? Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // constants of this test
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }
}
