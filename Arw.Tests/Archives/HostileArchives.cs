using System.Formats.Tar;
using System.Text;
using static Arw.Tests.Archives.Forge;

namespace Arw.Tests.Archives;

/// <summary>An archive that must be refused.</summary>
/// <param name="Code">The refusal's code.</param>
/// <param name="Make">Makes it.</param>
/// <param name="Name">Its file name.</param>
internal sealed record Hostile(string Code, Func<byte[]> Make, string Name = "a.zip");

internal static class HostileArchives
{
    private static readonly byte[] Some = Encoding.UTF8.GetBytes("some text, some text, some text");
    private static readonly byte[] Zeros = new byte[6 * 1024 * 1024];

    private static readonly (string What, string Name)[] Escapes =
    [
        ("parent", "../x"), ("parent in the middle", "a/../../x"), ("parent at the end", "a/.."), ("root of the disk", "/etc/passwd"), ("drive", "C:/x"), ("drive and backslash", "C:\\x"),
        ("parent and backslash", "..\\x"), ("backslash", "a\\b"), ("network share", "\\\\server\\share"), ("dot in the middle", "a/./b"), ("two slashes", "a//b"), ("device", "CON"), ("device with an extension", "nul.txt"),
        ("stream", "x:y"), ("dot at the end", "x."), ("blank at the end", "x "), ("line break", "a\nb"), ("turned direction", "a\u202Etxt.exe"), ("name too long", new string('n', 241)),
        ("too deep", string.Join('/', Enumerable.Repeat("d", 40))), ("percent-encoded", "%2e%2e/x"), ("wide dots", "．．/x"), ("decomposed", "e\u0301"), ("half-written file", ".arw-tmp-x"), ("dots", ".../x"), ("wildcard", "a*"),
    ];

    public static IReadOnlyDictionary<string, Hostile> All { get; } = Make();

