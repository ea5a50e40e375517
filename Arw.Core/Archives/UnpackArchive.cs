using System.ComponentModel;
using System.Text.Json.Nodes;
using Arw.Core.Actions;
using Arw.Core.Files;
using Arw.Core.Policy;
using Arw.Core.Primitives;
using Arw.Core.Projects;
using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Archives;

/// <summary>Registration of the archives pack; needs the files pack.</summary>
public static class ArchivesPack
{
    /// <summary>Adds <c>archive.unpack</c>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="dataDirectory">The home's data folder; the quarantine is in it.</param>
    public static IServiceCollection AddArwArchives(this IServiceCollection services, string dataDirectory) => services
        .AddSingleton(new ArchiveLimits())
        .AddSingleton<ActionKind>(p => new UnpackArchive(
            p.GetRequiredService<ProjectFiles>(), p.GetRequiredService<FileWriter>(), p.GetRequiredService<ArchiveLimits>(), p.GetRequiredService<TimeProvider>(), dataDirectory));
}

/// <summary>Input of <c>archive.unpack</c>.</summary>
public sealed record UnpackArchiveInput(
    [property: Description("The archive, project://downloads/data.zip: zip, tar, tar.gz, tar.zst, or one file packed by gzip or zstd")] string Path,
    [property: Description("The folder to unpack to, project://data; made when it is not there")] string To,
    [property: Description("True to replace files that are there; false (default) to refuse then")] bool Replace = false);

/// <summary><c>archive.unpack</c>: unpacks an archive of the project in quarantine and, when all of it is in order, admits its files one by one as <c>file.write</c> would write them.</summary>
public sealed class UnpackArchive(ProjectFiles files, FileWriter writer, ArchiveLimits limits, TimeProvider time, string dataDirectory) : ActionKind<UnpackArchiveInput>
{
    /// <inheritdoc/>
    public override string Id => "archive.unpack";

    /// <inheritdoc/>
    public override string Title => "Unpack an archive";

    /// <inheritdoc/>
    public override string Summary => "Unpacks a zip, tar, gzip or zstd archive of the project into a folder of it. Links, escapes, encrypted or contradictory archives and bombs are refused whole.";

    /// <inheritdoc/>
    public override Effects Effects => Effects.Local;

    /// <inheritdoc/>
    protected override string Describe(UnpackArchiveInput input) => $"Unpack {input.Path} to {input.To}";

    /// <inheritdoc/>
    protected override Result<IReadOnlyList<Capability>> Needs(UnpackArchiveInput input, ActionContext context) =>
        !Places(input, context).TryGet(out var places, out var refusal) ? refusal : new[] { places.Read, places.Write };

    /// <inheritdoc/>
    protected override async Task<Result<JsonNode?>> RunAsync(UnpackArchiveInput input, ActionRun run, CancellationToken cancel)
    {
        if (!Places(input, run.Context).TryGet(out var places, out var refusal)
            || !(await run.DemandAsync(places.Read, cancel)).TryGet(out _, out refusal)
            || !Load(places).TryGet(out var archive, out refusal))
        {
            return refusal;
        }

        using var quarantine = new Quarantine(dataDirectory, run.Context.ActionId);
        if (!ArchiveJail.Unpack(places.Archive.Name, archive, quarantine, limits, time, cancel).TryGet(out var unpacked, out refusal)
            || !Targets(places, unpacked, input.Replace || run.Attempt > 1).TryGet(out var targets, out refusal))
        {
            return refusal;
        }

        foreach (var (file, target) in targets)
        {
            var written = await writer.WriteAsync(run, target, _ => quarantine.Read(file), cancel);
            if (!written.Ok)
            {
                return written.Refusal;
            }
        }

        return new JsonObject
        {
            ["to"] = input.To,
            ["archive_digest"] = Digest.Of(archive),
            ["files"] = new JsonArray([.. targets.Select(t => new JsonObject { ["path"] = t.Target.ToString(), ["bytes"] = t.File.Bytes, ["digest"] = t.File.Digest })]),
        };
    }

    private Result<byte[]> Load(Place places)
    {
        if (!files.OpenRead(places.Project, places.Archive).TryGet(out var stream, out var refusal))
        {
            return refusal;
        }

        using (stream)
        {
            if (stream.Length > limits.MaxArchiveBytes)
            {
                return ArchiveRefusals.TooLarge($"it has {stream.Length:N0} bytes, and {limits.MaxArchiveBytes:N0} are possible");
            }

            var bytes = new byte[stream.Length];
            stream.ReadExactly(bytes);
            return bytes;
        }
    }

    // All of them, before the first is written.
    private Result<IReadOnlyList<(QuarantinedFile File, ProjectPath Target)>> Targets(Place places, IReadOnlyList<QuarantinedFile> unpacked, bool replace)
    {
        var targets = new List<(QuarantinedFile, ProjectPath)>();
        foreach (var file in unpacked)
        {
            var below = places.To.Segments.Count == 0 ? file.Path : $"{places.To.Relative}/{file.Path}";
            if (!ProjectPath.ParseFile(ProjectPath.Scheme + below).TryGet(out var target, out var refusal)
                || !files.ReadWhole(places.Project, target).TryGet(out var present, out refusal))
            {
                return refusal;
            }

            if (present is not null && !replace && present.Digest != file.Digest)
            {
                return Refusal.Conflict($"\"{target}\" exists and is another file.", "Unpack to a folder of its own, or set replace.");
            }

            targets.Add((file, target));
        }

        return targets;
    }

    private static Result<Place> Places(UnpackArchiveInput input, ActionContext context) =>
        context.Project is not { } project
            ? Refusal.Invalid("Files belong to a project, and this action names none.", "Submit it with \"project\".")
            : !ProjectPath.ParseFile(input.Path).TryGet(out var archive, out var refusal)
                || !ProjectPath.Parse(input.To).TryGet(out var to, out refusal)
                || !Capability.ParseFile("read", archive.ToString()).TryGet(out var read, out refusal)
                || !Capability.Parse(to.Segments.Count == 0 ? "file.write project://**" : $"file.write {to}/**").TryGet(out var write, out refusal)
                    ? refusal
                    : new Place(project, archive, to, read, write);

    private sealed record Place(string Project, ProjectPath Archive, ProjectPath To, Capability Read, Capability Write);
}
