using Arw.Core.State;

namespace Arw.Tests.State;

/// <summary>Rows in memory, to test a fold by itself.</summary>
internal sealed class MemoryRows<TRow> : Dictionary<string, TRow>, IRowSet<TRow>
    where TRow : class
{
    public TRow? Find(string key) => this.GetValueOrDefault(key);

    public void Put(string key, TRow row) => this[key] = row;

    public void Delete(string key) => Remove(key);
}
