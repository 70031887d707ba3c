using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Dialogues.Ballots;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Storage.Journal;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>Opens and closes the ballot of a session at the site of the address, or at all sites where it names none. Closing fixes the counts of the site and erases for ever what leads from its ballots to a person.</summary>
internal static class CloseBallot
{
    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapPost("/sessions/{session}/open", OpenAsync).TakesForm();
        organiser.MapPost("/sessions/{session}/close", CloseAsync).TakesForm();
        organiser.MapPost("/sessions/{session}/leave-out", LeaveOutAsync).TakesForm();
    }

    private static async Task<IResult> OpenAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        Site[] closed = [.. scope.AtSites.Where(site => found.BallotAt(site.Id) == BallotState.Draft)];
        if (closed.Length == 0 || found.Questions.Count == 0)
        {
            return Back(scope, session, "cannot-open");
        }

        if (!await MayBeginAsync(db, found, closed, cancellationToken))
        {
            return Back(scope, session, "before-first");
        }

        DateTimeOffset now = clock.GetUtcNow();
        foreach (Site site in closed)
        {
            db.SiteBallots.Add(new SiteBallot { SessionId = session, SiteId = site.Id, DialogueId = scope.DialogueId, State = BallotState.Open, OpenedAt = now });
            db.Journal.Add(Entry(scope, "ballot.opened", session, site, now));
        }

        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException)
        {
            // Somebody opened it in the same moment.
            return Back(scope, session, "cannot-open");
        }

        return Back(scope, session, null);
    }

    private static async Task<IResult> CloseAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        bool any = false;
        foreach (Site site in scope.AtSites)
        {
            any |= await CloseAtAsync(found, site, isLeftOut: false, scope, db, clock.GetUtcNow(), cancellationToken);
        }

        return Back(scope, session, any ? null : "cannot-close");
    }

    /// <summary>Closes a vote where it was never opened: a site that does not take part must not keep all others from their results.</summary>
    private static async Task<IResult> LeaveOutAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (!scope.HasManySites || await FindAsync(session, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        Site[] closed = [.. scope.AtSites.Where(site => found.BallotAt(site.Id) == BallotState.Draft)];
        if (closed.Length == 0 || found.Questions.Count == 0 || closed.Length == scope.Sites.Count)
        {
            return Back(scope, session, "cannot-leave-out");
        }

        if (!await MayBeginAsync(db, found, closed, cancellationToken))
        {
            return Back(scope, session, "before-first");
        }

        foreach (Site site in closed)
        {
            await CloseAtAsync(found, site, isLeftOut: true, scope, db, clock.GetUtcNow(), cancellationToken);
        }

        return Back(scope, session, null);
    }

    private static Task<Session?> FindAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        db.Sessions.AsNoTracking().Include(s => s.Questions).AsSplitQuery().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken);

    private static IResult Back(DialogueScope scope, SessionId session, string? notice) => Results.Redirect(
        (scope is { HasManySites: true, ChosenSite: null } ? $"/organise/{scope.Segment}/sessions/{session}/sites" : $"/organise/{scope.Segment}/room") + (notice is null ? "" : "?notice=" + notice));

    /// <summary>A second asking begins at a site once the first one is closed there: its answers are joined with what was fixed.</summary>
    private static async Task<bool> MayBeginAsync(Db db, Session session, IReadOnlyCollection<Site> sites, CancellationToken cancellationToken) =>
        session.BeforeId is not { } before || (await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == before, cancellationToken)).BallotOver(sites) == BallotState.Closed;

    private static JournalEntry Entry(DialogueScope scope, string code, SessionId session, Site site, DateTimeOffset now, int? ballots = null) => new()
    {
        At = now,
        DialogueId = scope.DialogueId,
        StaffId = scope.Staff.Id,
        Code = code,
        Facts = string.Create(CultureInfo.InvariantCulture, $"{{\"session\":\"{session}\"{(scope.HasManySites ? $",\"site\":\"{site.Code}\"" : "")}{(ballots is { } n ? $",\"ballots\":{n}" : "")}}}"),
    };

    /// <summary>Closes the ballot at one site, in a transaction of its own.</summary>
    /// <returns>Whether it was to be closed.</returns>
    private static async Task<bool> CloseAtAsync(Session session, Site site, bool isLeftOut, DialogueScope scope, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        db.ChangeTracker.Clear();
        await using (var transaction = await db.Database.BeginTransactionAsync(cancellationToken))
        {
            if (!await TakeAsync(session, site, isLeftOut, db, now, cancellationToken))
            {
                return false;
            }

            List<Ballot> ballots = await db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == session.Id && ballot.SiteId == site.Id).ToListAsync(cancellationToken);
            SessionCounts counts = await CountAsync(db, session.Id, site.Id, ballots, cancellationToken);
            db.SessionCounts.Add(new SessionCount { SessionId = session.Id, SiteId = site.Id, DialogueId = scope.DialogueId, CountsJson = JsonSerializer.Serialize(counts), ClosedAt = now });

            if (session.Kind == SessionKind.After)
            {
                await JoinAskings.FixAsync(db, scope.DialogueId, session, site.Id, ballots, now, cancellationToken);
            }

            await JoinAskings.RewriteAsync(db, session.Id, site.Id, ballots, keepsMarks: session.Kind == SessionKind.Before, cancellationToken);

            // A hash of the answers under the link code would let a holder of both test guesses; after closing no repeat needs it.
            await db.BallotReceipts.Where(receipt => receipt.SessionId == session.Id && receipt.SiteId == site.Id)
                .ExecuteUpdateAsync(set => set.SetProperty(receipt => receipt.BodyHash, Array.Empty<byte>()), cancellationToken);
            await db.TabletTurns.Where(turn => turn.SessionId == session.Id && db.Participants.Any(person => person.Id == turn.ParticipantId && person.SiteId == site.Id)).ExecuteDeleteAsync(cancellationToken);
            db.Journal.Add(Entry(scope, isLeftOut ? "ballot.left-out" : "ballot.closed", session.Id, site, now, ballots.Count));
            await db.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }

        if (db.Database.IsSqlite())
        {
            await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)", cancellationToken);
        }

        return true;
    }

    /// <summary>Takes the lock of the session at the site: no ballot can be acknowledged there after it.</summary>
    private static async Task<bool> TakeAsync(Session session, Site site, bool isLeftOut, Db db, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!isLeftOut)
        {
            return await db.SiteBallots.Where(ballot => ballot.SessionId == session.Id && ballot.SiteId == site.Id && ballot.State == BallotState.Open)
                .ExecuteUpdateAsync(set => set.SetProperty(ballot => ballot.State, BallotState.Closed).SetProperty(ballot => ballot.ClosedAt, now), cancellationToken) > 0;
        }

        db.SiteBallots.Add(new SiteBallot { SessionId = session.Id, SiteId = site.Id, DialogueId = session.DialogueId, State = BallotState.Closed, ClosedAt = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException)
        {
            // It was opened there in the same moment.
            return false;
        }
    }

    private static async Task<SessionCounts> CountAsync(Db db, SessionId session, SiteId site, List<Ballot> ballots, CancellationToken cancellationToken)
    {
        List<Question> questions = await db.Questions.AsNoTracking().Include(question => question.Options)
            .Where(question => question.SessionId == session).OrderBy(question => question.Position).ToListAsync(cancellationToken);
        List<Criterion> criteria = await db.Criteria.AsNoTracking().Include(criterion => criterion.Values).Where(criterion => criterion.SiteId == site).OrderBy(criterion => criterion.Position).ToListAsync(cancellationToken);
        var read = ballots.ConvertAll(ballot => (
            Answers: BallotPaper.Read(ballot.Answers),
            Strata: (ballot.Strata ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(value => int.Parse(value, CultureInfo.InvariantCulture)).ToArray()));
        return new SessionCounts(
            session.ToString(),
            ballots.Count,
            [.. questions.Select((_, q) => Tally(questions, q, read.Select(ballot => ballot.Answers)))],
            [
                .. criteria.Select((criterion, c) => new CriterionCounts(criterion.Name, [
                    .. criterion.Values.OrderBy(value => value.Position).Select((value, v) =>
                    {
                        var group = read.Where(ballot => ballot.Strata.Length > c && ballot.Strata[c] == v).Select(ballot => ballot.Answers).ToList();
                        return new GroupCounts(value.Name, group.Count, [.. questions.Select((_, q) => Tally(questions, q, group))]);
                    }),
                ])),
            ]);
    }

    private static QuestionTally Tally(List<Question> questions, int q, IEnumerable<IReadOnlyList<IReadOnlyList<int>>> ballots) => QuestionTally.Of(
        questions[q].Id.ToString(), (AnswerForm)questions[q].Kind, questions[q].Options.Count, ballots.Select(ballot => (IReadOnlyCollection<int>)[.. ballot[q]]));
}
