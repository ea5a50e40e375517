namespace Arw.Core.Policy.Cedar.Evaluation;

/// <summary>
/// The conditions of a policy as steps with jumps, for the deciding path: they answer what the nodes answer, in less time, and give no reason for an error.
/// </summary>
internal static class Condition
{
    /// <summary>Where a jump ends with a yes.</summary>
    public const ushort Met = ushort.MaxValue;

    /// <summary>Where a jump ends with a no.</summary>
    public const ushort NotMet = ushort.MaxValue - 1;

    /// <summary>The most steps that jumps can tell apart.</summary>
    public const int MaxSteps = NotMet - 1;

    /// <summary>Whether the conditions are met, from the first step on.</summary>
    public static Truth Test(ConditionStep[] steps, ref EvaluationFrame frame)
    {
        var at = 0;
        while ((uint)at < (uint)steps.Length)
        {
            ref readonly var step = ref steps[at];
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
