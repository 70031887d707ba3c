namespace Polyphony.Sortition.Solving;

/// <summary>Makes a lottery that keeps households apart of one that knows of no households: people of equal quotas take turns, and never two of a household at the same time.</summary>
/// <remarks>Where nearly every household is a kind of its own there are as many kinds as people, and so many panels would have to be mixed for their exact chances. Without
/// households there are a few hundred kinds. Their lottery is read as a time of which each panel has its share; the seats of a kind are shared out among its people in turns of equal
/// length (R. McNaughton, "Scheduling with deadlines and loss functions", Management Science 6, 1959). Whoever parts a household gets turns that do not meet. Where that succeeds
/// no lottery is fairer: without households none was. Where it does not, the households hold chances down, and the search has to know of them.</remarks>
internal sealed class HouseholdTurns
{
    /// <summary>From so many kinds on this way is the shorter one.</summary>
    public const int ManyKinds = 1_000;

    private const int Nobody = -1;

    private readonly PanelTypes types;
    private readonly PanelTypes kinds;
    private readonly int[] kindOf;
    private readonly List<SeatTurn>[] turns;
    private readonly int[] next;
    private readonly int[][] holder;
    private readonly int[][] typeOf;
    private readonly double[] noGroups;
    private readonly List<List<(int Kind, int Turn)>> members = [];

    private HouseholdTurns(PanelTypes types, PanelTypes kinds, List<SeatTurn>[] turns)
    {
        this.types = types;
        this.kinds = kinds;
        this.turns = turns;
        int[] kindOfPerson = Relaxations.TypeOf(kinds);
        kindOf = [.. types.Types.Select(type => kindOfPerson[type.People[0]])];
        next = new int[turns.Length];
        holder = [.. turns.Select(some => Enumerable.Repeat(Nobody, some.Count).ToArray())];
        typeOf = [.. turns.Select(some => Enumerable.Repeat(Nobody, some.Count).ToArray())];
        noGroups = new double[types.Groups.Count];
    }

    /// <summary>A pool without its households but some.</summary>
    /// <param name="types">The pool.</param>
    /// <param name="kept">Groups whose households stay.</param>
    public static SortitionPool Alone(PanelTypes types, IReadOnlyCollection<int> kept)
    {
        HashSet<int> people = [.. kept.SelectMany(group => types.Groups[group].Types).SelectMany(t => types.Types[t].People)];
        return types.Pool with { People = [.. types.Pool.People.Select((person, i) => people.Contains(i) ? person : person with { Household = null })] };
    }

    /// <summary>Shares a lottery out.</summary>
    /// <param name="table">The merged pool with its households.</param>
    /// <param name="alone">A lottery over the same people without most of them.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="meeting">Receives the groups whose households found no turns that do not meet.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The lottery, its panels in the order of the turns; null where it cannot be shared out.</returns>
    public static ExactLottery? Share(TypeTable table, ExactLottery alone, LotteryRequest request, ISet<int> meeting, CancellationToken cancellationToken)
    {
        PanelTypes types = table.Types;
        List<SeatTurn>[] turns = new List<SeatTurn>[alone.Types.Types.Count];
        for (int kind = 0; kind < turns.Length; kind++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (EqualTurns.Of(alone, kind) is not { } some)
            {
                return null;
            }

            turns[kind] = some;
        }

        HouseholdTurns sharing = new(types, alone.Types, turns);
        if (!sharing.Seat(meeting, cancellationToken))
        {
            return null;
        }

        (List<IReadOnlyList<int>> panels, List<long> weights) = sharing.Panels();
        if (!panels.TrueForAll(table.IsPanel))
        {
            throw new InvalidOperationException("A proposed panel broke the rules of the pool: this is a fault of the program.");
        }

        bool[] without = new bool[turns.Length];
        foreach (int kind in alone.Uncoverable)
        {
            without[kind] = true;
        }

        bool[] coverable = [.. sharing.kindOf.Select(kind => !without[kind])];
        ExactLottery shared = new(
            alone.Objective, types, panels, weights, [.. Enumerable.Range(0, coverable.Length).Where(t => !coverable[t])], sharing.Spread(alone.Proof), 0, alone.EndedByLimit);
        double gap = shared.Proof.GapOf(alone.Objective, types, shared.Chances(), coverable, request.Gamma);
        return shared with { Gap = gap, EndedByLimit = alone.EndedByLimit || gap > request.Gap };
    }

    /// <summary>Gives everybody a turn: households first, those with the fewest turns to choose from and the most time before others.</summary>
    /// <returns>False where some household finds none.</returns>
    private bool Seat(ISet<int> meeting, CancellationToken cancellationToken)
    {
        int before = meeting.Count;
        foreach ((int index, HouseholdGroup group) in types.Groups.Index().OrderBy(group => group.Item.Types.Min(t => turns[kindOf[t]].Count)).ThenByDescending(group => TimeOf(group.Item)).ThenBy(group => group.Index))
        {
            for (int household = 0; household < group.Households; household++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                members.Add([]);

                // Whoever has hardly a choice comes first.
                foreach (int t in group.Types.OrderBy(t => turns[kindOf[t]].Count).ThenBy(t => t))
                {
                    // Households of a group are composed alike.
                    for (int member = 0; member < types.Types[t].People.Count / group.Households; member++)
                    {
                        if (!Take(members.Count - 1, t))
                        {
                            meeting.Add(index);
                        }
                    }
                }
            }
        }

        if (meeting.Count > before)
        {
            return false;
        }

        foreach ((int t, PersonType type) in types.Types.Index().Where(pair => pair.Item.Group < 0))
        {
            for (int person = 0; person < type.People.Count; person++)
            {
                Hold(Free(kindOf[t]).First(), Nobody, t);
            }
        }

        return true;
    }

