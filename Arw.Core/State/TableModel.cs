using Arw.Core.Journal;
using Arw.Core.Primitives;

namespace Arw.Core.State;

/// <summary>A column of a table model: what rows can be filtered and ordered by. Indexed.</summary>
/// <typeparam name="TRow">Row type.</typeparam>
/// <param name="Name">Column name, snake_case.</param>
/// <param name="Value">Its value in a row: string, long, double, bool, DateTimeOffset or null.</param>
public sealed record Column<TRow>(string Name, Func<TRow, object?> Value);

/// <summary>A large read model: keyed rows in the disposable cache <c>views.db</c>, indexed and searchable, published as changed keys.</summary>
public abstract class TableModel : ReadModel
{
    // The first of these that a model has tells its newest rows.
    private static readonly string[] MomentColumns = ["seq", "updated", "last", "time", "recorded", "created", "started"];

    /// <summary>Whether its default page (the 200 newest rows) is published as a document with patches, as existing clients expect of actions, observations and episodes. False by default: changed keys are.</summary>
    public virtual bool PublishesPage => false;

    /// <summary>Names of the columns that rows can be filtered and ordered by.</summary>
    public abstract IReadOnlyList<string> ColumnNames { get; }

    /// <summary>The column that says which rows are newest: lists come in its order, largest first. Null = the key does.</summary>
    public string? NewestBy => Array.Find(MomentColumns, ColumnNames.Contains);

    /// <summary>The question for the default page: the 200 newest rows.</summary>
    public TableQuery DefaultPage => new() { OrderBy = NewestBy };

    /// <summary>True when rows can be searched by their text.</summary>
    public abstract bool Searchable { get; }

    /// <summary>The rows as JSON, for views that know no row type.</summary>
    public abstract ViewTable Table { get; }

    internal abstract ViewTable NewTable(ViewsDatabase database);

    internal abstract void Attach(ViewTable table);

    internal abstract void Apply(JournalEvent e);
}

/// <inheritdoc cref="TableModel"/>
/// <typeparam name="TRow">An immutable record that serialises with <see cref="ArwJson"/>.</typeparam>
public abstract class TableModel<TRow> : TableModel
    where TRow : class
{
    private ViewTable<TRow>? _table;
    private IReadOnlyList<string>? _columnNames;

    /// <summary>The columns that rows can be filtered and ordered by.</summary>
    protected internal abstract IReadOnlyList<Column<TRow>> Columns { get; }

    /// <summary>Full text of a row for search; null (the default) = not searchable. Constant per model: either every row has text or none.</summary>
    protected internal virtual Func<TRow, string>? SearchText => null;

    /// <summary>Reads rows: sees what has been folded and committed.</summary>
    public ViewTable<TRow> Rows => _table ?? throw new InvalidOperationException($"The read model \"{Id}\" is not attached to a state host.");

    /// <inheritdoc/>
    public sealed override ViewTable Table => Rows;

    /// <summary>Changes rows by an event: pure, no clock, no I/O but the rows themselves.</summary>
    /// <param name="rows">The rows, this event's predecessors included.</param>
    /// <param name="e">The event.</param>
    protected abstract void Fold(IRowSet<TRow> rows, JournalEvent e);

    /// <inheritdoc/>
    public sealed override IReadOnlyList<string> ColumnNames => _columnNames ??= [.. Columns.Select(c => c.Name)];

    /// <inheritdoc/>
    public sealed override bool Searchable => SearchText is not null;

    internal sealed override void Attach(ViewTable table) => _table = (ViewTable<TRow>)table;

    internal sealed override void Apply(JournalEvent e) => Fold(Rows.Writing, e);

    internal sealed override ViewTable NewTable(ViewsDatabase database) => new ViewTable<TRow>(this, database);
}

/// <summary>The rows of a table while an event is folded.</summary>
/// <typeparam name="TRow">Row type.</typeparam>
public interface IRowSet<TRow>
    where TRow : class
{
    /// <summary>The row, or null.</summary>
    TRow? Find(string key);

    /// <summary>Adds or replaces a row.</summary>
    void Put(string key, TRow row);

    /// <summary>Removes a row, if there.</summary>
    void Delete(string key);
}

/// <summary>A question to a table. Everything set must hold.</summary>
public sealed record TableQuery
{
    /// <summary>Conditions on columns.</summary>
    public IReadOnlyList<Condition> Where { get; init; } = [];

    /// <summary>Words that must occur in the row's text (FTS5, prefix match); null = no search.</summary>
    public string? Search { get; init; }

    /// <summary>Column to order by; the key by default.</summary>
    public string? OrderBy { get; init; }

    /// <summary>Largest first; true by default.</summary>
    public bool Descending { get; init; } = true;

    /// <summary>Rows to skip; 0 by default.</summary>
    public int Offset { get; init; }

    /// <summary>Most rows to return; 200 by default.</summary>
    public int Limit { get; init; } = 200;
}

/// <summary>A condition on a column.</summary>
/// <param name="Column">Column name.</param>
/// <param name="Operator">How to compare.</param>
/// <param name="Value">What with; for <see cref="Op.In"/> an array, for <see cref="Op.Prefix"/> a text.</param>
public sealed record Condition(string Column, Op Operator, object? Value);

/// <summary>Comparisons of a <see cref="Condition"/>.</summary>
public enum Op
{
    /// <summary>Equal; null matches null.</summary>
    Equal,

    /// <summary>Not equal.</summary>
    NotEqual,

    /// <summary>At least.</summary>
    AtLeast,

    /// <summary>Less than.</summary>
    Less,

    /// <summary>Starts with.</summary>
    Prefix,

    /// <summary>One of.</summary>
    In,
}
