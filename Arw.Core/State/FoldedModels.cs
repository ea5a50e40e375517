using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Journal.Archive;
using Arw.Core.Primitives;

namespace Arw.Core.State;

/// <summary>The read models with their stored state: loading, folding a batch in one transaction, checkpoints. Used by one task at a time.</summary>
internal sealed partial class FoldedModels
{
    private readonly ViewsDatabase _database;
    private readonly Entry[] _entries;
    private long _sinceCheckpoint;

    public FoldedModels(ViewsDatabase database, IReadOnlyList<ReadModel> models)
    {
        _database = database;
        ById = models.ToDictionary(m => m.Id, StringComparer.Ordinal);
        _entries = [.. models.Select(m => new Entry(m, Attach(m)))];
    }

    public IReadOnlyDictionary<string, ReadModel> ById { get; }

    /// <summary>Checkpoints since start.</summary>
    public long Checkpoints { get; private set; }

    /// <summary>Loads what is stored and still fits. Returns the seq from which events must be folded.</summary>
    /// <param name="head">End of the journal.</param>
    /// <param name="find">Reads one event: to recognise a cache that belongs to another journal; null where that cannot be.</param>
    /// <param name="checkpoint">Where a model begins that is not stored; null = with the first event.</param>
    public long Open(long head, Func<long, JournalEvent?>? find, ModelsCheckpoint? checkpoint)
    {
        if (find is not null && !BelongsTo(head, find))
        {
            _database.Execute("DELETE FROM models");
        }

        var missing = new List<Entry>();
        foreach (var entry in _entries)
        {
            if (Stored(entry.Model.Id) is { } found && found.Schema == entry.Schema && found.Folded >= (checkpoint?.UpTo ?? 0))
            {
                entry.Folded = found.Folded;
                (entry.Model as DocumentModel)?.Load(found.State);
                entry.Model.Version = found.Version;
                entry.Announced = found.Version;
                entry.Table?.Create();
            }
            else
            {
                missing.Add(entry);
            }
        }

        if (missing.Count > 0)
        {
            WithCheckpoint(checkpoint, () => missing.ForEach(entry => Begin(entry, checkpoint)));
        }

        return _entries.Length == 0 ? head : _entries.Min(e => e.Folded);
    }

    /// <summary>Folds events into all models and commits tables and progress together.</summary>
    public List<ModelChange> Fold(IReadOnlyList<JournalEvent> events, int checkpointEvery)
    {
        var changes = new List<ModelChange>();
        var tables = _entries.Where(e => e.Table is not null).Select(e => (Entry: e, e.Folded, e.Model.Version)).ToList();
        var sinceCheckpoint = _sinceCheckpoint;
        try
        {
            _database.Execute("BEGIN IMMEDIATE");
            foreach (var entry in _entries)
            {
                if (Fold(entry, events) is { } change)
                {
                    changes.Add(change);
                }
            }

            var last = events[^1];
            _sinceCheckpoint += events.Count;
            if (_sinceCheckpoint >= checkpointEvery)
            {
                SaveDocuments();
            }

            SaveProgress(last, changes);
            _database.Execute("COMMIT");
        }
        catch
        {
            // Documents have taken the batch in and keep it; tables have not, and fold it again when it comes again.
            foreach (var (entry, folded, version) in tables)
            {
                entry.Table!.Discard();
                (entry.Folded, entry.Model.Version) = (folded, version);
            }

            _sinceCheckpoint = sinceCheckpoint;
            _database.TryRollback();
            throw;
        }

        foreach (var change in changes)
        {
            _entries.First(e => e.Model.Id == change.Id).Announced = change.Version;
        }

        return changes;
    }

    /// <summary>Highest seq that any stored model had folded.</summary>
    public long Loaded => _entries.Select(e => e.Folded).DefaultIfEmpty(0).Max();

    /// <summary>Saves the documents, so that the next start folds little.</summary>
    public void Checkpoint()
    {
        _database.Execute("BEGIN IMMEDIATE");
        SaveDocuments();
        _database.Execute("COMMIT");
    }

