using System.Buffers.Binary;
using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Arw.Core.Inference;
using Arw.Core.Primitives;

namespace Arw.Tests.Inference;

/// <summary>The worker program alone, spoken to by hand.</summary>
public sealed class WorkerProtocolTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("arw-test-");
    private readonly Process _worker = new()
    {
        StartInfo = new ProcessStartInfo("dotnet", [new InferenceOptions().WorkerPath])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        },
    };

    private string SocketPath => Path.Combine(_folder.FullName, "socket");

    public async Task InitializeAsync()
    {
        _worker.Start();
        await _worker.StandardInput.WriteLineAsync(Encoding.UTF8.GetString(ArwJson.ToUtf8(new WorkerStart(SocketPath, "right"))));
        await _worker.StandardInput.FlushAsync();
        Assert.Equal(InferenceProtocol.ReadyLine, await _worker.StandardOutput.ReadLineAsync());
    }

    public async Task DisposeAsync()
    {
        _worker.Kill();
        await _worker.WaitForExitAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Hello_WrongSecret_IsRefusedAndDisconnected()
    {
        await using var stranger = await ConnectAsync();
        await Frames.WriteAsync(stranger, new WorkerHello("wrong"), default);

        Assert.Equal(InferenceProtocol.WrongSecret, (await Frames.ReadAsync<WorkerReply>(stranger, default)).Error);
        Assert.Equal(0, await stranger.ReadAsync(new byte[1]));
        Assert.Equal(1, await EmbedAsync("right"));
    }

    [Fact]
    public async Task Frame_AnnouncingGigabytes_EndsTheConnectionOnly()
    {
        await using var stranger = await ConnectAsync();
        var header = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(header, int.MaxValue);
        await stranger.WriteAsync(header);

        Assert.Equal(0, await stranger.ReadAsync(new byte[1]));
        Assert.Equal(1, await EmbedAsync("right"));
    }

    [Fact]
    public async Task Request_UnknownOperation_IsAnsweredWithAnError()
    {
        await using var stream = await ConnectAsync();
        await Frames.WriteAsync(stream, new WorkerHello("right"), default);
        await Frames.ReadAsync<WorkerReply>(stream, default);
        await Frames.WriteAsync(stream, new WorkerRequest(7, "format_disk", ["x"]), default);

        var reply = await Frames.ReadAsync<WorkerReply>(stream, default);

        Assert.Equal((7, InferenceProtocol.BadRequest), (reply.Id, reply.Error));
    }

    [Fact]
    public async Task StandardInput_Ends_EndsTheWorker()
    {
        _worker.StandardInput.Close();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _worker.WaitForExitAsync(limit.Token);

        Assert.Equal(0, _worker.ExitCode);
    }

    private async Task<NetworkStream> ConnectAsync()
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath));
        return new NetworkStream(socket, ownsSocket: true);
    }

    private async Task<int> EmbedAsync(string secret)
    {
        await using var stream = await ConnectAsync();
        await Frames.WriteAsync(stream, new WorkerHello(secret), default);
        Assert.Null((await Frames.ReadAsync<WorkerReply>(stream, default)).Error);
        await Frames.WriteAsync(stream, new WorkerRequest(1, InferenceProtocol.Embed, ["hello"]), default);
        var reply = await Frames.ReadAsync<WorkerReply>(stream, default);
        return reply.Vectors!.Length / sizeof(float) / reply.Dimensions;
    }
}
