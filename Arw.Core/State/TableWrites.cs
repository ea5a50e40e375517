using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.State;

/// <summary>The rows that the folding task changes, until they are flushed into its transaction.</summary>
/// <typeparam name="TRow">Row type.</typeparam>
/// <param name="model">Whose rows.</param>
/// <param name="database">Where they go.</param>
internal sealed class TableWrites<TRow>(TableModel<TRow> model, ViewsDatabase database) : IRowSet<TRow>
    where TRow : class
{
    private readonly string _table = ViewSql.Table(model.Id);
    private readonly string _search = ViewSql.Search(model.Id);
    private readonly Dictionary<string, TRow?> _dirty = new(StringComparer.Ordinal);
    private SqliteCommand? _find;
    private SqliteCommand? _put;
    private SqliteCommand? _delete;
    private SqliteCommand? _index;

    /// <inheritdoc/>
    public TRow? Find(string key)
    {
        if (_dirty.TryGetValue(key, out var row))
        {
            return row;
        }

        _find ??= Prepare($"SELECT row FROM {_table} WHERE key = $key", "$key");
        _find.Parameters[0].Value = key;
        return _find.ExecuteScalar() is byte[] bytes ? ArwJson.FromUtf8<TRow>(bytes) : null;
    }

    /// <inheritdoc/>
    public void Put(string key, TRow row) => _dirty[key] = row;

    /// <inheritdoc/>
    public void Delete(string key) => _dirty[key] = null;

    /// <summary>Forgets what was not flushed, and the statements.</summary>
    public void Clear()
    {
        _dirty.Clear();
        foreach (var command in new[] { _find, _put, _delete, _index })
        {
            command?.Dispose();
        }

        _find = _put = _delete = _index = null;
    }

    /// <summary>Writes what changed; the keys of it.</summary>
    public IReadOnlyCollection<string> Flush()
    {
        if (_dirty.Count == 0)
        {
            return [];
        }

        var keys = _dirty.Keys.ToArray();
        foreach (var (key, row) in _dirty)
        {
            if (row is null)
            {
                Remove(key);
            }
            else
            {
                Store(key, row);
            }
        }

        _dirty.Clear();
        return keys;
    }

    private void Store(string key, TRow row)
    {
        var columns = model.Columns;
        if (_put is null)
        {
            var names = columns.Select(c => $"\"c_{c.Name}\"").ToArray();
            var parameters = columns.Select((_, i) => $"$c{i}").ToArray();
            _put = Prepare(
                $"INSERT INTO {_table} (key, row{string.Concat(names.Select(n => ", " + n))}) VALUES ($key, $row{string.Concat(parameters.Select(p => ", " + p))}) "
                + $"ON CONFLICT (key) DO UPDATE SET row = excluded.row{string.Concat(names.Select(n => $", {n} = excluded.{n}"))} RETURNING id",
                ["$key", "$row", .. parameters]);
        }

        _put.Parameters[0].Value = key;
        _put.Parameters[1].Value = ArwJson.ToUtf8(row);
        for (var i = 0; i < columns.Count; i++)
        {
            _put.Parameters[i + 2].Value = ViewSql.Stored(columns[i].Value(row));
        }

        var id = _put.ExecuteScalar();
        if (model.SearchText is { } text)
        {
            _index ??= Prepare($"INSERT OR REPLACE INTO {_search} (rowid, text) VALUES ($id, $text)", "$id", "$text");
            _index.Parameters[0].Value = id;
            _index.Parameters[1].Value = text(row);
            _index.ExecuteNonQuery();
        }
    }

    private void Remove(string key)
    {
        var index = model.Searchable ? $"DELETE FROM {_search} WHERE rowid = (SELECT id FROM {_table} WHERE key = $key); " : "";
        _delete ??= Prepare($"{index}DELETE FROM {_table} WHERE key = $key", "$key");
        _delete.Parameters[0].Value = key;
        _delete.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, params string[] parameters)
    {
        var command = database.Writer.CreateCommand();
        ViewSql.Set(command, sql);
        foreach (var name in parameters)
        {
            command.Parameters.Add(new SqliteParameter(name, null));
        }

        return command;
    }
}
