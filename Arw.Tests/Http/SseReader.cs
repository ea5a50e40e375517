using System.Text.Json.Nodes;

namespace Arw.Tests.Http;

/// <summary>One frame of an event stream. A heartbeat has an id and no name.</summary>
internal sealed record SseFrame(string? Id, string? Name, string? Data)
{
    public JsonObject Json => JsonNode.Parse(Data!)!.AsObject();
}

/// <summary>Reads server-sent events as a browser does.</summary>
internal sealed class SseReader : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private SseReader(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    public static async Task<SseReader> OpenAsync(HttpClient client, string query = "", string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/events" + query);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.IsSuccessStatusCode, $"/events{query}: {(int)response.StatusCode} {(response.IsSuccessStatusCode ? "" : await response.Content.ReadAsStringAsync())}");
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return new SseReader(response, await response.Content.ReadAsStreamAsync());
    }

    /// <summary>The next frame; null when the stream ended cleanly.</summary>
    public async Task<SseFrame?> NextAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        string? id = null, name = null, data = null;
        var any = false;
        while (await _reader.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.Length == 0)
            {
                if (any)
                {
                    return new SseFrame(id, name, data);
                }

                continue;
            }

            any = true;
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            var value = line[(colon + 1)..].TrimStart();
            switch (line[..colon])
            {
                case "id":
                    id = value;
                    break;
                case "event":
                    name = value;
                    break;
                case "data":
                    data = value;
                    break;
            }
        }

        return null;
    }

    /// <summary>The next frame of that name.</summary>
    public async Task<SseFrame> NextAsync(string name)
    {
        while (await NextAsync() is { } frame)
        {
            if (frame.Name == name)
            {
                return frame;
            }
        }

        throw new EndOfStreamException($"The stream ended before a frame \"{name}\" came.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}
