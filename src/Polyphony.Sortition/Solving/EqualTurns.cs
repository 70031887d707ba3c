namespace Polyphony.Sortition.Solving;

/// <summary>Shares the seats of a kind out among its people, for turns of equal length.</summary>
internal static class EqualTurns
{
    /// <summary>The time of a panel, and how many seats a kind has then.</summary>
    private readonly record struct Part(long From, long To, int Seats);

    /// <summary>One turn for each person of a kind, of equal length but for a single unit of the weights.</summary>
    public static List<SeatTurn>? Of(ExactLottery alone, int kind)
    {
        List<Part> parts = [];
        long at = 0;
        long all = 0;
        for (int panel = 0; panel < alone.Panels.Count; panel++)
        {
            int seats = alone.Panels[panel][kind];
            if (seats > 0)
            {
                parts.Add(new(at, at + alone.Weights[panel], seats));
                all += seats * alone.Weights[panel];
            }

            at += alone.Weights[panel];
        }

        int people = alone.Types.Types[kind].People.Count;
        long[] lengths = [.. Enumerable.Range(0, people).Select(i => (all / people) + (i < all % people ? 1 : 0))];
        List<SeatTurn> turns = InRows(parts, lengths);
        if (!turns.Exists(turn => turn.MeetsItself()))
        {
            return turns;
        }

        // The panels with most seats of the kind first: then a turn meets itself only where two rows are shorter than it.
        parts = [.. parts.OrderByDescending(part => part.Seats)];
        turns = InRows(parts, lengths);
        return turns.Exists(turn => turn.MeetsItself()) ? ByNeed(parts, lengths, InOrder) ?? ByNeed(parts, lengths, Evenly) : turns;
    }

    /// <summary>First the first seats of all panels, then the second ones, and so on, handed out one turn after the other.</summary>
    private static List<SeatTurn> InRows(List<Part> parts, long[] lengths)
    {
        List<SeatTurn> turns = [.. lengths.Select(_ => new SeatTurn())];
        int turn = 0;
        long need = lengths[0];
        int rows = parts.Select(part => part.Seats).DefaultIfEmpty(0).Max();
        for (int row = 0; row < rows; row++)
        {
            foreach (Part part in parts)
            {
                for (long at = part.From; part.Seats > row && at < part.To;)
                {
                    while (need == 0)
                    {
                        need = lengths[++turn];
                    }

                    long length = Math.Min(need, part.To - at);
                    turns[turn].Add(at, at + length);
                    at += length;
                    need -= length;
                }
            }
        }

        return turns;
    }

    /// <summary>Panel after panel to those who lack most; null where somebody would have to sit twice.</summary>
    private static List<SeatTurn>? ByNeed(List<Part> parts, long[] lengths, Func<long[], long, long, long[]> serve)
    {
        List<SeatTurn> turns = [.. lengths.Select(_ => new SeatTurn())];
        long[] needs = [.. lengths];
        foreach (Part part in parts)
        {
            long width = part.To - part.From;
            long[] served = serve(needs, width, width * part.Seats);
            long at = 0;
            for (int i = 0; i < needs.Length; i++)
            {
                needs[i] -= served[i];
                Wrap(turns[i], part, at, served[i]);
                at += served[i];
            }

            if (at < width * part.Seats)
            {
                return null;
            }
        }

        return turns;

        // Row after row of the part's seats: nobody is served longer than a row, so nobody sits twice.
        static void Wrap(SeatTurn turn, Part part, long at, long served)
        {
            long width = part.To - part.From;
            long offset = at % width;
            long first = Math.Min(served, width - offset);
            if (served > first)
            {
                turn.Add(part.From, part.From + served - first);
            }

            if (first > 0)
            {
                turn.Add(part.From + offset, part.From + offset + first);
            }
        }
    }

    /// <summary>As much as can be to each of those who lack most: few people, long turns.</summary>
    private static long[] InOrder(long[] needs, long width, long all)
    {
        long[] served = new long[needs.Length];
        foreach (int i in Enumerable.Range(0, needs.Length).OrderByDescending(i => needs[i]))
        {
            served[i] = Math.Min(Math.Min(needs[i], width), all);
            all -= served[i];
        }

        return served;
    }

    /// <summary>So that what is lacking stays as even as can be: always possible, but turns in small pieces.</summary>
    private static long[] Evenly(long[] needs, long width, long all)
    {
        long low = 0;
        long high = needs.Max();
        while (low < high)
        {
            long level = (low + high) / 2;
            (low, high) = needs.Sum(need => Math.Clamp(need - level, 0, width)) <= all ? (low, level) : (level + 1, high);
        }

        long[] served = [.. needs.Select(need => Math.Clamp(need - low, 0, width))];
        long left = all - served.Sum();
        for (int i = 0; i < served.Length && left > 0; i++)
        {
            if (Math.Clamp(needs[i] - low + 1, 0, width) > served[i])
            {
                served[i]++;
                left--;
            }
        }

        return served;
    }
}