    private static Dictionary<string, Hostile> Make()
    {
        var all = new Dictionary<string, Hostile>(StringComparer.Ordinal);
        void Names(string format, Func<string, byte[]> make)
        {
            foreach (var (what, name) in Escapes)
            {
                // The framework itself refuses a line break in a tar header.
                all.Add($"{format}: {what}", new Hostile((format, what) == ("tar", "line break") ? "archive_malformed" : "archive_path", () => make(name), $"a.{format}"));
            }
        }

        void Zipped(string what, string code, params ZipEntrySpec[] entries) => all.Add($"zip: {what}", new Hostile(code, () => Zip(entries)));
        void Bytes(string what, string code, Func<byte[]> make, string name = "a.zip") => all.Add(what, new Hostile(code, make, name));

        Names("zip", name => Zip(new ZipEntrySpec("fine.txt", Some), new ZipEntrySpec(name, Some)));
        Names("tar", name => Tar(File("fine.txt"), File(name)));
        Zipped("NUL in a name", "archive_path", new ZipEntrySpec("a\0.txt", Some));
        Zipped("empty name", "archive_path", new ZipEntrySpec("", Some));
        Zipped("name not in UTF-8", "archive_malformed", new ZipEntrySpec("", Some) { RawName = [0x61, 0xFF, 0xFE] });
        Zipped("name in an unknown code page", "archive_unsupported", new ZipEntrySpec("", Some) { RawName = [0x61, 0xE4], Flags = 0 });
        Zipped("escape in a folder's name", "archive_path", new ZipEntrySpec("../../out/") { Mode = 0x41ED, Method = 0 });

        Zipped("symlink", "archive_link", new ZipEntrySpec("link", "/etc/passwd"u8.ToArray()) { Mode = 0xA1FF });
        Zipped("symlink and a file through it", "archive_link", new ZipEntrySpec("d", "../.."u8.ToArray()) { Mode = 0xA1FF }, new ZipEntrySpec("d/x", Some));
        Zipped("character device", "archive_device", new ZipEntrySpec("tty") { Mode = 0x21B6 });
        Zipped("block device", "archive_device", new ZipEntrySpec("sda") { Mode = 0x61B0 });
        Zipped("pipe", "archive_device", new ZipEntrySpec("pipe") { Mode = 0x11B6 });
        Zipped("socket", "archive_device", new ZipEntrySpec("sock") { Mode = 0xC1B6 });

        Zipped("duplicate", "archive_collision", new ZipEntrySpec("a.txt", Some), new ZipEntrySpec("a.txt", Some));
        Zipped("case collision", "archive_collision", new ZipEntrySpec("Read.me", Some), new ZipEntrySpec("read.ME", Some));
        Zipped("case collision of folders", "archive_collision", new ZipEntrySpec("Docs/a", Some), new ZipEntrySpec("docs/b", Some));
        Zipped("collision of compatible letters", "archive_collision", new ZipEntrySpec("ﬁle", Some), new ZipEntrySpec("file", Some));
        Zipped("file below a file", "archive_collision", new ZipEntrySpec("a", Some), new ZipEntrySpec("a/b", Some));
        Zipped("file over a folder", "archive_collision", new ZipEntrySpec("a/b", Some), new ZipEntrySpec("a", Some));

        Zipped("encrypted", "archive_encrypted", new ZipEntrySpec("a", Some) { Flags = 0x0801 });
        Zipped("strongly encrypted", "archive_encrypted", new ZipEntrySpec("a", Some) { Flags = 0x0841 });
        Zipped("masked headers", "archive_encrypted", new ZipEntrySpec("a", Some) { Flags = 0x2800 });
        Zipped("AES method", "archive_encrypted", new ZipEntrySpec("a", Some) { Method = 99 });
        Zipped("AES field", "archive_encrypted", new ZipEntrySpec("a", Some) { Extra = [0x01, 0x99, 2, 0, 1, 0] });
        Zipped("unknown method", "archive_unsupported", new ZipEntrySpec("a", Some) { Method = 12 });

        Zipped("other name in front", "archive_lies", new ZipEntrySpec("a.txt", Some) { LocalName = "b.txt" });
        Zipped("escape only in front", "archive_lies", new ZipEntrySpec("a.txt", Some) { LocalName = "../b.t" });
        Zipped("other method in front", "archive_lies", new ZipEntrySpec("a", Some) { LocalMethod = 0 });
        Zipped("other checksum in front", "archive_lies", new ZipEntrySpec("a", Some) { LocalSum = 7 });
        Zipped("other length in front", "archive_lies", new ZipEntrySpec("a", Some) { LocalLength = 7 });
        Zipped("wrong checksum", "archive_lies", new ZipEntrySpec("a", Some) { Sum = 7 });
        Zipped("longer than it says", "archive_lies", new ZipEntrySpec("a", Some) { Length = 7 });
        Zipped("shorter than it says", "archive_lies", new ZipEntrySpec("a", Some) { Length = 7000 });
        Zipped("says gigabytes", "archive_too_large", new ZipEntrySpec("a", Some) { Length = 0xFFFFFFF0 });
        Zipped("stored length that is not there", "archive_lies", new ZipEntrySpec("a", Some) { Method = 0, Length = 7000 });
        Zipped("second name", "archive_lies", new ZipEntrySpec("a", Some) { Extra = [0x75, 0x70, 9, 0, 1, 0, 0, 0, 0, .. "../x"u8] });
        Zipped("folder with content", "archive_lies", new ZipEntrySpec("a/", Some) { Mode = 0x41ED });
        Zipped("entries over one another", "archive_lies", new ZipEntrySpec("a", Some), new ZipEntrySpec("b", Some) { Offset = 0 });
        Zipped("entry that the directory does not name", "archive_lies", new ZipEntrySpec("a", Some), new ZipEntrySpec("b", Some) { Hidden = true }, new ZipEntrySpec("c", Some));
        Zipped("entry beyond the end", "archive_lies", new ZipEntrySpec("a", Some) { Offset = 0x7FFFFFF0 });
        Zipped("extra field that breaks off", "archive_malformed", new ZipEntrySpec("a", Some) { Extra = [0x75, 0x70, 99, 0] });
        Bytes("zip: something before it", "archive_unsupported", () => Zip([new ZipEntrySpec("a", Some)], _ => { }, before: "#!/bin/sh\n"u8.ToArray()), "a.zip");
        Bytes("zip: something after it", "archive_lies", () => Zip([new ZipEntrySpec("a", Some)], _ => { }, after: "more"u8.ToArray()));
        Bytes("zip: another zip after it", "archive_lies", () => [.. Zip(new ZipEntrySpec("a", Some)), .. Zip(new ZipEntrySpec("../b", Some))]);
        Bytes("zip: fewer entries than it says", "archive_lies", () => Zip([new ZipEntrySpec("a", Some)], e => { e[8] = 2; e[10] = 2; }));
        Bytes("zip: directory elsewhere", "archive_lies", () => Zip([new ZipEntrySpec("a", Some)], e => e[16] ^= 1));
        Bytes("zip: one part of several", "archive_unsupported", () => Zip([new ZipEntrySpec("a", Some)], e => e[4] = 1));
        Bytes("zip: zip64", "archive_unsupported", () => Zip([new ZipEntrySpec("a", Some)], e => e.AsSpan(16, 4).Fill(0xFF)));
        Bytes("zip: cut off", "archive_malformed", () => Zip(new ZipEntrySpec("a", Some))[..40]);
        Bytes("zip: nothing but its mark", "archive_malformed", () => [0x50, 0x4B, 3, 4]);

        Zipped("bomb of zeros", "archive_bomb", new ZipEntrySpec("zeros", Zeros));
        Bytes("zip: too many entries", "archive_too_large", () => Zip([.. Enumerable.Range(0, 1001).Select(i => new ZipEntrySpec($"f{i}"))]));
        Bytes("zip: too much in all", "archive_too_large", () => Zip([.. Enumerable.Range(0, 20).Select(i => new ZipEntrySpec($"f{i}", Noise(i, 1024 * 1024)))]));
        Bytes("zip: file too large", "archive_too_large", () => Zip(new ZipEntrySpec("f", Noise(1, 9 * 1024 * 1024))));
        Bytes("zip: zips in zips", "archive_too_deep", () => Nested(4, b => Zip(new ZipEntrySpec("in.zip", b))));
        Bytes("zip: escape in a zip in a zip", "archive_path", () => Nested(1, b => Zip(new ZipEntrySpec("in.zip", Zip(new ZipEntrySpec("../../x", Some))))));
        Bytes("zip: bomb in a zip", "archive_bomb", () => Zip(new ZipEntrySpec("in.zip", Zip(new ZipEntrySpec("zeros", Zeros)))));
        Bytes("zip: too many entries over several", "archive_too_large", () => Zip([.. Enumerable.Range(0, 3).Select(z => new ZipEntrySpec($"{z}.zip", Zip([.. Enumerable.Range(0, 400).Select(i => new ZipEntrySpec($"f{i}"))])))]));
        Bytes("zip: named zip and no archive", "archive_unsupported", () => Zip(new ZipEntrySpec("in.zip", Some)));

        Bytes("tar: symlink", "archive_link", () => Tar(Link(TarEntryType.SymbolicLink, "l", "/etc/passwd")), "a.tar");
        Bytes("tar: symlink inside", "archive_link", () => Tar(File("a"), Link(TarEntryType.SymbolicLink, "l", "a")), "a.tar");
        Bytes("tar: symlink and a file through it", "archive_link", () => Tar(Link(TarEntryType.SymbolicLink, "d", "../.."), File("d/x")), "a.tar");
        Bytes("tar: hard link", "archive_link", () => Tar(Link(TarEntryType.HardLink, "h", "../../journal.db")), "a.tar");
        Bytes("tar: character device", "archive_device", () => RawTar("tty", '3', 0), "a.tar");
        Bytes("tar: block device", "archive_device", () => RawTar("sda", '4', 0), "a.tar");
        Bytes("tar: pipe", "archive_device", () => RawTar("pipe", '6', 0), "a.tar");
        Bytes("tar: duplicate", "archive_collision", () => Tar(File("a"), File("a")), "a.tar");
        Bytes("tar: case collision", "archive_collision", () => Tar(File("A"), File("a")), "a.tar");
        Bytes("tar: file below a file", "archive_collision", () => Tar(File("a"), File("a/b")), "a.tar");
        Bytes("tar: wrong checksum", "archive_unsupported", () => RawTar("a", '0', 0, checksum: "000001\0 "), "a.tar");
        Bytes("tar: longer than it is", "archive_lies", () => RawTar("a", '0', 100_000, Some)[..1024], "a.tar");
        Bytes("tar: negative length", "archive_malformed", () => RawTar("a", '0', 0, Some, size: "-0000000001\0"), "a.tar");
        Bytes("tar: gigabytes", "archive_too_large", () => RawTar("a", '0', 0x7FFFFFFFL, Some), "a.tar");
        Bytes("tar: unknown kind", "archive_unsupported", () => RawTar("a", 'M', 0), "a.tar");
        Bytes("tar: another tar after its end", "archive_lies", () => [.. Tar(File("a")), .. Tar(File("../b"))], "a.tar");
        Bytes("tar: the archive's own folder as a file", "archive_path", () => RawTar("./", '0', 0), "a.tar");

        Bytes("tar.gz: bomb", "archive_bomb", () => Gzip(Tar(new PaxTarEntry(TarEntryType.RegularFile, "zeros") { DataStream = new MemoryStream(Zeros) })), "a.tar.gz");
        Bytes("tar.gz: escape", "archive_path", () => Gzip(Tar(File("../x"))), "a.tar.gz");
        Bytes("gz: bomb", "archive_bomb", () => Gzip(Zeros), "zeros.gz");
        Bytes("gz: cut off", "archive_lies", () => Gzip(Noise(2, 100_000))[..50_000], "a.gz");
        Bytes("gz: length that lies", "archive_malformed", () => [.. Gzip(Some)[..^4], 1, 0, 0, 0], "a.gz");
        Bytes("gz: several in one", "archive_lies", () => [.. Gzip(Some), .. Gzip("more"u8.ToArray())], "a.gz");
        Bytes("gz: nothing but its mark", "archive_lies", () => [0x1F, 0x8B], "a.gz");
        Bytes("gz: noise", "archive_malformed", () => [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, .. Noise(3, 400)], "a.gz");
        Bytes("zst: bomb", "archive_bomb", () => Zstd(Zeros), "zeros.zst");
        Bytes("zst: escape", "archive_path", () => Zstd(Tar(File("/etc/x"))), "a.tar.zst");
        Bytes("zst: cut off", "archive_malformed", () => Zstd(Noise(4, 100_000))[..50_000], "a.zst");
        Bytes("zst: noise", "archive_malformed", () => [0x28, 0xB5, 0x2F, 0xFD, .. Noise(5, 400)], "a.zst");
        Bytes("gz in gz in gz in gz", "archive_too_deep", () => Gzip(Zip(new ZipEntrySpec("b.zip.gz", Gzip(Zip(new ZipEntrySpec("c.gz", Gzip(Some))))))), "a.zip.gz");
        Bytes("7z", "archive_unsupported", () => [0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C, .. Noise(6, 100)], "a.7z");
        Bytes("nothing", "archive_unsupported", () => [], "a.zip");
        return all;
    }

    private static byte[] Nested(int depth, Func<byte[], byte[]> wrap) => Enumerable.Range(0, depth).Aggregate(Zip(new ZipEntrySpec("a", Some)), (inner, _) => wrap(inner));

    private static byte[] Noise(int seed, int length)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
