using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Arw.Core.Journal.Inspection;

/// <summary>Opens a journal's database for reading only: beside a live home, after a crash, or from a medium that cannot be written. The file is not trusted.</summary>
internal static class ReadOnlyDatabase
{
    private const int CannotOpen = 14;

    // No column of a journal is longer than a payload that the home accepts; a damaged length must not allocate gigabytes.
    private const int LongestValue = 64 * 1024 * 1024;

    /// <exception cref="SqliteException">The file cannot be opened, or is no database.</exception>
    public static SqliteConnection Open(string path)
    {
        try
        {
            return Open(new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false });
        }
        catch (SqliteException e) when (e.SqliteErrorCode == CannotOpen && File.Exists(path) && !File.Exists(path + "-wal"))
        {
            // A closed journal in a folder that cannot be written: SQLite has nowhere to put its shared memory, and needs none, because nobody can write.
            return Open(new SqliteConnectionStringBuilder { DataSource = new Uri(Path.GetFullPath(path)).AbsoluteUri + "?immutable=1", Mode = SqliteOpenMode.ReadOnly, Pooling = false });
        }
    }

    private static SqliteConnection Open(SqliteConnectionStringBuilder where)
    {
        var connection = new SqliteConnection(where.ToString());
        try
        {
            connection.Open();
            raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, LongestValue);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA query_only=ON; PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; SELECT count(*) FROM sqlite_master;";
            command.ExecuteScalar();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
