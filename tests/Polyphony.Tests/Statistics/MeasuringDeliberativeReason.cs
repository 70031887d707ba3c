using System.Text.Json.Nodes;
using Polyphony.Sheets;
using Polyphony.Statistics.Reason;

namespace Polyphony.Tests.Statistics;

public sealed class MeasuringDeliberativeReason
{
    private static readonly byte[] Seed = [1, 2, 3];

    [Fact]
    public void The_four_people_of_the_design_page()
    {
        JsonNode toy = ExpectedValues.Of("dri")["toy"]!;
        ReasonIndex found = ReasonIndex.Of(Toy());
        ExpectedValues.Matches(toy["original"], found.Original);
        ExpectedValues.Matches(toy["adjusted"], found.Adjusted);
        Assert.Equal((6, 0), (found.Pairs, found.DroppedPairs));
        Assert.Equal([0.035191, -0.596285, 0, 0.035191], found.Individual.Select(own => Math.Round(own!.Value, 6)));
        (double, double)[] expected = [(0.447214, -0.5), (0, -0.5), (0, -0.5), (-1, -1), (-0.447214, 0.5), (0, 0.5)];
        Assert.Equal(expected, ReasonIndex.Compare(Toy()).Select(pair => (Math.Round(pair.Considerations!.Value, 6), Math.Round(pair.Preferences!.Value, 6))));
    }

    [Fact]
    public void Twenty_four_real_cases_before_and_after()
    {
        Dictionary<(string, string), List<ReasonAnswers>> cases = RealCases();
        JsonNode[] expected = [.. ExpectedValues.Of("dri")["cases"]!.AsArray().Select(node => node!)];
        Assert.Equal(24, expected.Length);
        Assert.All(expected, test =>
        {
            string name = (string)test["case"]!;
            ReasonChange found = ReasonChange.Of(cases[(name, "1")], cases[(name, "2")]);
            Assert.Equal(((int)test["n"]!, (int)test["considerations"]!, (int)test["policies"]!), (found.Before.People, found.Before.ConsiderationItems, found.Before.PreferenceItems));
            Assert.Equal((double)test["preOriginal"]!, found.Before.Original!.Value, 4);
            Assert.Equal((double)test["postOriginal"]!, found.After.Original!.Value, 4);
            Assert.Equal((double)test["preAdjusted"]!, found.Before.Adjusted!.Value, 4);
            Assert.Equal((double)test["postAdjusted"]!, found.After.Adjusted!.Value, 4);
        });
    }

    [Fact]
    public void People_and_items_in_another_order_give_the_same_bits()
    {
        List<ReasonAnswers> people = RealCases()[("Aargau", "1")];
        ReasonIndex first = ReasonIndex.Of(people);
        double? chance = ReasonPermutations.Of(people, Seed, 200, TestContext.Current.CancellationToken).PValue;
        for (int seed = 0; seed < 5; seed++)
        {
            List<ReasonAnswers> others = Mixed(people, seed, out int[] order);
            ReasonIndex found = ReasonIndex.Of(others);
            Assert.Equal((first.Original, first.Adjusted), (found.Original, found.Adjusted));
            Assert.Equal(order.Select(person => first.Individual[person]), found.Individual);
            Assert.Equal(chance, ReasonPermutations.Of(others, Seed, 200, TestContext.Current.CancellationToken).PValue);
        }
    }

    [Fact]
    public void Consistent_people_are_beyond_chance_and_random_ones_are_not()
    {
        Random random = new(1);
        ReasonAnswers[] consistent = [.. Enumerable.Range(0, 20).Select(person => Person([1, 2, 3, 4, person % 5, person % 3], [person % 5, 2, person % 3, 1]))];
        ReasonPermutations found = ReasonPermutations.Of(consistent, Seed, 500, TestContext.Current.CancellationToken);
        Assert.True(found.PValue < 0.01, $"{found}");
        double[] chances = [.. Enumerable.Range(0, 40).Select(_ => ReasonPermutations.Of(
            [.. Enumerable.Range(0, 12).Select(_ => Person([.. Enumerable.Range(0, 8).Select(_ => random.Next(7))], [.. Enumerable.Range(0, 5).Select(_ => random.Next(5))]))],
            Seed, 200, TestContext.Current.CancellationToken).PValue!.Value)];
        Assert.InRange(chances.Average(), 0.3, 0.7);
        Assert.Equal(found, ReasonPermutations.Of(consistent, Seed, 500, TestContext.Current.CancellationToken));
        Assert.NotEqual(chances[0], ReasonPermutations.Of(consistent, [9], 500, TestContext.Current.CancellationToken).PValue);
    }

