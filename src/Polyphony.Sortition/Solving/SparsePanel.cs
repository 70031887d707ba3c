using System.Collections;

namespace Polyphony.Sortition.Solving;

/// <summary>A panel as people per type where there are thousands of types, most without a seat.</summary>
/// <param name="types">How many types there are.</param>
/// <param name="seated">Types with seats, ascending.</param>
/// <param name="people">How many seats each of them has.</param>
internal sealed class SparsePanel(int types, int[] seated, int[] people) : IReadOnlyList<int>
{
    private readonly int[] seated = seated;
    private readonly int[] people = people;

    public int Count => types;

    public int this[int index] => Array.BinarySearch(seated, index) is >= 0 and int at ? people[at] : 0;

    /// <summary>The types that have seats on a panel, however it is held.</summary>
    public static IEnumerable<(int Type, int People)> Seats(IReadOnlyList<int> panel)
    {
        if (panel is SparsePanel sparse)
        {
            foreach ((int Type, int People) seats in sparse.seated.Zip(sparse.people))
            {
                yield return seats;
            }

            yield break;
        }

        for (int t = 0; t < panel.Count; t++)
        {
            if (panel[t] != 0)
            {
                yield return (t, panel[t]);
            }
        }
    }

    public IEnumerator<int> GetEnumerator()
    {
        int[] counts = new int[types];
        foreach ((int type, int count) in Seats(this))
        {
            counts[type] = count;
        }

        return counts.AsEnumerable().GetEnumerator();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
