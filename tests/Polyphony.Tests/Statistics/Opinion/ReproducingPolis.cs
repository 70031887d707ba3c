using System.Globalization;
using System.Text.Json.Nodes;
using Polyphony.Statistics.Opinion.Findings;
using Polyphony.Statistics.Opinion.Polis;
using Polyphony.Statistics.Opinion.Voting;

namespace Polyphony.Tests.Statistics.Opinion;

/// <summary>What the Polis engine itself computed from real conversations.</summary>
public sealed class ReproducingPolis
{
    public static TheoryData<string, bool> All => new()
    {
        { "brexit-consensus", false }, { "scoop-hivemind.biodiversity", false }, { "scoop-hivemind.biodiversity", true }, { "vtaiwan.uberx", false }, { "vtaiwan.uberx", true },
    };

    [Theory]
    [MemberData(nameof(All))]
    public void Rows_columns_means_and_components_are_those_of_the_engine(string name, bool moderated)
    {
        (Conversation real, PolisMap map, JsonObject oracle) = Draw(name, moderated);
        Assert.Equal(Texts(oracle["pids"]!), map.People.Select(person => real.Voters[person]));
        Assert.Equal(Texts(oracle["tids"]!), map.Statements.Select(statement => real.Ids[statement]));
        Near(Numbers(oracle["pca"]!["center"]!), map.Means.Select(mean => -mean), 1e-12);
        for (int rank = 0; rank < 2; rank++)
        {
            double[] theirs = [.. Numbers(oracle["pca"]!["comps"]![rank]!)];
            double cosine = theirs.Zip(map.Components[rank], (a, b) => a * b).Sum() / Math.Sqrt(theirs.Sum(a => a * a));
            Assert.True(Math.Abs(cosine) > 1 - 1e-12, $"{rank}: {cosine:R}");
        }
    }

