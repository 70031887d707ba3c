using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Stable;

/// <summary>A group of people who vote alike, whichever fifth of the statements is left out.</summary>
/// <param name="Size">Its people.</param>
/// <param name="Stability">Mean overlap (Jaccard) with the same group found without a fifth of the statements, 0 to 1.</param>
/// <param name="Representative">Statements on which it differs from all others; none where there is one group.</param>
public sealed record StableGroup(int Size, double Stability, ImmutableArray<RepresentativeStatement> Representative);

/// <summary>How stable a number of groups would be.</summary>
/// <param name="K">The number of groups, 2 to 8.</param>
/// <param name="Least">Stability of its least stable group; 0 where there are not so many different places.</param>
public readonly record struct TriedGroups(int K, double Least);

/// <summary>
/// The map of opinions that does not depend on who voted first: the same votes give the same bits for any order of arrival, any names, any number of threads and any machine.
/// </summary>
/// <remarks>
/// Whole-number statistics of pairs of statements → covariance → its two main directions from a fixed start → everybody's place (scaled by √(statements / votes), as Polis does, votes on statements that do not count left
/// out) → k-means on a grid with fixed starts for k = 2 to 8 → all of that again ten times without a fifth of the statements. The largest k is taken whose groups are all found again; where none is, there are no groups: k = 1 and
/// everybody stands in one. See <c>docs/adr/0018-stable-opinion-map.md</c>.
/// </remarks>
public sealed class StableMap
{
    /// <summary>Groups below this stability are not shown.</summary>
    public const double LeastStability = 0.8;

    /// <summary>Who votes on fewer statements that count stands in no group.</summary>
    public const int EnoughVotes = 7;

    /// <summary>How often the map is drawn again, each time without a fifth of the statements.</summary>
    public const int Samples = PartSamples.Number;

    private const int Starts = 4;
    private const int SampleStarts = 2;
    private const double Exactness = 1e-9;
    private const double SampleExactness = 1e-6;

    private readonly int[] _x;
    private readonly int[] _y;

    private StableMap(int[] x, int[] y, short[] groupOf, byte[] foundAgain) => (_x, _y, GroupOf, FoundAgain) = (x, y, groupOf, foundAgain);

    /// <summary>People with a vote.</summary>
    public required int Participants { get; init; }

    /// <summary>People with enough votes to stand in a group.</summary>
    public required int Grouped { get; init; }

    /// <summary>Statements that shape the map, in an order that follows from their votes.</summary>
    public required ImmutableArray<int> Order { get; init; }

    /// <summary>The groups, the largest first; one of everybody where there are none.</summary>
    public required ImmutableArray<StableGroup> Groups { get; init; }

    /// <summary>Every number of groups that was tried.</summary>
    public required ImmutableArray<TriedGroups> Tried { get; init; }

    /// <summary>Counts by group.</summary>
    public required GroupTallies Tallies { get; init; }

    /// <summary>What every group says.</summary>
    public required Consensus Consensus { get; init; }

    /// <summary>Where groups part.</summary>
    public required ImmutableArray<DivisiveStatement> Divisive { get; init; }

    /// <summary>The two main directions' shares of all variance, 0 to 1.</summary>
    public required ImmutableArray<double> Explained { get; init; }

    /// <summary>Loadings of the two directions, in the order of <see cref="Order"/>.</summary>
    public required ImmutableArray<ImmutableArray<double>> Loadings { get; init; }

    /// <summary>SHA-256 of the result, without names: whoever computes the map from the same votes gets the same.</summary>
    public required string Hash { get; init; }

    /// <summary>Each person's group; −1 for too few votes.</summary>
    public short[] GroupOf { get; }

    /// <summary>In how many of the <see cref="Samples"/> each person stood in the same group.</summary>
    public byte[] FoundAgain { get; }

    /// <summary>The number of groups; 1 says that there are none.</summary>
    public int K => Groups.Length;

    /// <summary>Where a person stands: people only, never for the public.</summary>
    /// <param name="person">Number of the person.</param>
    /// <returns>Coordinates, exact to 1/1024.</returns>
    public (double X, double Y) PlaceOf(int person) => (_x[person] / 1024.0, _y[person] / 1024.0);

