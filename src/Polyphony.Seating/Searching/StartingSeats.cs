namespace Polyphony.Seating;

/// <summary>Seats for a round to begin with: fixed people, then units, then people with needs, then the others kind by kind over the tables.</summary>
internal static class StartingSeats
{
    /// <returns>The table of each person.</returns>
    public static int[] Deal(SearchModel model, int round, int[]? whole, ref SeededChance chance)
    {
        var tables = model.Problem.Rounds[round].Tables;
        var free = tables.Select(table => table.Seats).ToArray();
        var at = model.FixedTable[round].ToArray();
        for (var p = 0; p < at.Length; p++)
        {
            // A part of another large group cannot be had: the seat is given up, and counted as a violation.
            if (at[p] >= 0 && ((whole is not null && tables[at[p]].PartOf != whole[p]) || free[at[p]] == 0))
                at[p] = -1;
            if (at[p] >= 0)
                free[at[p]]--;
        }
        foreach (var unit in model.Units.Groups.OrderByDescending(unit => unit.Length).ThenBy(unit => unit[0]))
        {
            if (at[unit[0]] >= 0)
                continue;
            var needs = unit.Any(person => model.Problem.People[person].NeedsAccess);
            var table = Enumerable.Range(0, tables.Length)
                .Where(t => free[t] >= unit.Length && (whole is null || tables[t].PartOf == whole[unit[0]]))
                .OrderBy(t => needs && !tables[t].Accessible).ThenByDescending(t => free[t]).FirstOrDefault(-1);
            foreach (var person in table < 0 ? [] : unit)
            {
                at[person] = table;
                free[table]--;
            }
        }
        var rest = Enumerable.Range(0, at.Length).Where(person => at[person] < 0).ToArray();
        for (var i = rest.Length - 1; i > 0; i--)
        {
            var j = chance.Below(i + 1);
            (rest[i], rest[j]) = (rest[j], rest[i]);
        }
        var next = 0;
        foreach (var person in rest.OrderBy(p => model.Problem.People[p].NeedsAccess ? 0 : 1).ThenBy(p => model.KindOf[p]))
        {
            var tried = 0;
            while (!Takes(next, person, strict: tried < tables.Length))
            {
                next = (next + 1) % tables.Length;
                tried++;
            }
            at[person] = next;
            free[next]--;
            next = (next + 1) % tables.Length;
        }
        return at;

        bool Takes(int table, int person, bool strict) => free[table] > 0
            && (whole is null || tables[table].PartOf == whole[person])
            && (!strict || tables[table].Accessible || !model.Problem.People[person].NeedsAccess);
    }
}
