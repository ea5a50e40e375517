using System.Globalization;
using System.Net;

namespace Arw.Tests.Egress;

/// <summary>Spellings of places that nobody opened: each is a URL in which <c>{0}</c> is the port. Made from the forms that parsers are known to disagree on.</summary>
internal static class ForbiddenTargets
{
    private static readonly string[] Addresses4 =
    [
        "127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "0.0.0.0", "0.0.0.1", "10.0.0.1", "10.255.255.254", "100.64.0.1", "100.127.255.254", "169.254.1.1",
        "169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254",
        "192.0.0.1", "192.0.2.1", "192.88.99.1", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
    ];

    private static readonly string[] Addresses6 =
    [
        "::", "::1", "0:0:0:0:0:0:0:1", "0000::0001", "fc00::1", "fd12:3456::1", "fd00:ec2::254", "fd20:ce::254", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "3fff::1",
        "2001::1", "2001:10::1", "100::1", "64:ff9b:1::a00:1", "4000::1", "e000::1", "::2", "::ffff:0:0",
    ];

    private static readonly string[] Names =
    [
        "localhost", "LOCALHOST", "a.localhost", "LocalHost.localhost", "localhost.localdomain", "metadata.google.internal", "loopback.test", "intranet.test", "metadata.test", "ula.test", "mixed.test",
        "xn--lclhst-fya.test", "a.b.c.loopback.test",
    ];

    // The letters of fullwidth, circled and other digits that some resolvers fold to 127.0.0.1.
    private static readonly string[] Odd =
    [
        "http://１２７.0.0.1:{0}/", "http://①②⑦.⓪.⓪.①:{0}/", "http://127。0。0。1:{0}/", "http://127．0．0．1:{0}/", "http://127｡0｡0｡1:{0}/", "http://٠.٠.٠.٠:{0}/",
        "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ:{0}/", "http://ｌｏｃａｌｈｏｓｔ:{0}/", "http://localhost。:{0}/", "http://loc\u00adalhost:{0}/", "http://loc\u200balhost:{0}/", "http://\u2488\u2488:{0}/",
        "http://user@127.0.0.1:{0}/", "http://user:pass@127.0.0.1:{0}/", "http://feeds.example@127.0.0.1:{0}/", "http://feeds.example:443@127.0.0.1:{0}/", "http://127.0.0.1:{0}@feeds.example/",
        "http://feeds.example%40127.0.0.1:{0}/", "http://feeds.example#@127.0.0.1:{0}/", "http://127.0.0.1:{0}#@feeds.example/", "http://127.0.0.1:{0}?@feeds.example/", "http://127.0.0.1:{0}\\@feeds.example/",
        "http://feeds.example\\@127.0.0.1:{0}/", "http://127.0.0.1\\.feeds.example:{0}/", "http:\\\\127.0.0.1:{0}/", "http:/127.0.0.1:{0}/", "http:127.0.0.1:{0}/", "http:///127.0.0.1:{0}/", "http:////127.0.0.1:{0}/",
        "//127.0.0.1:{0}/", "127.0.0.1:{0}", "http://127.0.0.1:{0}\t/", "http://127.0.0.1\t:{0}/", "http://\t127.0.0.1:{0}/", "http://127.0.0.1:\t{0}/", " http://127.0.0.1:{0}/", "http://127.0.0.1 :{0}/",
        "http://127.0.0.1\r\nHost: feeds.example:{0}/", "http://127.0.0.1%0d%0a:{0}/", "http://127.0.0.1\0.feeds.example:{0}/", "http://127.0.0.1%00.feeds.example:{0}/", "http://%31%32%37.0.0.1:{0}/",
        "http://%6c%6f%63%61%6c%68%6f%73%74:{0}/", "http://127.0.0.1.:{0}/", "http://localhost.:{0}/", "http://localhost..:{0}/", "http://.localhost:{0}/", "http://127..0.1:{0}/", "http://127.0.0.1..:{0}/",
        "http://127.0.0.1:0{0}/", "http://127.0.0.1:+{0}/", "http://127.0.0.1:-1/", "http://127.0.0.1:{0}:80/", "http://127.0.0.1:{0}{0}{0}/", "http://127.0.0.1:0x1f90/", "http://127.0.0.1:{0}a/", "http://127.0.0.1:/",
        "http://[127.0.0.1]:{0}/", "http://[::1:{0}/", "http://::1:{0}/", "http://[::1]]:{0}/", "http://[[::1]]:{0}/", "http://[::1%25lo]:{0}/", "http://[::1%lo]:{0}/", "http://[::1%1]:{0}/", "http://[fe80::1%25eth0]:{0}/",
        "http://[v1.127.0.0.1]:{0}/", "http://[::1].feeds.example:{0}/", "http://[0:0:0:0:0:ffff:127.0.0.1]:{0}/", "http://[::FFFF:7f00:1]:{0}/", "http://[::127.1]:{0}/", "http://[::ffff:127.1]:{0}/",
        "http://[2001:0:7f00:1::f7f7:f7f7]:{0}/", "http://[2001:0:808:808::80ff:fffe]:{0}/", "http://[2606:4700::5efe:127.0.0.1]:{0}/", "http://[2606:4700::200:5efe:10.0.0.1]:{0}/",
        "file:///etc/passwd", "ftp://127.0.0.1:{0}/", "gopher://127.0.0.1:{0}/_x", "dict://127.0.0.1:{0}/d", "ldap://127.0.0.1:{0}/", "tftp://127.0.0.1:{0}/x", "ws://127.0.0.1:{0}/", "wss://127.0.0.1:{0}/", "unix:/var/run/docker.sock",
        "jar:http://127.0.0.1:{0}/!x", "view-source:http://127.0.0.1:{0}/", "data:text/plain,x", "javascript:fetch('http://127.0.0.1:{0}/')", "blob:http://127.0.0.1:{0}/x", "about:blank", "httpx://127.0.0.1:{0}/", "http+unix://%2Fvar%2Frun:{0}/",
        "urn:http://127.0.0.1:{0}/", "h\u0074tp\u200b://127.0.0.1:{0}/", "\u0068ttp\uff1a//127.0.0.1:{0}/", "http\u2236//127.0.0.1:{0}/", "http://127.0.0.1\u2044feeds.example:{0}/", "http://127.0.0.1\uff0ffeeds.example:{0}/",
        "http://feeds.example\uff20127.0.0.1:{0}/", "http://127.0.0.1\uff03.feeds.example:{0}/", "http://127.0.0.1\uff1a{0}/", "http://\u202e1.0.0.721:{0}/", "http://localhost\uff0e:{0}/", "http://1\u202527.0.0.1:{0}/",
        "http://127.0.0.1,feeds.example:{0}/", "http://127.0.0.1;feeds.example:{0}/", "http://127.0.0.1&feeds.example:{0}/", "http://(127.0.0.1):{0}/", "http://\"127.0.0.1\":{0}/", "http://<127.0.0.1>:{0}/", "http://127.0.0.1|:{0}/",
        "http://*:{0}/", "http://*.localhost:{0}/", "http://~127.0.0.1:{0}/", "http://-127.0.0.1:{0}/", "http://$127.0.0.1:{0}/", "http://!127.0.0.1:{0}/", "http://:{0}/", "http://", "http://@:{0}/", "http://?:{0}", "",
    ];

