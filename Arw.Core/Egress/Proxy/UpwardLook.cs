using System.Buffers;
using Arw.Core.Redaction;

namespace Arw.Core.Egress.Proxy;

/// <summary>Looks at what a client sends through a tunnel in clear text, before it goes on.</summary>
/// <param name="watch">Looks at it.</param>
/// <param name="frames">Reads the frames of a WebSocket; null for bytes as they are.</param>
internal sealed class UpwardLook(OutboundWatch watch, WebSocketFrames? frames = null)
{
    private const int Piece = 64 * 1024;

    /// <summary>Whether all of it may pass; else the connection has been cut.</summary>
    public async ValueTask<bool> MayPassAsync(ReadOnlySequence<byte> bytes, Outbound server)
    {
        if (watch.IsIdle)
        {
            return true;
        }

        foreach (var memory in bytes)
        {
            for (var at = 0; at < memory.Length; at += Piece)
            {
                if (!Add(memory.Slice(at, Math.Min(Piece, memory.Length - at)).Span))
                {
                    server.Cut(EgressOutcome.Aborted, "websocket_malformed", "What the client sends is not a WebSocket's frames, or they are compressed, which was not agreed on.");
                    return false;
                }

                if (await server.Judge.JudgeAsync(watch.Look(), server.Stop) is { } refusal)
                {
                    server.Cut(EgressOutcome.Aborted, refusal.Code, refusal.Message);
                    return false;
                }

                watch.Pass();
            }
        }

        return true;
    }

    private bool Add(ReadOnlySpan<byte> bytes)
    {
        if (frames is not null)
        {
            return frames.Take(bytes, watch);
        }

        watch.Add(bytes);
        return true;
    }
}