    /// <summary>The engine stops after a hundred rounds and its components are as far from the exact ones as that leaves them, so places are compared from its own components.</summary>
    [Theory]
    [MemberData(nameof(All))]
    public void Places_are_those_of_the_engine(string name, bool moderated)
    {
        (Conversation real, PolisMap map, JsonObject oracle) = Draw(name, moderated, withTheirComponents: true);
        for (int row = 0; row < map.People.Count; row++)
        {
            Near(Numbers(oracle["proj"]![real.Voters[map.People[row]]]!), [map.Points[row].X, map.Points[row].Y], 1e-9);
        }

        Near(Numbers(oracle["pca"]!["comment-extremity"]!), Enumerable.Range(0, map.Statements.Count).Select(map.Extremity), 1e-9);
        Assert.All(oracle["silhouettes"]!.AsObject(), theirs => Assert.Equal(
            (double)theirs.Value!, map.Silhouettes.Single(one => one.K.ToString(CultureInfo.InvariantCulture) == theirs.Key).Mean, 1e-9));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Places_from_exact_components_lie_beside_those_of_the_engine(string name, bool moderated)
    {
        (_, PolisMap exact, _) = Draw(name, moderated);
        (_, PolisMap theirs, _) = Draw(name, moderated, withTheirComponents: true);
        foreach (Func<PolisPoint, double> axis in new Func<PolisPoint, double>[] { point => point.X, point => point.Y })
        {
            double sign = Math.Sign(exact.Points.Zip(theirs.Points, (a, b) => axis(a) * axis(b)).Sum());
            Near(theirs.Points.Select(axis), exact.Points.Select(point => sign * axis(point)), 1e-5);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Groups_are_those_of_the_engine(string name, bool moderated)
    {
        (Conversation real, PolisMap map, JsonObject oracle) = Draw(name, moderated);
        Assert.Equal(Texts(oracle["in-conv"]!).Order(StringComparer.Ordinal), map.InConversation.Select(row => real.Voters[map.People[row]]).Order(StringComparer.Ordinal));
        Assert.Equal(Partition(oracle["base-clusters"]!.AsArray().Select(cluster => Texts(cluster!["members"]!))), Partition(map.Bases.Select(cluster => cluster.Members.Select(row => real.Voters[map.People[row]]))));
        Assert.Equal(
            oracle["group-clusters"]!.AsArray().Select(cluster => $"{cluster!["id"]}: {string.Join(' ', Texts(cluster["members"]!).Order(StringComparer.Ordinal))}"),
            map.Groups.Select(group => $"{group.Id}: {string.Join(' ', group.Members.Select(person => real.Voters[person]).Order(StringComparer.Ordinal))}"));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Tallies_and_consensus_are_those_of_the_engine(string name, bool moderated)
    {
        (Conversation real, PolisMap map, JsonObject oracle) = Draw(name, moderated);
        foreach ((string group, JsonNode? votes) in oracle["group-votes"]!.AsObject())
        {
            int g = int.Parse(group, CultureInfo.InvariantCulture);
            Assert.Equal((int)votes!["n-members"]!, map.Tallies.Sizes[g]);
            Assert.Equal(map.Statements.Count, votes["votes"]!.AsObject().Count);
            foreach ((string id, JsonNode? tally) in votes["votes"]!.AsObject())
            {
                Assert.Equal(new StatementTally((int)tally!["A"]!, (int)tally["D"]!, (int)tally["S"]!), map.Tallies[g, Array.IndexOf(real.Ids, id)]);
            }
        }

        Assert.All(oracle["group-aware-consensus"]!.AsObject(), theirs => Assert.Equal((double)theirs.Value!, Consensus.GroupAware(map.Tallies, Array.IndexOf(real.Ids, theirs.Key)), 1e-12));
        foreach ((string side, IReadOnlyList<ConsensusStatement> ours) in new[] { ("agree", (IReadOnlyList<ConsensusStatement>)map.Consensus.Agree), ("disagree", map.Consensus.Disagree) })
        {
            JsonNode[] theirs = [.. oracle["consensus"]![side]!.AsArray().Select(one => one!)];
            Assert.Equal(theirs.Select(one => $"{one["tid"]} {one["n-success"]} {one["n-trials"]}"), ours.Select(one => $"{real.Ids[one.Statement]} {one.Said} {one.Voted}"));
            Near(theirs.Select(one => (double)one["p-success"]!), ours.Select(one => one.Share), 1e-9);
            Near(theirs.Select(one => (double)one["p-test"]!), ours.Select(one => Representative.ShareTest(one.Said, one.Voted)), 1e-9);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Representative_statements_are_those_of_the_engine(string name, bool moderated)
    {
        (Conversation real, PolisMap map, JsonObject oracle) = Draw(name, moderated);
        foreach ((string group, JsonNode? list) in oracle["repness"]!.AsObject())
        {
            JsonNode[] theirs = [.. list!.AsArray().Select(one => one!)];
            IReadOnlyList<RepresentativeStatement> ours = map.Representative[int.Parse(group, CultureInfo.InvariantCulture)];
            Assert.Equal(
                theirs.Select(one => $"{one["tid"]} {one["repful-for"]} {one["n-success"]} {one["n-trials"]} {one["best-agree"] is not null}"),
                ours.Select(one => $"{real.Ids[one.Statement]} {(one.Side == Side.Agree ? "agree" : "disagree")} {one.Said} {one.Voted} {one.IsMostAgreed}"));
            Near(theirs.Select(one => (double)one["p-success"]!), ours.Select(one => one.Share), 1e-9);
            Near(theirs.Select(one => (double)one["p-test"]!), ours.Select(one => one.ShareTest), 1e-9);
            Near(theirs.Select(one => (double)one["repness"]!), ours.Select(one => one.Ratio), 1e-9);
            // The engine gives this one as a number of single precision.
            Assert.Equal(theirs.Select(one => (float)(double)one["repness-test"]!), ours.Select(one => (float)one.RatioTest));
        }
    }

    [Fact]
    public void Tests_of_two_shares_are_those_of_their_own_test()
    {
        // two-prop-test(15, 56, 24, 71) there: successes of both, then people of both.
        Assert.Equal(-1.518, Representative.RatioTest(15, 24, 56, 71), 0.01);
        Assert.Equal(0, Representative.RatioTest(4, 4, 9, 9));
    }

    [Fact]
    public void A_point_between_two_centres_goes_to_the_last() =>
        Assert.Equal(["0", "1 2"], PolisClusters.Of([new(0, 0), new(2, 0), new(1, 0)], [1, 1, 1], 2, 0).Select(cluster => string.Join(' ', cluster.Members)));

    private static (Conversation Real, PolisMap Map, JsonObject Oracle) Draw(string name, bool moderated, bool withTheirComponents = false)
    {
        Conversation real = Conversations.Real(name, moderated);
        JsonObject oracle = Conversations.Oracle(name, moderated);
        // Theirs are turned round: there agree is −1.
        double[][]? components = withTheirComponents ? [.. oracle["pca"]!["comps"]!.AsArray().Select(component => Numbers(component!).Select(loading => -loading).ToArray())] : null;
        return (real, PolisMap.Of(real.Table(), real.Statements, ArrivalOrder.Of(real.People, real.Statements.Count, real.Votes), 1, components), oracle);
    }

    private static IEnumerable<string> Texts(JsonNode list) => list.AsArray().Select(one => one!.ToString());

    private static IEnumerable<double> Numbers(JsonNode list) => list.AsArray().Select(one => (double)one!);

    private static IEnumerable<string> Partition(IEnumerable<IEnumerable<string>> parts) => parts.Select(part => string.Join(' ', part.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal);

    private static void Near(IEnumerable<double> theirs, IEnumerable<double> ours, double tolerance)
    {
        double[] expected = [.. theirs], actual = [.. ours];
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(Math.Abs(expected[i] - actual[i]) <= tolerance, $"{i}: {expected[i]:R} there, {actual[i]:R} here");
        }
    }
}
