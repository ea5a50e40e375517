namespace Arw.Tests.Egress;

internal static class Waiting
{
    public static async Task WhenCancelled(this CancellationToken token)
    {
        var done = new TaskCompletionSource();
        await using var registration = token.Register(done.SetResult);
        await done.Task;
    }
}
