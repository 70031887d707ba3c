using System.Collections.Immutable;
using Polyphony.Statistics.Opinion.Components;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Statistics.Opinion.Polis;

/// <summary>A silhouette that was compared to choose the number of groups.</summary>
public readonly record struct PolisSilhouette(int K, double Mean);

/// <summary>
/// The map that Polis would draw at a cold start, for comparison. <b>It depends on the order in which people and statements came</b>; the stable map does not.
/// </summary>
/// <remarks>
/// C. Small and others, "Polis: Scaling Deliberation by Mapping High Dimensional Opinion Spaces", Recerca 26(2), 2021; formulas in our own words. Two things differ: principal components are exact where Polis
/// iterates at most a hundred times from a random start, and they are of all people, where Polis takes random ones above 10,000. Sides are ours: agree is 1.
/// </remarks>
public sealed record PolisMap
{
    /// <summary>Polis leaves later people out.</summary>
    public const int MostPeople = 100_000;

    private const int EnoughVotes = 7;
    private const int LeastPeople = 15;
    private const int BaseClusters = 100;
    private const int BaseRounds = 100;
    private const int GroupRounds = 20;

    /// <summary>People in the order of rows: by their first vote.</summary>
    public required IReadOnlyList<int> People { get; init; }

    /// <summary>Statements with votes in the order of columns: by their first vote.</summary>
    public required IReadOnlyList<int> Statements { get; init; }

    /// <summary>Mean vote per column, 0 for one that does not count.</summary>
    public required double[] Means { get; init; }

    /// <summary>Loadings of the two components, per column.</summary>
    public required double[][] Components { get; init; }

    /// <summary>Where somebody would stand who only agrees with a column, and how far out that is.</summary>
    public required PolisPoint[] StatementPoints { get; init; }

    /// <summary>Where people stand, per row.</summary>
    public required PolisPoint[] Points { get; init; }

    /// <summary>Rows of those who voted enough to be grouped, rising.</summary>
    public required int[] InConversation { get; init; }

    /// <summary>At most a hundred small clusters; members are rows.</summary>
    public required PolisCluster[] Bases { get; init; }

    /// <summary>Mean silhouettes of two to at most five groups.</summary>
    public required ImmutableArray<PolisSilhouette> Silhouettes { get; init; }

    /// <summary>The groups; members are people.</summary>
    public required PolisCluster[] Groups { get; init; }

    /// <summary>Counts by group.</summary>
    public required GroupTallies Tallies { get; init; }

    /// <summary>What represents each group.</summary>
    public required ImmutableArray<ImmutableArray<RepresentativeStatement>> Representative { get; init; }

    /// <summary>What a majority of everybody says.</summary>
    public required Consensus Consensus { get; init; }

    /// <summary>How far out a column lies.</summary>
    public double Extremity(int column) => Math.Sqrt((StatementPoints[column].X * StatementPoints[column].X) + (StatementPoints[column].Y * StatementPoints[column].Y));

    /// <summary>Draws the map.</summary>
    /// <param name="votes">The votes that stand.</param>
    /// <param name="statements">The statements, as many as the table has.</param>
    /// <param name="order">Who and what came first.</param>
    /// <param name="threads">Processors to use.</param>
    /// <returns>The map; without votes it is empty.</returns>
    public static PolisMap Of(VoteTable votes, IReadOnlyList<Statement> statements, ArrivalOrder order, int threads = 1) => Of(votes, statements, order, threads, null);

