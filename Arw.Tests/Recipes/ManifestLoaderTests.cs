using System.Text;
using Arw.Core.Recipes;
using CsCheck;

namespace Arw.Tests.Recipes;

public class ManifestLoaderTests
{
    internal const string Valid = """
        id: two-steps
        name: Two steps
        version: "1.2.0"
        permissions:
          net.http:GET: ask
          file.write project://out/**: { mode: allow, ttl_secs: 900 }
          shell.exec: never
        prompts:
          system: Be brief.
        tools:
          - id: feed.read
          - id: file.write
        inputs:
          type: object
          properties:
            feeds: { type: array, items: { type: string } }
            path: { type: string, default: "project://out/{{ date }}.md" }
        workflows:
          - step: read
            tool: feed.read
            params: { for_each: inputs.feeds, on_error: continue, url: "{{ item }}" }
          - step: write
            tool: file.write
            params: { path: "{{ inputs.path }}", content: "{{ steps.read | json }}" }
        """;

    [Fact]
    public void Load_ValidYaml_ReadsEveryField()
    {
        var loaded = ManifestLoader.Load(Valid);

        Assert.Empty(loaded.Problems);
        var manifest = loaded.Manifest!;
        Assert.Equal(("two-steps", "Two steps", "1.2.0"), (manifest.Id, manifest.Name, manifest.Version));
        Assert.Equal(
            [new("net.http:GET", PermissionMode.Ask), new("file.write project://out/**", PermissionMode.Allow, 900), new("shell.exec", PermissionMode.Never)],
            manifest.Permissions);
        Assert.Equal(new RecipeUi(true, true), manifest.Ui);
        Assert.Equal(("inputs.feeds", true), (manifest.Workflows[0].ForEach, manifest.Workflows[0].ContinueOnError));
        Assert.Equal(["url"], manifest.Workflows[0].Params.Select(p => p.Key));
    }

    [Fact]
    public void Load_JsonOfTheSameManifest_IsEqual()
    {
        const string Json = """
            { "id": "a", "name": "A", "version": "1.0.0", "permissions": {"demo.echo": "allow"},
              "prompts": {"system": "s"}, "tools": [{"id": "demo.echo"}],
              "workflows": [{"step": "say", "tool": "demo.echo", "params": {"n": 1.5, "deep": [true, null, "x"]}}] }
            """;
        const string Yaml = """
            id: a
            name: A
            version: 1.0.0
            permissions: { demo.echo: allow }
            prompts: { system: s }
            tools: [{ id: demo.echo }]
            workflows:
              - { step: say, tool: demo.echo, params: { n: 1.5, deep: [true, ~, x] } }
            """;

        var (json, yaml) = (ManifestLoader.Load(Json), ManifestLoader.Load(Yaml));

        Assert.Empty(json.Problems);
        Assert.Empty(yaml.Problems);
        Assert.Equal(json.Manifest!.Workflows[0].Params.ToJsonString(), yaml.Manifest!.Workflows[0].Params.ToJsonString());
    }

