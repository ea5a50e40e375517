using Arw.Core.Egress;
using Arw.Core.Policy.Postures;

namespace Arw.Web.Features.Egress;

/// <summary>Egress modes in words, and where the one in force comes from.</summary>
public static class ModeWords
{
    /// <summary>The choices that a person has for the home or a project, with their words.</summary>
    public static IReadOnlyList<(EgressModeChoice Choice, string Title, string Words)> Choices { get; } =
    [
        (EgressModeChoice.Posture, "As the home", "What holds for the home holds here: the mode chosen there, or the posture's."),
        (EgressModeChoice.Observe, "Observe", Words(EgressMode.Observe)),
        (EgressModeChoice.Public, "Public", Words(EgressMode.Public)),
        (EgressModeChoice.Allowlist, "Allowlist", Words(EgressMode.Allowlist)),
    ];

    /// <summary>What a mode lets out.</summary>
    public static string Words(EgressMode mode) => mode switch
    {
        EgressMode.Observe => "Every public address may be asked for; each request is recorded.",
        EgressMode.Public => "Public addresses may be asked for, by a lease.",
        _ => "Only listed places may be asked for, and by a lease.",
    };

    /// <summary>Where the mode of a project comes from: "chosen for this project", "chosen for the home", "from the posture Standard".</summary>
    public static string Source(EgressSettings settings, Posture posture, string? project) =>
        project is not null && settings.ProjectModes.ContainsKey(project) ? "chosen for this project"
        : settings.Mode is not null ? "chosen for the home"
        : $"from the posture {posture}";

    /// <summary>The choice that is in force for a project.</summary>
    public static EgressModeChoice Chosen(EgressSettings settings, string project) => settings.ProjectModes.TryGetValue(project, out var mode) ? mode switch
    {
        EgressMode.Observe => EgressModeChoice.Observe,
        EgressMode.Public => EgressModeChoice.Public,
        _ => EgressModeChoice.Allowlist,
    } : EgressModeChoice.Posture;
}
