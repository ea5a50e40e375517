using Arw.Bench.Answers;
using Arw.Bench.Append;
using Arw.Bench.Cedar;
using Arw.Bench.Home;
using Arw.Bench.Integrity;
using Arw.Bench.Otlp;
using Arw.Bench.Proxy;
using Arw.Bench.Redaction;
using Arw.Bench.Report;
using Arw.Bench.Stream;

IReadOnlyList<Section> sections =
[
    new("append", "Durable append", "≥ 0.8 × the bare loop", AppendBench.RunAsync),
    new("sse", "Append to SSE client", "p95 < 10 ms at 1,000 events/s", SseBench.RunAsync),
    new("page", "Append to page", "p95 < 150 ms; typing and clicking p95 < 50 ms meanwhile", PageBench.RunAsync),
    new("fanout", "Many SSE clients", "every client sees every event; the journal never waits", FanOutBench.RunAsync),
    new("resume", "Resume of a long absence", "no loss, no duplicate, constant memory", ResumeBench.RunAsync),
    new("otlp", "OpenTelemetry intake", "≥ 1.5 × the Aspire dashboard's rate", OtlpBench.RunAsync),
    new("proxy", "Egress proxy", "≥ 0.8 × a plain TCP relay, added p50 < 1 ms, a revoked lease cuts within 100 ms", ProxyBench.RunAsync),
    new("start", "Start on a long journal", "serving in < 3 s with 1,000,000 events", options => StartBench.RunAsync(options, 1_000_000)),
    new("start10m", "Start on a very long journal", "none set; 10,000,000 events", options => StartBench.RunAsync(options, 10_000_000)) { Long = true },
    new("idle", "Idle memory", "< 250 MiB, each open page < 1 MiB", IdleBench.RunAsync),
    new("integrity", "Verify, export and import", "none set; the same memory for any length", IntegrityBench.RunAsync),
    new("redaction", "Redaction", "> 100 MB/s on plain text", RedactionBench.RunAsync),
    new("decide", "Policy decision", "p50 < 1 µs, p99 < 10 µs, 0 bytes", DecideBench.RunAsync),
    new("cedar", "Cedar engine", "p50 < 1 µs, p99 < 10 µs, 0 bytes; ≥ 20 × the reference engine", CedarBench.RunAsync),
    new("cedar-edits", "Cedar edits", "< 1 ms", CedarEdits.RunAsync),
    new("world", "World top-K", "< 5 ms with 100,000 beliefs", WorldBench.RunAsync),
    new("soak", "Half an hour of intake", "< 1 MiB more per 10,000 updates, pages live at the end", SoakBench.RunAsync) { Long = true },
];

if (BenchOptions.Read(args, sections) is not { } options)
{
    Console.Error.WriteLine($"Usage: Arw.Bench all|{string.Join('|', sections.Select(s => s.Name))} [--out FILE] [--home FOLDER] [--quick]");
    return 2;
}

foreach (var section in options.Sections)
{
    Console.WriteLine($"{section.Name} …");
    var text = Markdown.Section(section, Machine.Describe(), await section.Run(options));
    Console.WriteLine(text);
    if (options.Out is { } file)
    {
        ResultsFile.Replace(file, sections, section, text);
    }
}

return 0;
