using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Arw.Core.Primitives;

namespace Arw.Core.Inference;

/// <summary>One running worker and the connection to it. Used by one caller at a time.</summary>
internal sealed class WorkerProcess : IAsyncDisposable
{
    private const int LastWordsLength = 2000;
    private static readonly string[] KeptVariables = ["PATH", "HOME", "TMPDIR", "TEMP", "TMP", "SystemRoot", "DOTNET_ROOT", "LANG", "LD_LIBRARY_PATH"];
    private readonly Process _process;
    private readonly DirectoryInfo _folder;
    private readonly CancellationTokenSource _exited = new();
    private readonly StringBuilder _errors = new();
    private Stream? _stream;
    private long _lastId;

    private WorkerProcess(Process process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _exited.Cancel();
        process.ErrorDataReceived += (_, e) => Remember(e.Data);
    }

    public int Pid { get; private set; }

    public string Model { get; private set; } = "";

    public int Dimensions { get; private set; }

    /// <summary>Cancelled when the process is gone.</summary>
    public CancellationToken Exited => _exited.Token;

    /// <summary>Known after disposal.</summary>
    public int? ExitCode { get; private set; }

    public string? LastWords
    {
        get
        {
            lock (_errors)
            {
                return _errors.Length == 0 ? null : _errors.ToString();
            }
        }
    }

    /// <summary>Starts a worker and greets it.</summary>
    /// <exception cref="IOException">It did not start, did not answer in time, or did not know its secret.</exception>
    public static async Task<WorkerProcess> StartAsync(InferenceOptions options, TimeProvider time, CancellationToken cancel)
    {
        // On Unix this folder is 0700: nobody else can reach the socket in it.
        var folder = Directory.CreateTempSubdirectory("arw-inference-");
        var process = new Process { StartInfo = StartInfo(options.WorkerPath) };
        var worker = new WorkerProcess(process, folder);
        try
        {
            using var limit = new CancellationTokenSource(options.StartTimeout, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
            process.Start();
            worker.Pid = process.Id;
            process.BeginErrorReadLine();
            await worker.GreetAsync(either.Token);
            return worker;
        }
        catch (Exception e) when (e is not IOException)
        {
            await worker.DisposeAsync();
            cancel.ThrowIfCancellationRequested();
            throw new IOException(e is OperationCanceledException ? "It was not ready in time." : e.Message, e);
        }
        catch
        {
            await worker.DisposeAsync();
            throw;
        }
    }

    /// <summary>Embeds at most <see cref="InferenceProtocol.MaxTexts"/> texts.</summary>
    /// <exception cref="IOException">The worker is lost: it died or answered nonsense.</exception>
    /// <exception cref="InvalidDataException">The same.</exception>
    public async Task<WorkerReply> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancel)
    {
        var id = ++_lastId;
        await Frames.WriteAsync(_stream!, new WorkerRequest(id, InferenceProtocol.Embed, texts), cancel);
        var reply = await Frames.ReadAsync<WorkerReply>(_stream!, cancel);
        return reply.Error is null && reply.Id == id && reply.Dimensions == Dimensions && reply.Vectors?.Length == texts.Count * Dimensions * sizeof(float)
            ? reply
            : throw new InvalidDataException($"Reply {reply.Id} to request {id} does not fit it (error: {reply.Error ?? "none"}).");
    }

    /// <summary>Ends the process, waits until it is gone, and removes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stream is not null)
        {
            await _stream.DisposeAsync();
        }

        if (Pid != 0)
        {
            try
            {
                _process.Kill(entireProcessTree: true);
            }
            catch (InvalidOperationException)
            {
                // Gone already.
            }

            await _process.WaitForExitAsync();
            ExitCode = _process.ExitCode;
        }

        _process.Dispose();
        _folder.Delete(recursive: true);
    }

    private static ProcessStartInfo StartInfo(string path)
    {
        var start = new ProcessStartInfo
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        if (path.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            start.FileName = DotNetHost();
            start.ArgumentList.Add(path);
        }
        else
        {
            start.FileName = path;
        }

        // The home's environment holds API keys; the worker has no use for them.
        foreach (var name in start.Environment.Keys.Where(k => !KeptVariables.Contains(k, StringComparer.OrdinalIgnoreCase)).ToArray())
        {
            start.Environment.Remove(name);
        }

        return start;
    }

    private static string DotNetHost()
    {
        // The runtime lies in ROOT/shared/Microsoft.NETCore.App/VERSION; its host is ROOT/dotnet.
        var root = Path.GetFullPath(Path.Combine(System.Runtime.InteropServices.RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));
        var host = Path.Combine(root, OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet");
        return File.Exists(host) ? host : "dotnet";
    }

    private async Task GreetAsync(CancellationToken cancel)
    {
        var socketPath = Path.Combine(_folder.FullName, "socket");
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        await _process.StandardInput.WriteLineAsync(Encoding.UTF8.GetString(ArwJson.ToUtf8(new WorkerStart(socketPath, secret))).AsMemory(), cancel);
        await _process.StandardInput.FlushAsync(cancel);
        if (await _process.StandardOutput.ReadLineAsync(cancel) != InferenceProtocol.ReadyLine)
        {
            throw new IOException($"It ended before it was ready. {LastWords}".TrimEnd());
        }

        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
            _stream = new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        await Frames.WriteAsync(_stream, new WorkerHello(secret), cancel);
        var reply = await Frames.ReadAsync<WorkerReply>(_stream, cancel);
        if (reply.Error is not null || reply.Dimensions < 1)
        {
            throw new IOException($"It refused the connection: {reply.Error}.");
        }

        Model = reply.Model;
        Dimensions = reply.Dimensions;
    }

    private void Remember(string? line)
    {
        if (string.IsNullOrEmpty(line))
        {
            return;
        }

        lock (_errors)
        {
            _errors.Append(line).Append('\n');
            if (_errors.Length > LastWordsLength)
            {
                _errors.Remove(0, _errors.Length - LastWordsLength);
            }
        }
    }
}
