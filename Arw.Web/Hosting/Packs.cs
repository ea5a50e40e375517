using Arw.Core.Access;
using Arw.Core.Archives;
using Arw.Core.Beliefs;
using Arw.Core.Demo;
using Arw.Core.Egress;
using Arw.Core.Erasure;
using Arw.Core.Files;
using Arw.Core.Inference;
using Arw.Core.Memory;
using Arw.Core.Models;
using Arw.Core.Notes;
using Arw.Core.Otel;
using Arw.Core.Policy;
using Arw.Core.Projects;
using Arw.Core.Recipes;
using Arw.Core.Retention;
using Arw.Core.Shell;
using Arw.Core.Text;
using Arw.Core.Tools;
using Arw.Core.World;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Features.Egress;
using Arw.Web.Features.Episodes;
using Arw.Web.Features.Events;
using Arw.Web.Features.Home;
using Arw.Web.Features.Memory;
using Arw.Web.Features.Notes;
using Arw.Web.Features.Otel;
using Arw.Web.Features.Policy;
using Arw.Web.Features.Projects;
using Arw.Web.Features.Recipes;
using Arw.Web.Features.Retention;
using Arw.Web.Features.Redaction;
using Arw.Web.Features.Settings;
using Arw.Web.Features.Shell;
using Arw.Web.Features.World;

namespace Arw.Web.Hosting;

/// <summary>The packs of this home: one line each, with its Core parts, routes and pages.</summary>
internal static class Packs
{
    /// <summary>Registers every pack.</summary>
    public static IServiceCollection AddPacks(this IServiceCollection services, ArwOptions options) => services
        .AddHomePages()
        .AddActionRoutes()
        .AddEpisodeRoutes().AddEpisodePages()
        .AddEventPages()
        .AddArwPolicy().AddPolicyRoutes().AddPolicyPages()
        .AddArwAccess().AddAccessRoutes().AddSettingsPages()
        .AddArwProjects(options.StateDir).AddProjectPages()
        .AddArwFiles()
        .AddArwArchives(options.StateDir)
        .AddArwNotes().AddNotesPages()
        .AddArwBeliefs()
        .AddArwMemory().AddMemoryRoutes().AddMemoryPages()
        .AddArwWorld().AddWorldRoutes().AddWorldPages()
        .AddArwEgress().AddEgressRoutes().AddEgressPages().AddEgressProxy().AddEgressResolver(options)
        .AddArwTools()
        .AddArwShell().AddShellPages()
        .AddArwInference()
        .AddArwText()
        .AddArwModels((p, run) => p.GetRequiredService<GuardedHttp>().For(run), e => (e as EgressRefusedException)?.Refusal, (p, address) => p.GetRequiredService<EgressPrices>().PerMillionTokens(address))
        .AddArwRecipes().AddRecipePages()
        .AddRedactionPages()
        .AddArwErasure()
        .AddArwRetention(new() { ArchiveAfter = options.ArchiveAfter, Age = options.RetentionAge, Size = options.RetentionSize }).AddRetentionCard()
        .AddArwOtel().AddOtelIntake()
        .AddArwDemo();
}
