using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Hosting;

public sealed class SendingHeaders(FailingServer server) : IClassFixture<FailingServer>
{
    [Theory]
    [InlineData("/", 200)]
    [InlineData("/css/polyphony.css", 200)]
    [InlineData("/img/mark.svg", 200)]
    [InlineData("/health/live", 200)]
    [InlineData("/openapi/v1.json", 200)]
    [InlineData("/organise", 302)]
    [InlineData("/no-such-page", 404)]
    [InlineData("/c/AAAAAAAAAAAAAAAAAAAAAA", 404)]
    [InlineData("/api/v1/no-such-door", 404)]
    [InlineData("/css/no-such-style.css", 404)]
    [InlineData("/fail/403", 403)]
    [InlineData("/fail/413", 413)]
    [InlineData("/fail/429", 429)]
    [InlineData("/break/x", 500)]
    [InlineData("/wait/3", 503)]
    public async Task Every_answer_carries_them(string path, int status)
    {
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, path, "text/html");
        Assert.Equal(status, (int)response.StatusCode);
        HeaderSet.AssertOn(response);
    }

    [Fact]
    public async Task Not_modified_and_not_allowed_carry_them()
    {
        using HttpResponseMessage first = await server.AskAsync(HttpMethod.Get, "/css/polyphony.css", "text/css");
        using HttpRequestMessage again = new(HttpMethod.Get, "/css/polyphony.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage same = await server.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        HeaderSet.AssertOn(same);

        using HttpResponseMessage refused = await server.AskAsync(HttpMethod.Delete, "/health/live", "text/html");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        HeaderSet.AssertOn(refused);
    }

    [Theory]
    [InlineData("POST", "/account/sign-in", "application/x-www-form-urlencoded", 10, 400)]
    [InlineData("POST", "/account/sign-in", "application/x-www-form-urlencoded", (int)UploadLimits.Ordinary + 10, 413)]
    [InlineData("POST", "/organise/nowhere/mandate", "application/x-www-form-urlencoded", 10, 401)]
    [InlineData("POST", "/organise/nowhere/pool/upload", "text/plain", 10, 415)]
    [InlineData("POST", "/api/v1/sessions/019ab000000070008000000000000000/ballot", "application/json", 10, 401)]
    [InlineData("HEAD", "/css/polyphony.css", "", 0, 200)]
    public async Task So_does_what_is_refused_before_it_is_read(string method, string path, string type, int length, int status)
    {
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        request.Content = length > 0 ? new StringContent(new string('x', length), Encoding.ASCII, type) : null;

        // The answer comes before the form is sent: a connection that is closed meanwhile would lose it.
        request.Headers.ExpectContinue = length > UploadLimits.Ordinary;
        using HttpResponseMessage response = await server.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
        HeaderSet.AssertOn(response);
    }

    [Theory]
    [InlineData("/", 200)]
    [InlineData("/account/sign-in", 200)]
    [InlineData("/no-such-page", 404)]
    [InlineData("/break/x", 500)]
    public async Task Scripts_carry_a_nonce_of_their_answer_and_nothing_is_inline(string path, int status)
    {
        HashSet<string> policies = [];
        for (int time = 0; time < 2; time++)
        {
            using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, path, "text/html");
            Assert.Equal(status, (int)response.StatusCode);
            HeaderSet.AssertNothingInline(response, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            string policy = Assert.Single(response.Headers.GetValues("Content-Security-Policy"));
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
            Assert.True(!policy.Contains("nonce", StringComparison.Ordinal) || policies.Add(policy), "A nonce came twice.");
        }
    }

    [Fact]
    public async Task Behind_a_trusted_proxy_with_https_browsers_are_told_to_stay_with_it()
    {
        string directory = Directory.CreateTempSubdirectory("polyphony-https-").FullName;
        await using (WebApplication app = await TestServer.StartAsync(directory, "", builder => builder.Configuration["Polyphony:TrustedProxies:0"] = "127.0.0.1"))
        {
            using HttpClient client = new() { BaseAddress = new Uri(app.Urls.First()) };
            client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
            using HttpResponseMessage response = await client.GetAsync("/no-such-page", TestContext.Current.CancellationToken);
            Assert.Equal("max-age=31536000; includeSubDomains", Assert.Single(response.Headers.GetValues("Strict-Transport-Security")));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task No_log_holds_the_path_of_a_personal_link()
    {
        const string Code = "SecretSecretSecret1234";
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, "/c/" + Code, "text/html");
        using HttpResponseMessage invitation = await server.AskAsync(HttpMethod.Get, "/account/accept/" + Code, "text/html");
        Assert.NotEmpty(server.Log.Lines);
        Assert.DoesNotContain(server.Log.Lines, line => line.Contains(Code, StringComparison.Ordinal));
    }
}