    [Fact]
    public void Constant_and_missing_answers_are_dropped_and_counted()
    {
        ReasonIndex found = ReasonIndex.Of([Person([1, 2, 3], [1, 2, 3]), Person([4, 4, 4], [1, 2, 3]), Person([3, 2, 1], [3, 2, 1])]);
        Assert.Equal((1, 2, 1.0), (found.Pairs, found.DroppedPairs, found.Original!.Value));
        Assert.Null(found.Individual[1]);
        ReasonIndex gaps = ReasonIndex.Of([Person([1, 2, 3, null], [1, 2]), Person([1, null, 3, null], [1, 2]), Person([null, 1, 3, null], [1, 2])]);
        Assert.Equal((2, 1, 1, 3), (gaps.Pairs, gaps.DroppedPairs, gaps.EmptyItems, gaps.ConsiderationItems));
        Assert.Null(ReasonIndex.Of([]).Original);
        Assert.Null(ReasonIndex.Of([Person([1, 2], [1, 2])]).Adjusted);
        Assert.Null(ReasonPermutations.Of([Person([1, 2], [1, 2])], Seed, 10, TestContext.Current.CancellationToken).PValue);
        Assert.Throws<ArgumentException>(() => ReasonIndex.Of([Person([1], [1]), Person([1, 2], [1])]));
    }

    internal static ReasonAnswers[] Toy()
    {
        JsonNode toy = ExpectedValues.Of("dri")["toy"]!;
        return [.. toy["C"]!.AsArray().Zip(toy["P"]!.AsArray(), (c, p) => new ReasonAnswers([.. ExpectedValues.Decimals(c)], [.. ExpectedValues.Decimals(p)]))];
    }

    internal static ReasonAnswers Person(decimal?[] considerations, decimal?[] preferences) => new([.. considerations], [.. preferences]);

    private static List<ReasonAnswers> Mixed(List<ReasonAnswers> people, int seed, out int[] order)
    {
        Random random = new(seed);
        order = [.. Enumerable.Range(0, people.Count).OrderBy(_ => random.Next())];
        int[] considerations = [.. Enumerable.Range(0, people[0].Considerations.Length).OrderBy(_ => random.Next())];
        int[] preferences = [.. Enumerable.Range(0, people[0].Preferences.Length).OrderBy(_ => random.Next())];
        return [.. order.Select(person => new ReasonAnswers([.. considerations.Select(item => people[person].Considerations[item])], [.. preferences.Select(item => people[person].Preferences[item])]))];
    }

    private static Dictionary<(string Case, string Stage), List<ReasonAnswers>> RealCases()
    {
        string path = Repository.PathOf("tests", "vectors", "statistics", "deliberative-reason.csv");
        Sheet sheet = Assert.IsType<SheetReading.Read>(SheetReader.Read(path, File.ReadAllBytes(path))).Sheet;
        int[] Block(char first) => [.. Enumerable.Range(0, sheet.Headers.Count).Where(column => sheet.Headers[column].Length > 1 && sheet.Headers[column][0] == first && char.IsAsciiDigit(sheet.Headers[column][1]))];
        decimal? Cell(SheetRow row, int column) => row[column] == "NA" ? null : decimal.Parse(row[column], System.Globalization.CultureInfo.InvariantCulture);
        return sheet.Rows.GroupBy(row => (row[sheet.Find("case")], row[sheet.Find("stage_id")])).ToDictionary(
            group => group.Key,
            group => group.OrderBy(row => row[sheet.Find("pnum")]).Select(row => new ReasonAnswers([.. Block('C').Select(column => Cell(row, column))], [.. Block('P').Select(column => Cell(row, column))])).ToList());
    }
}
