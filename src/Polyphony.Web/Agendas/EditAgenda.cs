using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;
using Polyphony.Web.Shared;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Agendas;

/// <summary>The agenda: sessions with their times, and the questions of their ballots. Nothing changes once a ballot is open.</summary>
internal static class EditAgenda
{
    public static void Map(RouteGroupBuilder organiser, RouteGroupBuilder reader)
    {
        reader.MapGet("/agenda", (DialogueScope scope, Db db, HttpRequest request, CancellationToken cancellationToken) => ShowAsync(scope, db, request.Query["problem"].ToString(), [], cancellationToken));
        reader.MapGet("/agenda/agenda.json", ExportAsync);
        organiser.MapPost("/agenda/import", ImportAsync).TakesForm();
        organiser.MapGet("/agenda/sessions/new", (DialogueScope scope) => SessionPage(scope, null, null, []));
        organiser.MapPost("/agenda/sessions/new", (HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken) => SaveSessionAsync(null, request, scope, db, clock, cancellationToken)).TakesForm();
        reader.MapGet("/agenda/sessions/{session}", ShowSessionAsync);
        organiser.MapPost("/agenda/sessions/{session}", (SessionId session, HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken) => SaveSessionAsync(session, request, scope, db, clock, cancellationToken)).TakesForm();
        organiser.MapPost("/agenda/sessions/{session}/delete", DeleteSessionAsync).TakesForm();
        organiser.MapPost("/agenda/sessions/{session}/earlier", EarlierAsync).TakesForm();
        organiser.MapGet("/agenda/sessions/{session}/questions/new", NewQuestionAsync);
        organiser.MapPost("/agenda/sessions/{session}/questions/new", (SessionId session, HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken) => SaveQuestionAsync(session, null, request, scope, db, clock, cancellationToken)).TakesForm();
        organiser.MapGet("/agenda/questions/{question}", EditQuestionAsync);
        organiser.MapPost("/agenda/questions/{question}", async (QuestionId question, HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken) =>
            await db.Questions.SingleOrDefaultAsync(q => q.Id == question && q.DialogueId == scope.DialogueId, cancellationToken) is { } found
                ? await SaveQuestionAsync(found.SessionId, question, request, scope, db, clock, cancellationToken)
                : Results.NotFound()).TakesForm();
        organiser.MapPost("/agenda/questions/{question}/delete", DeleteQuestionAsync).TakesForm();
    }

    private static string Base(DialogueScope scope) => $"/organise/{scope.Segment}/agenda";

    private static string Address(DialogueScope scope, SessionId session) => $"{Base(scope)}/sessions/{session}";

