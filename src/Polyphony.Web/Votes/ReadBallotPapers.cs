using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Votes;

/// <summary>The JSON door beside the ballot: which ballots are open for the holder of a personal link, and what they ask.</summary>
internal static class ReadBallotPapers
{
    public static void Map(IEndpointRouteBuilder app) => app.MapGet("/api/v1/ballot-papers", ReadAsync)
        .ForAudience(Audience.Bearer).WithTags("Ballots")
        .WithSummary("The open ballots of the holder of a personal link. Authorization: Bearer and the code of the link.")
        .Produces<IReadOnlyList<BallotPaperDescription>>();

    private static async Task<IResult> ReadAsync(HttpContext context, Db db, ICitizenLinks links, WrongCodes wrongCodes, CancellationToken cancellationToken)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        string code = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "";
        if (!LinkCode.HasForm(code) || await links.FindAsync(code, cancellationToken) is not { } participant)
        {
            return CastBallot.Refuse(context, wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, "link-not-valid");
        }

        SiteId site = await db.Participants.Where(p => p.Id == participant).Select(p => p.SiteId).SingleAsync(cancellationToken);
        List<Session> open = await db.Sessions.AsNoTracking().Include(session => session.Questions.OrderBy(question => question.Position)).ThenInclude(question => question.Options.OrderBy(option => option.Position))
            .Where(session => session.Ballots.Any(ballot => ballot.SiteId == site && ballot.State == BallotState.Open)).OrderBy(session => session.Position).AsSplitQuery().ToListAsync(cancellationToken);
        return TypedResults.Ok<IReadOnlyList<BallotPaperDescription>>([
            .. open.Select(session => new BallotPaperDescription(session.Id.ToString(), session.Title, [
                .. session.Questions.Select(question => new BallotQuestionDescription(
                    question.Id.ToString(), question.Kind.ToString(), question.MaxChoices, question.Text, [.. question.Options.Select(option => new BallotOptionDescription(option.Id.ToString(), option.Text))])),
            ])),
        ]);
    }
}

/// <summary>An open ballot.</summary>
public sealed record BallotPaperDescription(string Session, LocalizedText Title, IReadOnlyList<BallotQuestionDescription> Questions);

/// <summary>A question of a ballot; "don't know / no answer" is an empty list of options.</summary>
public sealed record BallotQuestionDescription(string Id, string Kind, int MaxChoices, LocalizedText Text, IReadOnlyList<BallotOptionDescription> Options);

/// <summary>An answer option.</summary>
public sealed record BallotOptionDescription(string Id, LocalizedText Text);