    public string Dump(string modelId)
    {
        switch (ById[modelId])
        {
            case DocumentModel document:
                return CanonicalJson.Text(JsonNode.Parse(document.Save()));
            default:
                return _database.Read(connection =>
                {
                    using var command = connection.CreateCommand();
#pragma warning disable CA2100 // the id is a registered model's
                    command.CommandText = $"SELECT key, row FROM \"v_{modelId}\" ORDER BY key";
#pragma warning restore CA2100
                    using var rows = command.ExecuteReader();
                    var text = new StringBuilder();
                    while (rows.Read())
                    {
                        text.Append(rows.GetString(0)).Append('\t').AppendLine(CanonicalJson.Text(JsonNode.Parse((byte[])rows[1])));
                    }

                    return text.ToString();
                });
        }
    }

    private static ModelChange? Fold(Entry entry, IReadOnlyList<JournalEvent> events)
    {
        var from = entry.Announced;
        foreach (var e in events)
        {
            if (e.Seq <= entry.Folded)
            {
                continue;
            }

            if (entry.Model is DocumentModel document)
            {
                document.Apply(e);
            }
            else
            {
                ((TableModel)entry.Model).Apply(e);
            }

            entry.Folded = e.Seq;
        }

        if (entry.Table is null)
        {
            return entry.Model.Version == from ? null : new ModelChange(entry.Model.Id, from, entry.Model.Version, null);
        }

        var keys = entry.Table.Flush();
        if (keys.Count == 0)
        {
            return null;
        }

        entry.Model.Version = entry.Folded;
        return new ModelChange(entry.Model.Id, from, entry.Model.Version, keys);
    }

    private ViewTable? Attach(ReadModel model)
    {
        if (model is not TableModel table)
        {
            return null;
        }

        var rows = table.NewTable(_database);
        table.Attach(rows);
        return rows;
    }

    // The cache remembers the last event that it folded; a journal that has another one there (restored from a backup,
    // replaced) makes it worthless.
    private bool BelongsTo(long head, Func<long, JournalEvent?> find)
    {
        using var command = _database.Writer.CreateCommand();
        command.CommandText = "SELECT folded, state FROM models WHERE id = '_mark'";
        using var row = command.ExecuteReader();
        if (!row.Read())
        {
            return true;
        }

        var folded = row.GetInt64(0);
        return folded <= head && find(folded) is { } e && Mark(e).AsSpan().SequenceEqual((byte[])row[1]);
    }

    private static byte[] Mark(JournalEvent e) => Encoding.UTF8.GetBytes($"{e.Seq} {Rfc3339.Format(e.Recorded)} {e.Kind} {e.Actor} {e.Subject}");

    private void SaveProgress(JournalEvent last, List<ModelChange> changes)
    {
        foreach (var change in changes.Where(c => c.Keys is not null))
        {
            Store(change.Id, change.Version, null);
        }

        using var command = _database.Writer.CreateCommand();
        command.CommandText = "UPDATE models SET folded = max(folded, $seq) WHERE state IS NULL; INSERT INTO models (id, schema, folded, version, state) VALUES ('_mark', '', $seq, $seq, $mark) ON CONFLICT (id) DO UPDATE SET folded = excluded.folded, state = excluded.state";
        command.Parameters.AddWithValue("$seq", last.Seq);
        command.Parameters.AddWithValue("$mark", Mark(last));
        command.ExecuteNonQuery();
    }

    private void SaveDocuments()
    {
        _sinceCheckpoint = 0;
        Checkpoints++;
        foreach (var entry in _entries)
        {
            Store(entry.Model.Id, entry.Model.Version, (entry.Model as DocumentModel)?.Save());
        }
    }

    private void Store(string id, long version, byte[]? state)
    {
        var entry = _entries.First(e => e.Model.Id == id);
        using var command = _database.Writer.CreateCommand();
        command.CommandText = "INSERT INTO models (id, schema, folded, version, state) VALUES ($id, $schema, $folded, $version, $state) ON CONFLICT (id) DO UPDATE SET schema = excluded.schema, folded = excluded.folded, version = excluded.version, state = excluded.state";
        command.Parameters.AddWithValue("$id", id);
        command.Parameters.AddWithValue("$schema", entry.Schema);
        command.Parameters.AddWithValue("$folded", entry.Folded);
        command.Parameters.AddWithValue("$version", version);
        command.Parameters.AddWithValue("$state", (object?)state ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private sealed class Entry(ReadModel model, ViewTable? table)
    {
        public ReadModel Model { get; } = model;

        public ViewTable? Table { get; } = table;

        public string Schema { get; } = table?.SchemaText ?? model.SchemaVersion.ToString(CultureInfo.InvariantCulture);

        public long Folded { get; set; }

        // The version that watchers were told last.
        public long Announced { get; set; }
    }
}
