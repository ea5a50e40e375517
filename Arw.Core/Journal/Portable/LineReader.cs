namespace Arw.Core.Journal.Portable;

/// <summary>Reads lines of bytes of bounded length from a stream, without a string for each.</summary>
/// <param name="stream">What is read.</param>
/// <param name="longest">Bytes that a line may have.</param>
internal sealed class LineReader(Stream stream, int longest)
{
    private byte[] _buffer = new byte[256 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end, valid until the next call; false at the end of the stream. What follows the last line end is no line.</summary>
    /// <exception cref="InvalidDataException">A line is longer than allowed.</exception>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        for (var searched = 0; ;)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = _buffer.AsMemory(_start, searched + at);
                _start += searched + at + 1;
                return true;
            }

            searched = _end - _start;
            MakeRoom();
            var read = stream.Read(_buffer, _end, _buffer.Length - _end);
            if (read == 0)
            {
                line = default;
                return false;
            }

            _end += read;
        }
    }

    private void MakeRoom()
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
            (_start, _end) = (0, _end - _start);
            return;
        }

        if (_buffer.Length >= longest)
        {
            throw new InvalidDataException($"A line is longer than {longest:N0} bytes.");
        }

        Array.Resize(ref _buffer, (int)Math.Min((long)_buffer.Length * 2, longest));
    }
}
