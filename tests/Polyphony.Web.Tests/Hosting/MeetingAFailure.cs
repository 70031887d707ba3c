using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Tests.Hosting;

/// <summary>Every status is met over the wire, in both languages, as a person and as a program.</summary>
public sealed class MeetingAFailure(FailingServer server) : IClassFixture<FailingServer>
{
    [Theory]
    [InlineData("en")]
    [InlineData("fr")]
    public async Task Every_status_has_a_page_that_says_what_to_do(string language)
    {
        PageTexts texts = new TextCatalogue().In(language);
        foreach (int status in FailurePages.Worded)
        {
            using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, $"/fail/{status}?lang={language}", "text/html");
            string page = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal("text/html", response.Content.Headers.ContentType!.MediaType);
            Assert.Contains($"<html lang=\"{language}\"", page, StringComparison.Ordinal);
            Assert.Contains(texts[$"failure.{status}.title"], page, StringComparison.Ordinal);
            Assert.Contains(texts[$"failure.{status}.do"], page, StringComparison.Ordinal);
            Assert.DoesNotContain("⟦", page, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_program_gets_a_problem_with_a_code()
    {
        foreach ((string path, string accept) in new[] { ("/fail/404", "application/json"), ("/api/v1/no-such-door", "*/*") })
        {
            using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, path, accept);
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
            using JsonDocument problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal("not-found", problem.RootElement.GetProperty("code").GetString());
            Assert.Equal(404, problem.RootElement.GetProperty("status").GetInt32());
        }
    }

    [Fact]
    public async Task A_fault_of_ours_shows_a_reference_that_is_in_the_log_and_nothing_else()
    {
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, "/break/secret-in-the-path", "text/html");
        string page = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        string reference = Regex.Match(page, "<code>([0-9A-F]{8})</code>").Groups[1].Value;
        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(8, reference.Length);
        Assert.DoesNotContain("InvalidOperationException", page, StringComparison.Ordinal);
        Assert.DoesNotContain("what-broke", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" at Polyphony", page, StringComparison.Ordinal);

        string entry = Assert.Single(server.Log.Lines, line => line.Contains(reference, StringComparison.Ordinal));
        Assert.Contains("what-broke", entry, StringComparison.Ordinal);
        Assert.Contains("/break/{secret}", entry, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains("secret-in-the-path", StringComparison.Ordinal));

        using HttpResponseMessage forAProgram = await server.AskAsync(HttpMethod.Get, "/break/secret-in-the-path", "application/json");
        using JsonDocument problem = JsonDocument.Parse(await forAProgram.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("unexpected", problem.RootElement.GetProperty("code").GetString());
        Assert.Equal(8, problem.RootElement.GetProperty("reference").GetString()!.Length);
        Assert.False(problem.RootElement.TryGetProperty("exception", out _));
    }

    [Fact]
    public async Task A_verb_that_an_address_does_not_take_is_405()
    {
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Delete, "/health/live", "text/html");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal(["GET"], response.Content.Headers.Allow);
    }

    [Fact]
    public async Task A_form_without_its_token_is_400_and_a_form_too_large_is_413()
    {
        using HttpRequestMessage bare = new(HttpMethod.Post, "/account/sign-in") { Content = new FormUrlEncodedContent([KeyValuePair.Create("email", "a@b.example")]) };
        using HttpResponseMessage refused = await server.SendAsync(bare);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);

        using HttpRequestMessage large = new(HttpMethod.Post, "/account/sign-in")
        {
            Headers = { ExpectContinue = true },
            Content = new StringContent("email=" + new string('x', (int)UploadLimits.Ordinary + 10), Encoding.ASCII, "application/x-www-form-urlencoded"),
        };
        using HttpResponseMessage tooLarge = await server.SendAsync(large);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, tooLarge.StatusCode);
    }

    [Fact]
    public async Task A_link_that_has_ended_says_so()
    {
        PageTexts texts = new TextCatalogue().In("en");
        foreach ((string path, string key) in new[] { ("/c/AAAAAAAAAAAAAAAAAAAAAA", "failure.link.title"), ("/account/accept/AAAAAAAAAAAAAAAAAAAAAA", "failure.invitation.title") })
        {
            using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, path, "text/html");
            Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
            Assert.Contains(texts[key], WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Who_must_wait_is_told_how_long()
    {
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, "/wait/7", "text/html");
        Assert.Equal(TimeSpan.FromSeconds(7), response.Headers.RetryAfter!.Delta);
        Assert.Contains(new TextCatalogue().In("en")["failure.wait", ("n", 7)], await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}

/// <summary>The real server with a few doors more that fail on purpose, and its log.</summary>
public sealed class FailingServer : IAsyncLifetime
{
    private readonly string directory = Directory.CreateTempSubdirectory("polyphony-failing-").FullName;
    private readonly HttpClient client = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    private WebApplication? app;

    internal CapturedLog Log { get; } = new();

    public async ValueTask InitializeAsync()
    {
        app = await TestServer.StartAsync(directory, "", builder => builder.Logging.SetMinimumLevel(LogLevel.Information).AddProvider(Log), more =>
        {
            RouteGroupBuilder open = more.MapPublic();
            open.MapGet("/fail/{status:int}", (int status, HttpContext context) => status == 500 ? throw new InvalidOperationException() : TypedResults.StatusCode(status));
            open.MapGet("/break/{secret}", (string secret) => secret.Length > 0 ? throw new InvalidOperationException("what-broke") : TypedResults.Ok());
            open.MapGet("/wait/{seconds}", (string seconds, HttpResponse response) =>
            {
                response.Headers.RetryAfter = seconds;
                return TypedResults.StatusCode(StatusCodes.Status503ServiceUnavailable);
            });
        });
        client.BaseAddress = new Uri(app.Urls.First());
    }

    public async Task<HttpResponseMessage> AskAsync(HttpMethod method, string path, string accept)
    {
        using HttpRequestMessage request = new(method, path);
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        return await client.SendAsync(request);
    }

    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => client.SendAsync(request);

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        if (app is not null)
        {
            await app.StopAsync();
            await app.DisposeAsync();
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }
}
