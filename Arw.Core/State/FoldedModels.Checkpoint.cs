using Arw.Core.Journal.Archive;

namespace Arw.Core.State;

/// <content>Beginning from a checkpoint instead of from nothing.</content>
internal sealed partial class FoldedModels
{
    private void WithCheckpoint(ModelsCheckpoint? checkpoint, Action work)
    {
        Attach(checkpoint);
        try
        {
            work();
        }
        finally
        {
            Detach(checkpoint);
        }
    }

    // Outside any transaction: inside one SQLite would not let go of it.
    private void Attach(ModelsCheckpoint? checkpoint)
    {
        if (checkpoint is null)
        {
            return;
        }

        checkpoint.Demand();
        using var attach = _database.Writer.CreateCommand();
        attach.CommandText = "ATTACH $path AS checkpoint";
        attach.Parameters.AddWithValue("$path", checkpoint.Path);
        attach.ExecuteNonQuery();
    }

    private void Detach(ModelsCheckpoint? checkpoint)
    {
        if (checkpoint is not null)
        {
            _database.Execute("DETACH checkpoint");
        }
    }

    // The table as the checkpoint has it; what the document was. Null where the checkpoint has this model in no form that fits: then it begins with what was kept.
    private (byte[] State, long Version)? Restore(Entry entry)
    {
        entry.Table?.Drop();
        entry.Table?.Create();
        if (Stored(entry.Model.Id, "checkpoint.") is not { } stored || stored.Schema != entry.Schema)
        {
            return null;
        }

        if (entry.Table is not null)
        {
            _database.Execute(entry.Table.CopySql("checkpoint"));
        }

        return (stored.State, stored.Version);
    }

    private void Begin(Entry entry, ModelsCheckpoint? checkpoint)
    {
        var document = entry.Model as DocumentModel;
        if (checkpoint is null)
        {
            document?.Reset();
            entry.Table?.Drop();
            entry.Table?.Create();
            return;
        }

        var restored = Restore(entry);
        document?.Reset();
        if (restored is var (state, version))
        {
            document?.Load(state);
            entry.Model.Version = version;
            entry.Announced = version;
        }

        entry.Folded = checkpoint.UpTo;
        Store(entry.Model.Id, entry.Model.Version, document?.Save());
    }

    private void BeginAside(Entry entry, ModelsCheckpoint? checkpoint)
    {
        entry.Table?.Discard();
        if (checkpoint is null)
        {
            (entry.Model as DocumentModel)?.BeginAside();
            entry.Table?.Drop();
            entry.Table?.Create();
        }
        else if (Restore(entry) is var (state, version))
        {
            (entry.Model as DocumentModel)?.BeginAside(state, version);
        }
        else
        {
            (entry.Model as DocumentModel)?.BeginAside();
        }
    }

    private (string Schema, long Folded, long Version, byte[] State)? Stored(string id, string database = "")
    {
        using var command = _database.Writer.CreateCommand();
#pragma warning disable CA2100 // one of two constants
        command.CommandText = $"SELECT schema, folded, version, state FROM {database}models WHERE id = $id";
#pragma warning restore CA2100
        command.Parameters.AddWithValue("$id", id);
        using var row = command.ExecuteReader();
        return row.Read() ? (row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? [] : (byte[])row[3]) : null;
    }
}
