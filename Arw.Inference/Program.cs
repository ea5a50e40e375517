using System.Text;
using Arw.Core.Inference;
using Arw.Core.Primitives;
using Arw.Inference;
using Arw.Inference.Embeddings;

if (Console.In.ReadLine() is not { } line)
{
    await Console.Error.WriteLineAsync("The home starts this program and tells it on standard input where to listen; it is of no use by itself.");
    return 2;
}

var start = ArwJson.FromUtf8<WorkerStart>(Encoding.UTF8.GetBytes(line));
using var embedder = new MiniLmEmbedder();
using var server = new WorkerServer(start, embedder, TimeProvider.System);
server.Listen();
Console.Out.WriteLine(InferenceProtocol.ReadyLine);

// The home keeps standard input open for as long as it lives, however it dies.
using var stop = new CancellationTokenSource();
var serving = server.ServeAsync(stop.Token);
var parentGone = Task.Run(Console.In.ReadToEnd);
await Task.WhenAny(serving, parentGone);
if (serving.IsFaulted)
{
    await serving;
}

// Not waiting for a request in flight: nobody is left to read its answer.
Environment.Exit(0);
return 0;
