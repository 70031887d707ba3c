using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Storage;
using Polyphony.Web.Audiences;
using Polyphony.Web.Hosting;
using Polyphony.Web.Tests.Hosting;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Accounts;

/// <summary>Somebody tries one secret after the other from one address; a hall full of phones has the same. Each test has a server of its own, because tries are counted.</summary>
public sealed class GuessingSecrets : IAsyncLifetime
{
    private readonly TestServer server = new() { LimitsGuessing = true };

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task Passwords_are_slowed_by_address_and_pages_are_not()
    {
        using Visitor visitor = new(server.Address);
        KeyValuePair<string, string>[] token = await visitor.TokenAsync("/account/sign-in");
        await SlowedAsync(400, 20, attempt => visitor.PostAsync("/account/sign-in", "", new FormUrlEncodedContent([.. token, KeyValuePair.Create("email", $"nobody{attempt}@example.org")])));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/account/sign-in")).StatusCode);
    }

    [Fact]
    public async Task Codes_of_citizens_are_slowed_by_address_and_right_ones_are_not()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "guess");
        string code;
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            code = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(day.Dialogue.Id, (await day.PersonAsync(1)).Id, TestContext.Current.CancellationToken);
            await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using Visitor visitor = new(server.Address);
        await SlowedAsync(1_000, 20, _ => visitor.GetAsync("/c/" + LinkCode.Create()));
        Assert.Equal(HttpStatusCode.OK, (await visitor.GetAsync("/c/" + code)).StatusCode);

        // The same count stands before the door of programs; a slow machine may have given a try or two back by now.
        string session = (await day.SessionAsync(1)).Id.ToString();
        foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            await SlowedAsync(60, 0, _ =>
            {
                HttpRequestMessage request = new(method, method == HttpMethod.Get ? "/api/v1/ballot-papers" : $"/api/v1/sessions/{session}/ballot");
                request.Headers.Authorization = new("Bearer", "short");
                return visitor.SendAsync(request);
            });
        }
    }

    [Fact]
    public async Task A_right_code_is_slowed_by_itself_at_the_door_of_ballots()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "pace");
        string[] codes = new string[2];
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            for (int i = 0; i < codes.Length; i++)
            {
                codes[i] = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(day.Dialogue.Id, (await day.PersonAsync(i + 1)).Id, TestContext.Current.CancellationToken);
            }

            await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using Visitor visitor = new(server.Address);
        string session = (await day.SessionAsync(1)).Id.ToString();
        Task<HttpResponseMessage> CastAsync(string code)
        {
            HttpRequestMessage request = new(HttpMethod.Post, $"/api/v1/sessions/{session}/ballot") { Content = new StringContent("{}", System.Text.Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new("Bearer", code);
            return visitor.SendAsync(request);
        }

        await SlowedAsync(2_000, LinkPace.AtOnce, _ => CastAsync(codes[0]));
        using HttpResponseMessage other = await CastAsync(codes[1]);
        Assert.Equal(HttpStatusCode.BadRequest, other.StatusCode);
    }

    /// <summary>Asks until the answer is 429, which says how long to wait.</summary>
    private static async Task SlowedAsync(int most, int least, Func<int, Task<HttpResponseMessage>> ask)
    {
        for (int attempt = 0; attempt < most; attempt++)
        {
            using HttpResponseMessage response = await ask(attempt);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
            {
                Assert.InRange(attempt, least, most);
                Assert.InRange(response.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
                HeaderSet.AssertOn(response);
                return;
            }
        }

        Assert.Fail($"{most} tries went through.");
    }
}
