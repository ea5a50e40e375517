using Arw.Core.Journal.Archive;
using Microsoft.EntityFrameworkCore;

namespace Arw.Core.Journal;

/// <summary>Schema, migrations and queries of <c>journal.db</c>. Rows are only ever added, by <see cref="EventJournal"/>.</summary>
public sealed class JournalContext(DbContextOptions<JournalContext> options) : DbContext(options)
{
    /// <summary>The one journal.</summary>
    public DbSet<EventRow> Events => Set<EventRow>();

    /// <summary>Options for a journal file. WAL and <c>synchronous=FULL</c> are set by the writer.</summary>
    public static DbContextOptions<JournalContext> OptionsFor(string connectionString) =>
        new DbContextOptionsBuilder<JournalContext>().UseSqlite(connectionString).Options;

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        var e = modelBuilder.Entity<EventRow>();
        e.ToTable("events");
        e.HasKey(r => r.Seq);
        e.Property(r => r.Seq).HasColumnName("seq").ValueGeneratedNever();
        e.Property(r => r.Recorded).HasColumnName("recorded");
        e.Property(r => r.Time).HasColumnName("time");
        e.Property(r => r.Kind).HasColumnName("kind");
        e.Property(r => r.Subject).HasColumnName("subject");
        e.Property(r => r.Actor).HasColumnName("actor");
        e.Property(r => r.Project).HasColumnName("project");
        e.Property(r => r.CorrId).HasColumnName("corr_id");
        e.Property(r => r.SpanId).HasColumnName("span_id");
        e.Property(r => r.ParentId).HasColumnName("parent_id");
        e.Property(r => r.Payload).HasColumnName("payload");
        e.Property(r => r.PayloadRef).HasColumnName("payload_ref");
        e.Property(r => r.PayloadBytes).HasColumnName("payload_bytes");
        e.Property(r => r.Salt).HasColumnName("salt");
        e.Property(r => r.PayloadDigest).HasColumnName("payload_digest");
        e.Property(r => r.Hash).HasColumnName("hash");
        e.HasIndex(r => new { r.Subject, r.Seq }).HasDatabaseName("events_subject").HasFilter("subject IS NOT NULL");
        e.HasIndex(r => new { r.CorrId, r.Seq }).HasDatabaseName("events_corr").HasFilter("corr_id IS NOT NULL");

        var segment = modelBuilder.Entity<SegmentRow>();
        segment.ToTable("segments");
        segment.HasKey(r => r.First);
        segment.Property(r => r.First).HasColumnName("first").ValueGeneratedNever();
        segment.Property(r => r.Last).HasColumnName("last");
        segment.Property(r => r.Digest).HasColumnName("digest");
        segment.Property(r => r.Manifest).HasColumnName("manifest");

        var name = modelBuilder.Entity<ArchivedName>();
        name.ToTable("archived");
        name.HasKey(r => new { r.Field, r.Name });
        name.Property(r => r.Field).HasColumnName("field");
        name.Property(r => r.Name).HasColumnName("name");
        name.Property(r => r.First).HasColumnName("first");
        name.Property(r => r.Last).HasColumnName("last");

        var cut = modelBuilder.Entity<CutRow>();
        cut.ToTable("cuts");
        cut.HasKey(r => r.UpTo);
        cut.Property(r => r.UpTo).HasColumnName("up_to").ValueGeneratedNever();
        cut.Property(r => r.Record).HasColumnName("record");
    }
}
