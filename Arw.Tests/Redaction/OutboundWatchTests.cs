using System.Diagnostics;
using System.Text;
using Arw.Core.Journal;
using Arw.Core.Redaction;
using CsCheck;

namespace Arw.Tests.Redaction;

/// <summary>What leaves piece by piece is seen as if it had left at once.</summary>
public sealed class OutboundWatchTests
{
    private static readonly KeyValuePair<string, Func<Drawn, SecretSample>>[] Samples = [.. SecretSamples.All];

    private readonly Redactor _redactor = new();

    [Fact]
    public void Look_ASecretInAnyPieces_IsFoundBeforeItsLastByteHasPassed() =>
        Gen.Select(Gen.Int[0, 40_000], Gen.Int[1, 3000], Gen.Int[0, Samples.Length - 1], Gen.Int).Sample(
            (before, piece, kind, seed) =>
            {
                var sample = Samples[kind].Value(new Drawn(seed));
                var secret = sample.Text ?? sample.Secret;
                var text = Encoding.UTF8.GetBytes($"{string.Concat(Enumerable.Repeat("plain words. ", before / 13))}\n{secret}\nmore plain words.");
                if (_redactor.Find(text, DataClasses.All).Count == 0)
                {
                    return;
                }

                var (watch, found) = (new OutboundWatch(_redactor), DataClasses.None);
                for (var at = 0; at < text.Length; at += piece)
                {
                    watch.Add(text.AsSpan(at, Math.Min(piece, text.Length - at)));
                    found |= watch.Look().Classes;
                    watch.Pass();
                }

                Assert.True(found.HasFlag(_redactor.Find(text, DataClasses.All)[0].Kind.Class.Set()), $"{Samples[kind].Key} in pieces of {piece} after {before}");
            },
            iter: 300);

    [Theory]
    [InlineData("to=anna%40example.org")]
    [InlineData("url=postgres%3A%2F%2Fbackup%3As3cretPassw0rd%40db.internal%2Fmain")]
    [InlineData("note=call+%2B49+30+1234567")]
    public void Look_AWebForm_SeesWhatItsEncodingHides(string form)
    {
        Assert.Equal(DataClasses.None, Looked(new OutboundWatch(_redactor), form));
        Assert.NotEqual(DataClasses.None, Looked(new OutboundWatch(_redactor, form: true), form));
    }

    [Fact]
    public void Look_AFormOfAnyBytes_NeverFails() => Gen.Byte.Array[0, 100].Select(Gen.Int[1, 7]).Sample((bytes, piece) =>
    {
        var watch = new OutboundWatch(_redactor, form: true);
        for (var at = 0; at < bytes.Length; at += piece)
        {
            watch.Add(bytes.AsSpan(at, Math.Min(piece, bytes.Length - at)));
            watch.Look();
            watch.Pass();
        }
    });

    [Fact]
    public void Look_WhatShowsAServerWhoAsks_IsForThatServerInHeadsOnly()
    {
        const string Head = "GET / HTTP/1.1\r\nAuthorization: Bearer ghp_1A2b3C4d5E6f7G8h9I0jK1l2M3n4O5p6Q7r8\r\n\r\n";
        Assert.Equal(DataClasses.None, Looked(new OutboundWatch(_redactor, heads: true), Head));
        Assert.Equal(DataClasses.Credential, Looked(new OutboundWatch(_redactor), Head));
        Assert.Equal(DataClasses.Credential, Looked(new OutboundWatch(_redactor, heads: true), Head.Replace("Authorization", "X-Other", StringComparison.Ordinal)));
    }

    [Fact]
    public void Look_AtALongStream_TakesTimeByItsLengthAndMemoryByItsPieces()
    {
        var piece = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("The quick brown fox jumps over the lazy dog. ", 1456)));
        var watch = new OutboundWatch(_redactor);
        var (allocated, began) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.GetTimestamp());
        for (var i = 0; i < 200; i++)
        {
            watch.Add(piece);
            Assert.Equal(default, watch.Look());
            watch.Pass();
        }

        Assert.Equal(0, watch.Pending);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 2 << 20);
        Assert.True(Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20));
    }

    private static DataClasses Looked(OutboundWatch watch, string text)
    {
        watch.Add(Encoding.UTF8.GetBytes(text));
        return watch.Look().Classes;
    }
}
