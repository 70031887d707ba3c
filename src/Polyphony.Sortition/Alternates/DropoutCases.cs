using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Alternates;

/// <summary>A case of who drops out, as far as quotas see it.</summary>
/// <param name="Weight">How likely it is; all cases together have 1.</param>
/// <param name="Counts">For each row of the quotas how many of those who stay count in it.</param>
/// <param name="Gone">How many drop out.</param>
internal sealed record DropoutCase(double Weight, int[] Counts, int Gone);

/// <summary>The cases of who drops out: all of them where they are few, otherwise a sample.</summary>
internal static class DropoutCases
{
    private const int MostCases = 3_000;
    private const int Sampled = 300;

    public static (IReadOnlyList<DropoutCase> Cases, bool All) Of(AlternateRequest request, QuotaDamage damage)
    {
        // Neither cases nor sample may depend on the order of the rows.
        int[] panel = [.. request.Panel.OrderBy(person => request.Pool.People[person].Ticket, StringComparer.Ordinal)];
        int[][] rows = [.. panel.Select(person => damage.RowsOf(request.Pool.People[person]))];
        int[] whole = new int[damage.Min.Length];
        foreach (int row in rows.SelectMany(own => own))
        {
            whole[row]++;
        }

        IEnumerable<DropoutCase>? all = All(panel, rows, whole, request.Dropout);
        return ([.. all ?? Sample(panel, rows, whole, request)], all is not null);
    }

    /// <summary>People with the same values are the same case whoever of them goes.</summary>
    private static IEnumerable<DropoutCase>? All(int[] panel, int[][] rows, int[] whole, IReadOnlyList<double> dropout)
    {
        Dictionary<string, DropoutCase> cases = new(StringComparer.Ordinal) { [Key(whole, 0)] = new(1, whole, 0) };
        for (int i = 0; i < panel.Length; i++)
        {
            double rate = dropout[panel[i]];
            Dictionary<string, DropoutCase> next = new(StringComparer.Ordinal);
            foreach (DropoutCase before in cases.Values)
            {
                Add(next, before with { Weight = before.Weight * (1 - rate) });
                Add(next, new(before.Weight * rate, Without(before.Counts, rows[i]), before.Gone + 1));
            }

            if (next.Count > MostCases)
            {
                return null;
            }

            cases = next;
        }

        return cases.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);
    }

    private static IEnumerable<DropoutCase> Sample(int[] panel, int[][] rows, int[] whole, AlternateRequest request)
    {
        const int Grain = 1 << 30;
        SeatAssignment.Shuffle chance = new(request.Seed.Span);
        Dictionary<string, DropoutCase> cases = new(StringComparer.Ordinal);
        for (int sample = 0; sample < Sampled; sample++)
        {
            DropoutCase one = new(1.0 / Sampled, whole, 0);
            for (int i = 0; i < panel.Length; i++)
            {
                if (chance.Below(Grain) < request.Dropout[panel[i]] * Grain)
                {
                    one = one with { Counts = Without(one.Counts, rows[i]), Gone = one.Gone + 1 };
                }
            }

            Add(cases, one);
        }

        return cases.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => pair.Value);
    }

    private static void Add(Dictionary<string, DropoutCase> cases, DropoutCase one)
    {
        if (one.Weight > 0)
        {
            string key = Key(one.Counts, one.Gone);
            cases[key] = cases.TryGetValue(key, out DropoutCase? same) ? same with { Weight = same.Weight + one.Weight } : one;
        }
    }

    private static int[] Without(int[] counts, int[] rows)
    {
        int[] less = [.. counts];
        foreach (int row in rows)
        {
            less[row]--;
        }

        return less;
    }

    public static string Key(int[] counts, int called) => string.Create(counts.Length + 1, (counts, called), (text, of) =>
    {
        for (int i = 0; i < of.counts.Length; i++)
        {
            text[i] = (char)of.counts[i];
        }

        text[^1] = (char)of.called;
    });
}
