using System.Net;

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
