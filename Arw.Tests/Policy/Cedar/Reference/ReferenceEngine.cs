using System.Text;
using Wasmtime;

namespace Arw.Tests.Policy.Cedar.Reference;

/// <summary>
/// The reference engine inside Wasmtime: its functions take and give JSON. What JavaScript would hand over as objects are texts of JSON here, so the
/// host's part is small: it passes texts in and out.
/// </summary>
internal sealed class ReferenceEngine : IDisposable
{
    private readonly ReferenceModule _module;
    private readonly Store _store;
    private readonly Instance _instance;
    private readonly Wasmtime.Memory _memory;
    private readonly Func<int, int, int> _malloc;
    private readonly Dictionary<string, Func<object?, object?>> _calls = [];

    public ReferenceEngine(ReferenceModule module)
    {
        _module = module;
        _store = new Store(module.Engine);
        using var linker = new Linker(module.Engine);
        Define(linker);
        _instance = linker.Instantiate(_store, module.Module);
        _memory = _instance.GetMemory("memory")!;
        _malloc = _instance.GetFunction<int, int, int>("__wbindgen_malloc")!;
        _instance.GetAction("__wbindgen_start")!();
    }

    /// <summary>Calls a function of the engine. A trap leaves the engine in no usable state: make another.</summary>
    public string Call(string function, string json)
    {
        if (!_calls.TryGetValue(function, out var call))
        {
            _calls.Add(function, call = _instance.GetFunction<object?, object?>(function)!);
        }

        return (string)call(json)!;
    }

    /// <summary>Keeps policies under a name, for <c>statefulIsAuthorized</c>.</summary>
    public string Preparse(string name, string policySetJson)
    {
        var (start, length) = Put(name);
        return (string)_instance.GetFunction<int, int, object?, object?>("preparsePolicySet")!(start, length, policySetJson)!;
    }

    public void Dispose() => _store.Dispose();

    private void Define(Linker linker)
    {
        foreach (var import in _module.Module.Imports)
        {
            // Names end in a digest that changes with each build.
            var name = import.Name;
            if (name.Contains("is_undefined", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, (object? value) => value is null ? 1 : 0);
            }
            else if (name.Contains("string_get", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, (int answer, object? value) => StringGet(answer, (string?)value));
            }
            else if (name.Contains("_throw", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, (int start, int length) => throw new InvalidOperationException(Text(start, length)));
            }
            else if (name.Contains("_parse_", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, (int start, int length) => (object?)Text(start, length));
            }
            else if (name.Contains("stringify", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, (object? value) => value);
            }
            else if (name.Contains("init_externref_table", StringComparison.Ordinal))
            {
                linker.DefineFunction(import.ModuleName, name, FillTable);
            }
            else
            {
                throw new NotSupportedException($"The reference engine needs {name}, which this host has not.");
            }
        }
    }

    private void StringGet(int answer, string? value)
    {
        var (start, length) = value is null ? (0, 0) : Put(value);
        _memory.WriteInt32(answer + 4, length);
        _memory.WriteInt32(answer, start);
    }

    private (int Start, int Length) Put(string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var start = _malloc(length, 1);
        Encoding.UTF8.GetBytes(text, _memory.GetSpan((uint)start, length));
        return (start, length);
    }

    private string Text(int start, int length) => Encoding.UTF8.GetString(_memory.GetSpan((uint)start, length));

    private void FillTable()
    {
        var table = _instance.GetTable("__wbindgen_externrefs")!;
        table.Grow(4, null);
    }
}

/// <summary>The reference engine's code, compiled once.</summary>
internal sealed class ReferenceModule : IDisposable
{
    private static readonly Lazy<Task<ReferenceModule?>> Shared = new(LoadAsync);

    private ReferenceModule(Engine engine, byte[] code) => (Engine, Module) = (engine, Module.FromBytes(engine, "cedar", code));

    public Engine Engine { get; }

    public Module Module { get; }

    /// <summary>The module, the same for all who ask; null where the package is not to be had.</summary>
    public static Task<ReferenceModule?> GetAsync() => Shared.Value;

    public void Dispose()
    {
        Module.Dispose();
        Engine.Dispose();
    }

    private static async Task<ReferenceModule?> LoadAsync() =>
        await ReferencePackage.ModuleAsync() is { } code ? new ReferenceModule(new Engine(new Config().WithReferenceTypes(true)), code) : null;
}
