using System.Text.Json.Nodes;
using Arw.Tests.Http;

namespace Arw.Tests.Journeys;

/// <summary>What a client has seen on the event stream, over as many lives of the home as there were.</summary>
internal sealed class SeenEvents
{
    private readonly Lock _gate = new();
    private readonly SortedDictionary<long, string> _data = [];
    private readonly List<(Func<JsonObject, bool> Condition, TaskCompletionSource Met)> _waiting = [];

    /// <summary>Called with every event as it is seen, in order.</summary>
    public Action<JsonObject>? Seen { get; set; }

    public IReadOnlyDictionary<long, string> All
    {
        get
        {
            lock (_gate)
            {
                return new SortedDictionary<long, string>(_data);
            }
        }
    }

    public long Last
    {
        get
        {
            lock (_gate)
            {
                return _data.Count == 0 ? 0 : _data.Keys.Last();
            }
        }
    }

    /// <summary>Completes when an event is seen, or was, that the condition holds for.</summary>
    public async Task UntilAsync(Func<JsonObject, bool> condition)
    {
        var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (_data.Values.Any(d => condition(JsonNode.Parse(d)!.AsObject())))
            {
                return;
            }

            _waiting.Add((condition, met));
        }

        await met.Task.WaitAsync(TimeSpan.FromSeconds(90));
    }

    /// <summary>Reads on from the last event seen until the home is gone.</summary>
    public async Task FollowAsync(HttpClient client)
    {
        try
        {
            await using var stream = await SseReader.OpenAsync(client, $"?after={Last}");
            while (await stream.NextAsync() is { } frame)
            {
                if (frame is { Name: { } name, Data: not null, Id: not null } && !name.StartsWith("service.", StringComparison.Ordinal))
                {
                    Add(long.Parse(frame.Id, System.Globalization.CultureInfo.InvariantCulture), frame.Data, frame.Json);
                }
            }
        }
        catch (Exception e) when (e is HttpRequestException or IOException or OperationCanceledException)
        {
            // Killed, as is the purpose.
        }
    }

    private void Add(long seq, string data, JsonObject json)
    {
        lock (_gate)
        {
            Assert.True(_data.Count == 0 || seq == _data.Keys.Last() + 1, $"After event {Last} came event {seq}.");
            _data[seq] = data;
            foreach (var (condition, met) in _waiting.ToArray())
            {
                if (condition(json))
                {
                    met.TrySetResult();
                }
            }
        }

        Seen?.Invoke(json);
    }
}
