using Arw.Core.Memory;
using Arw.Core.Memory.Review;
using Arw.Core.State;
using Arw.Web.Components.Layout;

namespace Arw.Web.Features.Memory;

/// <summary>The page of memory and of what waits to enter it.</summary>
internal static class MemoryRegistration
{
    private const int MostFound = 4;

    public static IServiceCollection AddMemoryPages(this IServiceCollection services)
    {
        services.AddSingleton(new NavPage("memory", "Memory", "M3 3.5h10v9H3zM6 3.5v9M8.5 6.5h2M8.5 9h2", 22)
        {
            Count = new NavCount(["memory_quarantine"], p => p.GetRequiredService<QuarantineModel>().Waiting()),
        });
        return services.AddSingleton(new GoToSource((p, words) => words.Length == 0
            ? []
            : p.GetRequiredService<MemoryModel>().Rows.Query(new TableQuery { Search = words, OrderBy = "updated", Limit = MostFound })
                .Select(m => new GoToItem(m.Text, $"memory?view=remembered&id={m.Id}", "memory"))));
    }
}
