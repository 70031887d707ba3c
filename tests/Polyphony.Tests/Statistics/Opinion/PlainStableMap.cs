using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Stable;

namespace Polyphony.Tests.Statistics.Opinion;

/// <summary>
/// From the two directions to the groups once more, as ADR 0018 says it: places on a grid, k-means for k = 2 to 8, the same ten times without a fifth of the statements, and the largest k whose groups are all found again.
/// Stabilities are exact fractions, groups are paired by trying every pairing, and nothing is packed, padded or shared. The directions themselves are compared in <see cref="ComputingOpinionsTwice"/>.
/// </summary>
internal sealed class PlainStableMap
{
    private const int Most = 8;

    private readonly int?[,] votes;
    private readonly bool[] isIn;
    private readonly int[] people;

    private PlainStableMap(Conversation made, StableMap map)
    {
        votes = ComputingOpinionsTwice.Full(made);
        int[] order = [.. map.Order];
        isIn = [.. Enumerable.Range(0, made.People).Select(p => order.Count(s => votes[p, s] is not null) is > 0 and int counted && counted >= Math.Min(7, order.Length))];
        people = [.. Enumerable.Range(0, made.People).Where(p => isIn[p])];
        using StatementCovariance covariance = StatementCovariance.Of(CoVotes.Of(made.Table()), order, 1);
        double[][] loadings = [.. map.Loadings.Select(loading => loading.ToArray())];
        (int X, int Y)[] places = Places(order, covariance.Means, loadings);
        double squares = people.Sum(p => ((double)places[p].X * places[p].X) + ((double)places[p].Y * places[p].Y));
        double side = squares == 0 ? 1 : Math.Sqrt(squares / people.Length) / 16;
        (int X, int Y)[] cells = Cells(places, side);
        Occupied = people.Select(p => cells[p]).Distinct().Count();
        int[][] whole = Groups(cells, 4);
        List<int[][]> samples = [];
        foreach (int[] sample in PartSamples.Of(order.Length))
        {
            using StatementCovariance part = covariance.Part(sample);
            PrincipalPair pair = Lanczos.Of(part, 1e-6, 1, [.. sample.Select(at => loadings[0][at] + loadings[1][at])]);
            samples.Add(Groups(Cells(Places([.. sample.Select(at => order[at])], part.Means, pair.Vectors), side), 2));
        }

        for (int k = 2; k <= Most; k++)
        {
            bool hasAll = Enumerable.Range(0, k).All(group => people.Any(p => whole[k][p] == group));
            (Fraction[] stabilities, int[] again) = hasAll ? Stabilities(whole[k], samples, k) : ([0], []);
            Tried.Add(stabilities.Min());
            if (stabilities.Min() >= new Fraction(4, 5))
            {
                (K, Stability, FoundAgain, GroupOf) = (k, stabilities, again, whole[k]);
            }
        }

        GroupOf ??= [.. isIn.Select(own => own ? 0 : -1)];
        FoundAgain ??= [.. isIn.Select(own => own ? samples.Count : 0)];
    }

    /// <summary>Cells in which somebody stands.</summary>
    public int Occupied { get; }

    public int K { get; } = 1;

    public List<Fraction> Tried { get; } = [];

    public Fraction[] Stability { get; } = [1];

    public int[] GroupOf { get; }

    public int[] FoundAgain { get; }

    public static PlainStableMap Of(Conversation made, StableMap map) => new(made, map);

    /// <summary>√(statements / votes) · Σ (vote − mean) · loading, each term a multiple of 2⁻³², the place one of 1/1024.</summary>
    private (int X, int Y)[] Places(int[] order, double[] means, double[][] loadings)
    {
        int Coordinate(int person, int axis)
        {
            int[] voted = [.. Enumerable.Range(0, order.Length).Where(at => votes[person, order[at]] is not null)];
            long sum = voted.Sum(at => (long)Math.Round((votes[person, order[at]]!.Value - means[at]) * loadings[axis][at] * 4294967296.0));
            return (int)Math.Floor((sum * (Math.Sqrt((double)order.Length / Math.Max(1, voted.Length)) / 4194304.0)) + 0.5);
        }

        return [.. Enumerable.Range(0, votes.GetLength(0)).Select(person => (Coordinate(person, 0), Coordinate(person, 1)))];
    }

    private static (int X, int Y)[] Cells((int X, int Y)[] places, double side)
    {
        int Cell(int coordinate) => Math.Clamp((int)Math.Floor((coordinate * (1 / side)) + 0.5), -128, 127);
        return [.. places.Select(place => (Cell(place.X), Cell(place.Y)))];
    }

