using System.Numerics.Tensors;

namespace Arw.Core.Text;

/// <summary>Arithmetic on unit vectors.</summary>
internal static class Vectors
{
    /// <summary>Cosine of two unit vectors.</summary>
    public static double Cosine(float[] a, float[] b) => TensorPrimitives.Dot(a, b);

    /// <summary>The direction of the sum of some vectors, as a unit vector; zeros when they cancel out.</summary>
    public static float[] Centre(IEnumerable<float[]> vectors)
    {
        float[] sum = [];
        foreach (var vector in vectors)
        {
            if (sum.Length == 0)
            {
                sum = new float[vector.Length];
            }

            TensorPrimitives.Add(sum, vector, sum);
        }

        var norm = TensorPrimitives.Norm(sum);
        if (norm > 1e-12f)
        {
            TensorPrimitives.Divide(sum, norm, sum);
        }

        return sum;
    }
}
