using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Change;

/// <summary>One table's answers before and after.</summary>
/// <param name="Table">The table's name.</param>
/// <param name="People">People who answered both times.</param>
/// <param name="Extremity">How much further from the middle of the scale the mean is than before; negative when it is nearer.</param>
/// <param name="Spread">Standard deviation after less before; negative when the table has become more alike; <see langword="null"/> below two people.</param>
public sealed record TableShift(string Table, int People, double Extremity, double? Spread);

/// <summary>Do tables move away from the middle, and do their members grow alike? The two fears about talking in groups.</summary>
/// <remarks>R. C. Luskin, J. S. Fishkin, K. S. Hahn, "Deliberation and net attitude change" (2007): polarisation and homogenisation.</remarks>
/// <param name="Tables">Each table with people, in the order given.</param>
/// <param name="Away">Tables whose mean moved away from the middle.</param>
/// <param name="Towards">Tables whose mean moved towards the middle.</param>
/// <param name="Narrower">Tables whose spread shrank.</param>
/// <param name="Wider">Tables whose spread grew.</param>
/// <param name="MeanExtremity">Mean over tables, or <see langword="null"/> without tables.</param>
/// <param name="MeanSpread">Mean over tables of two people or more, or <see langword="null"/>.</param>
/// <param name="Dropped">Tables without people.</param>
public sealed record TableMovement(
    ImmutableArray<TableShift> Tables, int Away, int Towards, int Narrower, int Wider, double? MeanExtremity, double? MeanSpread, ImmutableArray<string> Dropped)
{
    /// <summary>Compares tables.</summary>
    /// <param name="middle">The middle of the scale.</param>
    /// <param name="tables">Each table with one pair of answers per person.</param>
    /// <returns>The movement.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A value is too large.</exception>
    public static TableMovement Of(decimal middle, IReadOnlyCollection<(string Table, IReadOnlyCollection<(decimal Before, decimal After)> Pairs)> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        foreach (var (_, pairs) in tables)
            PairedValues.Differences(pairs);
        ImmutableArray<TableShift> shifts = [.. tables.Where(table => table.Pairs.Count > 0).Select(table => Shift(middle, table.Table, table.Pairs))];
        double[] spreads = [.. shifts.Select(shift => shift.Spread).OfType<double>()];
        return new TableMovement(
            shifts,
            shifts.Count(shift => shift.Extremity > 0),
            shifts.Count(shift => shift.Extremity < 0),
            spreads.Count(spread => spread < 0),
            spreads.Count(spread => spread > 0),
            SortedSum.Mean([.. shifts.Select(shift => shift.Extremity)]),
            SortedSum.Mean(spreads),
            [.. tables.Where(table => table.Pairs.Count == 0).Select(table => table.Table)]);
    }

    private static TableShift Shift(decimal middle, string table, IReadOnlyCollection<(decimal Before, decimal After)> pairs)
    {
        var n = pairs.Count;
        var before = pairs.Sum(pair => pair.Before);
        var after = pairs.Sum(pair => pair.After);
        return new TableShift(
            table, n, (double)((Math.Abs(after - (n * middle)) - Math.Abs(before - (n * middle))) / n),
            n < 2 ? null : Deviation(n, after, pairs.Sum(pair => pair.After * pair.After)) - Deviation(n, before, pairs.Sum(pair => pair.Before * pair.Before)));
    }

    private static double Deviation(int n, decimal sum, decimal squares) => Math.Sqrt((double)((n * squares) - (sum * sum)) / ((double)n * (n - 1)));
}
