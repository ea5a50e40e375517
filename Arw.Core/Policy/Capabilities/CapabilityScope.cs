using System.Globalization;

namespace Arw.Core.Policy.Capabilities;

/// <summary>What a capability is limited to. Scopes of one kind form a partial order with greatest common parts; scopes of different kinds have nothing in common, except that no scope at all covers every scope.</summary>
public abstract class CapabilityScope
{
    private protected CapabilityScope()
    {
    }

    /// <summary>True when nothing is limited: it is then not written.</summary>
    public abstract bool IsAny { get; }

    /// <summary>True when it names exactly one thing.</summary>
    public abstract bool IsConcrete { get; }

    internal abstract bool Covers(CapabilityScope other);

    internal abstract CapabilityScope? Meet(CapabilityScope other);
}

/// <summary>A place on the network: <c>https://*.example.org:8443/feeds/*</c>.</summary>
public sealed class HttpScope : CapabilityScope
{
    internal HttpScope(string? scheme, HostPattern host, int? port, SegmentPattern path) =>
        (Scheme, Host, Port, Path) = (scheme, host, port, path);

    /// <summary><c>http</c> or <c>https</c>; null = either.</summary>
    public string? Scheme { get; }

    /// <summary>Which hosts.</summary>
    public HostPattern Host { get; }

    /// <summary>Port; null = any.</summary>
    public int? Port { get; }

    /// <summary>Which paths, split at slashes.</summary>
    public SegmentPattern Path { get; }

    /// <inheritdoc/>
    public override bool IsAny => Scheme is null && Host.IsAny && Port is null && Path.IsAny;

    /// <inheritdoc/>
    public override bool IsConcrete => Scheme is not null && Host.IsLiteral && Port is not null && Path.IsLiteral;

    /// <summary>The scheme's usual port; null when the scheme is open.</summary>
    internal static int? UsualPort(string? scheme) => scheme switch { "http" => 80, "https" => 443, _ => null };

    internal override bool Covers(CapabilityScope other) =>
        other is HttpScope o && (Scheme is null || Scheme == o.Scheme) && Host.Covers(o.Host) && (Port is null || Port == o.Port) && Path.Covers(o.Path);

    internal override CapabilityScope? Meet(CapabilityScope other)
    {
        if (other is WordScope { IsAny: true })
        {
            return this;
        }

        return other is HttpScope o
            && (Scheme is null || o.Scheme is null || Scheme == o.Scheme)
            && (Port is null || o.Port is null || Port == o.Port)
            && Host.Meet(o.Host) is { } host
            && Path.Meet(o.Path) is { } path
                ? new HttpScope(Scheme ?? o.Scheme, host, Port ?? o.Port, path)
                : null;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        // Without a port the scheme's usual one is meant; with either scheme, any.
        var port = Port == UsualPort(Scheme) ? "" : Port is { } p ? $":{p.ToString(CultureInfo.InvariantCulture)}" : ":*";
        return $"{Scheme ?? "*"}://{Host.Text}{port}/{Path.Join('/')}";
    }
}

/// <summary>Files of a project: <c>project://notes/**</c>. A closing <c>**</c> also stands for the folder itself.</summary>
public sealed class FileScope : CapabilityScope
{
    /// <summary>What every file scope begins with.</summary>
    public const string Prefix = "project://";

    internal FileScope(SegmentPattern path) => Path = path;

    /// <summary>Which files, split at slashes; relative to the project's folder.</summary>
    public SegmentPattern Path { get; }

    /// <inheritdoc/>
    public override bool IsAny => false;

    /// <inheritdoc/>
    public override bool IsConcrete => Path.IsLiteral;

    internal override bool Covers(CapabilityScope other) => other is FileScope o && Path.Covers(o.Path);

    internal override CapabilityScope? Meet(CapabilityScope other) => other switch
    {
        WordScope { IsAny: true } => this,
        FileScope o when Path.Meet(o.Path) is { } path => new FileScope(path),
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Prefix + Path.Join('/');
}

/// <summary>Words: a model id, a recipe id, a command with its arguments. <c>llama-*</c> is a prefix, a closing <c>**</c> any further words.</summary>
public sealed class WordScope : CapabilityScope
{
    internal WordScope(SegmentPattern words) => Words = words;

    /// <summary>No limit.</summary>
    internal static WordScope Any { get; } = new(SegmentPattern.Any);

    /// <summary>Which words.</summary>
    public SegmentPattern Words { get; }

    /// <inheritdoc/>
    public override bool IsAny => Words.IsAny;

    /// <inheritdoc/>
    public override bool IsConcrete => Words.IsLiteral;

    internal override bool Covers(CapabilityScope other) => IsAny || (other is WordScope o && Words.Covers(o.Words));

    internal override CapabilityScope? Meet(CapabilityScope other) =>
        IsAny ? other : other is not WordScope o ? null : o.IsAny ? this : Words.Meet(o.Words) is { } words ? new WordScope(words) : null;

    /// <inheritdoc/>
    public override string ToString() => Words.Join(' ');
}

/// <summary>An amount of money: <c>0.50</c>, kept in integer micro-USD.</summary>
public sealed class MoneyScope : CapabilityScope
{
    internal const long Micros = 1_000_000;

    internal MoneyScope(long? usdMicros) => UsdMicros = usdMicros;

    /// <summary>At most so much, in micro-USD; null = any amount.</summary>
    public long? UsdMicros { get; }

    /// <inheritdoc/>
    public override bool IsAny => UsdMicros is null;

    /// <inheritdoc/>
    public override bool IsConcrete => UsdMicros is not null;

    internal override bool Covers(CapabilityScope other) => other is MoneyScope o && (UsdMicros is null || o.UsdMicros <= UsdMicros);

    internal override CapabilityScope? Meet(CapabilityScope other) => other switch
    {
        WordScope { IsAny: true } => this,
        MoneyScope o when UsdMicros is null || o.UsdMicros < UsdMicros => o,
        MoneyScope => this,
        _ => null,
    };

    /// <inheritdoc/>
    public override string ToString() => Format(UsdMicros.GetValueOrDefault());

    internal static string Format(long micros) => (micros / (decimal)Micros).ToString("0.00####", CultureInfo.InvariantCulture);
}
