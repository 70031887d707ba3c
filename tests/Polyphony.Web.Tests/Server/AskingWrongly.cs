using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Polyphony.Web.Tests.Server;

public sealed class AskingWrongly(TestServer server)
{
    [Theory]
    [InlineData("GET", "/api/v1/sessions/019ab000-0000-7000-8000-000000000000/ballot", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/account/sign-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/organise/nowhere/pool/upload", HttpStatusCode.UnsupportedMediaType)]
    public async Task A_wrong_method_or_content_type_is_refused_and_not_a_failure_of_ours(string method, string path, HttpStatusCode expected)
    {
        using Visitor visitor = new(server.Address);
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        if (method == "POST")
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("file", "x")]);
        }

        Assert.Equal(expected, (await visitor.SendAsync(request)).StatusCode);
    }

    /// <summary>These are answered before the program sees them, so without its headers; see <c>docs/architecture.md</c>.</summary>
    [Theory]
    [InlineData("GARBAGE\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nno colon\r\n\r\n", 400)]
    [InlineData("GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 505)]
    [InlineData("GET /{9000} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414)]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX: {40000}\r\n\r\n", 431)]
    public async Task What_is_no_request_is_answered_with_a_number_and_nothing_else(string sent, int status)
    {
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, server.Address.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(sent.Replace("{9000}", new string('a', 9_000), StringComparison.Ordinal).Replace("{40000}", new string('a', 40_000), StringComparison.Ordinal)), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream);
        string[] lines = (await reader.ReadToEndAsync(TestContext.Current.CancellationToken)).Split("\r\n");
        Assert.StartsWith($"HTTP/1.1 {status} ", lines[0], StringComparison.Ordinal);
        Assert.Equal(["Connection: close", "Content-Length: 0"], lines[1..].Where(line => line.Length > 0 && !line.StartsWith("Date: ", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_form_with_a_nul_is_refused_before_a_database_sees_it(bool multipart)
    {
        using Visitor visitor = new(server.Address);
        KeyValuePair<string, string>[] fields = [.. await visitor.TokenAsync("/account/sign-in"), new("email", "a\0@example.org"), new("password", "x")];
        HttpContent form = multipart ? new MultipartFormDataContent() : new FormUrlEncodedContent(fields);
        foreach (KeyValuePair<string, string> field in fields)
        {
            (form as MultipartFormDataContent)?.Add(new StringContent(field.Value), field.Key);
        }

        Assert.Equal(HttpStatusCode.BadRequest, (await visitor.PostAsync("/account/sign-in", "", form)).StatusCode);
    }
}
