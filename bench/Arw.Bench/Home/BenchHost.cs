using Arw.Web.Hosting;

namespace Arw.Bench.Home;

/// <summary>A whole home inside this process, without the demo, for what must be called directly.</summary>
internal static class BenchHost
{
    public const string Token = "a-token-for-benches-only";

    public static Task<ArwHost> StartAsync(string folder, int proxyPort = 0) =>
        ArwHost.StartAsync(new ArwOptions { Port = 0, OtlpHttpPort = 0, OtlpGrpcPort = 0, DnsPort = 0, ProxyPort = proxyPort, StateDir = folder, AdminToken = Token, Demo = false });
}
