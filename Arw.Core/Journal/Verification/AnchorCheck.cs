using System.Text;
using Arw.Core.Journal.Anchoring;
using Arw.Core.Journal.Archive;
using Arw.Core.Journal.Inspection;
using Arw.Core.Primitives;
using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Verification;

/// <summary>Which anchor to compare a journal with.</summary>
/// <param name="File">The anchor file.</param>
/// <param name="KeyId">Who must have signed it; null = the key in the data folder, and where there is none, the one that signed its first head.</param>
public sealed record AnchorDemand(string File, string? KeyId = null);

/// <summary>Compares signed heads with the journal: every one is signed by the one key, and is still in the journal with the same hash. A journal that was cut or begun anew does not contain them.</summary>
internal sealed class AnchorCheck(AnchorDemand demand, string? ownKey, FaultList faults)
{
    private string? _keyId = demand.KeyId ?? ownKey;
    private long _lines;
    private long _heads;
    private long _lastSeq;

    /// <exception cref="SqliteException">The journal cannot be read.</exception>
    public AnchorReport Run(JournalFile journal, Action<VerifyProgress>? progress, CancellationToken cancel)
    {
        // What retention dropped is vouched for by the cut, which is checked with the chain.
        var archived = journal.Archived;
        try
        {
            foreach (var (number, text) in new AnchorFile(demand.File).Lines())
            {
                cancel.ThrowIfCancellationRequested();
                _lines = number;
                Check(number, SignedHead.FromLine(Encoding.UTF8.GetBytes(text)), archived, journal);
                if (number % 1000 == 0)
                {
                    progress?.Invoke(new VerifyProgress(VerifyStep.Anchor, number, 0));
                }
            }

            if (_lines == 0)
            {
                faults.Add(FaultKind.Anchor, null, $"The anchor \"{demand.File}\" holds no signed head: it vouches for nothing.");
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(FaultKind.Anchor, null, $"The anchor \"{demand.File}\" cannot be read: {e.Message}");
        }

        return new AnchorReport(_heads, _lastSeq, _keyId);
    }

    private void Check(long line, SignedHead? head, SegmentSet archived, JournalFile journal)
    {
        if (head is null || !head.IsSigned())
        {
            faults.Add(FaultKind.Anchor, null, $"Line {line} of the anchor is {(head is null ? "no signed head" : "not signed by the key that it names")}.");
            return;
        }

        _keyId ??= head.KeyId;
        if (head.KeyId != _keyId)
        {
            faults.Add(FaultKind.Anchor, null, $"Line {line} of the anchor is signed by {head.KeyId}, not by {_keyId}: it is of another home.");
            return;
        }

        _heads++;
        _lastSeq = Math.Max(_lastSeq, head.Seq);
        if (head.Seq < archived.DroppedTo)
        {
            return;
        }

        if ((journal.HashOf(head.Seq, archived) ?? journal.HashOf(head.Seq)) is not { } hash)
        {
            faults.Add(FaultKind.Anchor, head.Seq, $"The journal held event {head.Seq} on {Rfc3339.Format(head.Recorded)} and does not any more: it was cut.");
        }
        else if (Convert.ToHexStringLower(hash) != head.Hash)
        {
            faults.Add(FaultKind.Anchor, head.Seq, $"Event {head.Seq} is not the one that the journal held on {Rfc3339.Format(head.Recorded)}: the journal was rewritten up to it.");
        }
    }
}
