namespace Arw.Web.Components.Formats;

/// <summary>How many things from outside wait for review, in words.</summary>
public static class HeldWords
{
    /// <summary>"6 claims wait for review", "1 claim and 2 other things wait for review".</summary>
    /// <param name="claims">Claims for the map.</param>
    /// <param name="all">Everything that waits.</param>
    public static string Waiting(int claims, int all)
    {
        var others = all - claims;
        return $"{(claims, others) switch
        {
            ( > 0, 0) => Format.Count(claims, "claim", "claims"),
            (0, _) => Format.Count(others, "thing to remember", "things to remember"),
            _ => $"{Format.Count(claims, "claim", "claims")} and {Format.Count(others, "thing to remember", "things to remember")}",
        }} {(all == 1 ? "waits" : "wait")} for review";
    }
}
