using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal;

/// <summary>Events that wait to be written together, and who waits for them.</summary>
/// <param name="Rows">The events, without seq.</param>
/// <param name="Preconditions">What must hold in the writer's turn.</param>
internal sealed record PendingAppend(EventRow[] Rows, IReadOnlyList<Precondition> Preconditions)
{
    /// <summary>What else belongs into the transaction, after the events; null for nothing. It must be short: everybody waits for it.</summary>
    public Action<SqliteConnection>? Also { get; init; }

    /// <summary>Told when the transaction is durable, before anybody else is; null for nobody.</summary>
    public Action? Durable { get; init; }

    /// <summary>Completes when the events are durable or refused.</summary>
    public TaskCompletionSource<Result<Appended>> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
