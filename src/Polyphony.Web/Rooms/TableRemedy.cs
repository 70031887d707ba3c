using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Tables;

namespace Polyphony.Web.Rooms;

/// <summary>Somebody who leads a table, by the role that says so.</summary>
public sealed record TableLeader(Guid Role, Guid Staff, string Name, int Table, IReadOnlyList<string> Languages);

/// <summary>A table at which people sit in the rounds that may change, and how many do in the first of them.</summary>
public sealed record OpenTable(int Number, int People, IReadOnlyList<TableLeader> Leaders);

/// <summary>What is done about a table that is no longer there or whose facilitator is missing: it closes, or the facilitator of another table leads it, besides their own or in its place.</summary>
public sealed record TableRemedy(OpenTable Table, TableLeader? Leader, bool LeadsBoth)
{
    public const string Close = "close";

    /// <summary>The table whose people move; null where somebody leads two.</summary>
    public int? Closing => Leader is null ? Table.Number : LeadsBoth ? null : Leader.Table;

    public string Code => Leader is null ? Close : CodeOf(Leader, LeadsBoth);

    public static string CodeOf(TableLeader leader, bool both) => (both ? "both." : "instead.") + leader.Role.ToString("N");

    /// <summary>What was chosen, or null where it does not fit the tables as they are.</summary>
    public static TableRemedy? Of(IReadOnlyList<OpenTable> tables, int? table, string? then)
    {
        if (tables.Count < 2 || tables.FirstOrDefault(open => open.Number == table) is not { } chosen)
        {
            return null;
        }

        if (then == Close)
        {
            return new(chosen, null, false);
        }

        foreach (TableLeader leader in tables.SelectMany(open => open.Leaders).Where(leader => chosen.Leaders.All(own => own.Staff != leader.Staff)))
        {
            if (then == CodeOf(leader, both: true))
            {
                return new(chosen, leader, true);
            }

            if (then == CodeOf(leader, both: false) && LeadsAlone(tables, leader))
            {
                return new(chosen, leader, false);
            }
        }

        return null;
    }

    /// <summary>Whether the leader's own table would be without one.</summary>
    public static bool LeadsAlone(IReadOnlyList<OpenTable> tables, TableLeader leader) => tables.Single(open => open.Number == leader.Table).Leaders.Count == 1;

    /// <summary>The tables with people from a round on, and who leads them.</summary>
    public static async Task<IReadOnlyList<OpenTable>> TablesAsync(Db db, SeatingPlanVersion plan, int fromRound, CancellationToken cancellationToken)
    {
        List<TableLeader> leaders = await (
            from role in db.RoleAssignments
            where role.DialogueId == plan.DialogueId && role.Role == DialogueRole.Facilitator && role.Table != null
            join staff in db.Users on role.StaffId equals staff.Id
            where staff.LockoutEnd == null || staff.LockoutEnd < DateTimeOffset.MaxValue
            orderby staff.DisplayName, role.Id
            select new TableLeader(role.Id, staff.Id, staff.DisplayName, role.Table!.Value, role.Languages)).ToListAsync(cancellationToken);
        return
        [
            .. from number in plan.TableNumbers
               let seats = plan.Seats.Where(seat => seat.Table == number && seat.Round >= fromRound).ToArray()
               where seats.Length > 0
               select new OpenTable(number, seats.Count(seat => seat.Round == fromRound), [.. leaders.Where(leader => leader.Table == number)]),
        ];
    }
}
