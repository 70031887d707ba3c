namespace Polyphony.Seating;

/// <summary>The most distinct pairs that the sizes of tables allow, whoever the people are.</summary>
/// <remarks>
/// Where a table has more people than the other round has tables, some of them must meet again there: s people at T tables make at least T·C(q, 2) + (s mod T)·q
/// pairs, q = ⌊s/T⌋ (the pigeonhole, as in Barrett, Verpoort and Gal, arXiv 2410.21451). A pair that meets m times is such a repeat in C(m, 2) pairs of rounds
/// and costs m − 1 distinct pairs, that is 2/m ≥ 2/R of a pair for each. So K unavoidable repeats cost at least ⌈2K/R⌉ distinct pairs over R rounds.
/// </remarks>
internal static class MeetingCeiling
{
    /// <summary>The ceiling of a plan.</summary>
    /// <param name="meetings">The pairs of the plan, repeats counted each time.</param>
    /// <param name="rounds">The rounds in which being at one table is a meeting.</param>
    /// <param name="people">People of the problem.</param>
    public static int Of(long meetings, IReadOnlyList<SeatingRound> rounds, int people)
    {
        long repeats = 0;
        var seated = rounds.Select(round => round.Tables.SelectMany(table => table).ToHashSet()).ToArray();
        for (var r = 0; r < rounds.Count; r++)
            for (var other = 0; other < r; other++)
                // Whoever sits in one of the two rounds alone could be the one who would have met again.
                if (seated[r].SetEquals(seated[other]))
                    repeats += Math.Max(Unavoidable(rounds[r], rounds[other]), Unavoidable(rounds[other], rounds[r]));
        var fewer = rounds.Count == 0 ? 0 : ((2 * repeats) + rounds.Count - 1) / rounds.Count;
        return (int)Math.Min(meetings - fewer, people * (people - 1L) / 2);
    }

    private static long Unavoidable(SeatingRound round, SeatingRound other)
    {
        long tables = other.Tables.Count(table => table.Length > 0);
        if (tables == 0)
        {
            // Nobody sits in either round.
            return 0;
        }

        return round.Tables.Sum(table => (tables * (table.Length / tables) * ((table.Length / tables) - 1) / 2) + (table.Length % tables * (table.Length / tables)));
    }
}
