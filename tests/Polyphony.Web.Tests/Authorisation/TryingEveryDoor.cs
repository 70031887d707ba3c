using System.Net.Http.Json;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Audiences;

namespace Polyphony.Web.Tests.Authorisation;

/// <summary>Everybody tries every door of the real server, and <c>matrix.tsv</c> says which ones open.</summary>
/// <remarks>
/// A cell says <c>in</c> when the gate let the request through and a page that was asked for was there, <c>sign-in</c> when it was sent to the sign-in, else the status.
/// A citizen in the other dialogue comes with a link of it that has ended; a facilitator elsewhere is in the own dialogue at another table.
/// </remarks>
public sealed class TryingEveryDoor(House house) : IClassFixture<House>
{
    private static readonly string[] Columns =
    [
        "anonymous/own", "anonymous/other", "citizen/own", "citizen/other", "facilitator/own", "facilitator/elsewhere", "facilitator/other",
        "organiser/own", "organiser/other", "auditor/own", "auditor/other", "administrator/own", "administrator/other",
    ];

    [Fact]
    public async Task Each_opens_for_those_for_whom_it_is_and_for_nobody_else()
    {
        string[] lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Authorisation", "matrix.tsv"), TestContext.Current.CancellationToken);
        Assert.Equal(string.Join('\t', ["door", .. Columns]), lines[0]);
        Dictionary<string, string> table = lines[1..].ToDictionary(line => line.Split('\t', 2)[0], StringComparer.Ordinal);
        List<string> wrong = [];
        HashSet<string> doors = new(StringComparer.Ordinal);
        foreach (RouteEndpoint endpoint in house.Endpoints.OrderBy(DoorOf, StringComparer.Ordinal))
        {
            string door = DoorOf(endpoint);
            Assert.True(doors.Add(door), door + " is there twice");
            string row = await TryAsync(endpoint, door);
            if (!table.TryGetValue(door, out string? expected))
            {
                wrong.Add($"not in matrix.tsv; when it is right, paste:\n{row}");
            }
            else if (row != expected)
            {
                wrong.Add($"is\n{row}\nbut matrix.tsv says\n{expected}");
            }
        }

        wrong.AddRange(table.Keys.Except(doors).Select(door => "matrix.tsv has a row for a door that is not there: " + door));
        Assert.True(wrong.Count == 0, string.Join("\n\n", wrong));
    }

    [Fact]
    public async Task No_form_is_taken_without_its_token()
    {
        RouteEndpoint[] forms = [.. house.Endpoints.Where(endpoint => House.Method(endpoint) != "GET" && House.Audience(endpoint) != Audience.Bearer)];
        Assert.NotEmpty(forms);
        string before = await house.Server.FingerprintAsync();
        foreach (RouteEndpoint endpoint in forms)
        {
            Assert.True(endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is { RequiresValidation: true }, DoorOf(endpoint) + " takes a form without a token");
            string role = House.Audience(endpoint) switch { Audience.Citizen or Audience.Tablet => "citizen", Audience.Administrator => "administrator", _ => "organiser" };
            HttpResponseMessage response = await house.AskAsync(role, () => new HttpRequestMessage(HttpMethod.Post, PathOf(endpoint, role, house.Own, false))
            {
                Content = new MultipartFormDataContent { { new StringContent("x"), "field" } },
            });
            Assert.True(House.WasIn(response) && (int)response.StatusCode == 400, $"{DoorOf(endpoint)} answered {(int)response.StatusCode}");
        }

        Assert.Equal(before, await house.Server.FingerprintAsync());
    }

    private static string DoorOf(RouteEndpoint endpoint) => House.Method(endpoint) + " " + endpoint.RoutePattern.RawText;

    private async Task<string> TryAsync(RouteEndpoint endpoint, string door)
    {
        List<string> cells = [door];
        Dictionary<(string, string), string> tried = [];
        foreach (string column in Columns)
        {
            string[] who = column.Split('/');
            Rows rows = who[1] == "other" ? house.Other : house.Own;
            string path = PathOf(endpoint, who[0], rows, who[1] == "elsewhere");
            if (!tried.TryGetValue((who[0], path), out string? outcome))
            {
                tried[(who[0], path)] = outcome = await TryAsync(endpoint, who[0], rows, path);
            }

            cells.Add(outcome);
        }

        return string.Join('\t', cells);
    }

    private async Task<string> TryAsync(RouteEndpoint endpoint, string role, Rows rows, string path)
    {
        bool isBearer = House.Audience(endpoint) == Audience.Bearer;
        string method = House.Method(endpoint);
        object? ballot = !isBearer || method != "POST" ? null : path.EndsWith("/statement-votes", StringComparison.Ordinal) ? VoteOn(rows) : await BallotAsync(rows);
        using HttpResponseMessage response = await house.AskAsync(role, () =>
        {
            HttpRequestMessage request = new(new HttpMethod(method), path);
            if (ballot is not null)
            {
                request.Content = JsonContent.Create(ballot);
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString("N"));
            }
            else if (method != "GET")
            {
                request.Headers.Add(House.KnockHeader, "yes");
                request.Content = new MultipartFormDataContent { { new StringContent("x"), "field" } };
            }

            return request;
        });
        int status = (int)response.StatusCode;
        return status == 302 && response.Headers.Location!.ToString().StartsWith("/account/sign-in?", StringComparison.Ordinal)
            ? "sign-in"
            : status < 400 && (isBearer || House.WasIn(response) || IsSnapshot(response)) ? "in" : status.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Results that somebody has just read are answered before the gate: they were public a second ago.</summary>
    private static bool IsSnapshot(HttpResponseMessage response) => response.Headers.ETag is not null && response.Headers.CacheControl is { Public: true };

    private string PathOf(RouteEndpoint endpoint, string role, Rows rows, bool elsewhere) =>
        House.PathOf(endpoint, parameter => house.Value(parameter, rows, role, endpoint.RoutePattern.RawText!, elsewhere));

    /// <summary>A vote on a statement of a dialogue.</summary>
    private static object VoteOn(Rows rows) => new { votes = new[] { new { statement = rows.Ids("statement", "")[0], vote = "agree" } } };

    /// <summary>A ballot that could be counted in a dialogue's open session.</summary>
    private async Task<object> BallotAsync(Rows rows)
    {
        SessionId session = (await rows.Day.SessionAsync(1)).Id;
        Question question = await house.Server.WithDbAsync(db => db.Questions.Include(q => q.Options).SingleAsync(q => q.SessionId == session, TestContext.Current.CancellationToken));
        return new { answers = new[] { new { question = question.Id.ToString(), options = new[] { question.Options[0].Id.ToString() } } } };
    }
}
