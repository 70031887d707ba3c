using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Tables;
using Polyphony.Web.Tables;

namespace Polyphony.Web.Votes;

/// <summary>How far a table's paper ballots have come.</summary>
public enum PaperState
{
    /// <summary>Nothing was entered.</summary>
    Nothing = 0,

    /// <summary>Entered once.</summary>
    Half = 1,

    /// <summary>Both entries say the same: they count.</summary>
    Equal = 2,

    /// <summary>The entries differ: they do not count.</summary>
    Different = 3,
}

/// <summary>The two entries of a table's paper ballots.</summary>
public sealed record PaperTable(int Table, PaperTally? First, PaperTally? Second)
{
    public PaperState State => (First, Second) switch
    {
        (null, null) => PaperState.Nothing,
        (null, _) or (_, null) => PaperState.Half,
        _ => First.Ballots == Second.Ballots && First.Counts == Second.Counts ? PaperState.Equal : PaperState.Different,
    };

    /// <summary>Something was begun that does not count as it is.</summary>
    public bool IsToMend => State is PaperState.Half or PaperState.Different;

    public PaperTally? Entry(int number) => number == 1 ? First : Second;

    /// <summary>The tables of one session's entries, by number.</summary>
    /// <param name="tallies">Entries of one session.</param>
    /// <param name="tables">Tables that are there even if nothing was entered.</param>
    public static IReadOnlyList<PaperTable> Of(IReadOnlyCollection<PaperTally> tallies, IReadOnlyList<int>? tables = null) =>
    [
        .. (tables ?? []).Union(tallies.Select(tally => tally.Table)).Order().Select(table => new PaperTable(
            table,
            tallies.FirstOrDefault(tally => tally.Table == table && tally.Entry == 1),
            tallies.FirstOrDefault(tally => tally.Table == table && tally.Entry == 2))),
    ];
}

/// <summary>Counts as they are stored: <c>3,0,2,1;…</c>, for each question its options and last "no answer".</summary>
public static class PaperCounts
{
    public static string Write(IEnumerable<IEnumerable<int>> questions) =>
        string.Join(';', questions.Select(counts => string.Join(',', counts.Select(count => count.ToString(CultureInfo.InvariantCulture)))));

    public static IReadOnlyList<IReadOnlyList<int>> Read(string counts) =>
        [.. counts.Split(';').Select(question => (IReadOnlyList<int>)[.. question.Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))])];
}

/// <summary>Reads a session's paper ballots: its questions, its tables and how many of their people may have voted on paper.</summary>
public sealed class PaperDesk(Db db, SeatingDesk seating)
{
    /// <summary>The session with its questions; null if the dialogue has none such or nothing is asked in it.</summary>
    public Task<Session?> FindAsync(SessionId session, DialogueId dialogue, CancellationToken cancellationToken) => db.Sessions.AsNoTracking()
        .Include(s => s.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
        .AsSplitQuery().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == dialogue && s.Questions.Any(), cancellationToken);

    /// <summary>Where people of sites sit in a session. A plenary keeps the seats of the round before it; all people of a site without a plan are one table.</summary>
    public async Task<PaperSeats> SeatsAsync(Session session, IReadOnlyList<Site> sites, CancellationToken cancellationToken)
    {
        return await SeatsAsync(session, sites, await seating.CurrentEverywhereAsync(session.DialogueId, cancellationToken), cancellationToken);
    }

    private async Task<PaperSeats> SeatsAsync(Session session, IReadOnlyList<Site> sites, IReadOnlyList<SeatingPlanVersion> plans, CancellationToken cancellationToken)
    {
        SiteId[] at = [.. sites.Select(site => site.Id)];
        int round = session.Round ?? await db.Sessions.Where(s => s.DialogueId == session.DialogueId && s.Position < session.Position).MaxAsync(s => s.Round, cancellationToken) ?? 1;
        List<PaperVoter> voters = await db.Participants.Where(p => at.Contains(p.SiteId) && p.Status == ParticipantStatus.Confirmed && p.Attendance != Attendance.Absent)
            .Select(p => new PaperVoter(
                p.Id, p.SiteId, p.WithoutPhone, p.Attendance == Attendance.Present,
                db.Participations.Any(took => took.SessionId == session.Id && took.ParticipantId == p.Id && took.Channel != BallotChannel.Paper)))
            .ToListAsync(cancellationToken);
        Dictionary<ParticipantId, int> tables = plans.SelectMany(plan => plan.Seats).Where(seat => seat.Round == round).ToDictionary(seat => seat.ParticipantId, seat => seat.Table);
        ILookup<SiteId, SeatingPlanVersion> planned = plans.ToLookup(plan => plan.SiteId);
        Dictionary<SiteId, int> whole = sites.Where(site => !planned.Contains(site.Id)).ToDictionary(site => site.Id, site => site.FirstTable);
        return new(
            [.. sites.SelectMany(site => whole.TryGetValue(site.Id, out int table) ? [table] : planned[site.Id].SelectMany(plan => plan.TableNumbers))],
            voters.ToLookup(voter => whole.TryGetValue(voter.SiteId, out int table) ? table : tables.GetValueOrDefault(voter.Id)));
    }

