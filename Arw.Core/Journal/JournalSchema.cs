using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace Arw.Core.Journal;

/// <summary>Brings a journal file to the newest schema. EF Core owns schema and migrations, but waking it takes a third of a whole start: a file that is up to date is recognised without it.</summary>
internal static class JournalSchema
{
    /// <summary>Id of the newest migration; a test holds it to EF Core's own list.</summary>
    public const string Newest = "20261129103000_Archive";

    /// <summary>Migrates where needed.</summary>
    /// <param name="connection">An open connection that may write.</param>
    public static void Ensure(SqliteConnection connection)
    {
        if (Applied(connection) == Newest)
        {
            return;
        }

        Unlock(connection);
        using var context = new JournalContext(new DbContextOptionsBuilder<JournalContext>().UseSqlite(connection).Options);
        context.Database.Migrate();
    }

    // EF Core takes a lock by a row, which a process that is killed while it migrates leaves behind, and then waits for it without end. The data
    // folder has one home only, so whoever comes here may throw it away.
    private static void Unlock(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TABLE IF EXISTS __EFMigrationsLock";
        command.ExecuteNonQuery();
    }

    private static string? Applied(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM sqlite_master WHERE name = '__EFMigrationsHistory'";
        if (command.ExecuteScalar() is not > 0L)
        {
            return null;
        }

        command.CommandText = "SELECT max(MigrationId) FROM __EFMigrationsHistory";
        return command.ExecuteScalar() as string;
    }
}
