using Arw.E2E.Hosts;

namespace Arw.E2E.Pages;

/// <summary>Every page of the site, with an address that shows it at work.</summary>
public static class SitePages
{
    public static readonly string[] Names =
    [
        "home", "episodes", "episode", "episode-tree", "episode-events", "map", "map-table", "map-review", "map-review-applied", "memory", "memory-entry", "memory-decided", "memory-remembered", "policy", "policy-decisions", "policy-ended", "egress", "egress-row", "egress-review", "egress-names",
        "recipes", "recipe", "events", "projects", "files", "file", "settings", "not-found",
    ];

    public static string Address(string name, LivelyHome home) => name switch
    {
        "home" => "",
        "episodes" => "episodes",
        "episode" => $"episodes/{home.Busy}",
        "episode-tree" => $"episodes/{home.Demo}?view=tree",
        "episode-events" => $"episodes/{home.Demo}?view=events",
        "map" => "map",
        "map-table" => "map?view=table",
        "map-review" => $"map/review?id={LivelyHome.OpenDiff}",
        "map-review-applied" => $"map/review?id={LivelyHome.AppliedDiff}",
        "memory" => "memory",
        "memory-entry" => $"memory?id={home.Hostile}",
        "memory-decided" => "memory?state=decided",
        "memory-remembered" => $"memory?view=remembered&id={home.Home.Service<Arw.Core.Memory.MemoryModel>().Rows.Query(new Arw.Core.State.TableQuery { Limit = 1 })[0].Id}",
        "policy" => "policy",
        "policy-decisions" => "policy?view=decisions",
        "policy-ended" => "policy?view=ended",
        "egress" => "egress",
        "egress-row" => $"egress?id={home.Home.Service<Arw.Core.Egress.EgressLedger>().Rows.Query(new Arw.Core.State.TableQuery { OrderBy = "time", Limit = 1 })[0].Id}",
        "egress-review" => "egress/review",
        "egress-names" => "egress/names",
        "recipes" => "recipes",
        "recipe" => "recipes/research-digest",
        "events" => "journal",
        "projects" => "projects",
        "files" => "projects/demo",
        "file" => home.DigestPage,
        "settings" => "settings",
        "not-found" => "no/such/page",
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "There is no such page."),
    };
}