    [Fact]
    public void Load_ManyProblems_ReportsAllWithTheirPlaces()
    {
        const string Broken = """
            id: Not An Id
            name: Broken
            versoin: "1.0.0"
            permissions:
              "net http": ask
              shell.exec: maybe
            prompts:
              system: s
              system: again
            tools:
              - id: feed.read
              - id: feed.read
            tags: [a, a]
            workflows:
              - step: one
                tool: feed.raed
                params: { url: "{{ steps.two }}", on_error: ignore }
              - step: one
                tool: feed.read
                params: { url: "{{ oops" }
            """;

        var problems = ManifestLoader.Load(Broken).Problems;

        Assert.Equal(
            [
                (1, 1, ""), // version is missing
                (1, 5, "/id"),
                (3, 1, "/versoin"),
                (5, 3, "/permissions/net http"),
                (6, 15, "/permissions/shell.exec"),
                (9, 3, "/prompts/system"),
                (12, 9, "/tools/1/id"),
                (13, 11, "/tags/1"),
                (16, 11, "/workflows/0/tool"),
                (17, 20, "/workflows/0/params/url"),
                (17, 49, "/workflows/0/params/on_error"),
                (18, 11, "/workflows/1/step"),
                (20, 20, "/workflows/1/params/url"),
            ],
            problems.Select(p => (p.Line, p.Column, p.Path)));
        Assert.Contains("Did you mean \"version\"?", problems.Single(p => p.Path == "/versoin").Message, StringComparison.Ordinal);
        Assert.Contains("no earlier step \"two\"", problems.Single(p => p.Path == "/workflows/0/params/url").Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{\"id\": 1,\n  \"id\": 2}", 2, 3, "appears twice")]
    [InlineData("{\"id\": \"a\",}", 1, 12, "no JSON")]
    [InlineData("{\n \"é\": tru }", 2, 10, "no JSON")]
    [InlineData("id: &a x\nname: *a", 1, 5, "anchor")]
    [InlineData("id: a\nname: [", 2, 8, "no YAML")]
    [InlineData("id: !!binary aGk=", 1, 5, "tag")]
    [InlineData("id: a\n---\nid: b", 2, 1, "second YAML document")]
    [InlineData("", 1, 1, "empty")]
    [InlineData("just text", 1, 1, "\"just text\"")]
    [InlineData("version: 1.0", 1, 10, "no text unless quoted")]
    public void Load_Malformed_NamesThePlace(string text, int line, int column, string message)
    {
        var problems = ManifestLoader.Load(text).Problems;

        Assert.Contains(problems, p => p.Line == line && p.Column == column && p.Message.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_SchemaFault_NamesThePlaceInTheFile()
    {
        var text = Valid.Replace("feeds: { type: array, items: { type: string } }", "feeds: { type: arry, items: { $ref: \"http://x\" } }", StringComparison.Ordinal);

        var problems = ManifestLoader.Load(text).Problems;

        Assert.Contains(problems, p => p is { Line: 16, Path: "/inputs/properties/feeds/type" });
        Assert.Contains(problems, p => p is { Line: 16, Path: "/inputs/properties/feeds/items/$ref" });
        Assert.DoesNotContain(problems, p => p.Path is "/inputs" or "/inputs/type");
    }

    [Fact]
    public void Load_TooDeepOrTooLarge_IsRefused()
    {
        Assert.Contains("deep", Assert.Single(ManifestLoader.Load(new string('[', 100_000)).Problems).Message, StringComparison.Ordinal);
        Assert.Contains("at most 262144 bytes", Assert.Single(ManifestLoader.Load(new string('a', 300_000)).Problems).Expected, StringComparison.Ordinal);
        Assert.NotEmpty(ManifestLoader.Load("{\"a\":" + string.Concat(Enumerable.Repeat("[", 100_000))).Problems);
    }

    [Fact]
    public void Load_AnyBytes_NeverThrows() => Gen.Byte.Array[0, 400].Sample(bytes =>
    {
        var loaded = ManifestLoader.Load(bytes);
        Assert.True(loaded.Manifest is not null || loaded.Problems.Count > 0);
    });

    [Fact]
    public void Load_DamagedManifest_NeverThrowsAndPlacesAreInTheFile()
    {
        var yaml = Encoding.UTF8.GetBytes(Valid);
        var alphabet = "{}[]:,-&*!|>'\"%#?@` \n\t\\a0é\0"u8.ToArray();
        Gen.Select(Gen.Int[0, yaml.Length - 1], Gen.Int[0, alphabet.Length - 1], Gen.Int[0, 6]).Array[1, 8].Sample(damages =>
        {
            var bytes = yaml.ToList();
            foreach (var (at, with, drop) in damages)
            {
                bytes.RemoveRange(Math.Min(at, bytes.Count), Math.Min(drop, Math.Max(0, bytes.Count - at)));
                bytes.Insert(Math.Min(at, bytes.Count), alphabet[with]);
            }

            var loaded = ManifestLoader.Load(bytes.ToArray());
            Assert.All(loaded.Problems, p => Assert.True(p.Line >= 1 && p.Column >= 1));
            Assert.Equal(loaded.Manifest is null, loaded.Problems.Count > 0);
        });
    }
}
