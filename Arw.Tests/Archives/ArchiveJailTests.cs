using System.Text;
using Arw.Core.Archives;
using Arw.Core.Primitives;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using static Arw.Tests.Archives.Forge;

namespace Arw.Tests.Archives;

public sealed class ArchiveJailTests : IDisposable
{
    private static readonly ArchiveLimits Limits = new() { MaxEntries = 1000, MaxBytes = 16 * 1024 * 1024 };
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Hostiles => [.. HostileArchives.All.Keys];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Hostiles))]
    public void Unpack_HostileArchive_IsRefusedWithItsReasonAndNothingIsOutside(string what)
    {
        var hostile = HostileArchives.All[what];
        var sentinel = Path.Combine(_folder.Path, "sentinel");
        System.IO.File.WriteAllText(sentinel, "untouched");
        var (result, _) = Unpack(hostile.Name, hostile.Make());
        Assert.False(result.Ok, "It was unpacked.");
        Assert.True(hostile.Code == result.Refusal!.Code, $"expected {hostile.Code}: {result.Refusal}");
        Assert.NotEmpty(result.Refusal.Message);
        Assert.Equal([sentinel], Directory.EnumerateFileSystemEntries(_folder.Path).Where(e => e != Path.Combine(_folder.Path, "home")));
        Assert.Equal(["quarantine"], Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "home")).Select(Path.GetFileName));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "home", "quarantine")));
    }

    [Fact]
    public void Hostiles_AreAtLeastSixty() => Assert.True(HostileArchives.All.Count >= 60, $"{HostileArchives.All.Count}");

    [Fact]
    public void Unpack_TooSlow_IsRefused()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = TimeSpan.FromSeconds(1) };
        var (result, _) = Unpack("a.zip", Zip([.. Enumerable.Range(0, 60).Select(i => new ZipEntrySpec($"f{i}"))]), time);
        Assert.Equal("archive_too_slow", result.Refusal!.Code);
    }

    [Fact]
    public void Unpack_Formats_GiveTheirFiles()
    {
        var text = Encoding.UTF8.GetBytes("hello");
        Assert.Equal(["a/b.txt=hello", "ä.txt=hello"], Files("a.zip", Zip(new ZipEntrySpec("a/") { Mode = 0x41ED, Method = 0 }, new ZipEntrySpec("a/b.txt", text), new ZipEntrySpec("ä.txt", text) { Described = true })));
        Assert.Equal(["a/b.txt=x"], Files("a.tar", Tar(new System.Formats.Tar.PaxTarEntry(System.Formats.Tar.TarEntryType.Directory, "./"), File("./a/b.txt"))));
        Assert.Equal(["b.txt=x"], Files("a.tgz", Gzip(Tar(File("b.txt")))));
        Assert.Equal(["b.txt=x"], Files("a.tar.zst", Zstd(Tar(File("b.txt")))));
        Assert.Equal(["notes.txt=hello"], Files("notes.txt.gz", Gzip(text)));
        Assert.Equal(["notes.txt=hello"], Files("notes.txt.zst", Zstd(text)));
        Assert.Equal(["d=hello", "in.zip.unpacked/c=hello"], Files("a.zip", Zip(new ZipEntrySpec("in.zip", Zip(new ZipEntrySpec("c", text))), new ZipEntrySpec("d", text))));
        Assert.Empty(Files("a.zip", Zip()));
    }

    [Fact]
    public void Unpack_WhatTheFrameworkWrites_IsRead()
    {
        using var zip = new MemoryStream();
        using (var archive = new System.IO.Compression.ZipArchive(zip, System.IO.Compression.ZipArchiveMode.Create, leaveOpen: true))
        {
            using var entry = archive.CreateEntry("a/b.txt").Open();
            entry.Write("hello"u8);
        }

        Assert.Equal(["a/b.txt=hello"], Files("a.zip", zip.ToArray()));
    }

    [Fact]
    public void Unpack_AnyDamage_RefusesOrUnpacksAndNeverThrows()
    {
        byte[][] sound = [Zip(new ZipEntrySpec("a", "hello"u8.ToArray()), new ZipEntrySpec("b/c", "hello"u8.ToArray())), Tar(File("a"), File("b/c")), Gzip(Tar(File("a"))), Zstd(Tar(File("a")))];
        Gen.Select(Gen.Int[0, 3], Gen.Select(Gen.Int[0, 4000], Gen.Byte).Array[1, 6]).Sample(
            (which, damage) =>
            {
                var bytes = sound[which].ToArray();
                foreach (var (at, value) in damage)
                {
                    bytes[at % bytes.Length] = value;
                }

                Unpack("a.bin", bytes);
            },
            iter: 2000);
    }

    private string[] Files(string name, byte[] archive)
    {
        var (result, files) = Unpack(name, archive);
        return result.Ok ? [.. files.Order(StringComparer.Ordinal)] : throw new Xunit.Sdk.XunitException(result.Refusal.ToString());
    }

    private (Result<QuarantinedFile[]> Result, List<string> Files) Unpack(string name, byte[] archive, TimeProvider? time = null)
    {
        using var quarantine = new Quarantine(Path.Combine(_folder.Path, "home"), Path.GetRandomFileName());
        var result = ArchiveJail.Unpack(name, archive, quarantine, Limits, time ?? TimeProvider.System, default);
        return (result, result.Ok ? [.. result.Value.Select(f => $"{f.Path}={Encoding.UTF8.GetString(quarantine.Read(f))}")] : []);
    }
}
