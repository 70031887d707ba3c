using System.Globalization;
using System.Numerics;

namespace Polyphony.Sortition;

/// <summary>The tables beside <see cref="LotteryFile"/>, as rows of text: everybody's chance, and who is on which numbered panel. The server and the offline tool write them here, and only here.</summary>
public static class LotteryTables
{
    /// <summary>The name of the table of chances.</summary>
    public const string ProbabilitiesName = "probabilities.csv";

    /// <summary>The name of the table of numbered panels.</summary>
    public const string PanelsName = "panels.csv";

    /// <summary>Everybody's chance in the optimal lottery: 1 for those who are on every panel, 0 for those who are on none.</summary>
    /// <param name="people">People in the whole pool.</param>
    /// <param name="rest">What the lottery was computed over.</param>
    /// <param name="exact">The lottery.</param>
    /// <returns>Decimals in the order of the pool.</returns>
    public static IReadOnlyList<string> Chances(int people, ConditionalPool rest, ExactLottery exact)
    {
        ArgumentNullException.ThrowIfNull(rest);
        ArgumentNullException.ThrowIfNull(exact);
        string[] chances = new string[people];
        Array.Fill(chances, "0");
        foreach (int person in rest.Seated)
        {
            chances[person] = "1";
        }

        foreach ((PersonType type, (BigInteger, BigInteger) chance) in exact.Types.Types.Zip(exact.ExactChances()))
        {
            string text = Decimal(chance);
            foreach (int person in type.People)
            {
                chances[rest.Free[person]] = text;
            }
        }

        return chances;
    }

    /// <summary>On how many numbered panels everybody is.</summary>
    /// <param name="people">People in the whole pool.</param>
    /// <param name="panels">The panels, as indices in the whole pool.</param>
    /// <returns>Numbers in the order of the pool.</returns>
    public static IReadOnlyList<string> Counts(int people, IEnumerable<IReadOnlyList<int>> panels)
    {
        ArgumentNullException.ThrowIfNull(panels);
        int[] counts = new int[people];
        foreach (IReadOnlyList<int> panel in panels)
        {
            for (int i = 0; i < panel.Count; i++)
            {
                counts[panel[i]]++;
            }
        }

        return [.. counts.Select(count => count.ToString(CultureInfo.InvariantCulture))];
    }

    /// <summary>The rows of the table of chances, its header first.</summary>
    /// <param name="ids">Everybody's id.</param>
    /// <param name="tickets">Everybody's ticket where tickets do not follow from ids; otherwise null.</param>
    /// <param name="chances">From <see cref="Chances"/>.</param>
    /// <param name="counts">From <see cref="Counts"/>.</param>
    /// <param name="panels">How many numbered panels there are.</param>
    /// <returns>Rows of cells.</returns>
    public static IEnumerable<IReadOnlyList<string>> ProbabilityRows(IReadOnlyList<string> ids, IReadOnlyList<string>? tickets, IReadOnlyList<string> chances, IReadOnlyList<string> counts, int panels)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(chances);
        ArgumentNullException.ThrowIfNull(counts);
        string of = panels.ToString(CultureInfo.InvariantCulture);
        yield return ["id", "chance", "numerator", "denominator", .. tickets is null ? Array.Empty<string>() : ["ticket"]];
        for (int person = 0; person < ids.Count; person++)
        {
            yield return [ids[person], chances[person], counts[person], of, .. tickets is null ? Array.Empty<string>() : [tickets[person]]];
        }
    }

    /// <summary>The rows of the table of numbered panels, its header first.</summary>
    /// <param name="ids">Everybody's id.</param>
    /// <param name="panels">The panels, as indices in the whole pool.</param>
    /// <returns>Rows of cells, one a person and panel.</returns>
    public static IEnumerable<IReadOnlyList<string>> PanelRows(IReadOnlyList<string> ids, IEnumerable<IReadOnlyList<int>> panels)
    {
        ArgumentNullException.ThrowIfNull(ids);
        ArgumentNullException.ThrowIfNull(panels);
        yield return ["panel", "id"];
        int number = 0;
        foreach (IReadOnlyList<int> panel in panels)
        {
            string name = number++.ToString(CultureInfo.InvariantCulture);
            for (int i = 0; i < panel.Count; i++)
            {
                yield return new string[] { name, ids[panel[i]] };
            }
        }
    }

    /// <summary>A fraction with fifteen digits after the point, cut off, never rounded up.</summary>
    private static string Decimal((BigInteger Numerator, BigInteger Denominator) fraction)
    {
        BigInteger scaled = fraction.Numerator * BigInteger.Pow(10, 15) / fraction.Denominator;
        string digits = scaled.ToString("D16", CultureInfo.InvariantCulture);
        return $"{digits[..^15]}.{digits[^15..]}".TrimEnd('0').TrimEnd('.');
    }
}
