using Polyphony.Statistics.Change;
using Polyphony.Statistics.Representation;
using static Polyphony.Tests.Statistics.RandomInputs;

namespace Polyphony.Tests.Statistics;

/// <summary>Tables that move away from the middle or grow alike, and quotas that are met or not.</summary>
public sealed class MovingAtTables
{
    [Fact]
    public void Tables_once_more_plainly() => Each(random =>
    {
        (string Table, IReadOnlyCollection<(decimal Before, decimal After)> Pairs)[] tables =
            [.. Enumerable.Range(0, random.Next(0, 6)).Select(table => ($"t{table}", (IReadOnlyCollection<(decimal, decimal)>)[.. Numbers(random, random.Next(0, 7)).Select(before => (before, random.Next(11) / 10m))]))];
        TableMovement found = TableMovement.Of(0.3m, tables);
        Assert.Equal(tables.Where(table => table.Pairs.Count == 0).Select(table => table.Table), found.Dropped);
        foreach (TableShift shift in found.Tables)
        {
            double[] before = [.. tables.Single(table => table.Table == shift.Table).Pairs.Select(pair => (double)pair.Before)];
            double[] after = [.. tables.Single(table => table.Table == shift.Table).Pairs.Select(pair => (double)pair.After)];
            Near(Math.Abs(after.Average() - 0.3) - Math.Abs(before.Average() - 0.3), shift.Extremity);
            Near(before.Length < 2 ? null : Deviation(after) - Deviation(before), shift.Spread, 1e-7);
        }

        Assert.Equal(found.Tables.Length, found.Away + found.Towards + found.Tables.Count(shift => shift.Extremity == 0));
        Assert.Equal(found.Tables.Count(shift => shift.Spread is not null), found.Narrower + found.Wider + found.Tables.Count(shift => shift.Spread == 0));
        Assert.Equal(found.MeanExtremity, TableMovement.Of(0.3m, [.. tables.Reverse()]).MeanExtremity);
    });

    [Theory]
    [InlineData(4, 4, 6, true, 0)]
    [InlineData(6, 4, 6, true, 0)]
    [InlineData(3, 4, 6, false, -1)]
    [InlineData(9, 4, 6, false, 3)]
    public void A_quota_is_met_between_its_bounds(int count, int min, int max, bool isMet, int miss)
    {
        QuotaCheck check = new("v", count, min, max);
        Assert.Equal((isMet, miss), (check.IsMet, check.Miss));
    }

    private static double Deviation(double[] values) => Math.Sqrt(values.Sum(value => Math.Pow(value - values.Average(), 2)) / (values.Length - 1));
}
