using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Dialogues;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;

namespace Polyphony.Web.Votes;

/// <summary>The JSON door of the ballot: all answers of one person to one session.</summary>
internal static class CastBallot
{
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/sessions/{session}/ballot", CastAsync)
        .ForAudience(Audience.Bearer).WithTags("Ballots")
        .WithSummary("Casts or changes a ballot. Authorization: Bearer and the code of the personal link; Idempotency-Key: 128 random bits or more.");

    private static async Task<Results<Ok<BallotStored>, ProblemHttpResult>> CastAsync(
        SessionId session, BallotBody body, HttpContext context, BallotDesk desk, WrongCodes wrongCodes, CancellationToken cancellationToken)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        string code = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "";
        if (!LinkCode.HasForm(code))
        {
            return Refuse(context, wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, "link-not-valid");
        }

        if (body.Answers is not { Count: > 0 and <= 200 } given)
        {
            return Refuse(context, StatusCodes.Status422UnprocessableEntity, "answers-missing");
        }

        Dictionary<QuestionId, IReadOnlyList<OptionId>> answers = new(given.Count);
        foreach (BallotAnswer answer in given)
        {
            if (!QuestionId.TryParse(answer.Question, out QuestionId question) || answer.Options is null || answer.Options.Count > 200)
            {
                return Refuse(context, StatusCodes.Status422UnprocessableEntity, "unknown-question");
            }

            OptionId[] options = new OptionId[answer.Options.Count];
            for (int i = 0; i < options.Length; i++)
            {
                if (!OptionId.TryParse(answer.Options[i], out options[i]))
                {
                    return Refuse(context, StatusCodes.Status422UnprocessableEntity, "unknown-option");
                }
            }

            if (!answers.TryAdd(question, options))
            {
                return Refuse(context, StatusCodes.Status422UnprocessableEntity, "question-twice");
            }
        }

        switch (await desk.CastAsync(code, null, session, context.Request.Headers["Idempotency-Key"].ToString(), answers, BallotChannel.Phone, cancellationToken))
        {
            case CastOutcome.Stored stored:
                return TypedResults.Ok(new BallotStored(stored.Receipt));
            case CastOutcome.Busy:
                context.Response.Headers.RetryAfter = "1";
                return Refuse(context, StatusCodes.Status503ServiceUnavailable, "busy");
            case CastOutcome.Refused { Code: "link-not-valid" } when wrongCodes.IsOneTooMany(context):
                return Refuse(context, StatusCodes.Status429TooManyRequests, "too-many");
            case CastOutcome.Refused refused:
                return Refuse(context, refused.Status, refused.Code);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private static ProblemHttpResult Refuse(HttpContext context, int status, string code)
    {
        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = "60";
        }

        return TypedResults.Problem(statusCode: status, title: code, extensions: new Dictionary<string, object?> { ["code"] = code });
    }
}

/// <summary>All answers to one session; every question of it must be there.</summary>
public sealed record BallotBody([property: JsonRequired] IReadOnlyList<BallotAnswer> Answers);

/// <summary>The options chosen for one question; none means "don't know / no answer".</summary>
public sealed record BallotAnswer([property: JsonRequired] string Question, [property: JsonRequired] IReadOnlyList<string> Options);

/// <summary>The ballot is stored durably.</summary>
public sealed record BallotStored(string Receipt);