    /// <summary>For each k everybody's group, −1 for those in none; with fewer cells than groups all stand in the first.</summary>
    private int[][] Groups((int X, int Y)[] cells, int starts)
    {
        (int X, int Y, int Weight)[] fine = Counted(people.Select(p => cells[p]));
        (int X, int Y, int Weight)[] coarse = fine.Length > 2_000 ? Counted(people.Select(p => (cells[p].X & ~1, cells[p].Y & ~1))) : fine;
        int[][] groups = new int[Most + 1][];
        for (int k = 2; k <= Most; k++)
        {
            Dictionary<(int, int), int> groupOf = [];
            if (coarse.Length >= k)
            {
                SeededChance chance = new("polyphony opinion groups 1"u8);
                (float X, float Y)[] best = [];
                double least = double.PositiveInfinity;
                for (int start = 0; start < starts; start++)
                {
                    (float X, float Y)[] centres = Settled(coarse, Begun(coarse, k, ref chance), out double within);
                    if (within < least * (1 - 1e-12))
                    {
                        (best, least) = (centres, within);
                    }
                }

                best = fine == coarse ? best : Settled(fine, best, out _);
                int[] nearest = [.. fine.Select(cell => Nearest(cell, best))];
                int[] size = [.. Enumerable.Range(0, k).Select(c => fine.Index().Where(cell => nearest[cell.Index] == c).Sum(cell => cell.Item.Weight))];
                int[] named = [.. Enumerable.Range(0, k).OrderByDescending(c => size[c]).ThenBy(c => best[c].X).ThenBy(c => best[c].Y)];
                groupOf = fine.Index().ToDictionary(cell => (cell.Item.X, cell.Item.Y), cell => Array.IndexOf(named, nearest[cell.Index]));
            }

            groups[k] = [.. cells.Select((cell, person) => !isIn[person] ? -1 : groupOf.GetValueOrDefault(cell))];
        }

        return groups;
    }

    private static (int X, int Y, int Weight)[] Counted(IEnumerable<(int X, int Y)> cells) => [.. cells.GroupBy(cell => cell).OrderBy(cell => cell.Key).Select(cell => (cell.Key.X, cell.Key.Y, cell.Count()))];

    /// <summary>k-means++: each centre a cell, by its people times the square of its distance to the centres before.</summary>
    private static (float X, float Y)[] Begun((int X, int Y, int Weight)[] cells, int k, ref SeededChance chance)
    {
        List<(float X, float Y)> centres = [];
        while (centres.Count < k)
        {
            long[] shares = [.. cells.Select(cell => cell.Weight * (centres.Count == 0 ? 1L : centres.Min(centre => (long)(((cell.X - centre.X) * (cell.X - centre.X)) + ((cell.Y - centre.Y) * (cell.Y - centre.Y))))))];
            long drawn = (long)((UInt128)chance.Next() * (ulong)shares.Sum() >> 64), passed = 0;
            int at = Enumerable.Range(0, cells.Length).First(i => (passed += shares[i]) > drawn);
            centres.Add((cells[at].X, cells[at].Y));
        }

        return [.. centres];
    }

    private static (float X, float Y)[] Settled((int X, int Y, int Weight)[] cells, (float X, float Y)[] centres, out double within)
    {
        (float X, float Y)[] now = [.. centres];
        for (int round = 0; ; round++)
        {
            ILookup<int, (int X, int Y, int Weight)> members = cells.ToLookup(cell => Nearest(cell, now));
            (float X, float Y)[] next = [.. now];
            within = 0;
            foreach (IGrouping<int, (int X, int Y, int Weight)> group in members)
            {
                double count = group.Sum(cell => (long)cell.Weight), x = group.Sum(cell => (long)cell.Weight * cell.X) / count, y = group.Sum(cell => (long)cell.Weight * cell.Y) / count;
                within += group.Sum(cell => cell.Weight * (((cell.X - x) * (cell.X - x)) + ((cell.Y - y) * (cell.Y - y))));
                next[group.Key] = ((float)x, (float)y);
            }

            if (next.SequenceEqual(now) || round == 50)
            {
                return next;
            }

            now = next;
        }
    }

    /// <summary>The nearest centre in single precision, the first of equally near ones.</summary>
    private static int Nearest((int X, int Y, int Weight) cell, (float X, float Y)[] centres)
    {
        int nearest = 0;
        float least = float.MaxValue;
        for (int c = 0; c < centres.Length; c++)
        {
            float x = cell.X - centres[c].X, y = cell.Y - centres[c].Y, square = (x * x) + (y * y);
            (nearest, least) = square < least ? (c, square) : (nearest, least);
        }

        return nearest;
    }

    /// <summary>Mean Jaccard overlap of each group with the one that goes with it, over all samples.</summary>
    private (Fraction[] Stabilities, int[] FoundAgain) Stabilities(int[] whole, List<int[][]> samples, int k)
    {
        Fraction[] sums = [.. Enumerable.Repeat<Fraction>(0, k)];
        int[] again = new int[whole.Length];
        foreach (int[] sample in samples.Select(sample => sample[k]))
        {
            int[] goesWith = Pairing(Enumerable.Range(0, k).Select(own => Enumerable.Range(0, k).Select(other => people.Count(p => whole[p] == own && sample[p] == other)).ToArray()).ToArray());
            for (int group = 0; group < k; group++)
            {
                int both = people.Count(p => whole[p] == group && sample[p] == goesWith[group]), either = people.Count(p => whole[p] == group || sample[p] == goesWith[group]);
                sums[group] += new Fraction(both, either);
            }

            foreach (int person in people)
            {
                again[person] += sample[person] == goesWith[whole[person]] ? 1 : 0;
            }
        }

        return ([.. sums.Select(sum => sum / samples.Count)], again);
    }

    /// <summary>Of all pairings that with most people in common; of equal ones that which gives the last group the last partner.</summary>
    private static int[] Pairing(int[][] common)
    {
        int k = common.Length, most = -1;
        int[] best = [], now = new int[k];
        void Try(int group, int taken, int sum)
        {
            if (group < 0)
            {
                if (sum > most)
                {
                    (most, best) = (sum, [.. now]);
                }

                return;
            }

            for (int other = k - 1; other >= 0; other--)
            {
                if ((taken & (1 << other)) == 0)
                {
                    now[group] = other;
                    Try(group - 1, taken | (1 << other), sum + common[group][other]);
                }
            }
        }

        Try(k - 1, 0, 0);
        return best;
    }
}
