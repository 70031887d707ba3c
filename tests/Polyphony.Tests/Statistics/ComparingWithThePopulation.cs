using Polyphony.Statistics.Representation;

namespace Polyphony.Tests.Statistics;

public sealed class ComparingWithThePopulation
{
    [Fact]
    public void Three_ages_against_the_census()
    {
        var found = Representativeness.Of("age", [("a", 28, 30), ("b", 52, 50), ("c", 20, 20)]);
        Assert.Equal(0.213333, found.ChiSquared!.Value, 6);
        Assert.Equal(0.898825, found.PValue!.Value, 6);
        Assert.Equal(0.02, found.TotalVariation!.Value, 12);
        Assert.Equal(0.046188, found.CohenW!.Value, 6);
        Assert.Equal(0.02, found.LargestDeviation, 12);
        Assert.Equal(2, found.Degrees);
    }

    [Fact]
    public void Two_genders_against_halves()
    {
        var found = Representativeness.Of("gender", [("w", 57, 1), ("m", 43, 1)]);
        Assert.Equal(1.96, found.ChiSquared!.Value, 12);
        Assert.Equal(0.161513, found.PValue!.Value, 6);
    }

    [Theory]
    [InlineData(1, 3.841458820694124, 0.05)]
    [InlineData(4, 52.5, 1.08427e-10)]
    [InlineData(3, 11.956570, 0.0075334)]
    [InlineData(6, 19.106550, 0.0039874)]
    public void The_tail_is_that_of_published_tables(int degrees, double statistic, double tail)
    {
        // A criterion whose statistic is known: half the people of the first value moved by d to the second.
        var values = Enumerable.Range(0, degrees + 1).Select(v => ($"v{v}", 1_000_000, 1.0)).ToArray();
        var expected = 1_000_000.0;
        var move = (int)Math.Round(Math.Sqrt(statistic * expected / 2));
        values[0].Item2 += move;
        values[1].Item2 -= move;
        var found = Representativeness.Of("c", values);
        Assert.Equal(1, found.PValue!.Value / tail, 2);
    }

    [Fact]
    public void What_cannot_be_computed_is_left_out()
    {
        var stranger = Representativeness.Of("c", [("a", 9, 1), ("b", 1, 0)]);
        Assert.Null(stranger.ChiSquared);
        Assert.Equal(0.1, stranger.TotalVariation!.Value, 12);
        Assert.Null(Representativeness.Of("c", [("a", 0, 1), ("b", 0, 1)]).TotalVariation);
        Assert.Null(Representativeness.Of("c", [("a", 5, 1)]).PValue);
        Assert.Throws<ArgumentException>(() => Representativeness.Of("c", [("a", 5, 0)]));
    }
}
