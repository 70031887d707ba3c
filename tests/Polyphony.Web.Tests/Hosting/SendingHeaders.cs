using System.Net;
using System.Net.Http.Headers;

namespace Polyphony.Web.Tests.Hosting;

public sealed class SendingHeaders(FailingServer server) : IClassFixture<FailingServer>
{
    private static readonly string[] Expected =
    [
        "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy", "Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy", "Cache-Control",
    ];

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
        AssertHeaders(response);
    }

    [Fact]
    public async Task Not_modified_and_not_allowed_carry_them()
    {
        using HttpResponseMessage first = await server.AskAsync(HttpMethod.Get, "/css/polyphony.css", "text/css");
        using HttpRequestMessage again = new(HttpMethod.Get, "/css/polyphony.css");
        again.Headers.IfNoneMatch.Add(first.Headers.ETag!);
        using HttpResponseMessage same = await server.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        AssertHeaders(same);

        using HttpResponseMessage refused = await server.AskAsync(HttpMethod.Delete, "/health/live", "text/html");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        AssertHeaders(refused);
    }

    [Fact]
    public async Task No_script_and_no_style_may_be_inline_without_its_nonce()
    {
        using HttpResponseMessage response = await server.AskAsync(HttpMethod.Get, "/", "text/html");
        string policy = string.Join(' ', response.Headers.GetValues("Content-Security-Policy"));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.False(response.Headers.Contains("Server"));
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

    private static void AssertHeaders(HttpResponseMessage response)
    {
        HttpResponseHeaders headers = response.Headers;
        Assert.All(Expected, name => Assert.True(headers.Contains(name), $"{response.RequestMessage!.RequestUri!.AbsolutePath} answered {(int)response.StatusCode} without {name}"));
    }
}
