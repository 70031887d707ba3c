using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Votes;

namespace Polyphony.Web.Statements;

/// <summary>The JSON door of the vote on statements: what can be voted on, and many votes of one person at once, as a table that was offline sends them.</summary>
internal static class CastStatementVotes
{
    private const int MostAtOnce = 1_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/api/v1/statements", ReadAsync).ForAudience(Audience.Bearer).WithTags("Statements")
            .Produces<IReadOnlyList<StatementDescription>>().ProducesProblem(StatusCodes.Status401Unauthorized)
            .WithSummary("The statements that the holder of a personal link can vote on. Authorization: Bearer and the code of the link.");
        app.MapPost("/api/v1/statement-votes", CastAsync).ForAudience(Audience.Bearer).WithTags("Statements")
            .Accepts<StatementVotesBody>("application/json").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Votes of one person: agree, disagree or pass. The last vote on a statement counts; sending the same again changes nothing.");
    }

    private static async Task<IResult> ReadAsync(HttpContext context, Db db, ICitizenLinks links, WrongCodes wrongCodes, CancellationToken cancellationToken)
    {
        if (await WhoAsync(context, db, links, cancellationToken) is not (DialogueId dialogue, _, _))
        {
            return Wrong(context, wrongCodes);
        }

        bool open = await db.StatementVotes.AnyAsync(vote => vote.DialogueId == dialogue && vote.State == BallotState.Open, cancellationToken);
        return TypedResults.Ok<IReadOnlyList<StatementDescription>>(!open ? [] : [
            .. (await db.Statements.AsNoTracking().Where(statement => statement.DialogueId == dialogue && statement.State == StatementState.Accepted).OrderBy(statement => statement.Number).ToListAsync(cancellationToken))
                .Select(statement => new StatementDescription(statement.Id.ToString(), statement.Number, statement.Text)),
        ]);
    }

    private static async Task<IResult> CastAsync(HttpContext context, Db db, ICitizenLinks links, StatementDesk desk, WrongCodes wrongCodes, CancellationToken cancellationToken)
    {
        if (await WhoAsync(context, db, links, cancellationToken) is not (DialogueId dialogue, ParticipantId participant, string code))
        {
            return Wrong(context, wrongCodes);
        }

        if (!context.Request.HasJsonContentType())
        {
            return CastBallot.Refuse(context, StatusCodes.Status415UnsupportedMediaType, "json-expected");
        }

        StatementVotesBody? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(context.Request.Body, StatementJson.Default.StatementVotesBody, cancellationToken);
        }
        catch (JsonException)
        {
            return CastBallot.Refuse(context, StatusCodes.Status400BadRequest, "json-malformed");
        }
        catch (BadHttpRequestException bad)
        {
            return CastBallot.Refuse(context, bad.StatusCode, "request-malformed");
        }

        if (body?.Votes is not { Count: > 0 and <= MostAtOnce } given)
        {
            return CastBallot.Refuse(context, StatusCodes.Status422UnprocessableEntity, "votes-missing");
        }

        List<(StatementId, StatementChoice)> votes = new(given.Count);
        foreach (StatementVoteBody vote in given)
        {
            if (!StatementId.TryParse(vote.Statement, out StatementId statement))
            {
                return CastBallot.Refuse(context, StatusCodes.Status422UnprocessableEntity, "unknown-statement");
            }

            if (Choice(vote.Vote) is not { } choice)
            {
                return CastBallot.Refuse(context, StatusCodes.Status422UnprocessableEntity, "unknown-vote");
            }

            votes.Add((statement, choice));
        }

        return await desk.CastAsync(dialogue, participant, code, votes, cancellationToken) switch
        {
            null => TypedResults.NoContent(),
            "unknown-statement" => CastBallot.Refuse(context, StatusCodes.Status422UnprocessableEntity, "unknown-statement"),
            { } problem => CastBallot.Refuse(context, StatusCodes.Status409Conflict, problem),
        };
    }

    private static StatementChoice? Choice(string? vote) => vote switch { "agree" => StatementChoice.Agree, "disagree" => StatementChoice.Disagree, "pass" => StatementChoice.Pass, _ => null };

    private static async Task<(DialogueId Dialogue, ParticipantId Participant, string Code)?> WhoAsync(HttpContext context, Db db, ICitizenLinks links, CancellationToken cancellationToken)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        string code = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "";
        return LinkCode.HasForm(code) && await links.FindAsync(code, cancellationToken) is { } participant
            ? (await db.Participants.Where(person => person.Id == participant).Select(person => person.DialogueId).SingleAsync(cancellationToken), participant, code)
            : null;
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult Wrong(HttpContext context, WrongCodes wrongCodes) =>
        CastBallot.Refuse(context, wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, "link-not-valid");
}

/// <summary>A statement that can be voted on.</summary>
public sealed record StatementDescription(string Id, int Number, LocalizedText Text);

/// <summary>Votes of one person.</summary>
public sealed record StatementVotesBody([property: JsonRequired] IReadOnlyList<StatementVoteBody> Votes);

/// <summary>A vote: <c>agree</c>, <c>disagree</c> or <c>pass</c>.</summary>
public sealed record StatementVoteBody([property: JsonRequired] string Statement, [property: JsonRequired] string Vote);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(StatementVotesBody))]
internal sealed partial class StatementJson : JsonSerializerContext;
