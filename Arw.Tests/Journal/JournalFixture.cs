using Arw.Core.Journal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Arw.Tests.Journal;

/// <summary>A journal on disk that can be closed and opened again.</summary>
internal sealed class JournalFixture : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    public JournalFixture(Func<JournalOptions, JournalOptions>? change = null)
    {
        Options = new JournalOptions { DataDir = _folder.Path };
        Options = change?.Invoke(Options) ?? Options;
        Blobs = new BlobStore(Options.BlobsPath);
        Journal = Open();
    }

    public JournalOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 11, 25, 8, 0, 0, TimeSpan.Zero));

    public Redactor Redactor { get; } = new();

    public BlobStore Blobs { get; }

    public EventJournal Journal { get; private set; }

    public static EventDraft Draft(string kind = "ext.test.tick", string payload = "{}") => new(kind, System.Text.Encoding.UTF8.GetBytes(payload), "system:test");

    public async Task ReopenAsync()
    {
        await Journal.DisposeAsync();
        Journal = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        _folder.Dispose();
    }

    private EventJournal Open() => new(Options, Time, Redactor, Blobs, NullLogger<EventJournal>.Instance);
}
