using System.Diagnostics;
using System.Globalization;
using Arw.Core.Otel;
using Xunit.Abstractions;

namespace Arw.Tests.Otel;

/// <summary>The exporters of the OpenTelemetry JavaScript SDK, installed by npm and unchanged, against a whole home.</summary>
public sealed class NodeExporterTests(ITestOutputHelper output)
{
    private const int Traces = 500;
    private const int SpansPerTrace = 100;

    [NodeFact]
    public async Task Export_FiftyThousandSpansOverEachProtocol_ArriveCompleteAndOnce()
    {
        using var folder = new TempFolder();
        foreach (var file in (string[])["package.json", "send.mjs"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, "Otel", "Node", file), folder.File(file));
        }

        var (installed, said) = await RunAsync(folder.Path, "npm", ["install", "--no-audit", "--no-fund", "--loglevel=error"], []);
        if (installed != 0)
        {
            // No registry within reach is no fault of the home; it is said, so that nobody takes this for a pass.
            NodeFactAttribute.Say($"The Node.js exporters were not tried: npm could not install them. {said}");
            output.WriteLine(said);
            return;
        }

        foreach (var protocol in (string[])["proto", "http", "grpc"])
        {
            await using var home = await OtelHome.StartAsync();
            var port = protocol == "grpc" ? home.GrpcPort : home.HttpPort;
            var (sent, error) = await RunAsync(
                folder.Path,
                "node",
                ["send.mjs", protocol, Traces.ToString(CultureInfo.InvariantCulture), SpansPerTrace.ToString(CultureInfo.InvariantCulture)],
                [
                    ("OTEL_EXPORTER_OTLP_ENDPOINT", string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}")),
                    ("OTEL_EXPORTER_OTLP_HEADERS", $"x-arw-token={home.Token}"),
                ]);
            Assert.True(sent == 0, $"{protocol}: {error}");
            var events = home.Events(OtelEvents.Span.Name);
            Assert.Equal((protocol, Traces * SpansPerTrace), (protocol, events.Count));
            Assert.Equal(Traces * SpansPerTrace, events.Select(e => e.Subject).Distinct(StringComparer.Ordinal).Count());
            Assert.Equal(Traces, events.Count(e => e.ParentId is null));
            Assert.Equal(protocol == "grpc" ? 0 : 1, home.Events(OtelEvents.Log.Name).Count);
        }
    }

    private static async Task<(int Code, string Output)> RunAsync(string folder, string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}

/// <summary>A test that needs Node.js with npm; where they are absent it is skipped, and says so on the error output as well; with <c>CI=true</c> it fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        if (Environment.GetEnvironmentVariable("CI") == "true" || Array.TrueForAll((string[])["node", "npm"], program => folders.Any(f => File.Exists(Path.Combine(f, program)))))
        {
            return;
        }

        Skip = "Node.js and npm are not installed, so the JavaScript exporters are not tried.";
        Say(Skip);
    }

    internal static void Say(string what) => Console.Error.WriteLine(what);
}
