using System.Text;
using System.Text.Json.Nodes;
using Arw.Core.Access;
using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Core.Recipes;
using Arw.Core.State;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Arw.Core.Demo;

/// <summary>Whether a new home begins with the demo project.</summary>
/// <param name="Enabled">True by default.</param>
public sealed record DemoOptions(bool Enabled = true);

/// <summary>On the first start: a demo project with feeds and papers, and the research digest run on it offline. All of it through the pipeline, as anybody else would do it, under leases that it grants itself for an hour.</summary>
internal sealed class DemoStart(ActionService actions, ActionsModel rows, DemoOptions options, ILogger<DemoStart> log) : BackgroundService
{
    private const string Project = "demo";
    private static readonly Principal Demo = Principal.System("demo");

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Enabled || HasRun())
        {
            return;
        }

        try
        {
            await RunAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The next start goes on: every step has a key and happens once.
        }
        catch (Exception e)
        {
            // A demo that fails must not take the home down.
            log.LogError(e, "The demo could not be set up");
        }
    }

    private bool HasRun() => rows.Rows.Count(new TableQuery
    {
        Where = [new Condition("actor", Op.Equal, Demo.Actor), new Condition("kind", Op.Equal, "recipe.run")],
    }) > 0;

    private async Task RunAsync(CancellationToken cancel)
    {
        await SubmitAsync("project.create", new JsonObject { ["id"] = Project, ["title"] = "Demo: agent research" }, cancel);
        foreach (var verb in new[] { "read", "write" })
        {
            await SubmitAsync("policy.lease.grant", new JsonObject
            {
                ["capability"] = $"file.{verb} project://demo/**",
                ["holder"] = $"project:{Project}",
                ["ttl_secs"] = 3600,
                ["reason"] = "The demo works on its own files",
            }, cancel);
        }

        foreach (var (path, bytes) in DemoContent.Files)
        {
            var outcome = await SubmitAsync("file.write", new JsonObject
            {
                ["path"] = $"project://demo/{path}",
                ["content"] = Encoding.UTF8.GetString(bytes.Span),
            }, cancel);
            if (outcome is not null)
            {
                await actions.WaitForEndAsync(outcome.Id, cancel);
            }
        }

        await SubmitAsync("recipe.run", new JsonObject { ["recipe"] = "research-digest", ["accepted"] = true, ["demo"] = true }, cancel);
    }

    private async Task<SubmitOutcome?> SubmitAsync(string kind, JsonObject input, CancellationToken cancel)
    {
        var request = new SubmitRequest(kind, input)
        {
            Project = Project,
            CorrId = kind is "file.write" ? "demo-files" : null,
            IdemKey = $"demo {kind} {input["path"] ?? input["capability"]}",
            OnNeedsLease = OnNeedsLease.Ask,
            Episode = kind is "file.write" ? new EpisodeStarted("Write the demo's files") { Demo = true, Tools = ["file.write"] } : null,
        };
        var result = await actions.SubmitAsync(request, Demo, cancel);
        if (!result.Ok)
        {
            log.LogWarning("The demo could not {Kind}: {Refusal}", kind, result.Refusal);
        }

        return result.Ok ? result.Value : null;
    }
}
