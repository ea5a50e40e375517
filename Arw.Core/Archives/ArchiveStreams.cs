namespace Arw.Core.Archives;

/// <summary>A stream that is only read forwards.</summary>
internal abstract class ForwardStream : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public abstract override int Read(Span<byte> buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>Bytes in memory as a stream.</summary>
internal sealed class ByteStream(ReadOnlyMemory<byte> bytes) : ForwardStream
{
    private ReadOnlyMemory<byte> _rest = bytes;

    public override int Read(Span<byte> buffer)
    {
        var length = Math.Min(buffer.Length, _rest.Length);
        _rest.Span[..length].CopyTo(buffer);
        _rest = _rest[length..];
        return length;
    }
}

/// <summary>Tells of each read how much it was.</summary>
internal sealed class MeteredStream(Stream inner, Action<int> read) : ForwardStream
{
    public override int Read(Span<byte> buffer)
    {
        var length = inner.Read(buffer);
        read(length);
        return length;
    }
}

/// <summary>What was read ahead, and then the rest.</summary>
internal sealed class HeadedStream(ReadOnlyMemory<byte> head, Stream rest) : ForwardStream
{
    private ReadOnlyMemory<byte> _head = head;

    public override int Read(Span<byte> buffer)
    {
        if (_head.IsEmpty)
        {
            return rest.Read(buffer);
        }

        var length = Math.Min(buffer.Length, _head.Length);
        _head.Span[..length].CopyTo(buffer);
        _head = _head[length..];
        return length;
    }
}
