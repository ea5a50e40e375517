using Arw.Core.Journal;
using Arw.Web.Hosting;
using Prometheus;

namespace Arw.Web.Api;

/// <summary>Registers the routes of the kernel.</summary>
internal static class ApiRegistration
{
    public static IServiceCollection AddApi(this IServiceCollection services) => services
        .AddSingleton(MakeRegistry)
        .AddSingleton<RouteMeters>()
        .AddRoutes(HomeRoutes.Map)
        .AddRoutes(StateRoutes.Map)
        .AddRoutes(BlobRoutes.Map);

    // One registry for each host, so that several in one process do not mix their figures.
    private static CollectorRegistry MakeRegistry(IServiceProvider services)
    {
        var registry = Metrics.NewCustomRegistry();
        var factory = Metrics.WithCustomRegistry(registry);
        var published = factory.CreateCounter("arw_bus_published_total", "Events made durable and handed out.");
        var delivered = factory.CreateCounter("arw_bus_delivered_total", "Events given to subscribers.");
        var refills = factory.CreateCounter("arw_bus_refills_total", "Pages that slow subscribers read from disk.");
        var receivers = factory.CreateGauge("arw_bus_receivers", "Subscribers now.");
        var head = factory.CreateGauge("arw_journal_head", "Sequence number of the newest event.");
        registry.AddBeforeCollectCallback(() =>
        {
            var journal = services.GetRequiredService<EventJournal>();
            published.IncTo(journal.Counters.Published);
            delivered.IncTo(journal.Counters.Delivered);
            refills.IncTo(journal.Counters.Refills);
            receivers.Set(journal.Counters.Receivers);
            head.Set(journal.Head);
        });
        return registry;
    }
}
