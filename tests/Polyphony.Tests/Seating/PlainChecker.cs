using Polyphony.Seating;

namespace Polyphony.Tests.Seating;

/// <summary>Counts pairs and broken rules its own way: slowly, from the definitions, sharing no code with the library.</summary>
internal static class PlainChecker
{
    public static Dictionary<string, int> Broken(SeatingProblem problem, SeatingPlan plan)
    {
        var broken = new Dictionary<string, int>();
        for (var r = 0; r < plan.Rounds.Length; r++)
        {
            var layout = problem.Rounds[r];
            var at = plan.Rounds[r].Tables.SelectMany((people, t) => people.Select(person => (person, t))).ToDictionary(pair => pair.person, pair => pair.t);
            Counts(problem, plan, r, broken);
            foreach (var pair in problem.Apart.Select(pair => new[] { pair.First, pair.Second }.Order().ToArray()).DistinctBy(pair => (pair[0], pair[1])))
                if (at.TryGetValue(pair[0], out var one) && at.TryGetValue(pair[1], out var two) && one == two)
                    Note("apart", 1);
            foreach (var group in Groups(problem))
                Note("together", Math.Max(0, group.Where(at.ContainsKey).Select(person => at[person]).Distinct().Count() - 1));
            foreach (var seat in problem.Fixed.Distinct())
                if ((seat.Round ?? r) == r && at.TryGetValue(seat.Person, out var sits) && sits != seat.Table)
                    Note("fixed", 1);
            var interpreters = 0;
            foreach (var (person, t) in at)
            {
                if (problem.People[person].NeedsAccess && !layout.Tables[t].Accessible)
                    Note("access", 1);
                if (layout.SplitOf is { } whole && plan.Rounds[whole].TableOf(person) is var group && group >= 0 && group != layout.Tables[t].PartOf)
                    Note("part-of", 1);
                if (problem.Languages is null && layout.Tables[t].Facilitator is { Languages: not 0 } led && problem.People[person].Languages != 0 && (problem.People[person].Languages & led.Languages) == 0)
                    Note("language", 1);
            }
            if (problem.Languages is { } rule)
            {
                for (var t = 0; t < layout.Tables.Length; t++)
                {
                    ulong[] masks = [.. plan.Rounds[r].Tables[t].Select(person => problem.People[person].Languages).Append(layout.Tables[t].Facilitator?.Languages ?? 0).Where(mask => mask != 0)];
                    // Every set of languages that is small enough.
                    var sets = Enumerable.Range(0, 1 << rule.Names.Length).Where(set => Bits(set) <= rule.Most).ToArray();
                    var least = sets.Min(set => masks.Count(mask => (mask & (ulong)set) == 0));
                    Note("language", least);
                    interpreters += Math.Max(0, sets.Where(set => masks.Count(mask => (mask & (ulong)set) == 0) == least).Min(Bits) - 1);
                }
                if (rule.Interpreters is { } there)
                    Note("interpreters", Math.Max(0, interpreters - there));
            }
        }
        foreach (var host in problem.Hosts.Distinct())
            Note("host", Math.Max(0, Enumerable.Range(0, plan.Rounds.Length).Where(r => problem.Rounds.All(layout => layout.SplitOf != r)).Select(r => plan.Rounds[r].TableOf(host)).Where(table => table >= 0).Distinct().Count() - 1));
        return broken;

        void Note(string rule, int amount)
        {
            if (amount > 0)
                broken[rule] = broken.GetValueOrDefault(rule) + amount;
        }
    }

    /// <summary>How often each pair shares a table in rounds that no other round splits.</summary>
    public static Dictionary<(int, int), int> Pairs(SeatingProblem problem, SeatingPlan plan)
    {
        var pairs = new Dictionary<(int, int), int>();
        for (var r = 0; r < plan.Rounds.Length; r++)
        {
            if (problem.Rounds.Any(layout => layout.SplitOf == r))
                continue;
            for (var a = 0; a < problem.People.Length; a++)
                for (var b = a + 1; b < problem.People.Length; b++)
                    if (plan.Rounds[r].TableOf(a) is var table && table >= 0 && plan.Rounds[r].Tables[table].Contains(b))
                        pairs[(a, b)] = pairs.GetValueOrDefault((a, b)) + 1;
        }
        return pairs;
    }

