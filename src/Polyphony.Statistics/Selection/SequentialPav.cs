using System.Numerics;

namespace Polyphony.Statistics.Selection;

/// <summary>Sequential proportional approval voting: again and again the candidate that adds most to the score comes in, a person's n-th member counting 1/n.</summary>
/// <remarks>T. N. Thiele (1895). Not proportional in every case (it may fail JR), unlike PAV; quick and widely known. Exact; ties to the lowest index.</remarks>
public static class SequentialPav
{
    /// <summary>Chooses a slate.</summary>
    /// <param name="profile">Who approves what.</param>
    /// <param name="size">Seats, 1 to the number of candidates.</param>
    /// <returns>The slate. Seats for which nobody approves anything else go to the lowest indices.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Fewer candidates than seats, or no seats.</exception>
    public static Slate Of(ApprovalProfile profile, int size)
    {
        ArgumentNullException.ThrowIfNull(profile);
        profile.DemandSize(size);
        var score = new ApprovalScore(size);
        var members = new int[profile.Voters];
        var chosen = new bool[profile.Candidates];
        List<SlateStep> steps = [];
        while (steps.Count < size)
        {
            var (best, gain) = Best(profile, score, members, chosen, steps.Count);
            chosen[best] = true;
            foreach (var voter in profile.Supporters[best])
                members[voter]++;
            steps.Add(gain.IsZero ? new SlateStep(best, SlateReason.Filled, 0, []) : new SlateStep(best, SlateReason.Gain, score.Exact(gain), []));
        }
        return new Slate(size, [.. steps], null);
    }

    private static (int Candidate, BigInteger Gain) Best(ApprovalProfile profile, ApprovalScore score, int[] members, bool[] chosen, int done)
    {
        var counts = new int[done + 1];
        var near = new double[profile.Candidates];
        // Relative errors of the gains are far below this.
        var room = 1 - ((done + 8) * 4.5e-16);
        var best = -1.0;
        for (var candidate = 0; candidate < profile.Candidates; candidate++)
        {
            near[candidate] = -1;
            if (chosen[candidate])
                continue;
            Count(profile, candidate, members, counts);
            near[candidate] = score.Near(counts);
            best = Math.Max(best, near[candidate]);
        }
        var (winner, gain) = (-1, BigInteger.MinusOne);
        for (var candidate = 0; candidate < profile.Candidates; candidate++)
        {
            if (chosen[candidate] || near[candidate] < best * room)
                continue;
            Count(profile, candidate, members, counts);
            var exact = score.Gain(counts);
            if (exact > gain)
                (winner, gain) = (candidate, exact);
        }
        return (winner, gain);
    }

    private static void Count(ApprovalProfile profile, int candidate, int[] members, int[] counts)
    {
        Array.Clear(counts);
        foreach (var voter in profile.Supporters[candidate])
            counts[members[voter]]++;
    }
}
