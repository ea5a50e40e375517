using Arw.Core.Files;
using CsCheck;

namespace Arw.Tests.Files;

public sealed class UnifiedPatchTests
{
    // Few distinct lines, so that repeats and shared runs are common; ends with and without line feed, CR included.
    private static readonly Gen<string> Text = Gen.Select(
        OneOf("a\n", "b\n", "c\r\n", "\n", "-x\n", "+y\n", "@@ -1 +1 @@\n", "\\ z\n", "é数\n").Array[0, 30],
        OneOf("", "", "end", "-", "\r"),
        (lines, tail) => string.Concat(lines) + tail);

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    [Fact]
    public void Apply_DiffOfTwoTexts_GivesTheSecond() => Gen.Select(Text, Text).Sample(
        (a, b) =>
        {
            var diff = UnifiedDiff.Make(a, b);
            if (a == b)
            {
                Assert.Equal("", diff);
                return;
            }

            var applied = UnifiedPatch.Apply(a, diff);
            Assert.True(applied.Ok, $"{applied.Refusal}\n{diff}");
            Assert.Equal(b, applied.Value);
        },
        iter: 5000);

    [Fact]
    public void Apply_AnyPatchText_NeverThrows() => Gen.Select(Text, Gen.Select(Text, OneOf("@@ -1,2 +1,2 @@\n", "@@ -0,0 +1 @@\n", "@@ -9 +9 @@\n"), (t, h) => h + t))
        .Sample((a, patch) => { _ = UnifiedPatch.Apply(a, patch); }, iter: 5000);

    [Fact]
    public void Apply_MisplacedHunk_NamesHunkLineAndPlace()
    {
        var refusal = UnifiedPatch.Apply("x\na\nb\nc\n", "--- a\n+++ b\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n").Refusal!;
        Assert.Equal("conflict", refusal.Code);
        Assert.Contains("Hunk 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("line 1", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("line 2", refusal.Next, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "no hunk")]
    [InlineData("hello", "no hunk header")]
    [InlineData("@@ -1,2 +1,2 @@\n a\n", "ends early")]
    [InlineData("@@ -1 +1 @@\n-a\n*b\n", "Hunk 1 is malformed")]
    [InlineData("@@ -0 +1 @@\n-a\n+b\n", "impossible")]
    [InlineData("@@ -1 +1 @@\n-a\n+b\n--- other\n", "no hunk header")]
    [InlineData("@@ -7 +7 @@\n-a\n+b\n", "reaches to line 7")]
    [InlineData("@@ -2 +2 @@\n-b\n+B\n@@ -1 +1 @@\n-a\n+A\n", "Hunk 2")]
    public void Apply_BadPatch_SaysWhy(string patch, string expected) =>
        Assert.Contains(expected, UnifiedPatch.Apply("a\nb\n", patch).Refusal!.Message, StringComparison.Ordinal);
}