    /// <summary>The most distinct pairs: the people of each table are dealt out to the tables of each other round, always to the emptiest one; whoever finds somebody there meets them again.</summary>
    public static int Ceiling(SeatingProblem problem, SeatingPlan plan)
    {
        var counted = Enumerable.Range(0, plan.Rounds.Length).Where(r => problem.Rounds.All(layout => layout.SplitOf != r)).Select(r => plan.Rounds[r].Tables.Where(table => table.Length > 0).ToArray()).ToArray();
        var again = 0;
        foreach (var first in counted.Index())
            foreach (var second in counted.Skip(first.Index + 1))
                if (first.Item.SelectMany(table => table).Order().SequenceEqual(second.SelectMany(table => table).Order()))
                    again += Math.Max(Dealt(first.Item.Select(table => table.Length), second.Length), Dealt(second.Select(table => table.Length), first.Item.Length));
        var most = counted.SelectMany(tables => tables).Sum(table => table.Length * (table.Length - 1) / 2);
        var repeats = 0;
        // A pair that meets in every round repeats rounds − 1 meetings and is met again in rounds · (rounds − 1) / 2 pairs of rounds: the cheapest way.
        while (repeats * counted.Length < 2 * again)
            repeats++;
        return Math.Min(most - repeats, problem.People.Length * (problem.People.Length - 1) / 2);

        static int Dealt(IEnumerable<int> sizes, int tables)
        {
            var met = 0;
            foreach (var size in sizes)
            {
                var at = new int[tables];
                for (var person = 0; person < size; person++)
                    met += at[Array.IndexOf(at, at.Min())]++;
            }
            return met;
        }
    }

    private static void Counts(SeatingProblem problem, SeatingPlan plan, int r, Dictionary<string, int> broken)
    {
        var layout = problem.Rounds[r];
        for (var c = 0; c < problem.Criteria.Length; c++)
        {
            var criterion = problem.Criteria[c];
            var most = Enumerable.Range(0, criterion.Values.Length).MaxBy(v => problem.People.Count(person => person.Values[c] == v));
            for (var v = 0; v < criterion.Values.Length; v++)
            {
                bool Bears(int person) => problem.People[person].Values[c] == v;
                for (var t = 0; t < layout.Tables.Length; t++)
                {
                    var table = plan.Rounds[r].Tables[t];
                    if (table.IsEmpty)
                        continue;
                    int[] spread = [.. Enumerable.Range(0, layout.Tables.Length).Where(other => layout.SplitOf is null || layout.Tables[other].PartOf == layout.Tables[t].PartOf).SelectMany(other => plan.Rounds[r].Tables[other])];
                    var here = table.Count(Bears);
                    var bounds = problem.Bounds.FirstOrDefault(bounds => bounds.Criterion == c && bounds.Value == v);
                    bool InWindow(int count) => bounds is not null ? count >= bounds.Least && count <= bounds.Most
                        : criterion.Mode != CriterionMode.Mix || Math.Abs(((long)count * spread.Length) - ((long)table.Length * spread.Count(Bears))) < spread.Length;
                    // Who may not be alone may be none or two where one would be right.
                    bool Right(int count) => InWindow(count) || (bounds is null && criterion.NobodyAlone && criterion.Mode == CriterionMode.Mix && InWindow(1) && (count == 0 || count == 2));
                    var off = Enumerable.Range(0, 100).First(distance => Right(here - distance) || Right(here + distance));
                    var alone = criterion.NobodyAlone && here == 1 ? 1 : 0;
                    if (off + alone > 0)
                    {
                        var rule = alone == 1 ? "alone" : bounds is not null ? "bounds" : "mix";
                        broken[rule] = broken.GetValueOrDefault(rule) + off + alone;
                    }
                }
                if (criterion.Mode == CriterionMode.Cluster && v != most)
                {
                    var left = plan.Rounds[r].Tables.Sum(table => table.Count(Bears));
                    var needed = 0;
                    foreach (var size in plan.Rounds[r].Tables.Select(table => table.Length).OrderDescending())
                    {
                        if (left <= 0)
                            break;
                        left -= size;
                        needed++;
                    }
                    var used = plan.Rounds[r].Tables.Count(table => table.Any(Bears));
                    if (used > needed)
                        broken["cluster"] = broken.GetValueOrDefault("cluster") + used - needed;
                }
            }
        }
    }

    private static IEnumerable<HashSet<int>> Groups(SeatingProblem problem)
    {
        var groups = problem.Together.Select(group => group.ToHashSet()).ToList();
        for (var c = 0; c < problem.Criteria.Length; c++)
            if (problem.Criteria[c].Mode == CriterionMode.Keep)
                for (var v = 0; v < problem.Criteria[c].Values.Length; v++)
                    groups.Add([.. Enumerable.Range(0, problem.People.Length).Where(person => problem.People[person].Values[c] == v)]);
        for (var joined = true; joined;)
        {
            joined = false;
            for (var i = 0; i < groups.Count; i++)
                for (var j = groups.Count - 1; j > i; j--)
                    if (groups[i].Overlaps(groups[j]))
                    {
                        groups[i].UnionWith(groups[j]);
                        groups.RemoveAt(j);
                        joined = true;
                    }
        }
        return groups;
    }

    private static int Bits(int set) => Enumerable.Range(0, 32).Count(bit => (set >> bit & 1) == 1);
}
