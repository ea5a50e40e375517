using System.Diagnostics;
using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;

namespace Arw.Tests.Policy.Cedar.Reference;

/// <summary>The reference engine as its makers publish it: fetched by the package manager's own means when a test or bench asks for it, and never part of the repository.</summary>
internal static class ReferencePackage
{
    public const string Version = "4.13.0";
    private const string Name = "@cedar-policy/cedar-wasm";
    private const string Module = "package/esm/cedar_wasm_bg.wasm";
    private const string Sha256 = "9ed10461f45bceabbe2c364330500378b71f641b28f7c2a1f6e033c9be2f1d9a";

    /// <summary>The WebAssembly module; null where the package is not to be had.</summary>
    public static async Task<byte[]?> ModuleAsync()
    {
        var folder = Path.Combine(Root(AppContext.BaseDirectory), "artifacts", "peer", "cedar-wasm");
        var archive = Path.Combine(folder, $"cedar-policy-cedar-wasm-{Version}.tgz");
        if (!File.Exists(archive) && !await FetchAsync(folder))
        {
            return null;
        }

        var module = await ReadAsync(archive);
        return Convert.ToHexStringLower(SHA256.HashData(module)) == Sha256
            ? module
            : throw new InvalidOperationException($"{archive} is not the package that was looked at: its module has another digest.");
    }

    private static async Task<bool> FetchAsync(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            using var npm = Process.Start(new ProcessStartInfo("npm", ["pack", $"{Name}@{Version}", "--silent", "--pack-destination", folder]) { UseShellExecute = false, RedirectStandardOutput = true })!;
            await npm.StandardOutput.ReadToEndAsync();
            await npm.WaitForExitAsync();
            return npm.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            // No npm here.
            return false;
        }
    }

    private static async Task<byte[]> ReadAsync(string archive)
    {
        await using var stream = new GZipStream(File.OpenRead(archive), CompressionMode.Decompress);
        await using var tar = new TarReader(stream);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name == Module)
            {
                using var module = new MemoryStream();
                await entry.DataStream!.CopyToAsync(module);
                return module.ToArray();
            }
        }

        throw new InvalidOperationException($"{archive} has no {Module}.");
    }

    private static string Root(string? folder) =>
        folder is null ? throw new InvalidOperationException("The reference engine is fetched inside the repository.")
        : File.Exists(Path.Combine(folder, "Arw.Web.sln")) ? folder
        : Root(Path.GetDirectoryName(folder));
}
