using Arw.Core.Actions;
using Arw.Core.Episodes;
using Arw.Web.Components.Layout;
using Arw.Web.Components.Sidecar;
using Arw.Web.Features.Actions;

namespace Arw.Web.Features.Episodes;

/// <summary>The pages of episodes and what waits in them.</summary>
internal static class EpisodesRegistration
{
    private const int MostFound = 5;

    public static IServiceCollection AddEpisodePages(this IServiceCollection services)
    {
        services.AddScoped<Operator>();
        services.AddSingleton(new NavPage("episodes", "Episodes", "M2 4h12M2 8h8M2 12h5", 10)
        {
            Count = new NavCount(["episodes"], p => Live(p.GetRequiredService<EpisodesModel>())),
        });
        services.AddSingleton(new SidecarTab("approvals", "Approvals", typeof(NowTab), 0)
        {
            Count = new NavCount(["approvals"], p => p.GetRequiredService<ApprovalsModel>().Current.Open.Count),
        });
        services.AddSingleton(new SidecarTab("timeline", "Timeline", typeof(TimelineTab), 10));
        return services.AddSingleton(new GoToSource((p, words) => words.Length == 0
            ? []
            : p.GetRequiredService<EpisodesModel>().Rows.Query((new EpisodesQuery { Search = words }).ToTable() with { Limit = MostFound })
                .Select(e => new GoToItem(e.Title, EpisodeWords.Href(e.Id), "episode"))));
    }

    private static int Live(EpisodesModel episodes) =>
        episodes.Rows.Count(new() { Where = [new("status", Arw.Core.State.Op.In, new[] { "running", "waiting" })] });
}
