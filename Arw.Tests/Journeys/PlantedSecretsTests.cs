using System.Collections.Concurrent;
using System.IO.Compression;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Journal;
using Arw.Core.Journal.Backup;
using Arw.Core.Journal.Portable;
using Arw.Core.State;
using Arw.Tests.Egress;
using Arw.Tests.Http;
using Arw.Tests.Journal.Archive;
using Arw.Tests.Models;
using Arw.Tests.Otel;
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
        var said = planted.Select(p => p.Sample.Text ?? p.Sample.Secret).ToList();
        var text = string.Join("\n\n", said);
        // A password without its name is a word like any other: only what is known by its form stands alone.
        var names = planted.Where(p => p.Sample.Text is null).Select(p => p.Sample.Secret).Where(n => n.Length is > 8 and < 100 && n.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')).ToList();
        await using var server = await LoopbackServer.StartAsync(context => context.Response.WriteAsync($"<html><title>{names[0]}</title><body><pre>{text}</pre>{new string('x', 40_000)}</body></html>"));
        await using var model = await TinyEndpoint.StartAsync();
        var log = new Log();
        var otlp = OtelHome.FreePort();
        await using var home = await TestHome.StartAsync(services => services.AddSingleton<ILoggerProvider>(log), o => o with { OtlpHttpPort = otlp, RateLimit = 5000 });
        await PrepareAsync(home, server.Port, new Uri(model.Url));

        foreach (var (kind, sample) in planted)
        {
            (await home.Owner.PostAsJsonAsync("/events", new JsonArray(new JsonObject
            {
                ["kind"] = "ext.test.said",
                ["payload"] = new JsonObject { ["said"] = sample.Text ?? sample.Secret, ["deep"] = new JsonArray(new JsonObject { ["a"] = $"{kind} {sample.Text ?? sample.Secret}" }), [sample.Text ?? sample.Secret] = 1 },
            }))).EnsureSuccessStatusCode();
        }

        var answers = new StringBuilder();
        async Task DoAsync(string kind, JsonObject input) => answers.Append(await SubmitAsync(home, kind, input));
        await DoAsync("notes.append", new JsonObject { ["text"] = text });
        await DoAsync("file.write", new JsonObject { ["path"] = "project://kept.txt", ["content"] = text });
        foreach (var name in names)
        {
            await DoAsync("file.write", new JsonObject { ["path"] = $"project://{name}.txt", ["content"] = "named" });
            await SubmitAsync(home, "http.fetch", new JsonObject { ["url"] = $"http://{name.ToLowerInvariant()}:{name}@127.0.0.1:{server.Port}/{name}" });
        }

        await home.ActAsync("project.create", new JsonObject { ["id"] = "titled", ["title"] = $"About {names[0]}" });
        await SubmitAsync(home, "demo.echo", new JsonObject { ["text"] = text, ["no_such_field"] = text });
        await DoAsync("http.fetch", new JsonObject { ["url"] = server.Url("/page") });
        Assert.True(server.Requests > 0, answers.ToString()[^2000..]);
        await AskModelAsync(home, model, said, DoAsync);

        // Turned by thirteen letters it passes the intake; the program turns it back.
        await DoAsync("shell.exec", new JsonObject { ["command"] = new JsonArray("tr", "A-Za-z", "N-ZA-Mn-za-m"), ["input"] = Turned(string.Join("\n", names)) });
        await TraceAsync(otlp, home, text, names[0]);
        await UnpackAsync(home, names, text, DoAsync);
        foreach (var one in said)
        {
            using var preview = await home.Owner.PostAsJsonAsync("/egress/preview", new JsonObject { ["url"] = $"https://example.org/?q={Uri.EscapeDataString(one)}", ["method"] = "POST", ["body"] = one });
            answers.Append(await preview.Content.ReadAsStringAsync());
        }

        await home.Service<StateHost>().WaitForAsync(home.Service<EventJournal>().Head);
        answers.Append(await PagesAsync(home));
        using var outside = new TempFolder();
        var everywhere = await EverywhereAsync(home, outside);
        everywhere.AddRange([("answers", Encoding.UTF8.GetBytes(answers.ToString())), ("logs", Encoding.UTF8.GetBytes(string.Join('\n', log.Lines)))]);
        var found = from p in planted
                    let lines = p.Sample.Secret.Split('\n')
                    let secret = Encoding.UTF8.GetBytes(lines.Length > 1 ? lines[1] : lines[0])
                    from e in everywhere
                    where e.Bytes.AsSpan().IndexOf(secret) >= 0
                    select $"{p.Kind} in {e.Where}: {Around(e.Bytes, secret)}";
        Assert.True(!found.Any(), $"seed {seed}:\n{string.Join('\n', found)}");
        Assert.Contains("[redacted:github-pat:", answers.ToString(), StringComparison.Ordinal);

        // The words of the full text are in small letters and without what stands between them.
        var views = everywhere.Where(e => e.Where.StartsWith("views.db", StringComparison.Ordinal)).Select(e => Encoding.Latin1.GetString(e.Bytes).ToLowerInvariant()).ToList();
        Assert.NotEmpty(views);
        Assert.DoesNotContain(names, n => n.Split('_', '-').MaxBy(w => w.Length) is { Length: >= 16 } word && views.Exists(v => v.Contains(word.ToLowerInvariant(), StringComparison.Ordinal)));
    }

    private static async Task PrepareAsync(TestHome home, int server, Uri model)
    {
        await home.ActAsync("project.create", new JsonObject { ["id"] = "lab", ["title"] = "Lab" });
        await home.ActAsync("policy.posture.set", new JsonObject { ["posture"] = "relaxed" });
        await home.ActAsync("model.register", new JsonObject { ["id"] = "tiny", ["endpoint"] = model.AbsoluteUri, ["api_model"] = "tiny-1" });
        await home.ActAsync("egress.scope.set", new JsonObject { ["id"] = "here", ["hosts"] = new JsonArray("127.0.0.1"), ["ports"] = new JsonArray(server, model.Port) });
        foreach (var capability in (string[])[$"net.http http://127.0.0.1:{server}", $"net.http http://127.0.0.1:{model.Port}", "model.run tiny", "shell.exec", "file.write project://**"])
        {
            await home.ActAsync("policy.lease.grant", new JsonObject { ["capability"] = capability, ["holder"] = "project:lab" });
        }
    }

    private static async Task AskModelAsync(TestHome home, TinyEndpoint model, List<string> said, Func<string, JsonObject, Task> doAsync)
    {
        // The answer comes in pieces that no detector would know.
        model.Says([.. said.SelectMany(s => s.Chunk(7).Select(c => new string(c)).Append("\n"))]);
        await doAsync("model.chat", new JsonObject { ["model"] = "tiny", ["messages"] = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = string.Join("\n", said) }) });
        var sent = Assert.Single(model.Bodies).ToJsonString();
        Assert.Contains("[redacted:", sent, StringComparison.Ordinal);
        Assert.Contains(home.Service<EventJournal>().Read(0, max: int.MaxValue), e => e.Kind == "model.chat.delta");
    }

    private static async Task TraceAsync(int port, TestHome home, string text, string name)
    {
        using var exporter = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        exporter.DefaultRequestHeaders.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", (await home.MintAsync("tracer", Core.Access.PrincipalKind.Agent, ["lab"])).Secret);
        var span = OtlpSample.Span(1, null, $"said {name}", 0, 10, ("gen_ai.prompt", text), ("http.request.header.x-note", name)).Failed($"No {name} here.");
        using var answer = await exporter.PostAsync(new Uri("/v1/traces", UriKind.Relative), TestHome.Json(OtlpSample.Request(span)));
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private static async Task UnpackAsync(TestHome home, List<string> names, string text, Func<string, JsonObject, Task> doAsync)
    {
        await using (var zip = new ZipArchive(File.Create(Path.Combine(home.Folder, "projects", "lab", "drop.zip")), ZipArchiveMode.Create))
        {
            foreach (var name in names)
            {
                await using var entry = await zip.CreateEntry($"{name}.txt").OpenAsync();
                await entry.WriteAsync(Encoding.UTF8.GetBytes(text));
            }
        }

        await doAsync("archive.unpack", new JsonObject { ["path"] = "project://drop.zip", ["to"] = "project://unpacked" });
        Assert.Equal(names.Count, Directory.GetFiles(Path.Combine(home.Folder, "projects", "lab", "unpacked")).Length);
        await doAsync("file.list", new JsonObject { ["path"] = "project://unpacked" });
        await doAsync("file.read", new JsonObject { ["path"] = $"project://unpacked/{names[0]}.txt" });
    }

    private static async Task<string> PagesAsync(TestHome home)
    {
        var answers = new StringBuilder();
        foreach (var path in new[]
        {
            "/state/actions?limit=200", "/state/episodes", "/state/egress", "/state/observations?limit=200", "/state/redaction", "/state/leases", "/state/projects", "/egress/export?format=csv", "/egress/export?format=json",
            "/", "/journal", "/notes", "/egress", "/egress/review", "/settings", "/episodes", "/map", "/map?view=table", "/policy", "/policy?view=decisions", "/policy?view=ended", "/recipes", "/recipes/research-digest", "/projects", "/projects/lab",
        })
        {
            answers.Append(await home.Owner.GetStringAsync(path));
        }

        foreach (var row in JsonNode.Parse(await home.Owner.GetStringAsync("/state/episodes"))!["items"]!.AsArray())
        {
            var corr = Uri.EscapeDataString((string)(row!["corr_id"] ?? row["id"])!);
            foreach (var path in new[] { $"/state/episode/{corr}/snapshot", $"/episodes/{corr}", $"/episodes/{corr}?view=tree", $"/episodes/{corr}?view=events" })
            {
                answers.Append(await home.Owner.GetStringAsync(path));
            }
        }

        return answers.ToString();
    }

    // The data folder as it lies there, what its archived segments hold, and what is taken out of it: all but the files of the project, which are what they are.
    private static async Task<List<(string Where, byte[] Bytes)>> EverywhereAsync(TestHome home, TempFolder outside)
    {
        var journal = home.Service<EventJournal>();
        ArchivedJournal.Loosen(journal, segment: 128);
        while (await journal.Archive.ArchiveAsync(journal.Head, default) is not null)
        {
        }

        Assert.NotEmpty(journal.Archive.Now.Segments);
        var options = home.Service<JournalOptions>();
        Assert.True(new JournalExporter(options, TimeProvider.System).Run(outside.File("journal.ndjson.gz")).Ok);
        Assert.True(new JournalBackup(options, TimeProvider.System).Run(outside.File("backup")).Ok);
        var exported = new MemoryStream();
        await using (var file = new GZipStream(File.OpenRead(outside.File("journal.ndjson.gz")), CompressionMode.Decompress))
        {
            await file.CopyToAsync(exported);
        }

        List<(string, byte[])> everywhere = [("export", exported.ToArray()), ("segments and database, read", Encoding.UTF8.GetBytes(string.Join('\n', ArchivedJournal.All(journal))))];
        var project = Path.Combine(home.Folder, "projects", "lab");
        everywhere.AddRange(Directory.EnumerateFiles(home.Folder, "*", SearchOption.AllDirectories)
            .Where(f => !f.EndsWith("arw.lock", StringComparison.Ordinal) && !f.StartsWith(Path.Combine(project, "unpacked"), StringComparison.Ordinal) && f != Path.Combine(project, "drop.zip"))
            .Select(f => (Path.GetRelativePath(home.Folder, f), Read(f))));
        everywhere.AddRange(Directory.EnumerateFiles(outside.File("backup"), "*", SearchOption.AllDirectories).Select(f => ("backup", Read(f))));
        Assert.Contains(everywhere, e => e.Item1.StartsWith("blobs", StringComparison.Ordinal));
        return everywhere;
    }

    private static string Around(byte[] bytes, byte[] secret)
    {
        var at = bytes.AsSpan().IndexOf(secret);
        return Encoding.Latin1.GetString(bytes, Math.Max(0, at - 80), Math.Min(160, bytes.Length - Math.Max(0, at - 80))).ReplaceLineEndings(" ");
    }

    private static string Turned(string text) => string.Concat(text.Select(c => char.IsAsciiLetter(c) ? (char)((c & 0x60) + ((((c & 0x1f) - 1 + 13) % 26) + 1)) : c));

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