    public async Task<IReadOnlyList<PaperTable>> TablesAsync(SessionId session, SiteId site, IReadOnlyList<int> tables, CancellationToken cancellationToken) =>
        PaperTable.Of(await db.PaperTallies.AsNoTracking().Where(tally => tally.SessionId == session && tally.SiteId == site).ToListAsync(cancellationToken), tables);

    /// <summary>Whether somebody else than this member of staff may enter a table's counts: then both entries are not one person's.</summary>
    public Task<bool> HasColleagueAsync(DialogueId dialogue, int table, Guid staff, CancellationToken cancellationToken) => db.RoleAssignments.AnyAsync(
        role => role.DialogueId == dialogue && role.StaffId != staff && (role.Role == DialogueRole.Organiser || (role.Role == DialogueRole.Facilitator && role.Table == table)), cancellationToken);

    /// <summary>Whether results are public, which what is entered now does not change.</summary>
    public async Task<bool> ArePublishedAsync(DialogueId dialogue, CancellationToken cancellationToken) =>
        await db.Releases.AnyAsync(release => release.DialogueId == dialogue && release.TakenBackAt == null, cancellationToken);

    /// <summary>Sessions in which a table of these sites was entered once only, or twice with different counts.</summary>
    public async Task<IReadOnlySet<SessionId>> ToMendAsync(DialogueId dialogue, IReadOnlyList<Site> sites, CancellationToken cancellationToken) =>
        (await db.PaperTallies.AsNoTracking().Where(tally => tally.DialogueId == dialogue).ToListAsync(cancellationToken)).Where(tally => sites.Any(site => site.Id == tally.SiteId))
            .GroupBy(tally => tally.SessionId).Where(session => PaperTable.Of([.. session]).Any(table => table.IsToMend)).Select(session => session.Key).ToHashSet();

    /// <summary>Sessions with tables of those of these sites that have closed them at which papers may lie that nobody entered. That papers were handed out is written nowhere; it shows in who did not vote otherwise.</summary>
    public async Task<IReadOnlyList<UnenteredPaper>> UnenteredAsync(DialogueId dialogue, IReadOnlyList<Site> sites, CancellationToken cancellationToken)
    {
        List<Session> sessions = await db.Sessions.AsNoTracking().Where(s => s.DialogueId == dialogue && s.Ballots.Any(ballot => ballot.State == BallotState.Closed) && s.Questions.Any())
            .OrderBy(s => s.Position).ToListAsync(cancellationToken);
        if (sessions.Count == 0)
        {
            return [];
        }

        List<SeatingPlanVersion> plans = await seating.CurrentEverywhereAsync(dialogue, cancellationToken);
        ILookup<SessionId, int> entered = (await db.PaperTallies.Where(tally => tally.DialogueId == dialogue).Select(tally => new { tally.SessionId, tally.Table }).ToListAsync(cancellationToken))
            .ToLookup(tally => tally.SessionId, tally => tally.Table);
        List<UnenteredPaper> unentered = [];
        foreach (Session session in sessions)
        {
            PaperSeats seats = await SeatsAsync(session, [.. sites.Where(site => session.BallotAt(site.Id) == BallotState.Closed)], plans, cancellationToken);
            int[] tables = [.. seats.Tables.Except(entered[session.Id]).Where(seats.MayHoldPaper)];
            if (tables.Length > 0)
            {
                unentered.Add(new(session, tables));
            }
        }

        return unentered;
    }
}

/// <summary>Somebody who may vote on paper.</summary>
/// <param name="VotedOtherwise">Took part by phone or tablet.</param>
public sealed record PaperVoter(ParticipantId Id, SiteId SiteId, bool WithoutPhone, bool IsHere, bool VotedOtherwise);

/// <summary>Tables of a closed session at which papers may lie that nobody entered.</summary>
public sealed record UnenteredPaper(Session Session, IReadOnlyList<int> Tables)
{
    /// <summary>What the organiser's word that no paper was cast speaks of: this session and these tables, no others.</summary>
    public string Statement => $"{Session.Id}:{Listed}";

    public string Listed => string.Join(", ", Tables);
}

/// <summary>The tables of a session with those who may vote there.</summary>
public sealed record PaperSeats(IReadOnlyList<int> Tables, ILookup<int, PaperVoter> Voters)
{
    /// <summary>Whether somebody of a table came without a phone and did not vote on a tablet, or all who are here did not vote otherwise.</summary>
    public bool MayHoldPaper(int table)
    {
        bool checkedIn = Voters.Any(people => people.Any(voter => voter.IsHere));
        PaperVoter[] here = [.. Voters[table].Where(voter => voter.IsHere)];
        return (here.Length > 0 && here.All(voter => !voter.VotedOtherwise))
            || Voters[table].Any(voter => voter is { WithoutPhone: true, VotedOtherwise: false } && (voter.IsHere || !checkedIn));
    }

    /// <summary>How many people of a table are here and did not vote by phone or tablet.</summary>
    public int MayHaveVoted(int table) => Voters[table].Count(voter => voter is { IsHere: true, VotedOtherwise: false });
}
