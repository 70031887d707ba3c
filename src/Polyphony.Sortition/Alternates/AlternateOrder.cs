namespace Polyphony.Sortition.Alternates;

/// <summary>Takes alternates one after the other, each time the kind that lowers the expected damage most.</summary>
/// <remarks>For each case it remembers what the alternates so far can do: the numbers that calling some of them gives. Beyond <see cref="MostStates"/> the least damaged are
/// kept; then damage is an upper bound.</remarks>
internal sealed class AlternateOrder(QuotaDamage damage, IReadOnlyList<DropoutCase> cases, AlternateKinds kinds)
{
    private const int MostStates = 256;

    /// <summary>Alternates by kind, in order, and the expected damage without any, with the first, and so on.</summary>
    /// <param name="IsWhole">Whether nothing ended it before there were as many as wanted, or as there are.</param>
    public sealed record Found(IReadOnlyList<int> Kinds, IReadOnlyList<double> Damage, bool IsWhole);

    private sealed record State(int[] Counts, int Called, double Damage);

    /// <summary>Takes at most so many of each kind, and at most so many in all; <paramref name="taken"/> hears how many there are, and <paramref name="enough"/> leaves it at those.</summary>
    public Found Choose(IReadOnlyList<int> most, int count, Action<int>? taken, CancellationToken enough, CancellationToken cancellationToken) => Take([], most, count, taken, enough, cancellationToken);

    /// <summary>Goes on from alternates that are taken, whatever their kind.</summary>
    public Found Continue(Found from, int count, CancellationToken cancellationToken) => from.Kinds.Count >= count ? from : Take(from.Kinds, kinds.Capacities, count, null, CancellationToken.None, cancellationToken);

    /// <summary>All kinds, those first that alone lower the damage most.</summary>
    public IReadOnlyList<int> Promising(CancellationToken cancellationToken)
    {
        List<State>[] states = Start();
        return [.. Enumerable.Range(0, kinds.Rows.Count).OrderBy(kind => With(states, kind, cancellationToken)).ThenBy(kind => kind)];
    }

    private Found Take(IReadOnlyList<int> from, IReadOnlyList<int> most, int count, Action<int>? taken, CancellationToken enough, CancellationToken cancellationToken)
    {
        List<State>[] states = Start();
        int[] left = [.. most.Select((number, kind) => Math.Min(number, kinds.Capacities[kind]))];
        List<int> order = [];
        List<double> after = [Expected(states)];
        foreach (int kind in from)
        {
            Add(kind);
        }

        while (order.Count < count)
        {
            int best = -1;
            double least = double.PositiveInfinity;
            for (int kind = 0; kind < left.Length; kind++)
            {
                if (enough.IsCancellationRequested)
                {
                    return new(order, after, false);
                }

                double with = left[kind] > 0 ? With(states, kind, cancellationToken) : double.PositiveInfinity;

                // Of kinds that bring the same the one with more people: it is easier to replace in turn.
                if (with < least - 1e-12 || (with < least + 1e-12 && best >= 0 && kinds.People[kind].Length > kinds.People[best].Length))
                {
                    (best, least) = (kind, with);
                }
            }

            if (best < 0)
            {
                break;
            }

            Add(best);
            taken?.Invoke(order.Count);
        }

        return new(order, after, true);

        void Add(int kind)
        {
            order.Add(kind);
            left[kind]--;
            foreach (int mate in kinds.Homes.Where(home => home.Contains(kind)).SelectMany(home => home))
            {
                left[mate] = 0;
            }

            Extend(states, kind, cancellationToken);
            after.Add(Expected(states));
        }
    }

    private List<State>[] Start() => [.. cases.Select(one => (List<State>)[new(one.Counts, 0, damage.Of(one.Counts))])];

    private double Expected(List<State>[] states) => states.Index().Sum(one => cases[one.Index].Weight * one.Item.Min(state => state.Damage));

    private double With(List<State>[] states, int kind, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        int[] rows = kinds.Rows[kind];
        double expected = 0;
        for (int i = 0; i < states.Length; i++)
        {
            double least = double.PositiveInfinity;
            foreach (State state in states[i])
            {
                least = Math.Min(least, state.Damage + (state.Called < cases[i].Gone ? Math.Min(0, damage.Change(state.Counts, rows)) : 0));
            }

            expected += cases[i].Weight * least;
        }

        return expected;
    }

    private void Extend(List<State>[] states, int kind, CancellationToken cancellationToken)
    {
        int[] rows = kinds.Rows[kind];
        for (int i = 0; i < states.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            HashSet<string> known = new(states[i].Select(state => DropoutCases.Key(state.Counts, state.Called)), StringComparer.Ordinal);
            List<State> more = [];
            foreach (State state in states[i].Where(state => state.Called < cases[i].Gone))
            {
                int[] counts = [.. state.Counts];
                foreach (int row in rows)
                {
                    counts[row]++;
                }

                if (known.Add(DropoutCases.Key(counts, state.Called + 1)))
                {
                    more.Add(new(counts, state.Called + 1, damage.Of(counts)));
                }
            }

            states[i].AddRange(more);
            if (states[i].Count > MostStates)
            {
                states[i] = [.. states[i].OrderBy(state => state.Damage).ThenBy(state => state.Called).Take(MostStates)];
            }
        }
    }
}
