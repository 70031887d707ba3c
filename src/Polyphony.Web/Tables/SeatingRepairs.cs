using Polyphony.Dialogues;
using Polyphony.Seating;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>A change of one person's table in a round. Rounds count from 1, tables from the plan's first; no table is no seat.</summary>
public sealed record SeatChange(int Round, ParticipantId Person, int? Before, int? After);

/// <summary>A plan as it would be after a repair, with every change; not saved.</summary>
public sealed record RepairedSeating(SeatingProblem Problem, IReadOnlyList<Seatable> People, SeatingPlan Plan, IReadOnlyList<SeatChange> Changes);

/// <summary>Works out how a plan comes in line with who is there, with as few moves as possible.</summary>
public sealed class SeatingRepairs(SeatingDesk desk)
{
    /// <summary>Absent people leave, a replacement takes the seats that still go with the place, the people of a table that closes move, and everybody else who comes gets a seat.</summary>
    /// <param name="closing">The number of the table that closes from the round on, if any; some other table has people.</param>
    public async Task<RepairedSeating> PrepareAsync(SiteId site, SeatingPlanVersion current, int fromRound, int? closing, CancellationToken cancellationToken)
    {
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(site, cancellationToken);
        Dictionary<ParticipantId, int> index = everybody.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        SeatingProblem problem = await desk.ProblemAsync(site, everybody, current, cancellationToken);
        SeatingPlan before = SeatingDesk.Read(current, everybody);
        SeatingPlan plan = before;
        bool Sits(ParticipantId person) => plan.Rounds.Skip(fromRound - 1).Any(round => round.TableOf(index[person]) >= 0);
        foreach (Seatable arriving in everybody.Where(person => person.IsComing && !Sits(person.Id)))
        {
            if (SeatingDesk.SeatsOfPlace(everybody, arriving.Id, Sits) is { } left)
            {
                plan = SeatingRepairer.Replace(problem, plan, index[left.Id], index[arriving.Id], fromRound - 1).Plan;
            }
        }

        plan = SeatingRepairer.Repair(problem, plan, new SeatingChanges(fromRound - 1)
        {
            Absent = [.. everybody.Where(person => !person.IsComing).Select(person => index[person.Id])],
            Late = [.. everybody.Where(person => person.IsComing).Select(person => index[person.Id])],
            Closed = closing is null ? [] : [.. Enumerable.Range(fromRound - 1, current.Rounds - fromRound + 1).SelectMany(round => Closed(before, fromRound, closing.Value - current.FirstTable).Select(table => new ClosedTable(round, table)))],
        }).Plan;
        return new(problem, everybody, plan, Changes(current, everybody, before, plan));
    }

    /// <summary>Gives somebody who has just come seats from a round on, and moves nobody else: those that go with the place or, where these are gone or would break a rule, one at each table that takes them best.</summary>
    /// <returns>Null where somebody has to look at it: other people would have to move, or a rule about people would be broken that holds now.</returns>
    public async Task<RepairedSeating?> JoinAsync(SiteId site, SeatingPlanVersion current, int fromRound, ParticipantId arriving, CancellationToken cancellationToken)
    {
        IReadOnlyList<Seatable> everybody = await desk.EverybodyAsync(site, cancellationToken);
        SeatingProblem problem = await desk.ProblemAsync(site, everybody, current, cancellationToken);
        SeatingPlan before = SeatingDesk.Read(current, everybody);
        Dictionary<ParticipantId, int> index = everybody.Index().ToDictionary(pair => pair.Item.Id, pair => pair.Index);
        int person = index[arriving];
        bool Sits(int somebody) => before.Rounds.Skip(fromRound - 1).Any(round => round.TableOf(somebody) >= 0);
        int[] gone = SeatingDesk.SeatsOfPlace(everybody, arriving, somebody => Sits(index[somebody])) is { } left ? [index[left.Id]] : [];
        SeatingPlan[] begins = gone.Length > 0 && !Sits(person)
            ? [SeatingRepairer.Replace(problem, before, gone[0], person, fromRound - 1).Plan, before] : [before];
        int broken = Broken(problem, before);
        foreach (SeatingPlan begin in begins)
        {
            SeatingRepair joined = SeatingRepairer.Repair(problem, begin, new SeatingChanges(fromRound - 1) { Absent = [.. gone], Late = [person] });
            if (joined.Moves.All(move => move.Person == person || gone.Contains(move.Person)) && Broken(problem, joined.Plan) <= broken)
            {
                return new(problem, everybody, joined.Plan, Changes(current, everybody, before, joined.Plan));
            }
        }

        return null;
    }

    /// <summary>How often rules about people are broken; how evenly a criterion is spread is not one of them.</summary>
    private static int Broken(SeatingProblem problem, SeatingPlan plan) => SeatingMeasures.Of(problem, plan).Breaches
        .Where(breach => breach.Rule is not (SeatingRules.Mix or SeatingRules.Bounds or SeatingRules.Cluster)).Sum(breach => breach.Amount);

    private static List<SeatChange> Changes(SeatingPlanVersion current, IReadOnlyList<Seatable> everybody, SeatingPlan before, SeatingPlan after) =>
    [
        .. from round in Enumerable.Range(0, current.Rounds)
           from person in everybody.Index()
           let was = before.Rounds[round].TableOf(person.Index)
           let becomes = after.Rounds[round].TableOf(person.Index)
           where was != becomes
           select new SeatChange(round + 1, person.Item.Id, was < 0 ? null : was + current.FirstTable, becomes < 0 ? null : becomes + current.FirstTable),
    ];

    /// <summary>A table that closed before, and so has nobody in these rounds, opens for nobody.</summary>
    private static IEnumerable<int> Closed(SeatingPlan plan, int fromRound, int closing) => Enumerable.Range(0, plan.Rounds.Max(round => round.Tables.Length))
        .Where(table => table == closing || plan.Rounds.Skip(fromRound - 1).All(round => table >= round.Tables.Length || round.Tables[table].IsEmpty));
}
