using System.Net;
using System.Text.RegularExpressions;

namespace Polyphony.Web.Rehearsal;

/// <summary>A person with a browser, seen from the wire: keeps cookies itself (.NET's container sends no Secure cookie over http),
/// reads pages and posts their forms with the token that stands in them.</summary>
public sealed partial class Visitor : IDisposable
{
    private readonly HttpClient client;
    private readonly Dictionary<string, string> cookies = new(StringComparer.Ordinal);

    public Visitor(Uri address) => client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };

    /// <summary>Sends a request with the visitor's cookies.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request)
    {
        if (cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", cookies.Select(cookie => cookie.Key + "=" + cookie.Value)));
        }

        HttpResponseMessage response = await client.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? set))
        {
            foreach (string cookie in set)
            {
                string[] pair = cookie.Split(';', 2)[0].Split('=', 2);
                if (pair[1].Length == 0)
                {
                    cookies.Remove(pair[0]);
                }
                else
                {
                    cookies[pair[0]] = pair[1];
                }
            }
        }

        return response;
    }

    public Task<HttpResponseMessage> GetAsync(string path) => SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

    /// <summary>Opens a page and follows redirects to where they end.</summary>
    public async Task<Page> OpenAsync(string path)
    {
        HttpResponseMessage response = await GetAsync(path);
        for (int hop = 0; hop < 5 && response.Headers.Location is { } location; hop++)
        {
            path = location.ToString();
            response = await GetAsync(path);
        }

        return new Page(path, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Fills in a form of a page and sends it, then follows the redirect.</summary>
    public async Task<Page> SubmitAsync(string page, string action, params (string Name, string Value)[] fields)
    {
        HttpResponseMessage response = await PostAsync(page, action, new FormUrlEncodedContent(
            (await TokenAsync(page)).Concat(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)))));
        return response.Headers.Location is { } location
            ? await OpenAsync(location.ToString())
            : new Page(action, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Sends a form with a file.</summary>
    public async Task<Page> UploadAsync(string page, string action, string field, string fileName, byte[] content, params (string Name, string Value)[] fields)
    {
        MultipartFormDataContent form = [];
        foreach (KeyValuePair<string, string> pair in (await TokenAsync(page)).Concat(fields.Select(f => KeyValuePair.Create(f.Name, f.Value))))
        {
            form.Add(new StringContent(pair.Value), pair.Key);
        }

        form.Add(new ByteArrayContent(content), field, fileName);
        HttpResponseMessage response = await PostAsync(page, action, form);
        return response.Headers.Location is { } location
            ? await OpenAsync(location.ToString())
            : new Page(action, response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    public Task<HttpResponseMessage> PostAsync(string page, string action, HttpContent content) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, action.Length == 0 ? page : action) { Content = content });

    /// <summary>The antiforgery field of a page.</summary>
    public async Task<KeyValuePair<string, string>[]> TokenAsync(string page)
    {
        Page opened = await OpenAsync(page);
        Match token = TokenPattern().Match(opened.Html);
        return token.Success ? [KeyValuePair.Create("__RequestVerificationToken", WebUtility.HtmlDecode(token.Groups[1].Value))] : [];
    }

    public void Dispose() => client.Dispose();

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex TokenPattern();
}

/// <summary>What came back.</summary>
public sealed record Page(string Path, HttpStatusCode Status, string Html)
{
    /// <summary>The text without tags.</summary>
    public string Text => WebUtility.HtmlDecode(Regex.Replace(Regex.Replace(Html, "<[^>]+>", " "), @"\s+", " "));
}
