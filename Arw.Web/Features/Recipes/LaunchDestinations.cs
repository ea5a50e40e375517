using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Egress;
using Arw.Core.Policy;
using Arw.Core.Recipes;
using Arw.Web.Components.Formats;

namespace Arw.Web.Features.Recipes;

/// <summary>A place that a launch will ask for, before anything is sent.</summary>
/// <param name="Request">The request, as a capability says it.</param>
/// <param name="Rule">What becomes of it, in words: the deciding rule.</param>
/// <param name="Allowed">False when it would be refused however a person answers.</param>
/// <param name="Sends">What it sends, in words: a request without a body, or a body whose size is not known yet.</param>
/// <param name="Data">What is classified in its address, in words; null for nothing.</param>
public sealed record LaunchDestination(string Request, string Rule, bool Allowed, string Sends, string? Data);

/// <summary>Previews every request that a plan names, as the run would ask for it.</summary>
/// <param name="preview">The preview of one request.</param>
/// <param name="redactor">Finds what is classified in the inputs.</param>
public sealed class LaunchDestinations(EgressPreview preview, Core.Journal.Redactor redactor)
{
    /// <summary>The requests of a plan, each once.</summary>
    public IReadOnlyList<LaunchDestination> Of(RecipePlan plan, string? project) =>
        [.. plan.Steps.Where(s => !s.Skipped).SelectMany(s => s.Needs ?? []).Distinct(StringComparer.Ordinal)
            .Select(n => Capability.Parse(n)).Where(c => c.Ok && c.Value is { Name: "net.http", Scheme: not null, Port: not null })
            .Select(c => Of(plan, c.Value, project))];

    /// <summary>What is classified in the inputs, and that a tag takes its place in the journal: "1 GitHub personal access token"; null for nothing.</summary>
    public string? Redacted(JsonObject inputs)
    {
        var found = redactor.Find(System.Text.Encoding.UTF8.GetBytes(inputs.ToJsonString()), redactor.Setup.Journal);
        return found.Count == 0 ? null : string.Join(", ", found.CountBy(f => f.Kind.Name).Select(k => $"{k.Value} × {k.Key}"));
    }

    private LaunchDestination Of(RecipePlan plan, Capability request, string? project)
    {
        var method = request.Verbs is [var verb, ..] ? verb : "GET";
        var host = request.Host!.Contains(':', StringComparison.Ordinal) && !request.Host.StartsWith('[') ? $"[{request.Host}]" : request.Host;
        var asked = preview.Preview(
            FormattableString.Invariant($"{request.Scheme}://{host}:{request.Port}{request.Path}"),
            method,
            new ActionContext { ActionId = "plan", Principal = Principal.Owner, Project = project, CorrId = "plan", Recipe = plan.Recipe });
        var sends = method is "GET" or "HEAD" ? "no body" : "a body; its size is known when it runs";
        if (!asked.TryGet(out var answer, out var refusal))
        {
            return new(request.ToString(), refusal.Message, false, sends, null);
        }

        var data = answer.Data.Count == 0 ? null : string.Join(", ", answer.Findings.Select(f => f.Name));
        return answer.Allow ? new(request.ToString(), answer.Lease is { } lease ? $"by the lease {Format.ShortId(lease)}" : $"by the policy {answer.Policy}", true, sends, data)
            : answer.Code != "needs_lease" ? new(request.ToString(), $"{answer.Code}: {answer.Reason}", false, sends, data)
            : new(request.ToString(), Permission(plan, request), true, sends, data);
    }

    private static string Permission(RecipePlan plan, Capability request) =>
        plan.Permissions.FirstOrDefault(p => Capability.Parse(p.Capability) is { Ok: true } held && held.Value.Covers(request)) switch
        {
            { Mode: PermissionMode.Never } => "never: its own manifest forbids it",
            { Mode: PermissionMode.Allow } => "by running it: its manifest asks for this",
            _ => "needs_lease: you are asked first",
        };
}
