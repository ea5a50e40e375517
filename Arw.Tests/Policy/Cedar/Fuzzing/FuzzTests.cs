using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Arw.Core.Policy.Cedar.Entities;
using Arw.Core.Policy.Cedar.Formatting;
using Arw.Core.Policy.Cedar.Json;
using Arw.Core.Policy.Cedar.Parsing;
using Arw.Core.Policy.Cedar.Policies;
using Arw.Core.Policy.Cedar.Schemas;
using Arw.Core.Policy.Cedar.Validation;
using Arw.Tests.Policy.Cedar.Differential;
using CsCheck;
using Xunit.Abstractions;

namespace Arw.Tests.Policy.Cedar.Fuzzing;

/// <summary>
/// Whatever the parsers are given, they answer: no exception, no text that takes seconds or 100 MB, and what they read is written and formatted as what it says.
/// Five seconds by default, a minute in continuous integration; ARW_FUZZ_SECONDS is the length of a long run, ARW_FUZZ_SEED repeats one.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    private const long MostBytes = 100 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);
    private static readonly Schema Known = Schema.Parse("entity User in [Group] { a?: Long }; entity Group; entity Doc; action view appliesTo { principal: [User], resource: [Doc] };").OrThrow();

    [Fact]
    public void Parse_StructuredNoise_NeverFailsHangsOrEatsMemory()
    {
        var seconds = Setting("ARW_FUZZ_SECONDS") ?? (Environment.GetEnvironmentVariable("CI") == "true" ? 60u : 5u);
        var seed = Setting("ARW_FUZZ_SEED") ?? (uint)RandomNumberGenerator.GetInt32(int.MaxValue);
        var chance = new PCG(0, seed);
        var (draw, texts) = (new Draw(chance), new FuzzTexts(corpusCases: 200));
        using var process = Process.GetCurrentProcess();
        var (given, read, longest, most) = (new int[5], new int[5], TimeSpan.Zero, 0L);
        for (var run = Stopwatch.StartNew(); run.Elapsed < TimeSpan.FromSeconds(seconds);)
        {
            var kind = (FuzzKind)draw.Below(5);
            var text = texts.Make(kind, draw, chance);
            process.Refresh();
            var (start, before) = (process.TotalProcessorTime, GC.GetAllocatedBytesForCurrentThread());
            try
            {
                given[(int)kind]++;
                read[(int)kind] += Read(kind, text) ? 1 : 0;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Seed {seed}: {kind} of {text.Length} characters: {Shown(text)}", fault);
            }

            // All that was allocated, kept or not, is more than what it held at any time.
            var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            process.Refresh();
            var took = process.TotalProcessorTime - start;
            Assert.True(bytes < MostBytes && took < Longest, $"Seed {seed}: {kind} took {took} of processor time and {bytes:N0} bytes: {Shown(text)}");
            (longest, most) = (took > longest ? took : longest, Math.Max(most, bytes));
        }

        for (var kind = 0; kind < given.Length; kind++)
        {
            output.WriteLine($"{(FuzzKind)kind}: {given[kind]:N0} texts, {read[kind]:N0} of them read");
            Assert.True(read[kind] > 0, $"No {(FuzzKind)kind} was read: the texts are all noise.");
        }

        output.WriteLine($"seed {seed}, {seconds} s, the slowest text {longest.TotalMilliseconds:N0} ms, the greediest {most / 1048576.0:N1} MiB allocated, {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:N0} MiB in use at the end");
    }

    // True when the text was read.
    private static bool Read(FuzzKind kind, string text) => kind switch
    {
        FuzzKind.Policies => ReadPolicies(text),
        FuzzKind.Schema => ReadSchema(Schema.Parse(text).Value),
        FuzzKind.SchemaJson => ReadSchema(Schema.ParseJson(text).Value),
        FuzzKind.Entities => ReadEntities(text),
        _ => ReadSet(text),
    };

    private static bool ReadPolicies(string text)
    {
        var read = CedarParser.ParsePolicies(text);
        var formatted = CedarFormatter.Format(text);
        Assert.Equal(read.Ok, formatted.Ok);
        Assert.Equal(read.Ok, read.Errors.Count == 0);
        if (!read.Ok)
        {
            return false;
        }

        Assert.Equal(read.Value, CedarParser.ParsePolicies(formatted.Value!).OrThrow());
        Assert.Equal(formatted.Value, CedarFormatter.Format(formatted.Value!).OrThrow());
        new PolicyValidator(Known).Validate(read.Value);
        if (CedarPolicySet.Create(read.Value) is { Ok: true } set)
        {
            // The JSON form may be refused where it nests deeper than the text.
            var json = CedarJson.Write(set.Value);
            Assert.True(CedarJson.ReadSet(json) is var back && (!back.Ok || json == CedarJson.Write(back.Value)));
        }

        return true;
    }

    private static bool ReadSchema(Schema? schema)
    {
        if (schema is null)
        {
            return false;
        }

        Assert.Equal(schema.ToText(), Schema.Parse(schema.ToText()).OrThrow().ToText());
        Schema.ParseJson(schema.ToJson().ToJsonString()).OrThrow();
        return true;
    }

    private static bool ReadEntities(string text)
    {
        new TypedJson(Known).ReadEntities(text);
        return EntitiesJson.Read(text).Ok;
    }

    private static bool ReadSet(string text)
    {
        var set = CedarJson.ReadSet(text);
        return set.Ok && CedarJson.Write(set.Value) is var json && CedarJson.Write(CedarJson.ReadSet(json).OrThrow()) == json;
    }

    private static uint? Setting(string name) => Environment.GetEnvironmentVariable(name) is { } text ? uint.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string Shown(string text) => text.Length <= 4000 ? text : $"{text[..4000]}…";
}
