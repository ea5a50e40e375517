using System.Buffers;
using System.Text;
using Arw.Core.Egress.Proxy;
using CsCheck;

namespace Arw.Tests.Egress.Proxy;

/// <summary>The proxy's readers against arbitrary bytes: they never throw, and how the bytes are cut changes nothing.</summary>
public class ProxyParserTests
{
    [Fact]
    public void ClientHello_ArbitraryBytes_NeverThrowsAndNeverTakesLessForMore() =>
        Gen.Byte.Array[0, 400].Sample(bytes =>
        {
            byte[] tls = [22, 3, 1, .. bytes];
            var kind = ClientHello.Read(new ReadOnlySequence<byte>(tls)).Kind;
            return kind is HelloKind.Incomplete or HelloKind.Malformed or HelloKind.Tls or HelloKind.NotTls
                && ClientHello.Read(new ReadOnlySequence<byte>(bytes)).Kind >= HelloKind.Incomplete;
        });

    [Fact]
    public void ClientHello_OfAnyName_IsReadHoweverItIsCutIntoRecords() =>
        Gen.Select(Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789-."].Array[1, 80], Gen.Int[1, 300]).Sample((letters, cut) =>
        {
            var name = new string(letters);
            var message = Message(name);
            var records = new List<byte>();
            foreach (var part in message.Chunk(cut))
            {
                records.AddRange([22, 3, 1, (byte)(part.Length >> 8), (byte)part.Length, .. part]);
            }

            var whole = ClientHello.Read(new ReadOnlySequence<byte>(records.ToArray()));
            var less = ClientHello.Read(new ReadOnlySequence<byte>(records.ToArray()[..^1]));
            return whole == new ClientHello(HelloKind.Tls, name) && less.Kind == HelloKind.Incomplete;
        });

    [Theory]
    [InlineData(0)]
    [InlineData(300)]
    public void ClientHello_WithANameOfNoUsableLength_IsMalformed(int length)
    {
        var message = Message(new string('a', length));
        byte[] record = [22, 3, 1, (byte)(message.Length >> 8), (byte)message.Length, .. message];
        Assert.Equal(HelloKind.Malformed, ClientHello.Read(new ReadOnlySequence<byte>(record)).Kind);
    }

    [Fact]
    public void HttpHead_ArbitraryText_IsRefusedOrWrittenBackTheSame() =>
        Gen.Char["GET :/ha1.\r\n\t\0é"].Array[0, 60].Sample(letters =>
        {
            var bytes = Encoding.Latin1.GetBytes(new string(letters) + "\r\n\r\n");
            var whole = new ReadOnlySequence<byte>(bytes);
            if (HttpHead.End(whole) is not { } end)
            {
                return false;
            }

            var head = HttpHead.Parse(whole.Slice(0, end));
            if (head is null)
            {
                return true;
            }

            var written = new ReadOnlySequence<byte>(HttpHead.Write($"{head.First.A} {head.First.B} {head.First.C}", head.Fields));
            return HttpHead.Parse(written) is { } again && again.First == head.First && again.Fields.SequenceEqual(head.Fields);
        });

    [Fact]
    public void BodyFrame_ChunksOfAnySize_EndWhereTheyEndHoweverTheyArrive() =>
        Gen.Select(Gen.Byte.Array[0, 50].Array[0, 6], Gen.Int[1, 20], Gen.Byte.Array[0, 30]).Sample((chunks, step, behind) =>
        {
            var body = new MemoryStream();
            foreach (var chunk in chunks.Where(c => c.Length > 0))
            {
                body.Write(Encoding.ASCII.GetBytes($"{chunk.Length:x}\r\n"));
                body.Write(chunk);
                body.Write("\r\n"u8);
            }

            body.Write("0\r\n\r\n"u8);
            byte[] sent = [.. body.ToArray(), .. behind];
            var frame = BodyFrame.Of(new HttpHead(("", "", ""), [new Field("Transfer-Encoding", "Chunked")]), BodyFrame.None)!;
            var taken = 0;
            foreach (var part in sent.Chunk(step))
            {
                var took = frame.Take(part);
                taken += took;
                if (took < part.Length)
                {
                    break;
                }
            }

            return frame.Done && taken == body.Length;
        });

    [Theory]
    [InlineData("\r\n")]
    [InlineData("5\nhello\n0\n\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("-1\r\n")]
    [InlineData("0x5\r\nhello\r\n0\r\n\r\n")]
    [InlineData(" 5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("fffffffffffffffff\r\n")]
    [InlineData("5;a\nb\r\nhello\r\n")]
    public void BodyFrame_MalformedChunks_AreBroken(string text)
    {
        var frame = BodyFrame.Of(new HttpHead(("", "", ""), [new Field("Transfer-Encoding", "chunked")]), BodyFrame.None)!;
        frame.Take(Encoding.ASCII.GetBytes(text));
        Assert.True(frame.Broken);
    }

    // A minimal message of TLS 1.2 with one extension, the server's name.
    private static byte[] Message(string name)
    {
        byte[] Field16(byte[] data) => [(byte)(data.Length >> 8), (byte)data.Length, .. data];
        var list = Field16([0, .. Field16(Encoding.ASCII.GetBytes(name))]);
        byte[] body = [3, 3, .. new byte[32], 0, .. Field16([0x13, 1]), 1, 0, .. Field16([0, 0, .. Field16(list)])];
        return [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
    }
}
