namespace Arw.Core.Inference;

/// <summary>What home and worker agree on. The home writes one <see cref="WorkerStart"/> line to the worker's standard input and keeps it open: its end ends the worker. The worker prints <see cref="ReadyLine"/>
/// once it listens. Every connection then begins with a <see cref="WorkerHello"/> frame; each <see cref="WorkerRequest"/> is answered by one <see cref="WorkerReply"/>, in order.</summary>
public static class InferenceProtocol
{
    /// <summary>The line on standard output that says the socket is there.</summary>
    public const string ReadyLine = "ready";

    /// <summary>The request that turns texts into vectors.</summary>
    public const string Embed = "embed";

    /// <summary>Texts in one request: 128. The client splits longer lists, which is also where cancellation takes hold.</summary>
    public const int MaxTexts = 128;

    /// <summary>Characters of one text that are sent: 8,192. The model reads the first 256 tokens, far less.</summary>
    public const int MaxTextLength = 8192;

    /// <summary>Code of the reply to a wrong secret; the worker closes the connection after it.</summary>
    public const string WrongSecret = "wrong_secret";

    /// <summary>Code of the reply to a request that the worker does not understand.</summary>
    public const string BadRequest = "bad_request";
}

/// <summary>The first line on the worker's standard input. A secret on the command line or in the environment could be read by other processes.</summary>
/// <param name="Socket">Where to listen: a Unix domain socket in a directory that only this user may enter.</param>
/// <param name="Secret">What every connection must show, fresh for each start.</param>
public sealed record WorkerStart(string Socket, string Secret);

/// <summary>The first frame of a connection.</summary>
/// <param name="Secret">The secret of this start.</param>
public sealed record WorkerHello(string Secret);

/// <summary>One piece of work.</summary>
/// <param name="Id">Echoed in the reply.</param>
/// <param name="Op">What to do: <see cref="InferenceProtocol.Embed"/>.</param>
/// <param name="Texts">The texts to embed; empty in no request.</param>
public sealed record WorkerRequest(long Id, string Op, IReadOnlyList<string> Texts);

/// <summary>The answer to a hello (id 0, no vectors) or to a request.</summary>
/// <param name="Id">Id of the request.</param>
/// <param name="Model">The model that answers.</param>
/// <param name="Dimensions">Length of each vector.</param>
/// <param name="Vectors">One unit vector per text, in order: little-endian 32-bit floats; null in an error.</param>
/// <param name="Error">Stable code of what went wrong; null when nothing did.</param>
public sealed record WorkerReply(long Id, string Model, int Dimensions, byte[]? Vectors = null, string? Error = null);
