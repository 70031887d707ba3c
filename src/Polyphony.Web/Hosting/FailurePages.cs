using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Hosting;

/// <summary>What people see when something is not there, not allowed or broken: a page in their language that says what to do;
/// programs get an RFC 9457 problem. A fault of ours shows a reference that is also in the log, and nothing else.</summary>
internal static partial class FailurePages
{
    private const string ReferenceItem = "FailureReference";

    /// <summary>Statuses with sentences of their own; any other is worded as 400 or 500.</summary>
    public static readonly IReadOnlyList<int> Worded = [400, 401, 403, 404, 405, 409, 413, 415, 429, 500, 503];

    public static void UseFailurePages(this WebApplication app)
    {
        ILogger logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Polyphony.Web.Failures");
        app.UseStatusCodePages(failed => ShowAsync(failed.HttpContext));
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            // The handler below writes the one log entry, with the reference and without the path.
            SuppressDiagnosticsCallback = _ => true,
            ExceptionHandler = context =>
            {
                Note(context, context.Features.GetRequiredFeature<IExceptionHandlerFeature>(), logger);
                return Task.CompletedTask;
            },
        });
    }

    /// <summary>The status with which a request ends that could not be read.</summary>
    public static int? OfUnreadable(Exception? failure) => failure switch
    {
        BadHttpRequestException bad => bad.StatusCode,

        // What the form reader throws when a limit of FormOptions is passed, and when a form holds what no browser sends.
        InvalidDataException limit when limit.Message.Contains("limit", StringComparison.Ordinal) => StatusCodes.Status413PayloadTooLarge,
        InvalidDataException => StatusCodes.Status400BadRequest,
        _ => null,
    };

    private static void Note(HttpContext context, IExceptionHandlerFeature failure, ILogger logger)
    {
        if (OfUnreadable(failure.Error) is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        string reference = Convert.ToHexString(RandomNumberGenerator.GetBytes(4));
        context.Items[ReferenceItem] = reference;
        context.Response.StatusCode = StatusCodes.Status500InternalServerError;

        // The pattern of the route, never the path: a citizen's path is a secret.
        LogFailed(logger, reference, context.Request.Method, (failure.Endpoint as RouteEndpoint)?.RoutePattern.RawText ?? "", failure.Error);
    }

    private static Task ShowAsync(HttpContext context)
    {
        int status = context.Response.StatusCode;
        PageTexts texts = context.RequestServices.GetRequiredService<PageTexts>();
        string name = Name(status, context.Request.Path);
        string reference = context.Items[ReferenceItem] as string ?? "";
        IResult answer = WantsJson(context.Request)
            ? Problem(status, texts[$"failure.{name}.title"], reference)
            : new RazorComponentResult<FailurePage>(new { Name = name, Reference = reference, WaitSeconds = Wait(context.Response) }) { StatusCode = status };
        return answer.ExecuteAsync(context);
    }

    private static ProblemHttpResult Problem(int status, string title, string reference)
    {
        Dictionary<string, object?> extensions = new() { ["code"] = Code(status) };
        if (reference.Length > 0)
        {
            extensions["reference"] = reference;
        }

        return TypedResults.Problem(statusCode: status, title: title, extensions: extensions);
    }

    /// <summary>Whether the one who asks is a program.</summary>
    private static bool WantsJson(HttpRequest request)
    {
        string accept = request.Headers.Accept.ToString();
        return request.Path.StartsWithSegments("/api", StringComparison.Ordinal)
            || request.Path.StartsWithSegments("/openapi", StringComparison.Ordinal)
            || (accept.Contains("json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>A link that has ended is the most common 404, and there is something better to say than "no such page".</summary>
    private static string Name(int status, PathString path) => status == StatusCodes.Status404NotFound && path.StartsWithSegments("/c", StringComparison.Ordinal)
        ? "link"
        : status == StatusCodes.Status404NotFound && path.StartsWithSegments("/t", StringComparison.Ordinal)
            ? "turn"
            : status == StatusCodes.Status404NotFound && path.StartsWithSegments("/account/accept", StringComparison.Ordinal)
                ? "invitation"
                : (Worded.Contains(status) ? status : status < 500 ? 400 : 500).ToString(CultureInfo.InvariantCulture);

    private static string Code(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "not-signed-in",
        StatusCodes.Status403Forbidden => "not-allowed",
        StatusCodes.Status404NotFound => "not-found",
        StatusCodes.Status405MethodNotAllowed => "method-not-allowed",
        StatusCodes.Status409Conflict => "conflict",
        StatusCodes.Status413PayloadTooLarge => "too-large",
        StatusCodes.Status415UnsupportedMediaType => "unsupported-media-type",
        StatusCodes.Status429TooManyRequests => "too-many",
        StatusCodes.Status503ServiceUnavailable => "busy",
        >= 400 and < 500 => "bad-request",
        >= 500 => "unexpected",
        _ => throw new UnreachableException(),
    };

    private static int? Wait(HttpResponse response) =>
        int.TryParse(response.Headers.RetryAfter.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : null;

    [LoggerMessage(Level = LogLevel.Error, Message = "Failure {Reference}: {Method} {Route} broke")]
    private static partial void LogFailed(ILogger logger, string reference, string method, string route, Exception failure);
}
