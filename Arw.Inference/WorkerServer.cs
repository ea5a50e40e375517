using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Arw.Core.Inference;
using Arw.Inference.Embeddings;

namespace Arw.Inference;

/// <summary>Serves the socket. Whoever connects shows the secret first; work is done one request at a time.</summary>
internal sealed class WorkerServer(WorkerStart start, MiniLmEmbedder embedder, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan HelloTimeout = TimeSpan.FromSeconds(5);
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly SemaphoreSlim _turn = new(1);

    public void Listen()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(start.Socket));
        _listener.Listen(8);
    }

    public async Task ServeAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var connection = await _listener.AcceptAsync(stop);
            _ = Task.Run(() => ServeAsync(connection, stop), stop);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _turn.Dispose();
    }

    private async Task ServeAsync(Socket connection, CancellationToken stop)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            if (!await GreetAsync(stream, stop))
            {
                return;
            }

            while (true)
            {
                var request = await Frames.ReadAsync<WorkerRequest>(stream, stop);
                await Frames.WriteAsync(stream, await AnswerAsync(request, stop), stop);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or InvalidDataException or OperationCanceledException)
        {
            // The peer went away or talks nonsense: its connection ends, the worker goes on.
            await Console.Error.WriteLineAsync($"connection ended: {e.Message}");
        }
    }

    private async Task<bool> GreetAsync(NetworkStream stream, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(HelloTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, stop);
        var hello = await Frames.ReadAsync<WorkerHello>(stream, either.Token);
        var known = CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(hello.Secret), Encoding.UTF8.GetBytes(start.Secret));
        await Frames.WriteAsync(stream, Reply(0, error: known ? null : InferenceProtocol.WrongSecret), stop);
        return known;
    }

    private async Task<WorkerReply> AnswerAsync(WorkerRequest request, CancellationToken stop)
    {
        if (request.Op != InferenceProtocol.Embed
            || request.Texts.Count is 0 or > InferenceProtocol.MaxTexts
            || request.Texts.Any(t => t.Length > InferenceProtocol.MaxTextLength))
        {
            return Reply(request.Id, error: InferenceProtocol.BadRequest);
        }

        await _turn.WaitAsync(stop);
        try
        {
            return Reply(request.Id, embedder.Embed(request.Texts));
        }
        finally
        {
            _turn.Release();
        }
    }

    private WorkerReply Reply(long id, byte[]? vectors = null, string? error = null) =>
        new(id, MiniLmModel.Id, embedder.Dimensions, vectors, error);
}
