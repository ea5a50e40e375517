using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Tokenizers;

namespace Arw.Inference.Embeddings;

/// <summary>Texts to unit vectors: word pieces, the transformer, the mean over the tokens, length 1. Not for concurrent use.</summary>
internal sealed class MiniLmEmbedder : IDisposable
{
    private const int MaxTokens = 256;
    private const int BatchSize = 16;
    private readonly BertTokenizer _tokenizer;
    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();

    public MiniLmEmbedder()
    {
        using var vocabulary = MiniLmModel.Vocabulary();
        _tokenizer = BertTokenizer.Create(vocabulary);

        // One core stays free for the home, which has pages to keep alive.
        using var options = new SessionOptions { IntraOpNumThreads = Math.Max(1, Environment.ProcessorCount - 1) };
        _session = new InferenceSession(MiniLmModel.Onnx(), options);
    }

    public int Dimensions => 384;

    public byte[] Embed(IReadOnlyList<string> texts)
    {
        var tokens = texts.Select(t => _tokenizer.EncodeToIds(t, MaxTokens, out _, out _)).ToArray();
        var vectors = new float[texts.Count * Dimensions];

        // Neighbours in length share a batch, so that little of it is padding.
        foreach (var batch in Enumerable.Range(0, texts.Count).OrderBy(i => tokens[i].Count).ThenBy(i => i).Chunk(BatchSize))
        {
            Embed(batch, tokens, vectors);
        }

        var bytes = new byte[vectors.Length * sizeof(float)];
        Buffer.BlockCopy(vectors, 0, bytes, 0, bytes.Length);
        return bytes;
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    private void Embed(int[] batch, IReadOnlyList<int>[] tokens, float[] vectors)
    {
        var width = batch.Max(i => tokens[i].Count);
        var ids = new long[batch.Length * width];
        var mask = new long[ids.Length];
        for (var row = 0; row < batch.Length; row++)
        {
            var own = tokens[batch[row]];
            for (var i = 0; i < own.Count; i++)
            {
                ids[row * width + i] = own[i];
                mask[row * width + i] = 1;
            }
        }

        long[] shape = [batch.Length, width];
        using var idsValue = OrtValue.CreateTensorValueFromMemory(ids, shape);
        using var maskValue = OrtValue.CreateTensorValueFromMemory(mask, shape);
        using var typesValue = OrtValue.CreateTensorValueFromMemory(new long[ids.Length], shape);
        var inputs = new Dictionary<string, OrtValue>
        {
            ["input_ids"] = idsValue,
            ["attention_mask"] = maskValue,
            ["token_type_ids"] = typesValue,
        };
        using var outputs = _session.Run(_run, inputs, [_session.OutputNames[0]]);
        var hidden = outputs[0].GetTensorDataAsSpan<float>();
        for (var row = 0; row < batch.Length; row++)
        {
            var vector = vectors.AsSpan(batch[row] * Dimensions, Dimensions);
            for (var i = 0; i < tokens[batch[row]].Count; i++)
            {
                TensorPrimitives.Add(vector, hidden.Slice((row * width + i) * Dimensions, Dimensions), vector);
            }

            // The mean's divisor falls out of the normalisation.
            TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm(vector), 1e-12f), vector);
        }
    }
}
