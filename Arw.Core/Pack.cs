using System.Reflection;
using Arw.Core.Actions;
using Arw.Core.Journal;
using Arw.Core.State;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core;

/// <summary>How a pack registers its parts: its event kinds, read models and actions. The kernel collects them and knows no pack.</summary>
public static class Pack
{
    /// <summary>Registers every <see cref="EventKind"/> that is a public static field of the given class.</summary>
    public static IServiceCollection AddKinds(this IServiceCollection services, Type kinds)
    {
        foreach (var field in kinds.GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is EventKind kind)
            {
                services.AddSingleton(kind);
            }
        }

        return services;
    }

    /// <summary>Registers a read model, also by its own type.</summary>
    public static IServiceCollection AddReadModel<TModel>(this IServiceCollection services)
        where TModel : ReadModel =>
        services.AddSingleton<TModel>().AddSingleton<ReadModel>(p => p.GetRequiredService<TModel>());

    /// <summary>Registers an action kind.</summary>
    public static IServiceCollection AddAction<TAction>(this IServiceCollection services)
        where TAction : ActionKind =>
        services.AddSingleton<ActionKind, TAction>();
}
