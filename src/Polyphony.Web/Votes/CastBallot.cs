using System.Globalization;
using System.Text.Json;
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
    // The credential is in the request and is checked here and in the store: cookies, antiforgery and the gate's roles have no say, so
    // routing hands the request over at once. Wrong codes are slowed by address (WrongCodes), each code by itself (LinkPace).
    public static void Map(IEndpointRouteBuilder app) => app.MapPost("/api/v1/sessions/{session}/ballot", CastAsync)
        .ForAudience(Audience.Bearer).WithTags("Ballots")
        .Accepts<BallotBody>("application/json").Produces<BallotStored>()
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status401Unauthorized).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status415UnsupportedMediaType).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status503ServiceUnavailable)
        .WithSummary("Casts or changes a ballot. Authorization: Bearer and the code of the personal link; Idempotency-Key: 128 random bits or more.")
        .ShortCircuit();

    private static async Task CastAsync(SessionId session, HttpContext context, BallotDesk desk, WrongCodes wrongCodes, LinkPace pace, CancellationToken cancellationToken)
    {
        ProblemHttpResult? refusal = await TryAsync(session, context, desk, wrongCodes, pace, cancellationToken);
        if (refusal is not null)
        {
            await refusal.ExecuteAsync(context);
        }
    }

    private static async Task<ProblemHttpResult?> TryAsync(SessionId session, HttpContext context, BallotDesk desk, WrongCodes wrongCodes, LinkPace pace, CancellationToken cancellationToken)
    {
        string authorization = context.Request.Headers.Authorization.ToString();
        string code = authorization.StartsWith("Bearer ", StringComparison.Ordinal) ? authorization[7..] : "";
        if (!LinkCode.HasForm(code))
        {
            return Refuse(context, wrongCodes.IsOneTooMany(context) ? StatusCodes.Status429TooManyRequests : StatusCodes.Status401Unauthorized, "link-not-valid");
        }

        if (pace.IsTooFast(code))
        {
            return Refuse(context, StatusCodes.Status429TooManyRequests, "too-many", waitSeconds: 2);
        }

        if (!context.Request.HasJsonContentType())
        {
            return Refuse(context, StatusCodes.Status415UnsupportedMediaType, "json-expected");
        }

        BallotBody? body;
        try
        {
            body = await JsonSerializer.DeserializeAsync(context.Request.BodyReader, BallotJson.Default.BallotBody, cancellationToken);
        }
        catch (JsonException)
        {
            return Refuse(context, StatusCodes.Status400BadRequest, "json-malformed");
        }
        catch (BadHttpRequestException bad)
        {
            return Refuse(context, bad.StatusCode, "request-malformed");
        }

        if (body?.Answers is not { Count: > 0 and <= 200 } given)
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
                await AnswerAsync(context, stored.Receipt, cancellationToken);
                return null;
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

    private static async Task AnswerAsync(HttpContext context, string receipt, CancellationToken cancellationToken)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new BallotStored(receipt), BallotJson.Default.BallotStored);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, cancellationToken);
    }

    public static ProblemHttpResult Refuse(HttpContext context, int status, string code, int waitSeconds = 60)
    {
        if (status == StatusCodes.Status429TooManyRequests)
        {
            context.Response.Headers.RetryAfter = waitSeconds.ToString(CultureInfo.InvariantCulture);
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

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(BallotBody))]
[JsonSerializable(typeof(BallotStored))]
internal sealed partial class BallotJson : JsonSerializerContext;
