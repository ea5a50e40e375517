using CsCheck;

namespace Arw.Tests.Policy.Cedar.Differential;

/// <summary>A schema, policies, entities and requests, as texts that both engines read.</summary>
internal sealed record DifferentialCase(string Schema, string Policies, string Entities, IReadOnlyList<string> Requests)
{
    public const int PoliciesEach = 4;
    public const int RequestsEach = 4;

    /// <summary>Cases by chance; smaller texts are simpler ones.</summary>
    public static Gen<DifferentialCase> Gen { get; } = new Made();

    public override string ToString() => $"// schema\n{Schema}\n// policies\n{Policies}\n// entities\n{Entities}\n// requests\n{string.Join('\n', Requests)}";

    private sealed class Made : Gen<DifferentialCase>
    {
        public override DifferentialCase Generate(PCG pcg, Size? min, out Size size)
        {
            var draw = new Draw(pcg);
            var world = new World(draw);
            var data = new WorldData(world, draw);
            var made = new DifferentialCase(
                world.ToString(),
                string.Join('\n', Enumerable.Range(0, PoliciesEach).Select(_ => new WorldPolicy(world, draw).ToString())),
                data.Entities(),
                [.. Enumerable.Range(0, RequestsEach).Select(_ => data.Request())]);
            size = new Size((ulong)made.ToString().Length);
            return made;
        }
    }
}
