using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Arw.Tests.Egress.Proxy;

/// <summary>TLS of this machine's servers: a certificate of our own for a name.</summary>
internal sealed class TlsTarget : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("arw-tls").FullName;

    public TlsTarget(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        Certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pfx), null);
        PemFile = Path.Combine(_folder, "ca.pem");
        File.WriteAllText(PemFile, Certificate.ExportCertificatePem());
    }

    public X509Certificate2 Certificate { get; }

    /// <summary>The certificate as a file that programs can be told to trust.</summary>
    public string PemFile { get; }

    /// <summary>A server that answers each connection's TLS as told.</summary>
    public TcpTarget Serve(Func<SslStream, Task> serve) => new(async (target, socket) =>
    {
        await using var counted = new CountedStream(target, socket);
        await using var tls = new SslStream(counted);
        try
        {
            await tls.AuthenticateAsServerAsync(Certificate);
        }
        catch (AuthenticationException)
        {
            // The client went away; the test asserts on what it saw.
            return;
        }

        await serve(tls);
    });

    public void Dispose()
    {
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // Counts what passes below the TLS.
    private sealed class CountedStream(TcpTarget target, Socket socket) : NetworkStream(socket)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => await target.ReceiveAsync(Socket, buffer);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => await target.SendAsync(Socket, buffer);
    }
}
