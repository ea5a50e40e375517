using Arw.Core.Actions;
using Arw.Core.Policy;

namespace Arw.Core.Recipes;

/// <summary>A plan in plain words.</summary>
internal static class PlanWords
{
    /// <summary>"reads 2 feeds on a.example and b.example", from what the step needs; else the tool's title.</summary>
    public static string Of(ActionKind kind, PlannedStep step)
    {
        var needs = (step.Needs ?? []).Distinct().Select(CapabilityText.Of).ToArray();
        var fetches = needs.Where(n => n.Host is not null).ToArray();
        var reads = needs.Where(n => n.Name == "file.read").ToArray();
        var writes = needs.Where(n => n.Name == "file.write").ToArray();
        var noun = kind.Id == "feed.read" ? "feed" : null;
        var parts = new List<string>();
        if (fetches.Length > 0)
        {
            var sends = fetches.Any(n => n.Verbs is not ("GET" or "HEAD"));
            parts.Add($"{(sends ? "sends to" : "reads")} {Count(fetches.Length, noun ?? "address", noun is null ? "addresses" : "feeds")} on {Join(fetches.Select(n => n.Host!).Distinct())}");
        }

        if (reads.Length > 0 && writes.Length == 0)
        {
            parts.Add(kind.Id == "file.list"
                ? $"lists {Join(reads.Select(n => n.Scope!))}"
                : $"reads {Count(reads.Length, noun ?? "file", $"{noun ?? "file"}s")} under {Join(reads.Select(n => Folder(n.Scope!)).Distinct())}");
        }

        if (writes.Length > 0)
        {
            parts.Add($"writes {Count(writes.Length, "file", "files")} under {Join(writes.Select(n => Folder(n.Scope!)).Distinct())}");
        }

        return parts.Count > 0 ? string.Join(" and ", parts) : ThirdPerson(kind.Title);
    }

    /// <summary>What an earlier step, or a condition, still decides.</summary>
    public static string? Note(PlannedStep step)
    {
        var open = step.DependsOn.Count == 0 || step.Skipped ? null
            : step.Calls is null ? $"how often depends on step {Join(step.DependsOn)}"
            : step.Needs is null ? $"which ones depends on step {Join(step.DependsOn)}"
            : null;
        var condition = step.Condition is { } when ? $"only if {when}" : null;
        return open is null || condition is null ? open ?? condition : $"{condition}; {open}";
    }

    /// <summary>All steps as one sentence; the same words once.</summary>
    public static string Sentence(IEnumerable<PlannedStep> steps)
    {
        var words = string.Join(", ", steps.Select(s => s.Words).Distinct());
        return words.Length == 0 ? "Does nothing." : $"{char.ToUpperInvariant(words[0])}{words[1..]}.";
    }

    public static PlannedPermission Permission(RecipePermission permission)
    {
        var words = Capability.Parse(permission.Capability) is { Ok: true } parsed ? parsed.Value.Describe() : permission.Capability;
        var meaning = permission.Mode switch
        {
            PermissionMode.Ask => "You are asked when it is first needed, unless a lease of yours already covers it.",
            PermissionMode.Never => "Forbidden to this run, whatever leases there are.",
            _ => $"Granted to this run when you launch it, {(permission.TtlSecs is { } seconds ? $"for {Duration(seconds)}" : "until the run's episode ends")}. You can revoke it at any time.",
        };
        return new PlannedPermission(permission.Capability, permission.Mode, permission.TtlSecs, words, meaning);
    }

    private static string Folder(string path) => path.LastIndexOf('/') is var slash && slash > "project://".Length ? path[..slash] : "project://";

    private static string Count(int n, string one, string many) => n == 1 ? $"1 {one}" : $"{n} {many}";

    private static string Join(IEnumerable<string> words)
    {
        var all = words.ToArray();
        return all.Length switch
        {
            > 6 => $"{string.Join(", ", all.Take(5))} and {all.Length - 5} more",
            > 1 => $"{string.Join(", ", all[..^1])} and {all[^1]}",
            _ => string.Concat(all),
        };
    }

    private static string Duration(int seconds) => seconds switch
    {
        >= 3600 when seconds % 3600 == 0 => Count(seconds / 3600, "hour", "hours"),
        >= 60 when seconds % 60 == 0 => Count(seconds / 60, "minute", "minutes"),
        _ => Count(seconds, "second", "seconds"),
    };

    // Titles are imperative: "Group items into topics" → "groups items into topics".
    private static string ThirdPerson(string title)
    {
        var words = title.Split(' ', 2);
        var verb = words[0].ToLowerInvariant();
        var ending = verb.EndsWith("ch", StringComparison.Ordinal) || verb.EndsWith("sh", StringComparison.Ordinal) || verb.EndsWith('s') || verb.EndsWith('x') ? "es" : "s";
        return words.Length > 1 ? $"{verb}{ending} {words[1]}" : verb + ending;
    }
}
