using Google.OrTools.Sat;
using Polyphony.Sortition.Solving;

namespace Polyphony.Sortition.Feasibility;

/// <summary>The smallest set of rules that cannot hold together, by implicit hitting sets.</summary>
/// <remarks>Whatever people one takes, they break a rule of every conflict set. So a set that meets everything broken so far is a lower bound, and a conflict set as
/// soon as nobody keeps it (Reiter 1987; Ignatiev et al., "Smallest MUS extraction with minimal hitting set dualization", 2015).</remarks>
internal sealed class ConflictSearch : IDisposable
{
    /// <summary>Deterministic seconds for one question to the solver.</summary>
    private const double WorkOfOne = 2;

    /// <summary>Enough to find people who keep some rules; that they break the fewest others need not be proven.</summary>
    private const double WorkOfLooking = 0.05;

    private readonly PanelTypes types;
    private readonly IReadOnlyList<PanelLimit> limits;
    private readonly int person;
    private readonly int rounds;
    private readonly int[] rowOf;
    private readonly List<HashSet<int>> broken = [];
    private LimitProgram? whole;
    private SlackPolytope? fractions;

    /// <summary>Prepares a search.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="person">Somebody who must be on the panel; −1: nobody.</param>
    /// <param name="rounds">After so many rounds any conflict set will do.</param>
    public ConflictSearch(PanelTypes types, int person, int rounds)
    {
        this.types = types;
        this.person = person;
        this.rounds = rounds;
        limits = PanelLimit.Of(types);
        rowOf = [.. limits.Select(limit => LimitProgram.RowOf(types, limit))];
    }

    public void Dispose() => fractions?.Dispose();

    /// <summary>Tells of people who break just these rules.</summary>
    public void Met(IEnumerable<PanelLimit> rules)
    {
        HashSet<int> set = [.. rules.Select(rule => limits.Index().First(limit => limit.Item.Kind == rule.Kind && limit.Item.Criterion == rule.Criterion && limit.Item.Value == rule.Value).Index)];
        Add(set);
    }

    /// <summary>Tells of a panel on which somebody of a type takes another's seat, for each of the others: sets of few broken rules that cost no solver.</summary>
    public void Swapped(IReadOnlyList<int> panel, int type)
    {
        int[] bearers = new int[types.Rows.Count];
        int[] inGroup = new int[types.Groups.Count];
        for (int t = 0; t < panel.Count; t++)
        {
            Seat(t, panel[t]);
        }

        Seat(type, 1);
        for (int t = 0; t < panel.Count; t++)
        {
            if (panel[t] > 0 && t != type)
            {
                Seat(t, -1);
                Add([.. limits.Index().Where(limit => limit.Item.Kind switch
                {
                    LimitKind.Minimum => bearers[rowOf[limit.Index]] < limit.Item.Bound,
                    LimitKind.Maximum => bearers[rowOf[limit.Index]] > limit.Item.Bound,
                    LimitKind.Households => inGroup.Index().Any(group => group.Item > types.Groups[group.Index].Households),
                    _ => false,
                }).Select(limit => limit.Index)]);
                Seat(t, 1);
            }
        }

        void Seat(int t, int people)
        {
            foreach (int row in types.Types[t].Rows)
            {
                bearers[row] += people;
            }

            if (types.Types[t].Group >= 0)
            {
                inGroup[types.Types[t].Group] += people;
            }
        }
    }

    /// <summary>Searches.</summary>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>A conflict set; null when there is none, or none was found within the limit of work.</returns>
    public ConflictSet? Find(CancellationToken cancellationToken)
    {
        for (int round = 0; round < rounds; round++)
        {
            if (broken.Any(set => set.Count == 0))
            {
                return null;
            }

            if (Hit(cancellationToken) is not { } chosen)
            {
                break;
            }

            (bool? can, IReadOnlyList<int>? others) = Keep(chosen, cancellationToken);
            if (can == false)
            {
                return new([.. chosen.Select(i => limits[i])], true);
            }

            if (others is null)
            {
                break;
            }

            Add([.. others]);
        }

        return Shrink(cancellationToken);
    }

