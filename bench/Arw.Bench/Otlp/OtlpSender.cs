using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace Arw.Bench.Otlp;

/// <summary>Sends requests one after the other on one connection and waits for each answer. The same sender for every receiver.</summary>
internal sealed class OtlpSender : IDisposable
{
    private readonly HttpClient _client = new(new SocketsHttpHandler { MaxConnectionsPerServer = 1 });
    private readonly Uri _address;
    private readonly bool _grpc;
    private readonly string? _token;

    public OtlpSender(Uri endpoint, bool grpc, string? token)
    {
        _address = new Uri(endpoint, grpc ? "/opentelemetry.proto.collector.trace.v1.TraceService/Export" : "/v1/traces");
        (_grpc, _token) = (grpc, token);
    }

    /// <summary>Sends all of them; tells the seconds. Anything but a plain yes is a fault.</summary>
    public async Task<double> SendAsync(byte[][] requests)
    {
        var bodies = _grpc ? Array.ConvertAll(requests, Frame) : requests;
        var start = Stopwatch.GetTimestamp();
        foreach (var body in bodies)
        {
            using var request = Request(body);
            using var answer = await _client.SendAsync(request);
            await answer.EnsureSuccessStatusCode().Content.ReadAsByteArrayAsync();
            if (_grpc && answer.TrailingHeaders.GetValues("grpc-status").Single() != "0")
            {
                throw new InvalidOperationException($"The receiver refused: {answer.TrailingHeaders}");
            }
        }

        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, _address) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(_grpc ? "application/grpc" : "application/x-protobuf");
        if (_grpc)
        {
            (request.Version, request.VersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact);
            request.Headers.TE.ParseAdd("trailers");
        }

        if (_token is not null)
        {
            request.Headers.Add("x-arw-token", _token);
        }

        return request;
    }

    private static byte[] Frame(byte[] message)
    {
        var frame = new byte[5 + message.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
        message.CopyTo(frame, 5);
        return frame;
    }
}
