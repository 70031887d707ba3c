namespace Polyphony.Web.Rehearsal;

/// <summary>The rehearsal's own repeatable chance (SplitMix64): decides what synthetic citizens are like, never who is drawn.</summary>
public sealed class RehearsalChance(ulong seed)
{
    private ulong state = seed;

    public int Below(int bound) => (int)(Next() % (ulong)bound);

    public double Share() => (Next() >> 11) * (1.0 / (1UL << 53));

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];

    /// <summary>Picks a position with the given weights.</summary>
    public int Weighted(IReadOnlyList<double> weights)
    {
        double at = Share() * weights.Sum();
        for (int i = 0; i < weights.Count; i++)
        {
            at -= weights[i];
            if (at < 0)
            {
                return i;
            }
        }

        return weights.Count - 1;
    }

    private ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
