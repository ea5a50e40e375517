using System.Net;
using System.Net.Sockets;

namespace Arw.Core.Egress;

/// <summary>The socket of one exchange: connects to checked addresses only, counts what passes, notices silence, and can be cut from outside at any moment.</summary>
internal sealed class GuardedConnection : IDisposable
{
    private readonly IReadOnlyList<IPAddress> _addresses;
    private readonly int _port;
    private readonly TimeSpan _idle;
    private readonly CancellationTokenSource _silence;
    private volatile Socket? _socket;
    private volatile bool _cut;
    private long _in;
    private long _out;
    private int _waiting;

    internal GuardedConnection(IReadOnlyList<IPAddress> addresses, int port, TimeSpan idle, TimeProvider time)
    {
        (_addresses, _port, _idle) = (addresses, port, idle);
        _silence = new CancellationTokenSource(Timeout.InfiniteTimeSpan, time);
        Silence = _silence.Token;
    }

    /// <summary>Bytes received.</summary>
    public long BytesIn => Interlocked.Read(ref _in);

    /// <summary>Bytes sent.</summary>
    public long BytesOut => Interlocked.Read(ref _out);

    /// <summary>The address connected to; null before.</summary>
    public IPAddress? Address { get; private set; }

    /// <summary>Cancelled when no byte came for the idle time.</summary>
    public CancellationToken Silence { get; }

    /// <summary>Connects to the first address that answers.</summary>
    public async ValueTask<Stream> ConnectAsync(CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(_addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                _socket = socket;
                ObjectDisposedException.ThrowIf(_cut, this);
                await socket.ConnectAsync(_addresses[i], _port, cancel);
                Address = _addresses[i];
                return new Counted(this, new NetworkStream(socket, ownsSocket: true));
            }
            catch (SocketException) when (i + 1 < _addresses.Count && !cancel.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }

    /// <summary>Closes the socket at once, whoever waits on it.</summary>
    public void Cut()
    {
        _cut = true;
        _socket?.Dispose();
    }

    public void Dispose()
    {
        Cut();
        _silence.Dispose();
    }

    private sealed class Counted(GuardedConnection owner, NetworkStream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Watch(starts: true);
            try
            {
                var read = await inner.ReadAsync(buffer, cancellationToken);
                Interlocked.Add(ref owner._in, read);
                return read;
            }
            finally
            {
                Watch(starts: false);
            }
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Watch(starts: true);
            try
            {
                await inner.WriteAsync(buffer, cancellationToken);
                Interlocked.Add(ref owner._out, buffer.Length);
            }
            finally
            {
                Watch(starts: false);
            }
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = inner.Read(buffer, offset, count);
            Interlocked.Add(ref owner._in, read);
            return read;
        }

        public override void Write(byte[] buffer, int offset, int count)
        {
            inner.Write(buffer, offset, count);
            Interlocked.Add(ref owner._out, count);
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

        public override void Flush() => inner.Flush();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                inner.Dispose();
            }

            base.Dispose(disposing);
        }

        private void Watch(bool starts) => owner.Watch(starts);
    }

    // Only waiting for the network counts as silence, not a reader that takes its time.
    private void Watch(bool starts)
    {
        var waiting = starts ? Interlocked.Increment(ref _waiting) : Interlocked.Decrement(ref _waiting);
        try
        {
            _silence.CancelAfter(waiting > 0 ? _idle : Timeout.InfiniteTimeSpan);
        }
        catch (ObjectDisposedException)
        {
            // The exchange ended while this read was on its way; there is nothing left to watch.
        }
    }
}
