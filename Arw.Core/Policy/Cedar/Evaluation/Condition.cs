namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>
/// The conditions of a policy as steps with jumps, for the deciding path: it answers what the nodes answer, in less time, and gives no reason for an error.
/// Immutable, shared by all decisions.
/// </summary>
internal sealed class Condition(ConditionStep[] steps)
{
    /// <summary>Where a jump ends with a yes.</summary>
    public const ushort Met = ushort.MaxValue;

    /// <summary>Where a jump ends with a no.</summary>
    public const ushort NotMet = ushort.MaxValue - 1;

    /// <summary>The most steps that jumps can tell apart.</summary>
    public const int MaxSteps = NotMet - 1;

    /// <summary>Whether it is met.</summary>
    public Truth Test(ref EvaluationFrame frame)
    {
        var (all, at) = (steps, 0);
        while (at < all.Length)
        {
            ref readonly var step = ref all[at];
            switch (ConditionStep.Ask(in step, ref frame))
            {
                case Truth.True:
                    at = step.OnTrue;
                    break;
                case Truth.False:
                    at = step.OnFalse;
                    break;
                default:
                    return Truth.Error;
            }
        }

        return at == Met ? Truth.True : Truth.False;
    }
}