    private static Task<List<Session>> SessionsAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) => db.Sessions
        .Include(session => session.Questions).ThenInclude(question => question.Options)
        .Where(session => session.DialogueId == scope.DialogueId).OrderBy(session => session.Position).AsSplitQuery().ToListAsync(cancellationToken);

    private static async Task<RazorComponentResult<AgendaPage>> ShowAsync(DialogueScope scope, Db db, string problem, IReadOnlyList<(string Place, string Code)> problems, CancellationToken cancellationToken) =>
        new(new { Scope = scope, Sessions = await SessionsAsync(scope, db, cancellationToken), Problem = problem, Problems = problems })
        {
            StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK,
        };

    private static async Task<IResult> ExportAsync(DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        Results.File(AgendaFile.Of(await SessionsAsync(scope, db, cancellationToken)).Write(), "application/json", scope.Dialogue.Slug + "-agenda.json");

    /// <summary>Adds the sessions of a file behind those that are there; all of them or none.</summary>
    private static async Task<IResult> ImportAsync(IFormFile? file, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (file is null || file.Length is 0 or > 1_000_000)
        {
            return await ShowAsync(scope, db, "", [("", "no-file")], cancellationToken);
        }

        using MemoryStream content = new();
        await file.CopyToAsync(content, cancellationToken);
        (AgendaFile? agenda, string? broken) = AgendaFile.Read(content.ToArray());
        if (agenda is null)
        {
            return await ShowAsync(scope, db, "", [(broken!, "not-json")], cancellationToken);
        }

        if (agenda.Problems(scope.Dialogue.Languages) is { Count: > 0 } problems)
        {
            return await ShowAsync(scope, db, "", problems, cancellationToken);
        }

        DateTimeOffset now = clock.GetUtcNow();
        int position = await db.Sessions.Where(session => session.DialogueId == scope.DialogueId).MaxAsync(session => (int?)session.Position, cancellationToken) ?? 0;
        Queue<Session> firsts = [];
        foreach (AgendaSession item in agenda.Sessions)
        {
            Session session = item.Kind == AgendaSession.After ? AskAgain.Copy(firsts.Dequeue(), now) : SessionOf(item, scope, now);
            (session.Position, session.Title, session.Introduction) = (++position, item.Title, item.Introduction ?? LocalizedText.Empty);
            session.Date = item.Date is null ? scope.Dialogue.StartsOn ?? DateOnly.FromDateTime(now.DateTime) : DateOnly.ParseExact(item.Date, "yyyy-MM-dd", CultureInfo.InvariantCulture);
            session.Start = item.Start is null ? new TimeOnly(9, 0) : TimeOnly.ParseExact(item.Start, "HH:mm", CultureInfo.InvariantCulture);
            (session.Minutes, session.Round) = (item.Minutes ?? 60, item.Round);
            if (session.Kind == SessionKind.Before)
            {
                firsts.Enqueue(session);
            }

            db.Sessions.Add(session);
        }

        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope));
    }

    private static Session SessionOf(AgendaSession item, DialogueScope scope, DateTimeOffset now)
    {
        Session session = new() { Id = new(Guid.CreateVersion7(now)), DialogueId = scope.DialogueId, Kind = item.Kind == AgendaSession.Before ? SessionKind.Before : SessionKind.Vote };
        foreach ((int index, AgendaQuestion asked) in (item.Questions ?? []).Index())
        {
            Question question = new()
            {
                Id = new(Guid.CreateVersion7(now)),
                SessionId = session.Id,
                DialogueId = scope.DialogueId,
                Position = index + 1,
                Kind = asked.KindOrNull!.Value,
                Text = asked.Text,
                Hint = asked.Hint ?? LocalizedText.Empty,
                MaxChoices = asked.KindOrNull == QuestionKind.MultipleChoice ? asked.MaxChoices ?? asked.Options.Count : 1,
            };
            question.Options.AddRange(asked.Options.Index().Select(option => new Option { Id = new(Guid.CreateVersion7(now)), QuestionId = question.Id, Position = option.Index + 1, Text = option.Item }));
            session.Questions.Add(question);
        }

        return session;
    }

    /// <summary>The form of a session that may change; all its words, to be read, for those who may not change it or once its ballot was opened.</summary>
    private static async Task<IResult> ShowSessionAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        await db.Sessions.AsNoTracking().Include(s => s.Questions).ThenInclude(question => question.Options).AsSplitQuery()
            .SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken) is not { } found ? Results.NotFound()
        : scope.IsOrganiser && found.IsDraft ? SessionPage(scope, found, null, [])
        : new RazorComponentResult<SessionReadingPage>(new { Scope = scope, Session = found });

    private static async Task<IResult> SaveSessionAsync(SessionId? id, HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        Session? session = id is null ? null : await db.Sessions.SingleOrDefaultAsync(s => s.Id == id && s.DialogueId == scope.DialogueId, cancellationToken);
        if (id is not null && session is null)
        {
            return Results.NotFound();
        }

        if (session is { IsDraft: false })
        {
            return Results.Redirect(Base(scope) + "?problem=frozen");
        }

        FieldProblems problems = new();
        LocalizedText title = Text(form, "title", scope);
        foreach (string language in scope.Dialogue.Languages)
        {
            problems.Required("title." + language, form["title." + language], 200);
            problems.NoLonger("introduction." + language, form["introduction." + language], 2_000);
        }

        if (!DateOnly.TryParseExact(form["date"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date))
        {
            problems.Add("date", "not-a-date");
        }

        if (!TimeOnly.TryParseExact(form["start"], ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly start))
        {
            problems.Add("start", "not-a-time");
        }

        if (!int.TryParse(form["minutes"], NumberStyles.None, CultureInfo.InvariantCulture, out int minutes) || minutes is < 1 or > 1_440)
        {
            problems.Add("minutes", "out-of-range", ("min", 1), ("max", 1_440));
        }

        int? round = null;
        if (form["round"].ToString().Length > 0)
        {
            if (int.TryParse(form["round"], NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= 20)
            {
                round = number;
            }
            else
            {
                problems.Add("round", "out-of-range", ("min", 1), ("max", 20));
            }
        }

        if (problems.Any)
        {
            return SessionPage(scope, session, form, problems.All);
        }

        if (session is null)
        {
            session = new Session
            {
                Id = new(Guid.CreateVersion7(clock.GetUtcNow())),
                DialogueId = scope.DialogueId,
                Position = (await db.Sessions.Where(s => s.DialogueId == scope.DialogueId).MaxAsync(s => (int?)s.Position, cancellationToken) ?? 0) + 1,
            };
            db.Sessions.Add(session);
        }

        if (session.IsDraft && Enum.TryParse(form["kind"], out SessionKind kind) && kind is SessionKind.Vote or SessionKind.Before && !await AskAgain.IsPairedAsync(db, session, cancellationToken))
        {
            session.Kind = kind;
        }

        session.Title = title;
        session.Introduction = Text(form, "introduction", scope);
        (session.Date, session.Start, session.Minutes, session.Round) = (date, start, minutes, round);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "#s" + session.Id);
    }

    private static async Task<IResult> DeleteSessionAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Session? found = await db.Sessions.SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (!found.IsDraft)
        {
            return Results.Redirect(Base(scope) + "?problem=frozen");
        }

        if (found.Kind == SessionKind.Before && await AskAgain.IsPairedAsync(db, found, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=paired");
        }

        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        if (found.BeforeId is { } before)
        {
            await JoinAskings.GiveUpAsync(db, before, cancellationToken);
        }

        db.Sessions.Remove(found);
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return Results.Redirect(Base(scope));
    }

    private static async Task<IResult> EarlierAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Session? found = await db.Sessions.SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        if (await db.Sessions.Where(s => s.DialogueId == scope.DialogueId && s.Position < found.Position).OrderByDescending(s => s.Position).FirstOrDefaultAsync(cancellationToken) is { } before)
        {
            (found.Position, before.Position) = (before.Position, found.Position);
            await db.SaveChangesAsync(cancellationToken);
        }

        return Results.Redirect(Base(scope) + "#s" + session);
    }

    private static async Task<IResult> NewQuestionAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
        await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId, cancellationToken) is not { } found ? Results.NotFound()
        : found.IsDraft ? QuestionPage(scope, found, null, null, [])
        : Results.Redirect(Address(scope, session));

    private static async Task<IResult> EditQuestionAsync(QuestionId question, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Question? found = await db.Questions.AsNoTracking().Include(q => q.Options).SingleOrDefaultAsync(q => q.Id == question && q.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        Session session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == found.SessionId, cancellationToken);
        return session.IsDraft ? QuestionPage(scope, session, found, null, []) : Results.Redirect(Address(scope, session.Id));
    }

    private static async Task<IResult> SaveQuestionAsync(SessionId sessionId, QuestionId? id, HttpRequest request, DialogueScope scope, Db db, TimeProvider clock, CancellationToken cancellationToken)
    {
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        Session? session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == sessionId && s.DialogueId == scope.DialogueId, cancellationToken);
        Question? question = id is null ? null : await db.Questions.Include(q => q.Options).SingleOrDefaultAsync(q => q.Id == id && q.DialogueId == scope.DialogueId, cancellationToken);
        if (session is null || (id is not null && question is null))
        {
            return Results.NotFound();
        }

        if (!session.IsDraft)
        {
            return Results.Redirect(Base(scope) + "?problem=frozen");
        }

        if (await AskAgain.IsPairedAsync(db, session, cancellationToken))
        {
            return Results.Redirect(Base(scope) + "?problem=paired");
        }

        FieldProblems problems = new();
        QuestionKind kind = Enum.TryParse(form["kind"], out QuestionKind chosen) && Enum.IsDefined(chosen) ? chosen : QuestionKind.SingleChoice;
        Dictionary<string, string[]> lines = scope.Dialogue.Languages.ToDictionary(language => language, language =>
            form["options." + language].ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries), StringComparer.Ordinal);
        int count = lines[scope.Dialogue.Languages[0]].Length;
        foreach (string language in scope.Dialogue.Languages)
        {
            problems.Required("text." + language, form["text." + language], 500);
            problems.NoLonger("hint." + language, form["hint." + language], 500);
            if (lines[language].Any(line => line.Length > 300))
            {
                problems.Add("options." + language, "too-long", ("max", 300));
            }

            if (kind == QuestionKind.Scale5 ? lines[language].Length != 5 : lines[language].Length is < 2 or > 30)
            {
                problems.Add("options." + language, kind == QuestionKind.Scale5 ? "five-steps" : "two-options");
            }
            else if (lines[language].Length != count)
            {
                problems.Add("options." + language, "same-number", ("n", count));
            }
        }

        int most = 1;
        if (kind == QuestionKind.MultipleChoice && (!int.TryParse(form["maxChoices"], NumberStyles.None, CultureInfo.InvariantCulture, out most) || most < 1 || most > Math.Max(1, count)))
        {
            problems.Add("maxChoices", "out-of-range", ("min", 1), ("max", Math.Max(1, count)));
        }

        if (problems.Any)
        {
            return QuestionPage(scope, session, question, form, problems.All);
        }

        DateTimeOffset now = clock.GetUtcNow();
        if (question is null)
        {
            question = new Question
            {
                Id = new(Guid.CreateVersion7(now)),
                SessionId = session.Id,
                DialogueId = scope.DialogueId,
                Position = (await db.Questions.Where(q => q.SessionId == session.Id).MaxAsync(q => (int?)q.Position, cancellationToken) ?? 0) + 1,
            };
            db.Questions.Add(question);
        }

        question.Kind = kind;
        question.MaxChoices = most;
        question.Text = Text(form, "text", scope);
        question.Hint = Text(form, "hint", scope);
        db.Options.RemoveRange(question.Options);
        db.Options.AddRange(Enumerable.Range(0, count).Select(index => new Option
        {
            Id = new(Guid.CreateVersion7(now)),
            QuestionId = question.Id,
            Position = index + 1,
            Text = LocalizedText.Of(scope.Dialogue.Languages.Select(language => KeyValuePair.Create(language, lines[language][index]))),
        }));
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope) + "#s" + session.Id);
    }

    private static async Task<IResult> DeleteQuestionAsync(QuestionId question, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        Question? found = await db.Questions.SingleOrDefaultAsync(q => q.Id == question && q.DialogueId == scope.DialogueId, cancellationToken);
        if (found is null)
        {
            return Results.NotFound();
        }

        Session session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == found.SessionId, cancellationToken);
        if (!session.IsDraft || await AskAgain.IsPairedAsync(db, session, cancellationToken))
        {
            return Results.Redirect(Base(scope) + (!session.IsDraft ? "?problem=frozen" : "?problem=paired"));
        }

        db.Questions.Remove(found);
        await db.SaveChangesAsync(cancellationToken);
        return Results.Redirect(Base(scope));
    }

    private static LocalizedText Text(IFormCollection form, string field, DialogueScope scope) =>
        LocalizedText.Of(scope.Dialogue.Languages.Select(language => KeyValuePair.Create(language, form[field + "." + language].ToString())));

    private static RazorComponentResult<SessionPage> SessionPage(DialogueScope scope, Session? session, IFormCollection? form, IReadOnlyList<FieldProblem> problems) =>
        new(new { Scope = scope, Session = session, Form = form, Problems = problems }) { StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };

    private static RazorComponentResult<QuestionPage> QuestionPage(DialogueScope scope, Session session, Question? question, IFormCollection? form, IReadOnlyList<FieldProblem> problems) =>
        new(new { Scope = scope, Session = session, Question = question, Form = form, Problems = problems }) { StatusCode = problems.Count > 0 ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK };
}
