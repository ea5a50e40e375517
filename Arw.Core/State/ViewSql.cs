using Microsoft.Data.Sqlite;

namespace Arw.Core.State;

/// <summary>How the tables of read models are named and filled in the cache.</summary>
internal static class ViewSql
{
    /// <summary>The table of a model's rows, quoted.</summary>
    public static string Table(string modelId) => $"\"v_{modelId}\"";

    /// <summary>The full-text index of a searchable model, quoted.</summary>
    public static string Search(string modelId) => $"\"f_{modelId}\"";

    /// <summary>A value as it is stored, and compared with.</summary>
    public static object Stored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.ToUnixTimeMilliseconds(),
        bool flag => flag ? 1 : 0,
        _ => value,
    };

    /// <summary>Gives a command its text.</summary>
    public static void Set(SqliteCommand command, string sql)
    {
#pragma warning disable CA2100 // table and column names come from registered models, values are parameters
        command.CommandText = sql;
#pragma warning restore CA2100
    }
}
