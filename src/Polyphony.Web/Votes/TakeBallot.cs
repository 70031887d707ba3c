using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>The ballot by personal link, one question a screen. Answers travel in the form until they are cast: nothing is kept of a ballot that was not.</summary>
internal static class TakeBallot
{
    public static void Map(RouteGroupBuilder citizen)
    {
        citizen.MapGet("/vote/{session}", async (SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) =>
            await FindAsync(session, scope, db, cancellationToken) is { } found ? Page(await StartAsync(found, scope, db, cancellationToken)) : Results.NotFound());
        citizen.MapPost("/vote/{session}", AnswerAsync).TakesForm();
    }

    private static Task<Session?> FindAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) => db.Sessions.AsNoTracking()
        .Include(s => s.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
        .AsSplitQuery().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId && s.Questions.Any(), cancellationToken);

    private static async Task<BallotModel> StartAsync(Session session, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        ParticipantId me = scope.Participant.Id;
        bool voted = await db.Participations.AnyAsync(p => p.SessionId == session.Id && p.ParticipantId == me, cancellationToken);
        return new BallotModel(scope, session, 0, new string?[session.Questions.Count], Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), voted, "", null);
    }

    private static async Task<IResult> AnswerAsync(SessionId session, HttpRequest request, DialogueScope scope, Db db, BallotDesk desk, CancellationToken cancellationToken)
    {
        if (await FindAsync(session, scope, db, cancellationToken) is not { } found)
        {
            return Results.NotFound();
        }

        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        int count = found.Questions.Count;
        int step = int.TryParse(form["step"], NumberStyles.None, CultureInfo.InvariantCulture, out int typed) ? Math.Clamp(typed, 0, count) : 0;
        string?[] answers = [.. found.Questions.Select((question, q) => Read(question, form[string.Create(CultureInfo.InvariantCulture, $"a{q}")]))];
        string key = form["key"].ToString();
        ParticipantId me = scope.Participant.Id;
        BallotModel model = new(scope, found, step, answers, key, await db.Participations.AnyAsync(p => p.SessionId == session && p.ParticipantId == me, cancellationToken), "", null);
        string go = form["go"].ToString();
        if (go == "back")
        {
            return Page(model with { Step = Math.Max(0, step - 1) });
        }

        if (go.StartsWith("to-", StringComparison.Ordinal) && int.TryParse(go.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int to))
        {
            return Page(model with { Step = Math.Clamp(to, 0, count) });
        }

        if (step < count)
        {
            return answers[step] switch
            {
                null => Page(model with { Problem = "choose" }),
                { } given when given.Split(',').Length > Most(found.Questions[step]) => Page(model with { Problem = "too-many" }),
                _ => Page(model with { Step = step + 1 }),
            };
        }

        if (Array.FindIndex(answers, answer => answer is null) is >= 0 and int missing)
        {
            return Page(model with { Step = missing, Problem = "choose" });
        }

        CastOutcome outcome = await desk.CastAsync(
            scope.Code, scope.DialogueId, session, key,
            found.Questions.Index().ToDictionary(pair => pair.Item.Id, pair => (IReadOnlyList<OptionId>)[.. Positions(answers[pair.Index]!).Select(position => pair.Item.Options[position].Id)]),
            BallotChannel.Phone, cancellationToken);
        switch (outcome)
        {
            case CastOutcome.Stored stored:
                return Page(model with { Receipt = stored.Receipt });
            case CastOutcome.Busy:
                request.HttpContext.Response.Headers.RetryAfter = "2";
                return Page(model with { Problem = "busy" }, StatusCodes.Status503ServiceUnavailable);
            case CastOutcome.Refused refused:
                return Page(model with { Problem = refused.Code }, refused.Status);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    public static int Most(Question question) => question.Kind == QuestionKind.MultipleChoice ? question.MaxChoices : 1;

    /// <summary>Positions of the chosen options; none for "don't know".</summary>
    public static IEnumerable<int> Positions(string answer) => answer == "none" ? [] : answer.Split(',').Select(position => int.Parse(position, CultureInfo.InvariantCulture));

    /// <summary>What a screen sent for a question: nothing, <c>none</c>, or positions with commas. An option beside "don't know" counts.</summary>
    private static string? Read(Question question, Microsoft.Extensions.Primitives.StringValues sent)
    {
        string[] parts = [.. sent.OfType<string>().SelectMany(text => text.Split(',')).Distinct()];
        int[] positions = [.. parts.Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int position) ? position : -1).Where(position => position >= 0 && position < question.Options.Count).Order()];
        return positions.Length > 0 ? string.Join(',', positions.Select(position => position.ToString(CultureInfo.InvariantCulture))) : parts.Contains("none") ? "none" : null;
    }

    private static RazorComponentResult<BallotPage> Page(BallotModel model, int status = StatusCodes.Status200OK) =>
        new(new { Model = model }) { StatusCode = status == StatusCodes.Status200OK && model.Problem.Length > 0 ? StatusCodes.Status422UnprocessableEntity : status };
}

/// <summary>One screen of a ballot.</summary>
/// <param name="Step">The question shown, from 0; the number of questions: all answers to look over.</param>
/// <param name="Answers">For each question what was chosen so far: null, <c>none</c> or positions.</param>
/// <param name="Key">The idempotency key under which this ballot is cast.</param>
/// <param name="Voted">The person took part already; a new ballot takes the place of the old one.</param>
/// <param name="Problem">Code of what is wrong, or empty.</param>
/// <param name="Receipt">The receipt once it is stored.</param>
public sealed record BallotModel(DialogueScope Scope, Session Session, int Step, IReadOnlyList<string?> Answers, string Key, bool Voted, string Problem, string? Receipt)
{
    public bool IsOpen => Session.BallotState == BallotState.Open;

    public bool IsReview => Step >= Session.Questions.Count;
}
