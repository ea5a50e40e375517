using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Arw.Core.Shell.Containment;

/// <summary>The first process inside a sandbox: this program again, started by bubblewrap. It listens where the programs expect a proxy and a resolver, carries each connection to the one socket that leads out, starts the program, and ends with it.</summary>
public static class SandboxStart
{
    /// <summary>The word on the command line that asks for it. It is for the home only.</summary>
    public const string Command = "sandbox-start";

    /// <summary>Loopback port of the proxy inside.</summary>
    public const int Port = 3128;

    private const int NotWanted = 125;

    // Never closed here: while the program's exit code is being handed on, this must not end the process with another.
    private static readonly Socket Lifeline = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    /// <summary>Variable that keeps this process from opening sockets of its own; the program does not inherit it.</summary>
    internal const string NoDiagnostics = "DOTNET_EnableDiagnostics";

    /// <summary>Runs a command and answers its exit code.</summary>
    /// <param name="command">Program and arguments.</param>
    public static async Task<int> RunAsync(string[] command)
    {
        try
        {
            await Lifeline.ConnectAsync(new UnixDomainSocketEndPoint(Bubblewrap.Door));
        }
        catch (SocketException)
        {
            return NotWanted;
        }

        _ = EndWithLifelineAsync();
        using var listener = new TcpListener(IPAddress.Loopback, Port);
        listener.Start();
        _ = AcceptAsync(listener);
        using var names = SandboxNames.Listen();
        _ = names is null ? Task.CompletedTask : AcceptAsync(names.Connections);
        var start = new ProcessStartInfo(command[0], command[1..]) { UseShellExecute = false };
        start.Environment.Remove(NoDiagnostics);
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    // This is the only process that the sandbox's first one waits for: with it, the kernel ends all that are in there.
    private static async Task EndWithLifelineAsync()
    {
        try
        {
            await Lifeline.ReceiveAsync(new byte[1]);
        }
        catch (SocketException)
        {
            // Broken off is ended, too.
        }

        Environment.Exit(NotWanted);
    }

    private static async Task AcceptAsync(TcpListener listener)
    {
        while (true)
        {
            _ = CarryAsync(await listener.AcceptSocketAsync());
        }
    }

    private static async Task CarryAsync(Socket inside)
    {
        using (inside)
        {
            try
            {
                using var outside = await DoorAsync();
                await Task.WhenAll(PumpAsync(inside, outside), PumpAsync(outside, inside));
            }
            catch (SocketException)
            {
                // One side broke off: both are closed.
            }
        }
    }

    /// <summary>A new connection to the outside.</summary>
    internal static async Task<Socket> DoorAsync()
    {
        var outside = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await outside.ConnectAsync(new UnixDomainSocketEndPoint(Bubblewrap.Door));
            return outside;
        }
        catch
        {
            outside.Dispose();
            throw;
        }
    }

    private static async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await from.ReceiveAsync(buffer)) > 0)
        {
            for (var sent = 0; sent < read;)
            {
                sent += await to.SendAsync(buffer.AsMemory(sent, read - sent));
            }
        }

        to.Shutdown(SocketShutdown.Send);
    }
}
