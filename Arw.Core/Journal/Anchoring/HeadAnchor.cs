using Arw.Core.Journal.Inspection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Journal.Anchoring;

/// <summary>Signs the journal's head from time to time and writes it to the anchor. Whatever is wrong with the anchor is a status; the journal never waits for it.</summary>
public sealed class HeadAnchor(EventJournal journal, JournalOptions where, AnchorOptions options, TimeProvider time, ILogger<HeadAnchor> log) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);
    private readonly AnchorFile? _file = options.File is { } path ? new AnchorFile(path) : null;
    private HeadKey? _key;
    private bool _agreed;
    private AnchorStatus _status = new(options.File is null ? AnchorState.Off : AnchorState.Kept, options.File, null, null, null);

    /// <summary>How the anchor stands now.</summary>
    public AnchorStatus Status => Volatile.Read(ref _status);

    /// <summary>Raised after every change of <see cref="Status"/>, on any thread.</summary>
    public event EventHandler? Changed;

    /// <summary>Signs a last head, so that what a stopped home holds is vouched for to its end.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_file is not null)
        {
            Sign(_file);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _key?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (_file is null)
        {
            return;
        }

        // The first head of a start is signed at once: it is also the moment to see whether the anchor still fits.
        await journal.ReachAsync(1, stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            Sign(_file);
            if (Status.State == AnchorState.Kept)
            {
                await DueAsync(Status.Last?.Seq ?? 0, stoppingToken);
            }
            else
            {
                await Task.Delay(options.Every, time, stoppingToken);
            }
        }
    }

    // Between two heads the journal is looked at once a second, not woken for at every event: an anchor on a slow disk must not slow intake down.
    private async Task DueAsync(long anchored, CancellationToken stop)
    {
        await journal.ReachAsync(anchored + 1, stop);
        var since = time.GetTimestamp();
        do
        {
            await Task.Delay(Look, time, stop);
        }
        while (journal.Head < anchored + options.EveryEvents && time.GetElapsedTime(since) < options.Every);
    }

    private void Sign(AnchorFile file)
    {
        try
        {
            _key ??= HeadKey.FromFolder(where.DataDir);
            using var reader = JournalFile.Connect(where);
            if (!_agreed && Dispute(file, reader) is { } dispute)
            {
                Tell(new AnchorStatus(AnchorState.Disputed, file.Path, _key.Id, Status.Last, dispute));
                return;
            }

            _agreed = true;
            var (seq, hash) = reader.Head();
            if (seq > (Status.Last?.Seq ?? 0))
            {
                var head = SignedHead.Sign(_key, seq, hash, time.GetUtcNow());
                file.Append(head);
                Tell(new AnchorStatus(AnchorState.Kept, file.Path, _key.Id, head, null));
            }
            else if (Status.State != AnchorState.Kept || Status.KeyId is null)
            {
                Tell(new AnchorStatus(AnchorState.Kept, file.Path, _key.Id, Status.Last, null));
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Whatever it is: an anchor that fails must not stop the home.
            Tell(new AnchorStatus(AnchorState.Failing, file.Path, _key?.Id, Status.Last, $"The anchor \"{file.Path}\" cannot be kept: {e.Message} It is tried again in {options.Every.TotalMinutes:0.#} min; the journal goes on."));
        }
    }

    // What the anchor vouches for must be in this journal. Where it is not, the anchor is the only witness left: nothing is added to it.
    private string? Dispute(AnchorFile file, JournalFile reader)
    {
        if (file.LastLine() is not { } line)
        {
            return null;
        }

        const string Next = "Compare them with \"journal verify --anchor\". If this journal is meant to be another one, move the anchor away; a new one is begun.";
        if (SignedHead.FromLine(System.Text.Encoding.UTF8.GetBytes(line)) is not { } last || !last.IsSigned())
        {
            return $"The last line of the anchor \"{file.Path}\" is no signed head. {Next}";
        }

        if (last.KeyId != _key!.Id)
        {
            return $"The anchor \"{file.Path}\" is signed by {last.KeyId}, not by this home's key. {Next}";
        }

        // For what retention dropped since, the signed cut vouches.
        if (last.Seq >= reader.Archived.DroppedTo && (reader.HashOf(last.Seq) is not { } hash || Convert.ToHexStringLower(hash) != last.Hash))
        {
            return $"The anchor \"{file.Path}\" vouches for event {last.Seq:N0}, which this journal does not contain: it was cut or rewritten. {Next}";
        }

        Volatile.Write(ref _status, Status with { Last = last });
        return null;
    }

    private void Tell(AnchorStatus status)
    {
        var before = Status;
        Volatile.Write(ref _status, status);
        if (status.Problem is { } problem && problem != before.Problem)
        {
            log.LogWarning("{Problem}", problem);
        }

        if (status != before)
        {
            Changed?.Invoke(this, EventArgs.Empty);
        }
    }
}