    private double TimeOf(HouseholdGroup group) => group.Types.Sum(t => (double)turns[kindOf[t]][0].Length * types.Types[t].People.Count / group.Households);

    private IEnumerable<(int Kind, int Turn)> Free(int kind)
    {
        while (next[kind] < turns[kind].Count && typeOf[kind][next[kind]] >= 0)
        {
            next[kind]++;
        }

        for (int turn = next[kind]; turn < turns[kind].Count; turn++)
        {
            if (typeOf[kind][turn] < 0)
            {
                yield return (kind, turn);
            }
        }
    }

    private void Hold((int Kind, int Turn) turn, int household, int type)
    {
        holder[turn.Kind][turn.Turn] = household;
        typeOf[turn.Kind][turn.Turn] = type;
        if (household >= 0)
        {
            members[household].Add(turn);
        }
    }

    private bool Fits((int Kind, int Turn) turn, int household, (int Kind, int Turn) without) =>
        members[household].TrueForAll(other => other == without || !turns[turn.Kind][turn.Turn].Meets(turns[other.Kind][other.Turn]));

    private bool Take(int household, int type)
    {
        int kind = kindOf[type];
        foreach ((int, int) free in Free(kind))
        {
            if (Fits(free, household, (-1, -1)))
            {
                Hold(free, household, type);
                return true;
            }
        }

        // Somebody else of the kind may change places.
        foreach ((int, int) free in Free(kind))
        {
            for (int turn = 0; turn < turns[kind].Count; turn++)
            {
                (int Kind, int Turn) taken = (kind, turn);
                int other = holder[kind][turn];
                if (other >= 0 && other != household && Fits(taken, household, (-1, -1)) && Fits(free, other, taken))
                {
                    members[other].Remove(taken);
                    Hold(free, other, typeOf[kind][turn]);
                    Hold(taken, household, type);
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>From one change of turns to the next the panel is the same.</summary>
    private (List<IReadOnlyList<int>> Panels, List<long> Weights) Panels()
    {
        List<(long At, int Type, int Change)> changes = [];
        for (int kind = 0; kind < turns.Length; kind++)
        {
            for (int turn = 0; turn < turns[kind].Count; turn++)
            {
                foreach ((long From, long To) span in turns[kind][turn].Spans)
                {
                    changes.Add((span.From, typeOf[kind][turn], 1));
                    changes.Add((span.To, typeOf[kind][turn], -1));
                }
            }
        }

        changes.Sort();
        List<IReadOnlyList<int>> panels = [];
        List<long> weights = [];
        SortedDictionary<int, int> seated = [];
        for (int i = 0; i < changes.Count; i++)
        {
            (long at, int type, int change) = changes[i];
            seated[type] = seated.GetValueOrDefault(type) + change;
            if (seated[type] == 0)
            {
                seated.Remove(type);
            }

            if (i + 1 < changes.Count && changes[i + 1].At > at)
            {
                panels.Add(new SparsePanel(types.Types.Count, [.. seated.Keys], [.. seated.Values]));
                weights.Add(changes[i + 1].At - at);
            }
        }

        return (panels, weights);
    }

    /// <summary>What bounds kinds bounds their people, whatever their households.</summary>
    private LotteryProof Spread(LotteryProof proof) => new(
        [.. proof.Cuts.Select(cut => new PanelCut([.. kindOf.Select(kind => cut.Weights[kind])], cut.Bound))],
        [.. proof.Levels.Select(step => new LevelStep(step.Value, TypesOf(step.Settled), Spread(step.Proof)))],
        proof.Sum is { } sum ? new([.. kindOf.Select(kind => sum.Weights[kind])], sum.Point, Spread(sum.Multipliers)) : null);

    private Multipliers Spread(Multipliers multipliers) => multipliers with
    {
        Groups = GroupsOf(multipliers.Groups),
        Capacities = Enumerable.Range(0, kindOf.Length).Where(t => multipliers.Capacities.ContainsKey(kindOf[t])).ToDictionary(t => t, t => multipliers.Capacities[kindOf[t]]),
    };

    private double[] GroupsOf(IReadOnlyList<double> ofKinds)
    {
        if (ofKinds.All(multiplier => multiplier == 0))
        {
            return noGroups;
        }

        double[] groups = new double[noGroups.Length];
        foreach ((int t, PersonType type) in types.Types.Index())
        {
            if (kinds.Types[kindOf[t]].Group is >= 0 and int group)
            {
                groups[type.Group] = ofKinds[group];
            }
        }

        return groups;
    }

    private int[] TypesOf(IReadOnlyList<int> kinds)
    {
        HashSet<int> some = [.. kinds];
        return [.. Enumerable.Range(0, kindOf.Length).Where(t => some.Contains(kindOf[t]))];
    }
}
