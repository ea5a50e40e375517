using System.Net.Http.Headers;

namespace Arw.Bench.Stream;

/// <summary>A reader of <c>/events</c> that counts frames as bytes and parses nothing but their ids, so that it costs less than what it measures.</summary>
internal sealed class SseClient : IAsyncDisposable
{
    private readonly HttpClient _client;
    private readonly System.IO.Stream _body;
    private readonly byte[] _buffer = new byte[256 * 1024];
    private int _length;

    private SseClient(HttpClient client, System.IO.Stream body) => (_client, _body) = (client, body);

    /// <summary>Events seen so far.</summary>
    public long Events { get; private set; }

    /// <summary>Seq of the last event.</summary>
    public long Last { get; private set; }

    /// <summary>Whether each event's seq was the one after its predecessor's: none lost, none double.</summary>
    public bool InOrder { get; private set; } = true;

    private bool Connected { get; set; }

    /// <summary>Connects; complete when the first frame is there.</summary>
    public static async Task<SseClient> OpenAsync(Uri home, string token, string query)
    {
        var client = new HttpClient { BaseAddress = home };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var open = new SseClient(client, await client.GetStreamAsync(new Uri($"/events{query}", UriKind.Relative)));
        while (!open.Connected)
        {
            await open.ReadSomeAsync();
        }

        return open;
    }

    /// <summary>Reads until so many events were seen.</summary>
    public async Task ReadAsync(long events)
    {
        while (Events < events)
        {
            await ReadSomeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _body.DisposeAsync();
        _client.Dispose();
    }

    private async Task ReadSomeAsync()
    {
        var read = await _body.ReadAsync(_buffer.AsMemory(_length));
        if (read == 0)
        {
            throw new IOException($"The stream ended after {Events:N0} events.");
        }

        _length += read;

        var bytes = _buffer.AsSpan(0, _length);
        while (bytes.IndexOf("\n\n"u8) is var end and >= 0)
        {
            Frame(bytes[..end]);
            bytes = bytes[(end + 2)..];
        }

        bytes.CopyTo(_buffer);
        _length = bytes.Length;
    }

    private void Frame(ReadOnlySpan<byte> frame)
    {
        if (frame.IndexOf("event: "u8) < 0)
        {
            return; // a heartbeat
        }

        if (frame.IndexOf("event: service.connected"u8) >= 0)
        {
            Connected = true;
            return;
        }

        var id = frame[(frame.IndexOf("id: "u8) + 4)..];
        var seq = long.Parse(id[..id.IndexOf((byte)'\n')], provider: System.Globalization.CultureInfo.InvariantCulture);
        InOrder &= Last == 0 || seq == Last + 1;
        Last = seq;
        Events++;
    }
}