    /// <summary>Draws the map.</summary>
    /// <param name="votes">The votes that stand.</param>
    /// <param name="sums">The statistics of these votes, kept up to date with each or counted by <see cref="CoVotes.Of"/>.</param>
    /// <param name="statements">The statements, as many as the table has.</param>
    /// <param name="threads">Processors to use; the map is the same with any.</param>
    /// <returns>The map.</returns>
    public static StableMap Of(VoteTable votes, CoVotes sums, IReadOnlyList<Statement> statements, int threads = 1)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(sums);
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentOutOfRangeException.ThrowIfNotEqual(sums.Statements, votes.Statements);
        ArgumentOutOfRangeException.ThrowIfNotEqual(statements.Count, votes.Statements);
        var order = CanonicalOrder.Of(sums, statements, threads);
        using var covariance = StatementCovariance.Of(sums, order, threads);
        var pair = Lanczos.Of(covariance, Exactness, threads);
        var isIn = Grouping(votes, order);
        var (grid, found) = Draw(votes, order, covariance.Means, pair, isIn, Starts, threads, cellSide: null);
        var drawn = new SampleMap[Samples];
        var samples = PartSamples.Of(order.Length);
        Parallel.For(0, Samples, new ParallelOptions { MaxDegreeOfParallelism = threads }, sample =>
        {
            using var part = covariance.Part(samples[sample]);
            int[] kept = [.. samples[sample].Select(place => order[place])];
            // The directions of the whole are near: about a third of the steps are left.
            double[] start = [.. samples[sample].Select(place => pair.Vectors[0][place] + pair.Vectors[1][place])];
            var (again, groups) = Draw(votes, kept, part.Means, Lanczos.Of(part, SampleExactness, 1, start), isIn, SampleStarts, 1, grid.CellSide);
            drawn[sample] = SampleMap.Of(grid.Places, found, again.Places, groups, isIn);
        });
        return Finish(votes, sums, order, covariance, pair, grid, found, isIn, drawn);
    }

    private static bool[] Grouping(VoteTable votes, int[] order)
    {
        var counts = new bool[votes.Statements];
        foreach (var statement in order)
            counts[statement] = true;
        var enough = Math.Min(EnoughVotes, order.Length);
        return [.. PointGrid.Counted(votes, counts).Select(counted => counted >= enough && counted > 0)];
    }

    private static (PointGrid Grid, GridGroups Groups) Draw(VoteTable votes, int[] order, double[] means, PrincipalPair pair, bool[] isIn, int starts, int threads, double? cellSide)
    {
        var grid = PointGrid.Of(votes, PointGrid.WeightsOf(votes.Statements, order, means, pair.Vectors), order.Length, isIn, threads, cellSide);
        return (grid, GridMeans.Of(grid, starts, threads));
    }

    private static StableMap Finish(
        VoteTable votes, CoVotes sums, int[] order, StatementCovariance covariance, PrincipalPair pair, PointGrid grid, GridGroups found, bool[] isIn, SampleMap[] drawn)
    {
        TriedGroups[] tried = [.. Enumerable.Range(2, GridMeans.MostGroups - 1).Select(k => new TriedGroups(k, found.Sizes[k - 2].Contains(0) ? 0 : Stabilities(drawn, k).Min()))];
        var k = tried.Where(one => one.Least >= LeastStability).Select(one => one.K).DefaultIfEmpty(1).Max();
        var (groupOf, foundAgain) = People(grid.Places, found, isIn, drawn, k);
        var tallies = GroupTallies.Of(votes, k, groupOf);
        double[] stabilities = k == 1 ? [1] : Stabilities(drawn, k);
        ImmutableArray<StableGroup> groups = [.. Enumerable.Range(0, k).Select(group => new StableGroup(tallies.Sizes[group], stabilities[group], k == 1 ? [] : Representative.Of(tallies, group, order)))];
        var consensus = Consensus.AcrossGroups(tallies, order);
        var variance = 0.0;
        for (var i = 0; i < covariance.Size; i++)
            variance += covariance[i, i];
        var participants = 0;
        for (var person = 0; person < votes.People; person++)
            participants += votes.CountOf(person) > 0 ? 1 : 0;
        return new StableMap(grid.X, grid.Y, groupOf, foundAgain)
        {
            Participants = participants,
            Grouped = tallies.Sizes.Sum(),
            Order = [.. order],
            Groups = groups,
            Tried = [.. tried],
            Tallies = tallies,
            Consensus = consensus,
            Divisive = Findings.Divisive.Of(tallies, order),
            Explained = [.. pair.Values.Select(value => variance == 0 ? 0 : value / variance)],
            Loadings = [.. pair.Vectors.Select(vector => vector.ToImmutableArray())],
            Hash = MapHash.Of(sums, order, pair, grid, groupOf, foundAgain, groups, consensus),
        };
    }

    /// <summary>Means of fractions that stay exact to the end: added up as floating-point numbers, ten times 0.8 is a little less than eight, and the group would not be shown.</summary>
    private static double[] Stabilities(SampleMap[] drawn, int k) =>
        [.. Enumerable.Range(0, k).Select(group => (drawn.Aggregate((Fraction)0, (sum, sample) => sum + sample.Overlaps[k - 2][group]) / drawn.Length).ToDouble())];

    private static (short[] GroupOf, byte[] FoundAgain) People(ushort[] places, GridGroups found, bool[] isIn, SampleMap[] drawn, int k)
    {
        var groupOf = new short[places.Length];
        var foundAgain = new byte[places.Length];
        for (var person = 0; person < places.Length; person++)
        {
            groupOf[person] = !isIn[person] ? (short)-1 : k == 1 ? (short)0 : (short)SampleMap.Label(found.Labels[places[person]], k);
            foundAgain[person] = isIn[person] && k == 1 ? (byte)drawn.Length : (byte)0;
        }
        if (k == 1)
            return (groupOf, foundAgain);
        foreach (var sample in drawn)
        {
            for (var person = 0; person < places.Length; person++)
            {
                if (isIn[person] && sample.Matches[k - 2][groupOf[person]] == SampleMap.Label(sample.Labels[sample.Places[person]], k))
                    foundAgain[person]++;
            }
        }
        return (groupOf, foundAgain);
    }
}
