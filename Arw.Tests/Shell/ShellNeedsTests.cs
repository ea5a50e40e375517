using System.Text.Json;
using Arw.Core.Actions;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Shell;
using Arw.Tests.Actions;
using CsCheck;

namespace Arw.Tests.Shell;

/// <summary>A command needs exactly itself.</summary>
public sealed class ShellNeedsTests
{
    private static readonly string[] Awkward = ["", " ", "*", "**", "%", "%20", "a b", "a", "é", "\n", "--", "a%20b"];

    [Theory]
    [InlineData("shell.exec git log", "git", "log")]
    [InlineData("shell.exec sh -c echo%20%2A%20%25", "sh", "-c", "echo * %")]
    [InlineData("shell.exec printf %", "printf", "")]
    [InlineData("shell.exec caf%C3%A9", "café")]
    public void Needs_Command_AreItsWords(string capability, params string[] command) => Assert.Equal(capability, Needs(command).Value.Single().ToString());

    [Fact]
    public void Needs_DifferentCommands_NeverCoverEachOther()
    {
        var word = Gen.OneOf(Gen.Int[0, Awkward.Length - 1].Select(i => Awkward[i]), Gen.String[0, 6].Where(s => !s.Contains('\0', StringComparison.Ordinal) && s.EnumerateRunes().All(r => r.Value != 0xfffd)));
        Gen.Select(word.Array[1, 4], word.Array[1, 4]).Sample((a, b) =>
        {
            if (!Needs(a).TryGet(out var needsA, out _) || !Needs(b).TryGet(out var needsB, out _))
            {
                return;
            }

            Assert.Equal(a.SequenceEqual(b), needsA[0].Covers(needsB[0]));
        });
    }

    [Fact]
    public void Needs_NoProgramTooManyWordsOrAZeroByte_AreRefused()
    {
        Assert.False(Needs([]).Ok);
        Assert.False(Needs([" "]).Ok);
        Assert.False(Needs([.. Enumerable.Repeat("x", 61)]).Ok);
        Assert.False(Needs(["a\0b"]).Ok);
    }

    private static Result<IReadOnlyList<Capability>> Needs(string[] command)
    {
        using var home = new SandboxHome();
        return ((ActionKind)home.Exec).Needs(JsonSerializer.SerializeToElement(new ShellExecInput(command), ArwJson.Options), new FakeRun().Context);
    }
}
