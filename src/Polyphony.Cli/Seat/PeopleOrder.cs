using System.Collections.Immutable;
using System.Globalization;

namespace Polyphony.Cli.Seat;

/// <summary>A group of people whom a rule binds to each other.</summary>
/// <param name="Rule">0 for together, 1 for apart.</param>
/// <param name="People">Who.</param>
internal sealed record BoundGroup(int Rule, ImmutableArray<int> People);

/// <summary>Puts people in an order that neither rows nor names decide.</summary>
/// <remarks>
/// People are told apart by what is known of them, then by what is known of those whom rules bind them to, and so on. Where people are alike even so, one is
/// taken by name and what that says of the others counts before the next is taken: so couples stay couples whatever they are called.
/// </remarks>
internal sealed class PeopleOrder
{
    private readonly IReadOnlyList<string> _ids;
    private readonly IReadOnlyList<BoundGroup> _groups;
    private readonly List<int>[] _groupsOf;

    private PeopleOrder(IReadOnlyList<string> ids, IReadOnlyList<BoundGroup> groups)
    {
        _ids = ids;
        _groups = groups;
        _groupsOf = [.. ids.Select(_ => new List<int>())];
        foreach ((int g, BoundGroup group) in groups.Index())
        {
            foreach (int person in group.People)
            {
                _groupsOf[person].Add(g);
            }
        }
    }

    /// <param name="content">What is known of each person, as a text that sorts.</param>
    /// <param name="ids">What they are called; it decides between people who are alike in everything.</param>
    /// <param name="groups">Who is bound to whom.</param>
    /// <returns>The people in order.</returns>
    public static int[] Of(IReadOnlyList<string> content, IReadOnlyList<string> ids, IReadOnlyList<BoundGroup> groups)
    {
        PeopleOrder order = new(ids, groups);
        Dictionary<string, int> rank = content.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Index().ToDictionary(pair => pair.Item, pair => pair.Index, StringComparer.Ordinal);
        int[] alike = [.. content.Select(text => rank[text])];

        // Behind the people stand the groups, told apart by their rules.
        int[] colour = [.. alike, .. groups.Select(group => rank.Count + group.Rule)];
        int[] bound = [.. Enumerable.Range(0, ids.Count).Where(person => order._groupsOf[person].Count > 0)];
        order.Refine(colour, [.. bound, .. Enumerable.Range(ids.Count, groups.Count)]);
        int[] own = [.. colour];
        int[] place = new int[ids.Count];
        foreach ((int at, int person) in order.Components(bound).Select(members => order.Arrange(members, colour, own))
            .OrderBy(component => component.Form, StringComparer.Ordinal).ThenBy(component => component.People.Min(person => ids[person]), StringComparer.Ordinal)
            .SelectMany(component => component.People).Index())
        {
            place[person] = at + 1;
        }

        return
        [
            .. Enumerable.Range(0, ids.Count)
                .OrderBy(person => alike[person]).ThenBy(person => place[person] == 0 ? -1 : colour[person]).ThenBy(person => place[person]).ThenBy(person => ids[person], StringComparer.Ordinal),
        ];
    }

    /// <summary>People and groups that hang together, each as one list.</summary>
    private IEnumerable<int[]> Components(int[] bound)
    {
        HashSet<int> seen = [];
        foreach (int start in bound.Where(person => !seen.Contains(person)))
        {
            List<int> found = [start];
            seen.Add(start);
            for (int i = 0; i < found.Count; i++)
            {
                found.AddRange(Neighbours(found[i]).Where(seen.Add));
            }

            yield return [.. found];
        }
    }

    /// <summary>The people of one component in order, and a form that is the same for components that differ by names alone.</summary>
    private (int[] People, string Form) Arrange(int[] members, int[] colour, int[] own)
    {
        int[] people = [.. members.Where(IsPerson)];
        while (people.GroupBy(person => own[person]).Where(group => group.Count() > 1).MinBy(group => group.Key) is { } tied)
        {
            foreach (int node in members)
            {
                own[node] *= 2;
            }

            own[tied.MinBy(person => _ids[person], StringComparer.Ordinal)]--;
            Refine(own, members);
        }

        int[] order = [.. people.OrderBy(person => own[person])];
        Dictionary<int, int> at = order.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        IEnumerable<string> groups = members.Where(node => !IsPerson(node)).Select(node => _groups[node - _ids.Count])
            .Select(group => string.Create(CultureInfo.InvariantCulture, $"{group.Rule}:{string.Join('+', group.People.Select(person => at[person]).Order())}")).Order(StringComparer.Ordinal);
        return (order, string.Join(',', order.Select(person => colour[person].ToString("D8", CultureInfo.InvariantCulture))) + "/" + string.Join(';', groups));
    }

    /// <summary>Tells nodes apart by their neighbours until that says nothing new; who was before somebody stays before them.</summary>
    private void Refine(int[] colour, int[] nodes)
    {
        for (int known = 0; ;)
        {
            int[][] signs = [.. nodes.Select(node => (int[])[colour[node], .. Neighbours(node).Select(other => colour[other]).Order()])];
            int[] order = [.. Enumerable.Range(0, nodes.Length)];
            Array.Sort(order, (a, b) => signs[a].AsSpan().SequenceCompareTo(signs[b]));
            int count = 0;
            for (int i = 0; i < order.Length; i++)
            {
                count += i == 0 || !signs[order[i]].AsSpan().SequenceEqual(signs[order[i - 1]]) ? 1 : 0;
                colour[nodes[order[i]]] = count;
            }

            if (count == known)
            {
                return;
            }

            known = count;
        }
    }

    private bool IsPerson(int node) => node < _ids.Count;

    private IEnumerable<int> Neighbours(int node) => IsPerson(node) ? _groupsOf[node].Select(group => _ids.Count + group) : _groups[node - _ids.Count].People;
}