    /// <summary>Whether some rules can hold together: asked of the pool merged anew by these rules alone, which leaves a handful of types.</summary>
    /// <param name="pool">The pool; the bounds of its rules are taken from it.</param>
    /// <param name="few">The rules.</param>
    /// <param name="person">Somebody who must be on the panel; −1: nobody.</param>
    /// <param name="cancellationToken">Stops within a moment.</param>
    /// <returns>Null when that was not decided within the limit of work.</returns>
    public static bool? CanHold(SortitionPool pool, IReadOnlyList<PanelLimit> few, int person, CancellationToken cancellationToken)
    {
        int[] criteria = [.. few.Where(limit => limit.Criterion >= 0).Select(limit => limit.Criterion).Distinct().Order()];
        bool households = few.Any(limit => limit.Kind == LimitKind.Households);
        SortitionPool small = new(
            [
                .. criteria.Select(c => new QuotaSet("", [
                    .. pool.Criteria[c].Quotas.Select((quota, v) => new Quota(
                        "",
                        few.Any(limit => limit.Kind == LimitKind.Minimum && limit.Criterion == c && limit.Value == v) ? quota.Min : 0,
                        few.Any(limit => limit.Kind == LimitKind.Maximum && limit.Criterion == c && limit.Value == v) ? quota.Max : pool.People.Count)),
                ])),
            ],
            [.. pool.People.Select(candidate => new Candidate(candidate.Ticket, [.. criteria.Select(c => candidate.Values[c])], households ? candidate.Household : null))],
            pool.Size);
        PanelLimit[] renamed =
        [
            .. few.Select(limit => limit with
            {
                Criterion = limit.Criterion < 0 ? -1 : Array.IndexOf(criteria, limit.Criterion),
                Bound = limit.Kind == LimitKind.Size ? pool.Size : limit.Bound,
            }),
        ];
        (IReadOnlyList<int>? found, bool proven) = new LimitProgram(PanelTypes.Of(small), renamed, person).Fewest([.. renamed.Select(_ => true)], null, WorkOfOne, cancellationToken);
        return found is null ? (proven ? false : null) : found.Count == 0;
    }

    private void Add(HashSet<int> set)
    {
        if (!broken.Any(known => known.IsSubsetOf(set)))
        {
            broken.RemoveAll(set.IsSubsetOf);
            broken.Add(set);
        }
    }

    /// <summary>The fewest rules that meet every set of broken ones; of several such, quotas before size and households, earlier before later. Null: not found within the limit of work.</summary>
    private int[]? Hit(CancellationToken cancellationToken)
    {
        if (broken.All(set => set.Count == 1))
        {
            return [.. broken.Select(set => set.First()).Order()];
        }

        CpModel model = new();
        BoolVar[] take = [.. limits.Select(_ => model.NewBoolVar(""))];
        foreach (HashSet<int> set in broken)
        {
            model.AddBoolOr(set.Order().Select(i => take[i]));
        }

        model.Minimize(LinearExpr.WeightedSum(take, limits.Select((_, i) => 100_000L + i)));
        using CpSolver solver = PanelProgram.NewSolver(WorkOfOne);
        using SolverStop stop = new(solver.StopSearch, cancellationToken);
        CpSolverStatus status = solver.Solve(model);
        cancellationToken.ThrowIfCancellationRequested();
        return status == CpSolverStatus.Optimal ? [.. Enumerable.Range(0, take.Length).Where(i => solver.BooleanValue(take[i]))] : null;
    }

    /// <summary>Whether rules can be kept together, and if so what else people break who keep them.</summary>
    private (bool? Can, IReadOnlyList<int>? Others) Keep(int[] chosen, CancellationToken cancellationToken)
    {
        bool[] kept = new bool[limits.Count];
        foreach (int i in chosen)
        {
            kept[i] = true;
        }

        // The fewer rules people break, the more the next hitting set must hold. People in fractions say which types to look at.
        whole ??= new LimitProgram(types, limits, person);
        if (Fractions(kept) is { } near && whole.Fewest(kept, near, WorkOfLooking, cancellationToken).Broken is { } found)
        {
            return (true, found);
        }

        return CanHold(chosen, cancellationToken) is not true and var answer
            ? (answer, null)
            : (true, whole.Fewest(kept, null, WorkOfLooking, cancellationToken).Broken ?? whole.Fewest(kept, null, WorkOfOne, cancellationToken).Broken);
    }

    private double[]? Fractions(bool[] kept)
    {
        fractions ??= new SlackPolytope(types, person);
        double all = types.Pool.People.Count;
        for (int i = 0; i < kept.Length; i++)
        {
            double most = kept[i] ? 0 : all;
            switch (limits[i].Kind)
            {
                case LimitKind.Minimum:
                    fractions.Let(fractions.Lower[rowOf[i]], most, 1);
                    break;
                case LimitKind.Maximum:
                    fractions.Let(fractions.Raise[rowOf[i]], most, 1);
                    break;
                case LimitKind.Size:
                    fractions.Let(fractions.Under, most, 1);
                    fractions.Let(fractions.Over, most, 1);
                    break;
                default:
                    foreach (Google.OrTools.LinearSolver.Variable shared in fractions.Shared)
                    {
                        fractions.Let(shared, most, 1);
                    }

                    break;
            }
        }

        return fractions.Solve()?.People;
    }

    private bool? CanHold(IReadOnlyList<int> chosen, CancellationToken cancellationToken) => CanHold(types.Pool, [.. chosen.Select(i => limits[i])], person, cancellationToken);

    /// <summary>Some conflict set: rules are left out one after the other as long as the rest cannot hold together.</summary>
    private ConflictSet? Shrink(CancellationToken cancellationToken)
    {
        List<int> left = [.. Enumerable.Range(0, limits.Count)];
        if (CanHold(left, cancellationToken) != false)
        {
            return null;
        }

        foreach (int i in Enumerable.Range(0, limits.Count).Reverse())
        {
            List<int> without = [.. left.Where(other => other != i)];
            if (CanHold(without, cancellationToken) == false)
            {
                left = without;
            }
        }

        return new([.. left.Select(i => limits[i])], false);
    }
}
