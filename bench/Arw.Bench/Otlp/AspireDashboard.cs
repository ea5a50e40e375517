using System.Diagnostics;
using System.Globalization;
using Arw.Bench.Report;

namespace Arw.Bench.Otlp;

/// <summary>The peer: the Aspire dashboard as it comes from the package registry, which keeps telemetry in memory.</summary>
internal sealed class AspireDashboard : IDisposable
{
    private const string Package = "Aspire.Dashboard.Sdk.linux-x64";
    private const string Version = "13.6.5";
    private readonly Process _process;

    private AspireDashboard(Process process, Uri endpoint) => (_process, Endpoint) = (process, endpoint);

    /// <summary>Where it takes OTLP over HTTP.</summary>
    public Uri Endpoint { get; }

    /// <summary>Starts it; null where the package is not to be had.</summary>
    public static async Task<AspireDashboard?> StartAsync()
    {
        if (!OperatingSystem.IsLinux() || await FolderAsync() is not { } folder)
        {
            return null;
        }

        var (pages, otlp, grpc) = (Ports.Free(), Ports.Free(), Ports.Free());
        var program = Path.Combine(folder, "tools", "Aspire.Dashboard");
        File.SetUnixFileMode(program, File.GetUnixFileMode(program) | UnixFileMode.UserExecute);
        var process = Process.Start(new ProcessStartInfo(program)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["ASPNETCORE_URLS"] = Address(pages),
                ["DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = Address(otlp),
                ["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"] = Address(grpc),
                ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true",
            },
        })!;
        var said = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (await Task.WhenAny(said, Ports.ListeningAsync(otlp)) == said)
        {
            throw new InvalidOperationException($"The dashboard ended: {string.Concat(await said)}");
        }

        return new AspireDashboard(process, new Uri(Address(otlp)));
    }

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private static string Address(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    // The package is fetched by the package manager's own means, and by this section only.
    private static async Task<string?> FolderAsync()
    {
        var folder = Path.Combine(Repository.Root, "artifacts", "peer");
        Directory.CreateDirectory(folder);
        foreach (var (name, content) in new[]
        {
            ("peer.csproj", $"""<Project Sdk="Microsoft.NET.Sdk"><PropertyGroup><TargetFramework>net10.0</TargetFramework></PropertyGroup><ItemGroup><PackageDownload Include="{Package}" Version="[{Version}]" /></ItemGroup></Project>"""),
            ("Directory.Build.props", "<Project />"),
            ("Directory.Packages.props", "<Project />"),
        })
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), content);
        }

        using var restore = Process.Start("dotnet", ["restore", folder, "--packages", Path.Combine(folder, "packages"), "-v", "q"]);
        await restore.WaitForExitAsync();
        var found = Path.Combine(folder, "packages", Package.ToLowerInvariant(), Version);
        return restore.ExitCode == 0 && Directory.Exists(found) ? found : null;
    }
}
