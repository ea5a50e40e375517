using System.Diagnostics;
using System.Globalization;
using System.Text;
using Arw.Bench.Report;
using Arw.Core.Journal;
using Arw.Core.Redaction;

namespace Arw.Bench.Redaction;

/// <summary>How fast secrets are looked for: in prose, in the text that secrets hide in, in what was made to slow it down, and in small payloads on their way into the journal.</summary>
internal static class RedactionBench
{
    private const int Rounds = 7;

    private static readonly string[] Words =
        ("the of and to in a is that for it as was with be by on not he his but at are this have from or had an they which one you were all her she there would their we him been has when who will no more if out so "
        + "token key password secret author basic journal event agent project request answer page server number mail phone account card history control policy decision system")
        .Split(' ');

    public static Task<Table> RunAsync(BenchOptions options)
    {
        var size = options.Size(32) << 20;
        var random = new Random(20261129);
        var redactor = new Redactor();
        IReadOnlyList<IReadOnlyList<string>> rows =
        [
            Measure(redactor, "plain text, all classes", Prose(random, size), DataClasses.All),
            Measure(redactor, "plain text, classes of the journal", Prose(random, size), RedactionSetup.Default.Journal),
            Measure(redactor, "log lines with ids, digests and times", Log(random, size), DataClasses.All),
            Measure(redactor, "base64", Encoding.ASCII.GetBytes(Convert.ToBase64String(Bytes(random, size * 3 / 4))), DataClasses.All),
            Measure(redactor, "a secret every 4 KiB", WithSecrets(random, size), DataClasses.All),
            Measure(redactor, "hostile: \"token=\" repeated, 1 MB", Repeated("token=", 1 << 20), DataClasses.All),
            Measure(redactor, "hostile: \"sk-\" repeated, 1 MB", Repeated("sk-", 1 << 20), DataClasses.All),
            Payloads(redactor, random, options.Size(200_000)),
        ];
        return Task.FromResult(new Table(
            ["text", "MB", "MB/s", "found"],
            rows,
            $"{SecretKinds.Shipped.Count} kinds in one pass, one thread, median of {Rounds} rounds; the last row is the whole intake of a payload: checked, rewritten and redacted."));
    }

    private static string[] Measure(Redactor redactor, string name, byte[] text, DataClasses classes)
    {
        var found = redactor.Find(text.AsSpan(0, Math.Min(text.Length, 1 << 20)), classes).Count;
        var taken = Enumerable.Range(0, Rounds).Select(_ =>
        {
            var start = Stopwatch.GetTimestamp();
            found = redactor.Find(text, classes).Count;
            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).Order().ToArray();
        return Row(name, text.Length, taken[Rounds / 2], found);
    }

    private static string[] Payloads(Redactor redactor, Random random, int count)
    {
        var intake = new PayloadIntake(redactor);
        var payloads = Enumerable.Range(0, 1000).Select(i => Encoding.UTF8.GetBytes(
            $$"""{"id":"{{i}}","url":"https://example.org/a/{{i}}?page=2","status":200,"digest":"sha256:{{Convert.ToHexStringLower(Bytes(random, 32))}}","text":"{{Sentence(random, 20)}}","agent":"agent:bench","ok":true}""")).ToArray();
        var bytes = 0L;
        var taken = Enumerable.Range(0, Rounds).Select(_ =>
        {
            bytes = 0;
            var start = Stopwatch.GetTimestamp();
            for (var i = 0; i < count; i++)
            {
                bytes += intake.Normalise(payloads[i % payloads.Length]).Value.Length;
            }

            return Stopwatch.GetElapsedTime(start).TotalSeconds;
        }).Order().ToArray();
        return Row($"{count:N0} event payloads of {bytes / count} bytes", bytes, taken[Rounds / 2], 0);
    }

    private static string[] Row(string name, long bytes, double seconds, int found) =>
    [
        name,
        (bytes / 1e6).ToString("N0", CultureInfo.InvariantCulture),
        $"**{(bytes / 1e6 / seconds).ToString("N0", CultureInfo.InvariantCulture)}**",
        found.ToString("N0", CultureInfo.InvariantCulture),
    ];

    private static byte[] Prose(Random random, int size)
    {
        var text = new StringBuilder(size + 200);
        while (text.Length < size)
        {
            text.Append(Sentence(random, 12)).Append(". ");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Log(Random random, int size)
    {
        var text = new StringBuilder(size + 200);
        for (var i = 0; text.Length < size; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"2026-11-29T08:{i / 60 % 60:00}:{i % 60:00}.{i % 1000:000}Z INFO request {new Guid(Bytes(random, 16))} GET /api/v1/items/{i} 200 {random.Next(5000)} sha256:{Convert.ToHexStringLower(Bytes(random, 32))}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] WithSecrets(Random random, int size)
    {
        var text = new StringBuilder(size + 200);
        while (text.Length < size)
        {
            for (var until = text.Length + 4096; text.Length < until;)
            {
                text.Append(Sentence(random, 12)).Append(". ");
            }

            text.Append("AKIA");
            for (var i = 0; i < 16; i++)
            {
                text.Append("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[random.Next(32)]);
            }

            text.Append(' ');
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static byte[] Repeated(string piece, int size) => Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(piece, size / piece.Length)));

    private static string Sentence(Random random, int words) => string.Join(' ', Enumerable.Range(0, words).Select(_ => Words[random.Next(Words.Length)]));

    private static byte[] Bytes(Random random, int count)
    {
        var bytes = new byte[count];
        random.NextBytes(bytes);
        return bytes;
    }
}
