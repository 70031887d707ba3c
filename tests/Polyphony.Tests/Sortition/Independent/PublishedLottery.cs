using System.Globalization;
using System.Text;
using Polyphony.Sortition;

namespace Polyphony.Tests.Sortition;

/// <summary>A generated town as the files that an organiser has, and a lottery as the files that are published.</summary>
internal sealed record PublishedLottery(string PoolSheet, string QuotaSheet, SortitionPool Pool)
{
    public static readonly string[] Household = ["street", "postcode"];

    private static readonly string[][] Values = [["16-29", "30-59", "60+"], ["woman", "man"], ["north", "east", "west"]];
    private static readonly string[] Features = ["age", "gender", "district"];
    private static readonly double[][] Pooled = [[0.15, 0.45, 0.40], [0.45, 0.55], [0.5, 0.3, 0.2]];
    private static readonly double[][] Town = [[0.25, 0.45, 0.30], [0.5, 0.5], [0.4, 0.35, 0.25]];

    /// <summary>A town whose quotas bind: three criteria and one joint quota, households written with two columns.</summary>
    public static PublishedLottery Town_of(int people, int size, ulong seed)
    {
        TestChance chance = new(seed);
        int[][] values = new int[people][];
        string[] streets = new string[people];
        string[] codes = new string[people];
        for (int person = 0; person < people; person++)
        {
            values[person] = [.. Pooled.Select(chance.Weighted)];
            bool mate = person > 0 && chance.Below(5) == 0;
            streets[person] = mate ? streets[person - 1] : chance.Below(9) == 0 ? "" : "Street " + chance.Below(people);
            codes[person] = streets[person].Length == 0 ? "" : mate ? codes[person - 1] : "1" + chance.Below(3);
        }

        List<(string Feature, string Value, int Min, int Max)> quotas = [];
        for (int f = 0; f < Features.Length; f++)
        {
            for (int v = 0; v < Values[f].Length; v++)
            {
                quotas.Add(Quota(Features[f], Values[f][v], Town[f][v], person => person[f] == v));
            }
        }

        for (int a = 0; a < Values[0].Length; a++)
        {
            for (int g = 0; g < Values[1].Length; g++)
            {
                quotas.Add(Quota("age*gender", Values[0][a] + "*" + Values[1][g], Town[0][a] * Town[1][g], person => person[0] == a && person[1] == g));
            }
        }

        StringBuilder pool = new("id,age,gender,district,street,postcode\n");
        for (int person = 0; person < people; person++)
        {
            // Case and blanks around it make no other household.
            string street = person % 2 == 0 ? streets[person] : " " + streets[person].ToUpperInvariant();
            pool.Append(CultureInfo.InvariantCulture, $"p{person},{Values[0][values[person][0]]},{Values[1][values[person][1]]},{Values[2][values[person][2]]},{street},{codes[person]}\n");
        }

        StringBuilder sheet = new("feature,value,min,max\n");
        foreach ((string feature, string value, int min, int max) in quotas)
        {
            sheet.Append(CultureInfo.InvariantCulture, $"{feature},{value},{min},{max}\n");
        }

        return new(pool.ToString(), sheet.ToString(), new(
            [.. quotas.GroupBy(quota => quota.Feature).Select(group => new QuotaSet(group.Key, [.. group.Select(quota => new Quota(quota.Value, quota.Min, quota.Max))]))],
            [.. values.Index().Select(person => new Candidate(
                person.Index.ToString("x32", CultureInfo.InvariantCulture), [.. person.Item, (person.Item[0] * Values[1].Length) + person.Item[1]],
                streets[person.Index].Length == 0 ? null : streets[person.Index] + "/" + codes[person.Index]))],
            size));

        (string, string, int, int) Quota(string feature, string value, double share, Func<int[], bool> bears)
        {
            int fair = (int)Math.Round(share * size);
            int have = values.Count(bears);
            return (feature, value, Math.Max(0, Math.Min(fair - 1, have - 1)), fair + 1);
        }
    }

    public LotteryCheck.Verdict Check(IReadOnlyList<IReadOnlyList<int>> panels, IReadOnlyList<double> chances, double claimedGap, Func<int, int>? fraction = null)
    {
        StringBuilder panelSheet = new("panel,id\n");
        int[] counts = new int[chances.Count];
        foreach ((int number, IReadOnlyList<int> panel) in panels.Index())
        {
            foreach (int person in panel)
            {
                panelSheet.Append(CultureInfo.InvariantCulture, $"{number},p{person}\n");
                counts[person]++;
            }
        }

        StringBuilder probabilities = new("id,chance,numerator,denominator\n");
        for (int person = 0; person < counts.Length; person++)
        {
            probabilities.Append(CultureInfo.InvariantCulture, $"p{person},{chances[person]:F12},{fraction?.Invoke(counts[person]) ?? counts[person]},{panels.Count}\n");
        }

        return LotteryCheck.LotteryChecker.Check(PoolSheet, QuotaSheet, Pool.Size, Household, panelSheet.ToString(), probabilities.ToString(), claimedGap);
    }
}
