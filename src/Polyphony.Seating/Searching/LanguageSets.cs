using System.Collections.Immutable;
using System.Numerics;

namespace Polyphony.Seating;

/// <summary>Chooses a table's languages.</summary>
internal static class LanguageSets
{
    /// <summary>The smallest set of languages that as many as possible understand.</summary>
    /// <param name="people">What each person at the table understands; 0 puts no condition.</param>
    /// <param name="led">What the facilitator speaks; counts as one who must understand, 0 puts no condition.</param>
    /// <param name="most">Languages at most.</param>
    /// <returns>The set, and how many understand none of it (the facilitator counts as one).</returns>
    public static (ulong Set, int Without) Best(ReadOnlySpan<ulong> people, ulong led, int most)
    {
        Span<ulong> kinds = stackalloc ulong[64];
        Span<int> counts = stackalloc int[64];
        var kind = 0;
        ulong all = 0;
        var left = 0;
        for (var i = -1; i < people.Length; i++)
        {
            var mask = i < 0 ? led : people[i];
            if (mask == 0)
                continue;
            all |= mask;
            var at = kinds[..kind].IndexOf(mask);
            if (at >= 0)
                counts[at]++;
            else if (kind < 64)
                (kinds[kind], counts[kind++]) = (mask, 1);
            else
                left++;
        }
        ulong best = 0;
        var without = int.MaxValue;
        for (var size = kind == 0 ? 0 : 1; size <= most; size++)
        {
            Extend(kinds[..kind], counts, all, 0, size, ref best, ref without);
            if (without <= 0 || size >= BitOperations.PopCount(all))
                break;
        }
        return (best, (without == int.MaxValue ? 0 : without) + left);
    }

    private static void Extend(ReadOnlySpan<ulong> kinds, ReadOnlySpan<int> counts, ulong candidates, ulong set, int more, ref ulong best, ref int without)
    {
        if (more == 0)
        {
            var missing = 0;
            for (var k = 0; k < kinds.Length; k++)
                missing += (kinds[k] & set) == 0 ? counts[k] : 0;
            if (missing < without)
                (best, without) = (set, missing);
            return;
        }
        while (candidates != 0)
        {
            var language = candidates & (~candidates + 1);
            candidates ^= language;
            Extend(kinds, counts, candidates, set | language, more - 1, ref best, ref without);
            if (without == 0)
                return;
        }
    }

    /// <summary>Sets for all tables of a round as the search wants them: room for those who may still come, within the interpreters there are.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="tables">The tables.</param>
    /// <param name="seated">What the people at each table understand.</param>
    /// <param name="everybody">What all people understand.</param>
    /// <param name="chance">Breaks symmetry.</param>
    public static ulong[] Choose(LanguageRule rule, ImmutableArray<SeatingTable> tables, ulong[][] seated, ulong[] everybody, ref SeededChance chance)
    {
        var sets = First(tables, seated, everybody);
        var free = rule.Interpreters ?? int.MaxValue;
        // The interpreters go where most people are without.
        foreach (var t in Enumerable.Range(0, sets.Length)
            .OrderByDescending(t => seated[t].Count(mask => mask != 0 && (mask & sets[t]) == 0)).ThenBy(t => t).ToArray())
        {
            var most = Math.Min(rule.Most, free == int.MaxValue ? rule.Most : free + 1);
            if (most < 2)
                break;
            var set = Best(seated[t], tables[t].Facilitator?.Languages ?? 0, most).Set;
            while (BitOperations.PopCount(set) < most && Wanted(everybody, set, ref chance) is > 0 and var more)
                set |= more;
            if (free != int.MaxValue)
                free -= Math.Max(0, BitOperations.PopCount(set) - 1);
            sets[t] = set;
        }
        return sets;
    }

    /// <summary>One language for each table, so that as many people as possible find a seat where they understand it; among these, where most sit already.</summary>
    /// <remarks>Were each table to take the language of most people at it, a language that is a minority everywhere would get none, and nobody who moves could change that.</remarks>
    private static ulong[] First(ImmutableArray<SeatingTable> tables, ulong[][] seated, ulong[] everybody)
    {
        var sets = new ulong[tables.Length];
        var kinds = everybody.Where(mask => mask != 0).GroupBy(mask => mask).OrderBy(group => BitOperations.PopCount(group.Key)).ThenBy(group => group.Key).ToArray();
        ulong[] languages = [.. Enumerable.Range(0, 64).Select(bit => 1UL << bit).Where(language => Array.Exists(kinds, kind => (kind.Key & language) != 0))];
        int[] left = [.. kinds.Select(kind => kind.Count())];
        var here = new int[tables.Length * languages.Length];
        for (var t = 0; t < tables.Length; t++)
            for (var l = 0; l < languages.Length; l++)
                foreach (var mask in seated[t])
                    here[(t * languages.Length) + l] += (mask & languages[l]) != 0 ? 1 : 0;
        var wanted = new int[languages.Length];
        for (var chosen = 0; chosen < tables.Length; chosen++)
        {
            for (var l = 0; l < languages.Length; l++)
            {
                wanted[l] = 0;
                for (var k = 0; k < kinds.Length; k++)
                    wanted[l] += (kinds[k].Key & languages[l]) != 0 ? left[k] : 0;
            }
            (int Served, int Seated, int Table, int Language) best = (-1, -1, -1, -1);
            for (var t = 0; t < tables.Length; t++)
            {
                if (sets[t] != 0 || tables[t].Seats == 0)
                    continue;
                var led = tables[t].Facilitator?.Languages ?? 0;
                for (var l = 0; l < languages.Length; l++)
                {
                    var served = Math.Min(tables[t].Seats, wanted[l]) + (led == 0 || (led & languages[l]) != 0 ? 1 : 0);
                    if (served > best.Served || (served == best.Served && here[(t * languages.Length) + l] > best.Seated))
                        best = (served, here[(t * languages.Length) + l], t, l);
                }
            }
            if (best.Language < 0)
                break;
            sets[best.Table] = languages[best.Language];
            // Those who understand least else take the seats.
            var seats = tables[best.Table].Seats;
            for (var k = 0; k < kinds.Length; k++)
            {
                var taken = (kinds[k].Key & languages[best.Language]) != 0 ? Math.Min(seats, left[k]) : 0;
                left[k] -= taken;
                seats -= taken;
            }
        }
        return sets;
    }

    /// <summary>A language of somebody, picked by chance, who understands nothing of the set.</summary>
    private static ulong Wanted(ulong[] everybody, ulong set, ref SeededChance chance)
    {
        for (var attempt = 0; attempt < 8; attempt++)
        {
            var mask = everybody[chance.Below(everybody.Length)];
            if (mask != 0 && (mask & set) == 0)
                return mask & (~mask + 1);
        }
        return 0;
    }
}
