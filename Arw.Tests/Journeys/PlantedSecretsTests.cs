using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.State;
using Arw.Tests.Egress;
using Arw.Tests.Http;
using Arw.Tests.Redaction;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Arw.Tests.Journeys;

/// <summary>Secrets of every credential kind go through a home by every door; afterwards they are looked for everywhere.</summary>
public sealed class PlantedSecretsTests
{
    // Of these the journal holds what a person chose that it may.
    private static readonly string[] Personal = ["mail", "phone"];

    [Fact]
    public async Task Journey_WithPlantedSecrets_LeavesNoneInDatabasesBlobsLogsAndAnswers()
    {
        var seed = System.Security.Cryptography.RandomNumberGenerator.GetInt32(int.MaxValue);
        var drawn = new Drawn(seed);
        var planted = SecretSamples.All.Where(k => !Personal.Contains(k.Key)).Select(k => (Kind: k.Key, Sample: k.Value(drawn))).ToList();
        var text = string.Join("\n\n", planted.Select(p => p.Sample.Text ?? p.Sample.Secret));
        var page = $"<html><body><pre>{text}</pre>{new string('x', 40_000)}</body></html>";
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync(page));
        var log = new Log();
        await using var home = await TestHome.StartAsync(services => services.AddSingleton<ILoggerProvider>(log));
        await home.ActAsync("project.create", new JsonObject { ["id"] = "lab", ["title"] = "Lab" });
        await home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = "relaxed" });
        await home.ActAsync("egress.scope.set", new JsonObject { ["id"] = "here", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(server.Port) });
        await home.ActAsync("policy.lease.grant", new JsonObject { ["capability"] = $"net.http http://127.0.0.1:{server.Port}", ["holder"] = "project:lab" });

        foreach (var (kind, sample) in planted)
        {
            (await home.Owner.PostAsJsonAsync("/events", new JsonArray(new JsonObject
            {
                ["kind"] = "ext.test.said",
                ["payload"] = new JsonObject { ["said"] = sample.Text ?? sample.Secret, ["deep"] = new JsonArray(new JsonObject { ["a"] = $"{kind} {sample.Text ?? sample.Secret}" }), [sample.Text ?? sample.Secret] = 1 },
            }))).EnsureSuccessStatusCode();
        }

        await SubmitAsync(home, "notes.append", new JsonObject { ["text"] = text });
        await SubmitAsync(home, "file.write", new JsonObject { ["path"] = "project://kept.txt", ["content"] = text });
        await SubmitAsync(home, "demo.echo", new JsonObject { ["text"] = text, ["no_such_field"] = text });
        var fetched = await SubmitAsync(home, "http.fetch", new JsonObject { ["url"] = server.Url("/page") });
        Assert.True(server.Requests > 0, fetched);
        await home.Service<StateHost>().WaitForAsync(home.Service<EventJournal>().Head);

        var answers = new StringBuilder(fetched);
        foreach (var path in new[] { "/state/actions?limit=200", "/state/episodes", "/state/egress", "/state/observations?limit=200", "/state/redaction", "/", "/journal", "/notes", "/egress", "/settings", "/episodes" })
        {
            answers.Append(await home.Owner.GetStringAsync(path));
        }

        foreach (var row in JsonNode.Parse(await home.Owner.GetStringAsync("/state/episodes"))!["items"]!.AsArray())
        {
            answers.Append(await home.Owner.GetStringAsync($"/state/episode/{row!["corr_id"] ?? row["id"]}/snapshot"));
        }

        var everywhere = new List<(string Where, byte[] Bytes)> { ("answers", Encoding.UTF8.GetBytes(answers.ToString())), ("logs", Encoding.UTF8.GetBytes(string.Join('\n', log.Lines))) };
        everywhere.AddRange(Directory.EnumerateFiles(home.Folder, "*", SearchOption.AllDirectories).Where(f => !f.EndsWith("arw.lock", StringComparison.Ordinal)).Select(f => (Path.GetRelativePath(home.Folder, f), Read(f))));
        Assert.Contains(everywhere, e => e.Where.StartsWith("blobs", StringComparison.Ordinal));
        var found = from p in planted
                    let lines = p.Sample.Secret.Split('\n')
                    let secret = Encoding.UTF8.GetBytes(lines.Length > 1 ? lines[1] : lines[0])
                    from e in everywhere
                    where e.Bytes.AsSpan().IndexOf(secret) >= 0
                    select $"{p.Kind} in {e.Where}";
        Assert.True(!found.Any(), $"seed {seed}:\n{string.Join('\n', found)}");
        Assert.Contains("[redacted:github-pat:", answers.ToString(), StringComparison.Ordinal);
    }

    private static async Task<string> SubmitAsync(TestHome home, string kind, JsonObject input)
    {
        var answer = await home.Owner.PostAsJsonAsync("/actions", new JsonObject { ["kind"] = kind, ["input"] = input, ["project"] = "lab" });
        var body = await answer.Content.ReadAsStringAsync();
        if (JsonNode.Parse(body)?["id"] is { } id)
        {
            await home.Service<Arw.Core.Actions.ActionService>().WaitForEndAsync((string)id!).WaitAsync(TimeSpan.FromSeconds(30));
            return body + await home.Owner.GetStringAsync($"/actions/{id}");
        }

        return body;
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var all = new MemoryStream();
        stream.CopyTo(all);
        return all.ToArray();
    }

    private sealed class Log : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