    /// <summary>The same from given components, per column: those at which the engine stopped, so that everything behind them can be compared to the last digits.</summary>
    internal static PolisMap Of(VoteTable votes, IReadOnlyList<Statement> statements, ArrivalOrder order, int threads, double[][]? components)
    {
        ArgumentNullException.ThrowIfNull(votes);
        ArgumentNullException.ThrowIfNull(statements);
        ArgumentNullException.ThrowIfNull(order);
        ArgumentOutOfRangeException.ThrowIfNotEqual(statements.Count, votes.Statements);
        int[] people = [.. order.People.Take(MostPeople)];
        int[] columns = [.. order.Statements];
        int[] counted = [.. columns.Where(statement => statements[statement].Counts)];
        using var covariance = StatementCovariance.Of(CoVotes.Of(votes, threads), counted, threads);
        var pair = components is null
            ? Lanczos.Of(covariance, 1e-14, threads)
            : new PrincipalPair([0, 0], [.. components.Select(component => counted.Select(statement => component[Array.IndexOf(columns, statement)]).ToArray())]);
        var (means, loadings) = Spread(covariance, pair, counted, columns, votes.Statements);
        var counts = new bool[votes.Statements];
        foreach (var statement in counted)
            counts[statement] = true;
        var points = people.Select(person => Project(votes, person, means, loadings, columns.Length, columns.Length - counted.Length, counts)).ToArray();
        var rows = InConversationOf(votes, people, columns.Length);
        var bases = PolisClusters.Of([.. rows.Select(row => points[row])], [.. rows.Select(_ => 1)], BaseClusters, BaseRounds);
        var (groups, silhouettes) = GroupsOf(bases);
        groups = [.. groups.Select((group, id) => group with { Id = id, Members = [.. group.Members.SelectMany(b => bases[b].Members).Select(member => people[rows[member]])] })];
        var groupOf = new short[votes.People];
        Array.Fill(groupOf, (short)-1);
        foreach (var group in groups)
        {
            foreach (var person in group.Members)
                groupOf[person] = (short)group.Id;
        }
        var everybody = new short[votes.People];
        var tallies = GroupTallies.Of(votes, groups.Length, groupOf);
        return new PolisMap
        {
            People = people,
            Statements = columns,
            Means = [.. columns.Select(statement => means[statement])],
            Components = [.. loadings.Select(component => columns.Select(statement => component[statement]).ToArray())],
            StatementPoints = [.. columns.Select(statement => StatementPoint(statement, means, loadings, columns.Length))],
            Points = points,
            InConversation = rows,
            Bases = [.. bases.Select(cluster => cluster with { Members = [.. cluster.Members.Select(member => rows[member])] })],
            Silhouettes = silhouettes,
            Groups = groups,
            Tallies = tallies,
            Representative = [.. groups.Select(group => Findings.Representative.Of(tallies, group.Id, counted, asPolis: true))],
            Consensus = Consensus.OfEverybody(GroupTallies.Of(votes, 1, everybody), counted),
        };
    }

    private static (double[] Means, double[][] Loadings) Spread(StatementCovariance covariance, PrincipalPair pair, int[] counted, int[] columns, int statements)
    {
        double[] means = new double[statements];
        double[][] loadings = [new double[statements], new double[statements]];
        for (var i = 0; i < counted.Length; i++)
        {
            means[counted[i]] = covariance.Means[i];
            (loadings[0][counted[i]], loadings[1][counted[i]]) = (pair.Vectors[0][i], pair.Vectors[1][i]);
        }
        return (means, loadings);
    }

    /// <summary>A column that does not count is nought for everybody, and so voted on by everybody.</summary>
    private static PolisPoint Project(VoteTable votes, int person, double[] means, double[][] loadings, int columns, int zeroed, bool[] counts)
    {
        double x = 0, y = 0;
        var voted = zeroed;
        foreach (var cell in votes[person])
        {
            var statement = cell >> 2;
            if (!counts[statement])
                continue;
            var value = VoteTable.Value(cell) - means[statement];
            x += value * loadings[0][statement];
            y += value * loadings[1][statement];
            voted++;
        }
        var scale = Math.Sqrt((double)columns / Math.Max(1, voted));
        return new PolisPoint(x * scale, y * scale);
    }

    private static PolisPoint StatementPoint(int statement, double[] means, double[][] loadings, int columns)
    {
        var scale = Math.Sqrt(columns) * (1 - means[statement]);
        return new PolisPoint(scale * loadings[0][statement], scale * loadings[1][statement]);
    }

    private static int[] InConversationOf(VoteTable votes, int[] people, int columns)
    {
        var enough = Math.Min(EnoughVotes, columns);
        int[] rows = [.. Enumerable.Range(0, people.Length).Where(row => votes.CountOf(people[row]) >= enough)];
        return rows.Length >= LeastPeople ? rows : [.. Enumerable.Range(0, people.Length).OrderByDescending(row => votes.CountOf(people[row])).Take(LeastPeople).Union(rows).Order()];
    }

    private static (PolisCluster[] Groups, ImmutableArray<PolisSilhouette> Silhouettes) GroupsOf(PolisCluster[] bases)
    {
        PolisPoint[] centers = [.. bases.Select(cluster => cluster.Center)];
        int[] weights = [.. bases.Select(cluster => cluster.Members.Count)];
        PolisCluster[] chosen = [];
        List<PolisSilhouette> silhouettes = [];
        for (var k = 2; k <= Math.Min(5, 2 + (bases.Length / 12)); k++)
        {
            var groups = PolisClusters.Of(centers, weights, k, GroupRounds);
            silhouettes.Add(new PolisSilhouette(k, bases.Length == 0 ? 0 : PolisClusters.Silhouette(centers, groups)));
            if (silhouettes.All(one => one.Mean <= silhouettes[^1].Mean))
                chosen = groups;
        }
        return (chosen, [.. silhouettes]);
    }
}
