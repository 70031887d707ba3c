using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Routing;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tests.Authorisation;

/// <summary>Somebody who may do everything in one dialogue puts identifiers of another one into its addresses.</summary>
public sealed class SwappingIdentifiers(House house) : IClassFixture<House>
{
    /// <summary>A form that fills in whatever any of the doors asks for, so that only the identifier can be refused.</summary>
    private static readonly (string Name, string Value)[] Everything =
    [
        ("attendance", "present"), ("answer", "withdrew"), ("consent", "yes"), ("title.en", "Taken"), ("introduction.en", ""), ("date", "2027-05-01"), ("start", "09:00"), ("minutes", "60"),
        ("kind", "SingleChoice"), ("text.en", "Taken?"), ("options.en", "yes\nno"), ("maxChoices", "1"), ("id", "taken"), ("name", "Taken"), ("email", "taken@example.org"), ("value-0", "0"),
        ("version", "1"), ("round", "1"), ("table", "1"), ("number", "1"), ("q", "0"), ("go", "send"),
    ];

    [Fact]
    public async Task Every_page_and_form_answers_404_and_nothing_changes()
    {
        KeyValuePair<string, string>[] token = await house.TokenAsync("organiser", "/organise/new");
        KeyValuePair<string, string>[] citizenToken = await house.TokenAsync("citizen", "/c/" + house.Code);
        Assert.NotEmpty(token);
        Assert.NotEmpty(citizenToken);
        string before = await house.Server.FingerprintAsync();
        List<string> wrong = [];
        int tried = 0;
        foreach (RouteEndpoint endpoint in house.Endpoints.Where(endpoint => House.Audience(endpoint) is not (Audience.Bearer or Audience.Administrator)))
        {
            string pattern = endpoint.RoutePattern.RawText!;
            string role = House.Audience(endpoint) is Audience.Citizen or Audience.Tablet ? "citizen" : "organiser";
            foreach (string swapped in endpoint.RoutePattern.Parameters.Select(parameter => parameter.Name).Where(house.Other.Has))
            {
                foreach (string foreign in house.Other.Ids(swapped, pattern))
                {
                    string path = House.PathOf(endpoint, parameter => parameter == swapped ? foreign : house.Value(parameter, house.Own, role, pattern, elsewhere: false));
                    using HttpResponseMessage response = await house.AskAsync(role, () => new HttpRequestMessage(new HttpMethod(House.Method(endpoint)), path)
                    {
                        Content = House.Method(endpoint) == "GET"
                            ? null
                            : new FormUrlEncodedContent([.. role == "citizen" ? citizenToken : token, .. Everything.Select(field => KeyValuePair.Create(field.Name, field.Value))]),
                    });
                    tried++;
                    if (!House.WasIn(response) || response.StatusCode != HttpStatusCode.NotFound)
                    {
                        wrong.Add($"{House.Method(endpoint)} {pattern} with another dialogue's {{{swapped}}} answered {(int)response.StatusCode}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(tried, 40, int.MaxValue);
        Assert.Equal(before, await house.Server.FingerprintAsync());
    }

    [Fact]
    public async Task A_ballot_into_another_dialogues_session_is_not_counted()
    {
        string before = await house.Server.FingerprintAsync();
        foreach (string session in house.Other.Ids("session", ""))
        {
            using HttpResponseMessage response = await house.AskAsync("citizen", () => new HttpRequestMessage(HttpMethod.Post, $"/api/v1/sessions/{session}/ballot")
            {
                Headers = { { "Idempotency-Key", Guid.NewGuid().ToString("N") } },
                Content = JsonContent.Create(new { answers = new[] { new { question = house.Other.Ids("question", "")[0], options = Array.Empty<string>() } } }),
            });
            Assert.InRange((int)response.StatusCode, 400, 499);
        }

        Assert.Equal(before, await house.Server.FingerprintAsync());
    }
}
