using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Arw.Core.Egress.Dns;
using Arw.Core.Shell;
using Arw.Tests.Actions;
using Xunit.Abstractions;

namespace Arw.Tests.Shell;

/// <summary>A program that wants out tries everything it can think of, against listeners that count; it is run a second time without a sandbox, so that a listener that cannot be reached at all proves nothing.</summary>
public sealed class EscapeTests(ITestOutputHelper output)
{
    [SandboxFact]
    public async Task Exec_ProgramThatWantsOut_ReachesNothingButTheDoor()
    {
        await using var outside = new Outside();
        var asked = new List<string>();
        var names = new HashSet<string>();
        using var home = new SandboxHome(async (connection, _, stop) =>
        {
            var buffer = new byte[4096];
            var read = await connection.ReceiveAsync(buffer, stop);
            if (buffer[0] == 0)
            {
                // A question to the resolver, which refuses all.
                lock (names)
                {
                    names.Add(DnsQuery.Read(buffer.AsSpan(2, read - 2))!.Name);
                }

                await connection.SendAsync(DnsGuard.Framed(DnsAnswer.Write(DnsQuery.Read(buffer.AsSpan(2, read - 2))!, DnsCode.Refused, [], 0)), stop);
                return;
            }

            lock (asked)
            {
                asked.Add(Encoding.ASCII.GetString(buffer, 0, read).Split('\r')[0]);
            }

            await connection.SendAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n"u8.ToArray(), stop);
        });

        var answer = await home.RunAsync(new FakeRun(), new ShellExecInput([.. Command(outside), .. CallNumbers]) { Input = File.ReadAllText(Script), Seconds = 300 });

        Assert.True(answer.Ok, answer.Ok ? "" : answer.Refusal.ToString());
        var tries = ((string)answer.Value!["output"]!).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split('\t')).ToList();
        tries.ForEach(t => output.WriteLine($"{t[0],-48} {t[1]}"));
        Assert.True(tries.Count >= 40, $"{tries.Count} tries: {answer.Value}");
        Assert.DoesNotContain(tries, t => t[1].StartsWith("REACHED", StringComparison.Ordinal));
        Assert.All(tries, t => Assert.NotEqual("", t[1]));
        Assert.Equal(0, outside.Reached);
        Assert.Equal([$"GET http://127.0.0.1:{outside.Port}/ HTTP/1.1", $"CONNECT 169.254.169.254:{outside.Port} HTTP/1.1"], asked);
        Assert.Equal(["example.org", $"{new string('s', 60)}.org"], names.Order(StringComparer.Ordinal));
    }

    [SandboxFact]
    public async Task Exec_TheSameProgramWithoutASandbox_ReachesTheListeners()
    {
        await using var outside = new Outside();
        using var home = new SandboxHome(bubblewrap: "/nowhere/bwrap");
        home.Relax();

        var answer = await home.RunAsync(new FakeRun(), new ShellExecInput(Command(outside)) { Input = File.ReadAllText(Script), Seconds = 300 });

        var reached = ((string)answer.Value!["output"]!).Split('\n').Where(l => l.Contains("\tREACHED", StringComparison.Ordinal)).Select(l => l.Split('\t')[0]).ToList();
        string[] open = ["tcp, the host's address", "tcp, the host's loopback", "tcp, IPv4 in IPv6", "udp, a DNS question to the host", "abstract Unix socket", "Unix socket in the file system", "a process of the host"];
        Assert.Empty(open.Except(reached));
        await outside.AtLeastAsync(6);
    }

    private static string Script => Path.Combine(AppContext.BaseDirectory, "Shell", "escape.pl");

    private static string[] Command(Outside outside) =>
    [
        "perl", "-", outside.Address.ToString(), outside.Port.ToString(CultureInfo.InvariantCulture), outside.SocketPath, outside.Abstract, Environment.ProcessId.ToString(CultureInfo.InvariantCulture),
    ];

    private static string[] CallNumbers => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? Arm64 : X64;

    // unshare, setns, io_uring_setup, ptrace, keyctl, mount, mknodat
    private static readonly string[] X64 = ["272", "308", "425", "101", "250", "165", "259"];
    private static readonly string[] Arm64 = ["97", "268", "425", "117", "219", "40", "33"];

    /// <summary>Listeners of every kind on the host, which count who comes.</summary>
    private sealed class Outside : IAsyncDisposable
    {
        private readonly TempFolder _folder = new();
        private readonly CancellationTokenSource _stop = new();
        private readonly List<Socket> _listeners = [];
        private readonly List<Task> _counting = [];
        private readonly SemaphoreSlim _came = new(0);
        private int _reached;

        public Outside()
        {
            var tcp = Listen(new Socket(SocketType.Stream, ProtocolType.Tcp), new IPEndPoint(IPAddress.IPv6Any, 0));
            Port = ((IPEndPoint)tcp.LocalEndPoint!).Port;
            Count(tcp);
            var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
            udp.Bind(new IPEndPoint(IPAddress.IPv6Any, Port));
            _listeners.Add(udp);
            CountDatagrams(udp);
            SocketPath = _folder.File("socket");
            Abstract = $"arw-{Path.GetFileName(_folder.Path)}";
            foreach (var name in new[] { SocketPath, "\0" + Abstract })
            {
                Count(Listen(new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified), new UnixDomainSocketEndPoint(name)));
            }
        }

        public int Port { get; }

        public string SocketPath { get; }

        public string Abstract { get; }

        public int Reached => Volatile.Read(ref _reached);

        /// <summary>An address of this machine that is not loopback; loopback on a machine without one.</summary>
        public IPAddress Address { get; } = NetworkInterface.GetAllNetworkInterfaces()
            .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(i => i.GetIPProperties().UnicastAddresses)
            .Select(a => a.Address)
            .FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork, IPAddress.Loopback);

        public async Task AtLeastAsync(int count)
        {
            for (var i = 0; i < count; i++)
            {
                Assert.True(await _came.WaitAsync(TimeSpan.FromSeconds(30)), $"Only {i} came.");
            }
        }

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Task.WhenAll(_counting);
            _listeners.ForEach(l => l.Dispose());
            _stop.Dispose();
            _came.Dispose();
            _folder.Dispose();
        }

        private Socket Listen(Socket socket, EndPoint at)
        {
            socket.Bind(at);
            socket.Listen();
            _listeners.Add(socket);
            return socket;
        }

        private void Count(Socket listener) => _counting.Add(UntilStoppedAsync(async () => (await listener.AcceptAsync(_stop.Token)).Dispose()));

        private void CountDatagrams(Socket socket) => _counting.Add(UntilStoppedAsync(async () => await socket.ReceiveAsync(new byte[512], _stop.Token)));

        private async Task UntilStoppedAsync(Func<Task> next)
        {
            try
            {
                while (true)
                {
                    await next();
                    Interlocked.Increment(ref _reached);
                    _came.Release();
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }
}
