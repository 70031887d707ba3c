using System.Collections;
using Polyphony.Sortition;
using Polyphony.Sortition.Alternates;

namespace Polyphony.Tests.Sortition;

public sealed class StoppingBetweenCases
{
    [Fact]
    public void Taking_an_alternate_into_all_cases_stops_within_one_of_them()
    {
        SortitionPool pool = Pools.City(120, 20, 5);
        AlternateRequest request = new(pool, [.. Enumerable.Range(0, 20)], [.. Enumerable.Range(20, 100)], [.. Enumerable.Repeat(0.3, 120)], 3);
        QuotaDamage damage = new(pool);
        using CancellationTokenSource stop = new();
        Counted cases = new([.. DropoutCases.Of(request, damage).Cases]);
        AlternateOrder order = new(damage, cases, AlternateKinds.Of(request, damage));

        // The damage without any alternate reads each case once; the next read is the first of taking one.
        cases.Read = read =>
        {
            if (read == cases.Count + 1)
            {
                stop.Cancel();
            }
        };
        Assert.Throws<OperationCanceledException>(() => order.Continue(new([0], [1, 1], true), 2, stop.Token));
        Assert.True(stop.IsCancellationRequested);
        int states = cases.Reads - cases.Count;
        Assert.InRange(states, 1, 3);
    }

    /// <summary>Cases that tell when they are read.</summary>
    private sealed class Counted(IReadOnlyList<DropoutCase> cases) : IReadOnlyList<DropoutCase>
    {
        public int Reads { get; private set; }

        public Action<int> Read { get; set; } = _ => { };

        public int Count => cases.Count;

        public DropoutCase this[int index]
        {
            get
            {
                Read(++Reads);
                return cases[index];
            }
        }

        public IEnumerator<DropoutCase> GetEnumerator() => cases.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