    /// <summary>What the name server of the tests says of the names above: nothing that may be reached.</summary>
    public static IPAddress[] Resolve(string host) => host switch
    {
        "intranet.test" => [IPAddress.Parse("10.1.2.3")],
        "metadata.test" or "metadata.google.internal" => [IPAddress.Parse("169.254.169.254")],
        "ula.test" => [IPAddress.Parse("fd00::1")],
        "mixed.test" => [IPAddress.Parse("93.184.215.14"), IPAddress.Loopback],
        _ => [IPAddress.Loopback, IPAddress.IPv6Loopback],
    };

    /// <summary>Every spelling once, with the port filled in.</summary>
    public static IReadOnlyList<string> Urls(int port)
    {
        var urls = new List<string>();
        foreach (var text in Addresses4)
        {
            var b = IPAddress.Parse(text).GetAddressBytes();
            var whole = ((uint)b[0] << 24) | ((uint)b[1] << 16) | ((uint)b[2] << 8) | b[3];
            string[] hosts =
            [
                text, $"{whole}", $"0x{whole:x8}", $"0{Convert.ToString(whole, 8)}", $"{b[0]}.{whole & 0xffffff}", $"{b[0]}.{b[1]}.{whole & 0xffff}", $"0x{b[0]:x2}.0x{b[1]:x2}.0x{b[2]:x2}.0x{b[3]:x2}",
                $"0{Convert.ToString(b[0], 8)}.{b[1]}.{b[2]}.{b[3]}", $"{b[0]:D3}.{b[1]:D3}.{b[2]:D3}.{b[3]:D3}", $"{b[0] + 256}.{b[1]}.{b[2]}.{b[3]}", $"{text}.",
                $"[::ffff:{text}]", $"[::ffff:0:{text}]", $"[::{text}]", $"[64:ff9b::{text}]", $"[2002:{b[0]:x2}{b[1]:x2}:{b[2]:x2}{b[3]:x2}::1]",
            ];
            urls.AddRange(hosts.Select(h => $"http://{h}:{{0}}/"));
        }

        urls.AddRange(Addresses6.Select(a => $"http://[{a}]:{{0}}/"));
        urls.AddRange(Names.Select(n => $"http://{n}:{{0}}/"));
        urls.AddRange(Odd);
        var shown = port.ToString(CultureInfo.InvariantCulture);
        return [.. urls.Select(u => u.Replace("{0}", shown, StringComparison.Ordinal)).Distinct(StringComparer.Ordinal)];
    }
}
