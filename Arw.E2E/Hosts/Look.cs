namespace Arw.E2E.Hosts;

/// <summary>Theme and size of a window.</summary>
/// <param name="Theme">light or dark.</param>
/// <param name="Width">CSS pixels.</param>
public sealed record Look(string Theme = "light", int Width = Look.Desk)
{
    public const int Desk = 1440;
    public const int Phone = 390;

    public int Height => HeightOf(Width);

    public static int HeightOf(int width) => width == Phone ? 844 : 900;
}
