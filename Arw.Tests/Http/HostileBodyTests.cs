using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace Arw.Tests.Http;

/// <summary>Bodies that nobody honest sends, to routes that read one: each is refused in words, and none is a fault.</summary>
public sealed class HostileBodyTests
{
    private static readonly string[] Routes =
    [
        "/admin/memory/quarantine", "/admin/memory/quarantine/admit",
        "/admin/world_diffs/queue", "/admin/world_diffs/decision", "/admin/world_diffs/revert",
        "/egress/preview", "/egress/settings",
    ];

    private static readonly string[] Values =
    [
        "null", "[]", "[null]", "[[]]", "{}", "[{}]", "\"\"", "\"x\"", "\"\\ud800\"", "\"\\u0000\"", "true", "-1", "1e400", "99999999999999999999", "[\"x\",null]", "[{\"op\":null}]",
        "[{\"op\":\"add\",\"value\":null}]", "[{\"op\":\"change\",\"value\":\"a\",\"was\":\"\\ud800\",\"confidence\":1}]", "[{\"op\":\"add\",\"value\":\"a\",\"confidence\":1,\"evidence\":[null]}]",
        "[{\"kind\":\"url\",\"ref\":null}]", "[{\"kind\":\"import\",\"ref\":\"\"}]", "{\"kind\":\"x\"}", "{\"Accept\":null}", "{\"Content-Type\":null}", "{\"\":\"\"}", "{\"a b\":\"c\\r\\nd\"}", "\"http://[::1\"", "\"http://\\u0000/\"", "\"https://example.org:99999/\"", "\"GET\\r\\nX: y\"",
    ];

    private static readonly string[] Members =
    [
        "id", "content", "content_preview", "content_type", "project_id", "project", "source", "kind", "tags", "provenance", "note", "changes", "from_node", "summary", "decision", "choices", "seen",
        "method", "url", "body", "headers", "corr_id", "limits", "scopes", "mode", "prices",
    ];

    [Fact]
    public async Task Body_ThatNobodyHonestSends_IsRefusedAndNoFault()
    {
        await using var home = await TestHome.StartAsync();
        await home.ActAsync("project.create", new JsonObject { ["id"] = "demo", ["title"] = "Demo" });
        var faults = new List<string>();
        foreach (var route in Routes)
        {
            string[] whole = ["", "{", "null", "[]", "\"x\"", "1", "{\"a\":1,\"a\":2}", "{\"id\":\"x\",\"ID\":\"y\"}", new string('[', 5000), "\ufeff{}", "{\"\\ud800\":1}"];
            foreach (var body in whole.Concat(Members.SelectMany(m => Values.Select(v => Whole(m, v)))))
            {
                using var content = new StringContent(body, Encoding.UTF8, "application/json");
                using var response = await home.Owner.PostAsync(route, content);
                if (response.StatusCode >= HttpStatusCode.InternalServerError)
                {
                    faults.Add($"{(int)response.StatusCode} {route} {(body.Length > 300 ? body[..300] : body)}");
                }
            }
        }

        Assert.Empty(faults);
    }

    // One member is wrong among others that are right, so that what comes behind the first look is reached, too.
    private static string Whole(string member, string value)
    {
        var right = new Dictionary<string, string>
        {
            ["id"] = "\"x\"", ["content"] = "\"text\"", ["project_id"] = "\"demo\"", ["project"] = "\"demo\"", ["decision"] = "\"apply\"", ["method"] = "\"POST\"", ["url"] = "\"https://example.org/\"",
            ["changes"] = "[{\"op\":\"add\",\"value\":\"a\",\"confidence\":1}]",
        };
        right[member] = value;
        return $"{{{string.Join(",", right.Select(r => $"\"{r.Key}\":{r.Value}"))}}}";
    }
}
