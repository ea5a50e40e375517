using Arw.Core.Access;
using Arw.Core.Beliefs;
using Arw.Core.Demo;
using Arw.Core.Egress;
using Arw.Core.Files;
using Arw.Core.Inference;
using Arw.Core.Models;
using Arw.Core.Notes;
using Arw.Core.Policy;
using Arw.Core.Projects;
using Arw.Core.Recipes;
using Arw.Core.Text;
using Arw.Core.Tools;
using Arw.Core.World;
using Arw.Web.Features;
using Arw.Web.Features.Access;
using Arw.Web.Features.Actions;
using Arw.Web.Features.Egress;
using Arw.Web.Features.Episodes;
using Arw.Web.Features.Policy;
using Arw.Web.Features.World;

namespace Arw.Web.Hosting;

/// <summary>The packs of this home: one line each, Core parts and routes.</summary>
internal static class Packs
{
    /// <summary>Registers every pack.</summary>
    public static IServiceCollection AddPacks(this IServiceCollection services, ArwOptions options) => services
        .AddArwPolicy().AddActionRoutes().AddPolicyRoutes().AddEpisodeRoutes()
        .AddArwAccess().AddAccessRoutes()
        .AddArwProjects(options.StateDir)
        .AddArwFiles()
        .AddArwNotes()
        .AddArwBeliefs()
        .AddArwWorld().AddWorldRoutes()
        .AddArwEgress().AddEgressRoutes()
        .AddArwTools()
        .AddArwInference()
        .AddArwText()
        .AddArwModels((p, run) => p.GetRequiredService<GuardedHttp>().For(run), e => (e as EgressRefusedException)?.Refusal)
        .AddArwRecipes()
        .AddArwDemo()
        .AddPages();
}
