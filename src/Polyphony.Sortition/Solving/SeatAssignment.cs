using System.Buffers.Binary;

namespace Polyphony.Sortition.Solving;

/// <summary>Fills the seats of types with people: whoever had fewest panels so far comes first, so that equal people's counts differ by one at most.</summary>
internal static class SeatAssignment
{
    public static UniformLottery Assign(PanelTypes types, ExactLottery exact, IReadOnlyList<IReadOnlyList<int>> chosen, ReadOnlySpan<byte> seed, CancellationToken cancellationToken)
    {
        SortitionPool pool = types.Pool;
        Shuffle shuffle = new(seed);
        int[] counts = new int[pool.People.Count];
        int[][] order = [.. types.Types.Select(type => type.People.ToArray())];
        foreach (int[] people in order)
        {
            shuffle.Mix(people);
        }

        int[] position = new int[order.Length];
        List<IReadOnlyList<int>> panels = new(chosen.Count);
        HashSet<string> households = new(StringComparer.Ordinal);
        List<int> members = new(pool.Size);
        bool[] seated = new bool[pool.People.Count];
        foreach (IReadOnlyList<int> panel in chosen)
        {
            cancellationToken.ThrowIfCancellationRequested();
            households.Clear();
            foreach (int member in members)
            {
                seated[member] = false;
            }

            members.Clear();
            for (int t = 0; t < panel.Count; t++)
            {
                if (panel[t] == 0)
                {
                    continue;
                }

                if (types.Types[t].Group >= 0)
                {
                    Choose(order[t], panel[t]);
                }
                else
                {
                    Deal(t, panel[t]);
                }
            }

            int[] sorted = [.. members];
            Array.Sort(sorted);
            if (!pool.IsPanel(sorted))
            {
                throw new InvalidOperationException("A proposed panel broke the rules of the pool: this is a fault of the program.");
            }

            panels.Add(sorted);
        }

        double[] chances = exact.Chances();
        double[] targets = new double[counts.Length];
        bool[] without = new bool[chances.Length];
        List<int> uncoverable = [];
        foreach (int t in exact.Uncoverable)
        {
            without[t] = true;
            uncoverable.AddRange(types.Types[t].People);
        }

        for (int t = 0; t < chances.Length; t++)
        {
            foreach (int person in types.Types[t].People)
            {
                targets[person] = chances[t];
            }
        }

        uncoverable.Sort();
        double bound = exact.Proof.Levels.Count > 0
            ? exact.Proof.LevelBounds(types, chances, [.. without.Select(none => !none)])[0].Bound
            : chances.Where((_, t) => !without[t]).DefaultIfEmpty(0).Min();
        return new(panels, counts, targets, bound, uncoverable);

        // Round after round through all people of the type, in a new order each time.
        void Deal(int t, int needed)
        {
            int[] people = order[t];
            while (needed > 0)
            {
                if (position[t] == people.Length)
                {
                    shuffle.Mix(people);
                    position[t] = 0;
                }

                // After a new order somebody of this panel may come first again: the next who is not on it changes places.
                int next = position[t];
                while (seated[people[next]])
                {
                    next++;
                }

                (people[position[t]], people[next]) = (people[next], people[position[t]]);
                Seat(people[position[t]++]);
                needed--;
            }
        }

        void Choose(int[] people, int needed)
        {
            shuffle.Mix(people);
            foreach (int person in people.OrderBy(person => counts[person]))
            {
                if (needed > 0 && households.Add(pool.People[person].Household!))
                {
                    Seat(person);
                    needed--;
                }
            }
        }

        void Seat(int person)
        {
            members.Add(person);
            seated[person] = true;
            counts[person]++;
        }
    }

    /// <summary>Orders people by a generator that the seed starts (SplitMix64): it settles only who of equal people sits on which numbered panel.</summary>
    internal sealed class Shuffle
    {
        private ulong state;

        public Shuffle(ReadOnlySpan<byte> seed)
        {
            state = 0x9E3779B97F4A7C15;
            Span<byte> word = stackalloc byte[8];
            for (int at = 0; at < seed.Length; at += 8)
            {
                word.Clear();
                seed[at..Math.Min(seed.Length, at + 8)].CopyTo(word);
                state = (state ^ BinaryPrimitives.ReadUInt64LittleEndian(word)) * 0xBF58476D1CE4E5B9;
                state ^= Next();
            }
        }

        public void Mix(int[] people)
        {
            for (int i = people.Length - 1; i > 0; i--)
            {
                int j = Below(i + 1);
                (people[i], people[j]) = (people[j], people[i]);
            }
        }

        public int Below(int bound) => (int)(((Next() >> 32) * (ulong)bound) >> 32);

        private ulong Next()
        {
            ulong z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
