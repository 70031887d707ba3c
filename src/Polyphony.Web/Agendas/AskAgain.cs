using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Agendas;

/// <summary>Plans a second asking of a questionnaire: the same questions to the same people, at the end of the agenda. From then on neither can be changed.</summary>
internal static class AskAgain
{
    public static void Map(RouteGroupBuilder organiser) => organiser.MapPost("/agenda/sessions/{session}/again", AskAsync).TakesForm();

    private static async Task<IResult> AskAsync(SessionId session, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Dialogue.Slug}/agenda";
        Session? first = await db.Sessions.Include(s => s.Questions).ThenInclude(question => question.Options).AsSplitQuery()
            .SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken);
        if (first is null)
        {
            return Results.NotFound();
        }

        // Once the first asking is closed and its marks are gone, nothing can be joined any more.
        if (first.Kind != SessionKind.Before || first.Questions.Count == 0 || await IsPairedAsync(db, first, cancellationToken)
            || (first.BallotOver(scope.Sites) == BallotState.Closed && !await db.Ballots.AnyAsync(ballot => ballot.SessionId == session && ballot.Pair != null, cancellationToken)))
        {
            return Results.Redirect(page + "?problem=not-again");
        }

        DateTimeOffset now = clock.GetUtcNow();
        Session last = await db.Sessions.Where(s => s.DialogueId == scope.DialogueId).OrderByDescending(s => s.Position).FirstAsync(cancellationToken);
        Session again = Copy(first, now);
        (again.Position, again.Date, again.Start) = (last.Position + 1, last.Date, last.Start.AddMinutes(last.Minutes));
        db.Sessions.Add(again);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect($"{page}#s{again.Id}");
    }

    /// <summary>A second asking with the questions of the first one, in their order.</summary>
    public static Session Copy(Session first, DateTimeOffset now)
    {
        Session again = new()
        {
            Id = new(Guid.CreateVersion7(now)),
            DialogueId = first.DialogueId,
            Kind = SessionKind.After,
            BeforeId = first.Id,
            Title = first.Title,
            Introduction = first.Introduction,
            Minutes = first.Minutes,
        };
        foreach (Question asked in first.Questions.OrderBy(question => question.Position))
        {
            Question question = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                SessionId = again.Id,
                DialogueId = first.DialogueId,
                Position = asked.Position,
                Kind = asked.Kind,
                Text = asked.Text,
                Hint = asked.Hint,
                MaxChoices = asked.MaxChoices,
            };
            question.Options.AddRange(asked.Options.OrderBy(option => option.Position).Select(option => new Option { Id = new(Guid.CreateVersion7(now)), QuestionId = question.Id, Position = option.Position, Text = option.Text }));
            again.Questions.Add(question);
        }

        return again;
    }

    /// <summary>Whether a session is one of two askings, so that its questions must stay as they are.</summary>
    public static async Task<bool> IsPairedAsync(Db db, Session session, CancellationToken cancellationToken) =>
        session.Kind == SessionKind.After || (session.Kind == SessionKind.Before && await db.Sessions.AnyAsync(s => s.BeforeId == session.Id, cancellationToken));
}
