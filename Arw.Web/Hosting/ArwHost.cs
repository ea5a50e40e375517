using System.Security.Cryptography.X509Certificates;
using Arw.Core;
using Arw.Core.Access;
using Arw.Core.Demo;
using Arw.Core.Journal;
using Arw.Core.Journal.Anchoring;
using Arw.Web.Api;
using Arw.Web.Components;
using Arw.Web.Features.Access;
using Arw.Web.Hosting.Protection;
using Arw.Web.Mcp;
using Arw.Web.Spec;
using Arw.Web.Streaming;

namespace Arw.Web.Hosting;

/// <summary>The home process: what production, HTTP tests and browser tests all start.</summary>
public sealed class ArwHost : IAsyncDisposable
{
    private const int LeastThreads = 8;

    private readonly WebApplication _app;
    private readonly DataFolder _folder;

    private ArwHost(WebApplication app, DataFolder folder)
    {
        (_app, _folder) = (app, folder);
        var address = app.Services.GetRequiredService<HomeAddress>();
        Url = address.Url;
        SignInLink = address.SignInLink(app.Services.GetRequiredService<SignInCodes>().Mint(Principal.Owner));
    }

    /// <summary>Where it serves: the public URL when one is configured, else the address listened on.</summary>
    public Uri Url { get; }

    /// <summary>A sign-in link for the owner, valid once and for ten minutes.</summary>
    public Uri SignInLink { get; }

    /// <summary>Its services.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a home; it serves when this returns.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="configure">Replaces or adds services, last of all; null for none.</param>
    /// <exception cref="StartUpRefusedException">The configuration or the data folder cannot be used.</exception>
    public static async Task<ArwHost> StartAsync(ArwOptions options, Action<IServiceCollection>? configure = null)
    {
        // Whoever appends may stand in a commit, one thread at a time: a pool of as many threads as processors would let streams and folds wait for the disk.
        ThreadPool.GetMinThreads(out var workers, out var completions);
        ThreadPool.SetMinThreads(Math.Max(workers, LeastThreads), completions);

        if (OptionsReader.Problems(options).ToArray() is { Length: > 0 } problems)
        {
            throw new StartUpRefusedException(OptionsReader.Refuse(problems));
        }

        var folder = DataFolder.Open(options.StateDir);
        WebApplication? app = null;
        try
        {
            app = Build(options, folder, configure);
            TellRedactor(app);
            await app.StartAsync();
            return new ArwHost(app, folder);
        }
        catch (Exception e)
        {
            if (app is not null)
            {
                await app.DisposeAsync();
            }

            folder.Dispose();
            if (DataFolder.Explain(options.StateDir, e) is { } refusal)
            {
                throw new StartUpRefusedException(refusal);
            }

            throw;
        }
    }

    /// <summary>Returns when the process was asked to stop.</summary>
    public Task WaitForShutdownAsync() => _app.WaitForShutdownAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _folder.Dispose();
    }

    /// <summary>The home's services without its work: for commands that hold the data folder and work on it alone.</summary>
    /// <param name="options">Its configuration.</param>
    /// <param name="folder">The data folder, held.</param>
    internal static WebApplication Unstarted(ArwOptions options, DataFolder folder)
    {
        var app = Build(options, folder, null);
        TellRedactor(app);
        return app;
    }

    private static WebApplication Build(ArwOptions options, DataFolder folder, Action<IServiceCollection>? configure)
    {
        // The application's name and base folder are fixed, so that its static assets are found from a build, a publish folder and a test run alike.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(ArwHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 4 * 1024 * 1024;
            kestrel.Listen(options.Bind, options.Port, listen =>
            {
                if (options.TlsCertificate is { } certificate)
                {
                    listen.UseHttps(X509Certificate2.CreateFromPemFile(certificate, options.TlsKey));
                }
            });
        });
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter("Arw", LogLevel.Information)
            // It warns that keys lie unencrypted in the data folder, which only its owner may read.
            .AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton(folder);
        builder.Services.AddSingleton<HomeAddress>();
        builder.Services.AddSingleton(new AnchorOptions { File = options.Anchor, EveryEvents = options.AnchorEvents, Every = TimeSpan.FromMinutes(options.AnchorMinutes) });
        builder.Services.AddArwKernel(new JournalOptions { DataDir = folder.Path });
        builder.Services.AddSingleton(p => MakeAdminToken(options, p.GetRequiredService<SecretSource>()));
        builder.Services.AddProtection(options);
        builder.Services.AddRazorComponents();
        builder.Services.AddStreaming();
        builder.Services.AddApi();
        builder.Services.AddSpec();
        builder.Services.AddMcp();
        builder.Services.AddSingleton(new DemoOptions(options.Demo));
        builder.Services.AddComponents().AddRoutes(routes => routes.MapComponents());
        builder.Services.AddPacks(options);
        configure?.Invoke(builder.Services);

        var app = builder.Build();
        app.UseProtection();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRegisteredRoutes();
        return app;
    }

    private static AdminToken MakeAdminToken(ArwOptions options, SecretSource secrets) =>
        options.AdminToken is { } token ? AdminToken.FromSecret(token)
        : options.AdminTokenSha256 is { } hash ? AdminToken.FromHash(hash)
        : AdminToken.FromFolder(options.StateDir, secrets);

    // Before anything is written, the redactor knows the owner's token.
    private static void TellRedactor(WebApplication app)
    {
        if (app.Services.GetRequiredService<AdminToken>().Secret is { } secret)
        {
            app.Services.GetRequiredService<Redactor>().AddSecret(secret);
        }
    }
}
