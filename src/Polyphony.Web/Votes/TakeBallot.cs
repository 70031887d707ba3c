using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Votes;

/// <summary>The ballot by personal link, one question a screen. Answers travel in the form until they are cast: nothing is kept of a ballot that was not.</summary>
/// <remarks>A shared tablet shows the same screens, see <see cref="TakeTurn"/>.</remarks>
internal static class TakeBallot
{
    public static void Map(RouteGroupBuilder citizen)
    {
        citizen.MapGet("/vote/{session}", ShowAsync);
        citizen.MapPost("/vote/{session}", AnswerAsync).TakesForm();
    }

    private static async Task<IResult> ShowAsync(SessionId session, DialogueScope scope, Db db, HttpResponse response, CancellationToken cancellationToken) =>
        await BlankAsync(session, scope, db, cancellationToken) is { } blank ? Page<BallotPage>(blank, response) : Results.NotFound();

    private static async Task<IResult> AnswerAsync(SessionId session, HttpContext context, DialogueScope scope, Db db, BallotDesk desk, CancellationToken cancellationToken) =>
        await BlankAsync(session, scope, db, cancellationToken) is { } blank
            ? Page<BallotPage>(
                scope.Participant.Hindrance() is { } hindrance ? blank.Refused(hindrance, StatusCodes.Status403Forbidden)
                    : await TurnPageAsync(blank, await context.Request.ReadFormAsync(cancellationToken), desk, cancellationToken),
                context.Response)
            : Results.NotFound();

    private static async Task<BallotModel?> BlankAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken)
    {
        ParticipantId me = scope.Participant.Id;
        return await FindAsync(session, scope, db, cancellationToken) is { } found
            ? BallotModel.Blank(scope, found, BallotChannel.Phone, await db.Participations.AnyAsync(p => p.SessionId == session && p.ParticipantId == me, cancellationToken))
            : null;
    }

    /// <summary>The session with its questions and options in order; null when the dialogue has no such ballot.</summary>
    public static Task<Session?> FindAsync(SessionId session, DialogueScope scope, Db db, CancellationToken cancellationToken) => db.Sessions.AsNoTracking()
        .Include(s => s.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
        .AsSplitQuery().SingleOrDefaultAsync(s => s.Id == session && s.DialogueId == scope.DialogueId && s.Questions.Any(), cancellationToken);

    /// <summary>The screen after the one that was sent: another question, all answers to look over, or the receipt.</summary>
    public static async Task<BallotModel> TurnPageAsync(BallotModel blank, IFormCollection form, BallotDesk desk, CancellationToken cancellationToken)
    {
        List<Question> questions = blank.Session.Questions;
        int count = questions.Count;
        int step = int.TryParse(form["step"], NumberStyles.None, CultureInfo.InvariantCulture, out int typed) ? Math.Clamp(typed, 0, count) : 0;
        string?[] answers = [.. questions.Select((question, q) => Read(question, form[string.Create(CultureInfo.InvariantCulture, $"a{q}")]))];
        BallotModel model = blank with { Step = step, Answers = answers, Key = form["key"].ToString() };
        string go = form["go"].ToString();
        if (go == "back")
        {
            return model with { Step = Math.Max(0, step - 1) };
        }

        if (go.StartsWith("to-", StringComparison.Ordinal) && int.TryParse(go.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out int to))
        {
            return model with { Step = Math.Clamp(to, 0, count) };
        }

        if (step < count)
        {
            return answers[step] switch
            {
                null => model.Refused("choose"),
                { } given when given.Split(',').Length > Most(questions[step]) => model.Refused("too-many"),
                _ => model with { Step = step + 1 },
            };
        }

        if (Array.FindIndex(answers, answer => answer is null) is >= 0 and int missing)
        {
            return (model with { Step = missing }).Refused("choose");
        }

        CastOutcome outcome = await desk.CastAsync(
            model.Scope.Code, model.Scope.DialogueId, model.Session.Id, model.Key,
            questions.Index().ToDictionary(pair => pair.Item.Id, pair => (IReadOnlyList<OptionId>)[.. Positions(answers[pair.Index]!).Select(position => pair.Item.Options[position].Id)]),
            model.Channel, cancellationToken);
        return outcome switch
        {
            CastOutcome.Stored stored => model with { Receipt = stored.Receipt },
            CastOutcome.Busy => model.Refused("busy", StatusCodes.Status503ServiceUnavailable),
            CastOutcome.Refused refused => model.Refused(refused.Code, refused.Status),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static RazorComponentResult<TPage> Page<TPage>(BallotModel model, HttpResponse response)
        where TPage : IComponent
    {
        if (model.Status == StatusCodes.Status503ServiceUnavailable)
        {
            response.Headers.RetryAfter = "2";
        }

        return new(new { Model = model }) { StatusCode = model.Status };
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
}

/// <summary>One screen of a ballot.</summary>
/// <param name="Channel">Phone, or a shared tablet.</param>
/// <param name="Step">The question shown, from 0; the number of questions: all answers to look over.</param>
/// <param name="Answers">For each question what was chosen so far: null, <c>none</c> or positions.</param>
/// <param name="Key">The idempotency key under which this ballot is cast.</param>
/// <param name="Voted">The person took part already; a new ballot takes the place of the old one.</param>
/// <param name="Problem">Code of what is wrong, or empty.</param>
/// <param name="Status">The status with which the screen is sent.</param>
/// <param name="Receipt">The receipt once it is stored.</param>
public sealed record BallotModel(
    DialogueScope Scope, Session Session, BallotChannel Channel, int Step, IReadOnlyList<string?> Answers, string Key, bool Voted, string Problem, int Status, string? Receipt)
{
    /// <summary>The ballot at the citizen's site.</summary>
    public BallotState State => Session.BallotAt(Scope.SiteId);

    public bool IsOpen => State == BallotState.Open;

    public bool IsReview => Step >= Session.Questions.Count;

    public static BallotModel Blank(DialogueScope scope, Session session, BallotChannel channel, bool voted) =>
        new(scope, session, channel, 0, new string?[session.Questions.Count], Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), voted, "", StatusCodes.Status200OK, null);

    public BallotModel Refused(string problem, int status = StatusCodes.Status422UnprocessableEntity) => this with { Problem = problem, Status = status };
}
