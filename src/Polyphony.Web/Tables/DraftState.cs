using System.Collections.Immutable;
using System.Text.Json;
using Polyphony.Seating;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Tables;

/// <summary>A plan by the numbers of people, and who is pinned to their table. Rounds and tables count from 0 here.</summary>
/// <param name="Rounds">For each round and table the numbers of its people, in seat order.</param>
/// <param name="Pins">For each round the numbers of those who stay at their table.</param>
public sealed record DraftState(int[][][] Rounds, int[][] Pins)
{
    public string ToJson() => JsonSerializer.Serialize(this);

    public static DraftState Read(string json) => JsonSerializer.Deserialize<DraftState>(json)!;

    /// <summary>A version as it was saved. Nobody is pinned in it, those apart whose seats the choices fix.</summary>
    public static DraftState Of(SeatingPlanVersion version, IReadOnlyDictionary<Dialogues.ParticipantId, Seatable> people)
    {
        ILookup<(int Round, int Table), Seat> seats = version.Seats.Where(seat => people.ContainsKey(seat.ParticipantId)).ToLookup(seat => (seat.Round, seat.Table));
        int[][][] rounds = [.. Enumerable.Range(1, version.Rounds).Select(round => version.TableNumbers
            .Select(table => seats[(round, table)].OrderBy(seat => seat.Number).Select(seat => people[seat.ParticipantId].Number).ToArray()).ToArray())];
        IReadOnlyList<FixedChoice> chosen = SeatingChoices.Of(version).Fixed;
        return new(rounds, [.. rounds.Select((round, r) => chosen.Where(seat => (seat.Round is null || seat.Round == r + 1) && seat.Table <= round.Length && round[seat.Table - 1].Contains(seat.Number))
            .Select(seat => seat.Number).Distinct().Order().ToArray())]);
    }

    /// <summary>The table of a person in a round, or -1.</summary>
    public int TableOf(int round, int number) => Array.FindIndex(Rounds[round], table => table.Contains(number));

    public bool IsPinned(int round, int number) => Pins[round].Contains(number);

    /// <summary>The state with one round changed.</summary>
    public DraftState With(int round, int[][] tables) => this with { Rounds = [.. Rounds.Select((known, r) => r == round ? tables : known)] };

    /// <summary>A person leaves their seat, if any, and sits down at another table.</summary>
    public DraftState Move(int round, int number, int table) => With(round, [.. Rounds[round].Select((people, t) =>
        t == table ? [.. people.Where(other => other != number), number] : people.Contains(number) ? [.. people.Where(other => other != number)] : people)]);

    /// <summary>Two people change seats; one without a seat takes the other's.</summary>
    public DraftState Exchange(int round, int number, int other) => With(round, [.. Rounds[round].Select(people =>
        people.Contains(number) || people.Contains(other) ? [.. people.Select(person => person == number ? other : person == other ? number : person)] : people)]);

    public DraftState Pin(int round, int number, bool stays) => this with
    {
        Pins = [.. Pins.Select((pins, r) => r != round ? pins : stays ? [.. pins.Append(number).Distinct().Order()] : [.. pins.Where(pinned => pinned != number)])],
    };

    /// <summary>The plan over a list of people; numbers that are not in it are left out.</summary>
    public SeatingPlan ToPlan(IReadOnlyDictionary<int, int> index) => new([
        .. Rounds.Select(round => new SeatingRound([.. round.Select(table => table.Where(index.ContainsKey).Select(number => index[number]).ToImmutableArray())])),
    ]);

    public static int[][][] RoundsOf(SeatingPlan plan, IReadOnlyList<Seatable> people) =>
        [.. plan.Rounds.Select(round => round.Tables.Select(table => table.Select(person => people[person].Number).ToArray()).ToArray())];
}
