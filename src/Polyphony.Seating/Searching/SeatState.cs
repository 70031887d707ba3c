namespace Polyphony.Seating;

/// <summary>Who sits where in every round while the search changes it.</summary>
internal sealed class SeatState
{
    /// <summary>For each round and person the table.</summary>
    public required int[][] TableOf { get; init; }

    /// <summary>For each round the people in the order of tables.</summary>
    public required int[][] Seats { get; init; }

    /// <summary>For each round and table where its people begin in <see cref="Seats"/>; one entry more than tables.</summary>
    public required int[][] Start { get; init; }

    /// <summary>For each round and person the place in <see cref="Seats"/>.</summary>
    public required int[][] Place { get; init; }

    public static SeatState Of(SearchModel model)
    {
        var rounds = model.Problem.Rounds;
        var state = new SeatState
        {
            TableOf = [.. rounds.Select(_ => new int[model.People])],
            Seats = [.. rounds.Select(_ => new int[model.People])],
            Place = [.. rounds.Select(_ => new int[model.People])],
            Start = [.. rounds.Select(layout => new int[layout.Tables.Length + 1])],
        };
        for (var r = 0; r < rounds.Length; r++)
            for (var t = 0; t < rounds[r].Tables.Length; t++)
                state.Start[r][t + 1] = state.Start[r][t] + rounds[r].Tables[t].Seats;
        return state;
    }

    public ReadOnlySpan<int> At(int round, int table) => Seats[round].AsSpan(Start[round][table], Start[round][table + 1] - Start[round][table]);

    public void Fill(int round, int[] tableOf)
    {
        var next = Start[round].ToArray();
        for (var p = 0; p < tableOf.Length; p++)
        {
            TableOf[round][p] = tableOf[p];
            Place[round][p] = next[tableOf[p]];
            Seats[round][next[tableOf[p]]++] = p;
        }
    }

    public void Exchange(int round, int a, int b)
    {
        var place = Place[round];
        (place[a], place[b]) = (place[b], place[a]);
        Seats[round][place[a]] = a;
        Seats[round][place[b]] = b;
        (TableOf[round][a], TableOf[round][b]) = (TableOf[round][b], TableOf[round][a]);
    }
}
