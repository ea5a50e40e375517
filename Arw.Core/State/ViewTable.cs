using System.Globalization;
using System.Text;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.State;

/// <summary>The stored rows of a table model.</summary>
public abstract class ViewTable
{
    /// <summary>Rows that match, in order, as the JSON that is stored.</summary>
    public abstract IReadOnlyList<byte[]> QueryJson(TableQuery query);

    /// <summary>Rows that match, in order, with the version of the table that they are.</summary>
    public abstract TablePage ReadPage(TableQuery query);

    /// <summary>The row of that key as JSON, or null.</summary>
    public abstract byte[]? FindJson(string key);

    /// <summary>Keys changed since the last flush.</summary>
    internal abstract IReadOnlyCollection<string> Flush();

    internal abstract void Discard();

    internal abstract void Create();

    internal abstract void Drop();

    /// <summary>Fills the empty table with the rows of the same one in an attached database.</summary>
    internal abstract string CopySql(string database);

    internal abstract string SchemaText { get; }
}

/// <inheritdoc cref="ViewTable"/>
/// <typeparam name="TRow">Row type.</typeparam>
public sealed class ViewTable<TRow> : ViewTable
    where TRow : class
{
    private readonly TableModel<TRow> _model;
    private readonly ViewsDatabase _database;
    private readonly string _table;
    private readonly string _search;
    private readonly string _vocabulary;
    private readonly TableWrites<TRow> _writing;

    internal ViewTable(TableModel<TRow> model, ViewsDatabase database)
    {
        (_model, _database) = (model, database);
        _table = ViewSql.Table(model.Id);
        _search = ViewSql.Search(model.Id);
        _vocabulary = $"\"w_{model.Id}\"";
        _writing = new TableWrites<TRow>(model, database);
    }

    /// <summary>Rows as the folding task sees them, uncommitted ones included.</summary>
    internal IRowSet<TRow> Writing => _writing;

    internal override string SchemaText => $"{_model.SchemaVersion}:{string.Join(',', _model.ColumnNames)}:{_model.Searchable}";

    /// <summary>The row of that key, or null.</summary>
    public TRow? Find(string key) => FindJson(key) is { } row ? ArwJson.FromUtf8<TRow>(row) : null;

    /// <inheritdoc/>
    public override byte[]? FindJson(string key) => _database.Read(c => FindBytes(c, key));

    /// <summary>Rows that match, in order.</summary>
    public IReadOnlyList<TRow> Query(TableQuery query) => [.. QueryJson(query).Select(row => ArwJson.FromUtf8<TRow>(row))];

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]> QueryJson(TableQuery query) => _database.Read(c =>
    {
        using var command = Build(c, "row", query, paged: true);
        using var reader = command.ExecuteReader();
        var rows = new List<byte[]>();
        while (reader.Read())
        {
            rows.Add((byte[])reader[0]);
        }

        return rows;
    });

    /// <inheritdoc/>
    public override TablePage ReadPage(TableQuery query) => _database.Read(c =>
    {
        // Version and rows are committed together, so one read transaction sees them together.
        using var transaction = c.BeginTransaction(deferred: true);
        using var version = c.CreateCommand();
        version.CommandText = "SELECT version FROM models WHERE id = $id AND schema = $schema";
        version.Parameters.AddWithValue("$id", _model.Id);
        version.Parameters.AddWithValue("$schema", SchemaText);
        var at = version.ExecuteScalar() as long? ?? 0;
        using var command = Build(c, "key, row", query, paged: true);
        using var reader = command.ExecuteReader();
        var rows = new List<StoredRow>();
        while (reader.Read())
        {
            rows.Add(new StoredRow(reader.GetString(0), (byte[])reader[1]));
        }

        return new TablePage(at, rows);
    });

    /// <summary>How many rows match; limit and offset are ignored.</summary>
    public int Count(TableQuery query) => _database.Read(c =>
    {
        using var command = Build(c, "count(*)", query, paged: false);
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    });

    /// <summary>Sum of a column of numbers over the rows that match; limit and offset are ignored. 0 when none does.</summary>
    public long Sum(string column, TableQuery query) => _database.Read(c =>
    {
        using var command = Build(c, $"total({ColumnSql(column)})", query, paged: false);
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    });

    /// <summary>Rows in which any of the words occurs as a whole word, best first. Bounded work, however common the words: see <see cref="RankedSearch"/>.</summary>
    /// <param name="words">Lower-case words; at most 24 are used.</param>
    /// <param name="where">Conditions that must hold.</param>
    /// <param name="limit">Most rows to return.</param>
    public IReadOnlyList<Ranked<TRow>> Best(IReadOnlyCollection<string> words, IReadOnlyList<Condition> where, int limit) => _database.Read(c =>
    {
        var rows = new List<Ranked<TRow>>();
        using var command = c.CreateCommand();
        if (RankedSearch.Plan(c, _search, _vocabulary, words, command) is { } plan)
        {
            var clauses = Clauses(command, where);
            var filter = clauses.Count == 0 ? "" : $"WHERE {string.Join(" AND ", clauses)} ";
            ViewSql.Set(command, $"SELECT row, rank FROM ({plan}) CROSS JOIN {_table} ON id = hit {filter}ORDER BY rank DESC, id DESC LIMIT {limit}");
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                rows.Add(new(ArwJson.FromUtf8<TRow>((byte[])reader[0]), reader.GetDouble(1)));
            }
        }

        return rows;
    });

    internal override void Create()
    {
        var columns = string.Concat(_model.ColumnNames.Select(n => $", \"c_{n}\""));
        var sql = new StringBuilder($"CREATE TABLE IF NOT EXISTS {_table} (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, row BLOB NOT NULL{columns});");
        foreach (var name in _model.ColumnNames)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE INDEX IF NOT EXISTS \"i_{_model.Id}_{name}\" ON {_table} (\"c_{name}\");");
        }

        if (_model.Searchable)
        {
            sql.Append(CultureInfo.InvariantCulture, $"CREATE VIRTUAL TABLE IF NOT EXISTS {_search} USING fts5(text); CREATE VIRTUAL TABLE IF NOT EXISTS {_vocabulary} USING fts5vocab({_search}, 'row');");
        }

        _database.Execute(sql.ToString());
    }

    // Named as the cache's own: another database may be attached that has tables of these names.
    internal override void Drop() => _database.Execute($"DROP TABLE IF EXISTS main.{_table}; DROP TABLE IF EXISTS main.{_vocabulary}; DROP TABLE IF EXISTS main.{_search};");

    internal override string CopySql(string database) => $"INSERT INTO main.{_table} SELECT * FROM {database}.{_table};"
        + (_model.Searchable ? $" INSERT INTO main.{_search} (rowid, text) SELECT rowid, text FROM {database}.{_search};" : "");

    internal override void Discard() => _writing.Clear();

    internal override IReadOnlyCollection<string> Flush() => _writing.Flush();

    private byte[]? FindBytes(SqliteConnection connection, string key)
    {
        using var command = connection.CreateCommand();
        ViewSql.Set(command, $"SELECT row FROM {_table} WHERE key = $key");
        command.Parameters.AddWithValue("$key", key);
        return command.ExecuteScalar() as byte[];
    }

    private SqliteCommand Build(SqliteConnection connection, string what, TableQuery query, bool paged)
    {
        var command = connection.CreateCommand();
        var sql = new StringBuilder($"SELECT {what} FROM {_table}");
        var clauses = Clauses(command, query.Where);
        if (FtsQuery(query.Search) is { } match)
        {
            clauses.Add($"id IN (SELECT rowid FROM {_search} WHERE {_search} MATCH {Parameter(command, match)})");
        }

        if (clauses.Count > 0)
        {
            sql.Append(" WHERE ").AppendJoin(" AND ", clauses);
        }

        if (paged)
        {
            var direction = query.Descending ? "DESC" : "ASC";
            sql.Append(" ORDER BY ");
            if (query.OrderBy is { } order)
            {
                sql.Append(CultureInfo.InvariantCulture, $"{ColumnSql(order)} {direction}, ");
            }

            sql.Append(CultureInfo.InvariantCulture, $"key {direction} LIMIT {query.Limit} OFFSET {query.Offset}");
        }

        ViewSql.Set(command, sql.ToString());
        return command;
    }

    private List<string> Clauses(SqliteCommand command, IReadOnlyList<Condition> where)
    {
        var clauses = new List<string>();
        foreach (var (column, op, value) in where)
        {
            var c = ColumnSql(column);
            clauses.Add(op switch
            {
                Op.Equal => $"{c} IS {Parameter(command, value)}",
                Op.NotEqual => $"{c} IS NOT {Parameter(command, value)}",
                Op.AtLeast => $"{c} >= {Parameter(command, value)}",
                Op.Less => $"{c} < {Parameter(command, value)}",
                Op.Prefix => $"({c} >= {Parameter(command, value)} AND {c} < {Parameter(command, (string)value! + '\uffff')})",
                Op.In => $"{c} IN ({string.Join(',', ((System.Collections.IEnumerable)value!).Cast<object?>().Select(v => Parameter(command, v)))})",
                _ => throw new ArgumentOutOfRangeException(nameof(where), op, "Unknown operator."),
            });
        }

        return clauses;
    }

    private static string Parameter(SqliteCommand command, object? value)
    {
        var name = $"$p{command.Parameters.Count}";
        command.Parameters.AddWithValue(name, ViewSql.Stored(value));
        return name;
    }

    private string ColumnSql(string column) => column == "key"
        ? "key"
        : _model.ColumnNames.Contains(column)
            ? $"\"c_{column}\""
            : throw new ArgumentException($"The read model \"{_model.Id}\" has no column \"{column}\".", nameof(column));

    // Every word becomes a quoted prefix term, so that no user input is FTS syntax.
    private static string? FtsQuery(string? search)
    {
        var words = (search ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words.Length == 0 ? null : string.Join(' ', words.Select(w => $"\"{w.Replace("\"", "\"\"", StringComparison.Ordinal)}\"*"));
    }
}
