using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Web.Accounts;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>Somebody who came in by the one-time link of a new server and organises dialogues on it.</summary>
internal sealed partial class Organiser : IDisposable
{
    private readonly Visitor visitor;
    private KeyValuePair<string, string>[] token = [];

    private Organiser(Visitor visitor) => this.visitor = visitor;

    /// <summary>Makes the first administrator of a server that has none, or another one.</summary>
    public static async Task<Organiser> ArriveAsync(TestServer server, string email)
    {
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        string code = await scope.ServiceProvider.GetRequiredService<Invitations>().CreateAsync(email, "Ada", true, null, null, null, [], TestContext.Current.CancellationToken);
        Organiser organiser = new(new Visitor(server.Address));
        string path = "/account/accept/" + code;
        Page page = await organiser.visitor.SubmitAsync(path, path, ("displayName", "Ada"), ("email", email), ("password", "a quiet hall of dots"));
        Assert.Equal("/organise", page.Path);
        return organiser;
    }

    /// <summary>Begins a dialogue of one site.</summary>
    public async Task BeginAsync(string slug, int planned, params (string Name, string Value)[] more)
    {
        (string, string)[] fields =
        [
            ("languages", "en"), ("slug", slug), ("title.en", "A dialogue"), ("question.en", "What shall we do?"), ("siteName", "Hall"), ("country", "CH"),
            ("timeZone", "Europe/Zurich"), ("planned", planned.ToString(System.Globalization.CultureInfo.InvariantCulture)), .. more,
        ];
        Page page = await PostAsync("/organise/new", fields);
        Assert.Equal("/organise/" + slug, page.Path);
    }

    /// <summary>Opens a page and follows redirects to where they end.</summary>
    public async Task<Page> OpenAsync(string path)
    {
        HttpResponseMessage response = await PatientlyAsync(() => visitor.GetAsync(path));
        for (int hop = 0; hop < 5 && response.Headers.Location is { } location; hop++)
        {
            path = location.ToString();
            string next = path;
            response = await PatientlyAsync(() => visitor.GetAsync(next));
        }

        return new Page(path, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Posts a form and follows the redirect.</summary>
    public async Task<Page> PostAsync(string action, params (string Name, string Value)[] fields)
    {
        await TakeTokenAsync();
        return await FollowAsync(action, () => new FormUrlEncodedContent([.. token, .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))]));
    }

    /// <summary>Posts a form that answers with a file.</summary>
    public async Task<byte[]> DownloadAsync(string action, params (string Name, string Value)[] fields)
    {
        await TakeTokenAsync();
        HttpResponseMessage response = await PatientlyAsync(() => visitor.PostAsync(action, action, new FormUrlEncodedContent([.. token, .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value))])));
        Assert.Equal((action, HttpStatusCode.OK), (action, response.StatusCode));
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        return await response.Content.ReadAsByteArrayAsync();
    }

    /// <summary>Posts a form with a file and follows the redirect.</summary>
    public async Task<Page> UploadAsync(string action, string fileName, byte[] content)
    {
        await TakeTokenAsync();
        return await FollowAsync(action, () => new MultipartFormDataContent
        {
            { new StringContent(token[0].Value), token[0].Key },
            { new ByteArrayContent(content), "file", fileName },
        });
    }

    public void Dispose() => visitor.Dispose();

    /// <summary>What a page tells of a file: code, row, column and sentence of every problem.</summary>
    public static IReadOnlyList<(string Code, string Row, string Column, string Sentence)> Problems(Page page) =>
    [
        .. ProblemPattern().Matches(page.Html).Select(match => (
            match.Groups[1].Value, match.Groups[2].Value, WebUtility.HtmlDecode(match.Groups[3].Value), WebUtility.HtmlDecode(match.Groups[4].Value))),
    ];

    private async Task TakeTokenAsync()
    {
        if (token.Length == 0)
        {
            token = await visitor.TokenAsync("/organise/new");
        }
    }

    private async Task<Page> FollowAsync(string action, Func<HttpContent> content)
    {
        HttpResponseMessage response = await PatientlyAsync(() => visitor.PostAsync(action, action, content()));
        return response.Headers.Location is { } location
            ? await OpenAsync(location.ToString())
            : new Page(action, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>An account may ask only so often: whoever is refused for that waits and asks again, each request by itself.</summary>
    private static async Task<HttpResponseMessage> PatientlyAsync(Func<Task<HttpResponseMessage>> ask)
    {
        while (true)
        {
            HttpResponseMessage response = await ask();
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                return response;
            }

            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        }
    }

    [GeneratedRegex("""<tr data-code="([^"]+)">\s*<td[^>]*>([^<]*)</td>\s*<td><bdi>([^<]*)</bdi></td>\s*<td><bdi>[^<]*</bdi></td>\s*<td>([^<]*)</td>""")]
    private static partial Regex ProblemPattern();
}
