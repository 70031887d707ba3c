namespace Polyphony.Benchmarks.Ballots;

/// <summary>Chance that a seed repeats (SplitMix64), so that a run that found something can be run again.</summary>
internal sealed class Dice(ulong seed)
{
    private ulong state = seed;

    public ulong Next()
    {
        ulong z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A number from 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>128 bits as an idempotency key.</summary>
    public string Key() => $"{Next():x16}{Next():x16}";
}
