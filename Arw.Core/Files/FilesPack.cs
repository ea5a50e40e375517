using Microsoft.Extensions.DependencyInjection;

namespace Arw.Core.Files;

/// <summary>Registration of the files pack; needs the projects pack.</summary>
public static class FilesPack
{
    /// <summary>Adds <c>file.read</c>, <c>file.list</c>, <c>file.write</c> and <c>file.patch</c>.</summary>
    public static IServiceCollection AddArwFiles(this IServiceCollection services) => services
        .AddKinds(typeof(FileEvents))
        .AddReadModel<FileWritesModel>()
        .AddSingleton<FileWriter>()
        .AddAction<ReadFile>()
        .AddAction<ListFiles>()
        .AddAction<WriteFile>()
        .AddAction<PatchFile>();
}
