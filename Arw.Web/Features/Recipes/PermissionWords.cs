using Arw.Core.Recipes;
using Arw.Web.Components.Status;

namespace Arw.Web.Features.Recipes;

/// <summary>What a recipe asks for, in one sentence each.</summary>
public static class PermissionWords
{
    private const int Hour = 3600;
    private const int Minute = 60;

    /// <summary>"Asks before it may read from example.org", "May write everything under notes for 1 hour", "May never use shell.exec".</summary>
    public static string Sentence(PlannedPermission permission) => permission.Mode switch
    {
        PermissionMode.Ask => $"Asks before it may {permission.Words}",
        PermissionMode.Never => $"May never {permission.Words}",
        _ => $"May {permission.Words} {(permission.TtlSecs is { } seconds ? $"for {Time(seconds)}" : "until the episode ends")}",
    };

    /// <summary>The mark of a mode.</summary>
    public static (StatusKind Kind, string Word) Mark(PermissionMode mode) => mode switch
    {
        PermissionMode.Allow => (StatusKind.Done, "Granted"),
        PermissionMode.Ask => (StatusKind.Waiting, "Asks first"),
        _ => (StatusKind.Refused, "Never"),
    };

    private static string Time(int seconds) => seconds switch
    {
        >= Hour when seconds % Hour == 0 => Count(seconds / Hour, "hour"),
        >= Minute when seconds % Minute == 0 => Count(seconds / Minute, "minute"),
        _ => Count(seconds, "second"),
    };

    private static string Count(int n, string unit) => n == 1 ? $"1 {unit}" : $"{n} {unit}s";
}
