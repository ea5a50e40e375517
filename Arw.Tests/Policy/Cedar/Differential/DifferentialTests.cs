using System.Globalization;
using Arw.Tests.Policy.Cedar.Reference;
using CsCheck;
using Xunit.Abstractions;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>
/// The reference engine's build for WebAssembly says the same, validation included. A small sample by default, where its package can be had;
/// ARW_DIFFERENTIAL is the number of cases of a long run, in which a package that cannot be had is a failure.
/// </summary>
[Trait("Category", "Differential")]
public sealed class DifferentialTests(ITestOutputHelper output)
{
    private const int Sample = 200;

    [Fact]
    public async Task Answers_AnyCase_AreThoseOfTheReference()
    {
        var asked = Environment.GetEnvironmentVariable("ARW_DIFFERENTIAL");
        if (await ReferenceModule.GetAsync() is not { } module)
        {
            Assert.True(asked is null, "The reference engine's package could not be fetched.");
            output.WriteLine("The reference engine's package could not be fetched: nothing was compared.");
            return;
        }

        var cases = asked is null ? Sample : int.Parse(asked, CultureInfo.InvariantCulture);
        var (engine, compared, answers, kinds) = (new ReferenceEngine(module), 0, 0, new Dictionary<string, int>());
        DifferentialCase.Gen.Sample(
            test =>
            {
                List<string> theirs;
                try
                {
                    theirs = Answers.Theirs(engine, test);
                }
                catch (Exception trap) when (trap is Wasmtime.WasmtimeException)
                {
                    // A trap leaves an instance that cannot be used.
                    engine.Dispose();
                    engine = new ReferenceEngine(module);
                    throw;
                }

                var ours = Answers.Ours(test);
                compared++;
                answers += ours.Count;
                foreach (var answer in ours)
                {
                    var kind = answer.Split(' ')[0];
                    kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
                }

                Assert.Equal(theirs, ours);
            },
            iter: cases,
            threads: 1,
            print: test => test.ToString());
        engine.Dispose();
        output.WriteLine($"{compared:N0} cases of {DifferentialCase.PoliciesEach} policies, {answers:N0} answers the same: {string.Join(", ", kinds.Select(k => $"{k.Value:N0} {k.Key}"))}");
    }
}
