using Microsoft.JSInterop;

namespace Arw.Web.Components.Layout;

/// <summary>How this browser wants the pages: kept in its cookies, so that the first paint is already right.</summary>
public sealed class Preferences(IJSRuntime js)
{
    /// <summary>auto, light or dark.</summary>
    public string Theme { get; private set; } = "auto";

    /// <summary>dense or roomy.</summary>
    public string Density { get; private set; } = "dense";

    /// <summary>Id of the project that this browser works in; null when none was chosen. It may be gone by now.</summary>
    public string? Project { get; private set; }

    /// <summary>Takes over what the browser sent.</summary>
    public void Load(string theme, string density, string? project) => (Theme, Density, Project) = (theme, density, project);

    /// <summary>Changes the project now and for later.</summary>
    public Task SetProjectAsync(string id)
    {
        Project = id;
        return SetAsync("project", id);
    }

    /// <summary>Changes the theme now and for later.</summary>
    public Task SetThemeAsync(string theme)
    {
        Theme = theme;
        return SetAsync("theme", theme);
    }

    /// <summary>Changes the density now and for later.</summary>
    public Task SetDensityAsync(string density)
    {
        Density = density;
        return SetAsync("density", density);
    }

    private async Task SetAsync(string name, string value)
    {
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/js/frame.js");
        await module.InvokeVoidAsync("prefer", name, value);
    }
}
