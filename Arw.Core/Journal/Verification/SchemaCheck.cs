using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Arw.Core.Journal.Verification;

/// <summary>Holds a file's tables, indexes and migrations to those of a journal: an added trigger or a changed column would act at the next start.</summary>
internal static partial class SchemaCheck
{
    private static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Expected = new(StringComparer.Ordinal);

    /// <exception cref="SqliteException">The file cannot be read.</exception>
    public static void Run(SqliteConnection connection, FaultList faults)
    {
        if (Scalar(connection, "PRAGMA encoding") is not "UTF-8")
        {
            faults.Add(FaultKind.Schema, null, "The texts of the file are not marked as UTF-8.");
        }

        var found = Objects(connection);
        if (!found.ContainsKey("table events") || !found.ContainsKey("table __EFMigrationsHistory"))
        {
            faults.Add(FaultKind.Schema, null, "The file is a database, but not a journal: it has no table of events.");
            return;
        }

        if (Applied(connection, faults) is not { } migration)
        {
            return;
        }

        var expected = Expected.GetOrAdd(migration, Migrated);
        foreach (var (name, sql) in expected)
        {
            if (!found.TryGetValue(name, out var actual))
            {
                faults.Add(FaultKind.Schema, null, $"The {name} is missing.");
            }
            else if (actual != sql)
            {
                faults.Add(FaultKind.Schema, null, $"The {name} is not defined as a journal's.");
            }
        }

        foreach (var name in found.Keys.Except(expected.Keys, StringComparer.Ordinal))
        {
            faults.Add(FaultKind.Schema, null, $"There is a {name}, which no journal has.");
        }
    }

    // The newest migration that was applied, when all of them are known, in order and complete.
    private static string? Applied(SqliteConnection connection, FaultList faults)
    {
        using var context = Context(connection);
        var known = context.Database.GetMigrations().ToList();
        var applied = new List<string>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT MigrationId, ProductVersion, typeof(MigrationId) || typeof(ProductVersion) FROM __EFMigrationsHistory ORDER BY MigrationId";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            applied.Add(rows.GetString(0));
            if (rows.GetString(2) != "texttext" || !Version().IsMatch(rows.GetString(1)))
            {
                faults.Add(FaultKind.Schema, null, $"Migration {applied[^1]} is noted by an unknown program.");
            }
        }

        if (applied.Count > 0 && applied.SequenceEqual(known.Take(applied.Count)))
        {
            return applied[^1];
        }

        var stranger = applied.Find(a => !known.Contains(a));
        faults.Add(FaultKind.Schema, null, stranger is null ? "A migration is missing." : $"Migration \"{stranger}\" is not known here: the journal is of a newer program, or was changed.");
        return null;
    }

    private static IReadOnlyDictionary<string, string> Migrated(string migration)
    {
        using var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        using var context = Context(connection);
        context.GetService<IMigrator>().Migrate(migration);
        return Objects(connection);
    }

    private static Dictionary<string, string> Objects(SqliteConnection connection)
    {
        var objects = new Dictionary<string, string>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        // ANALYZE may have been run by hand; its tables change nothing.
        command.CommandText = "SELECT type || ' ' || name, ifnull(tbl_name, '') || ': ' || ifnull(sql, '') || typeof(type) || typeof(name) || typeof(tbl_name) || typeof(sql) FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\'";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            objects[rows.IsDBNull(0) ? "nameless thing" : rows.GetString(0)] = rows.GetString(1);
        }

        return objects;
    }

    private static JournalContext Context(SqliteConnection connection) =>
        new(new DbContextOptionsBuilder<JournalContext>().UseSqlite(connection).Options);

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // a constant
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    [GeneratedRegex(@"^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Version();
}
