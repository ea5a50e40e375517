using Microsoft.Data.Sqlite;

namespace Arw.Core.Journal.Archive;

/// <summary>The segments of a journal as a reader uses them: what there is now, and the last few opened, so that who reads on in one does not unpack it again.</summary>
/// <param name="folder">Folder of the segments.</param>
/// <param name="now">What is archived now. The same instance while nothing changed.</param>
internal sealed class SegmentShelf(string folder, Func<SegmentSet> now) : IDisposable
{
    private const int Kept = 3;
    private readonly LinkedList<(string Digest, SqliteConnection Image)> _idle = [];
    private bool _disposed;

    /// <summary>What is archived now.</summary>
    public SegmentSet Now => now();

    /// <summary>Asks a segment.</summary>
    /// <exception cref="SegmentDamagedException">It is not what its manifest says.</exception>
    public T Use<T>(SegmentManifest segment, Func<SqliteConnection, T> query)
    {
        var image = Take(segment.Digest) ?? SegmentFile.Open(folder, segment);
        try
        {
            return query(image);
        }
        finally
        {
            Return(segment.Digest, image);
        }
    }

    /// <summary>Forgets what was opened: it may hold a payload that was erased since.</summary>
    public void Forget()
    {
        lock (_idle)
        {
            foreach (var (_, image) in _idle)
            {
                image.Dispose();
            }

            _idle.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_idle)
        {
            _disposed = true;
        }

        Forget();
    }

    private SqliteConnection? Take(string digest)
    {
        lock (_idle)
        {
            for (var node = _idle.First; node is not null; node = node.Next)
            {
                if (node.Value.Digest == digest)
                {
                    _idle.Remove(node);
                    return node.Value.Image;
                }
            }

            return null;
        }
    }

    private void Return(string digest, SqliteConnection image)
    {
        lock (_idle)
        {
            _idle.AddFirst((digest, image));
            while (_disposed ? _idle.Count > 0 : _idle.Count > Kept)
            {
                _idle.Last!.Value.Image.Dispose();
                _idle.RemoveLast();
            }
        }
    }
}
