using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;

namespace Polyphony.Web.Tests.Authorisation;

/// <summary>An auditor reads everything but identities; so do the public and the administrator, as far as they come in.</summary>
public sealed class ReadingAsAnAuditor(House house) : IClassFixture<House>
{
    [Theory]
    [InlineData("auditor", 25)]
    [InlineData("administrator", 15)]
    [InlineData("anonymous", 12)]
    public async Task No_page_names_anybody_of_the_pool(string role, int pages)
    {
        string[] marks = await MarksAsync();
        Assert.InRange(marks.Length, 200, int.MaxValue);
        List<string> wrong = [];
        int read = 0;
        foreach (bool isDrawn in (bool[])[false, true])
        {
            await SetDrawnAsync(isDrawn);
            foreach (RouteEndpoint endpoint in house.Endpoints.Where(endpoint => House.Method(endpoint) == "GET"))
            {
                string path = House.PathOf(endpoint, parameter => house.Value(parameter, house.Own, role, endpoint.RoutePattern.RawText!, elsewhere: false));

                // A search must not tell a name either, nor an address that helps a program.
                foreach (string asked in (string[])[path, $"{path}?q=name&by=0&round=1&from=2&person=1&done=present"])
                {
                    using HttpResponseMessage response = await house.AskAsync(role, () => new HttpRequestMessage(HttpMethod.Get, asked));
                    string text = WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                    read += response.StatusCode == HttpStatusCode.OK ? 1 : 0;
                    if ((int)response.StatusCode >= 500 || marks.Any(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase)))
                    {
                        wrong.Add($"{asked} answered {(int)response.StatusCode} {marks.FirstOrDefault(mark => text.Contains(mark, StringComparison.OrdinalIgnoreCase))}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.InRange(read, pages, int.MaxValue);
    }

    /// <summary>What the model itself marks as telling who somebody is.</summary>
    private Task<string[]> MarksAsync() => house.Server.WithDbAsync<string[]>(async db =>
    [
        .. Told<Person>(await db.People.ToListAsync()), .. Told<PoolMember>(await db.PoolMembers.ToListAsync()), .. Told<Participant>(await db.Participants.ToListAsync()),
    ]);

    private static IEnumerable<string> Told<T>(List<T> rows) =>
        from property in typeof(T).GetProperties()
        where property.PropertyType == typeof(string) && property.GetCustomAttribute<PersonalAttribute>() is { Category: not PersonalCategory.Criterion }
        from row in rows
        from line in ((string?)property.GetValue(row) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries)
        select line;

    /// <summary>Before the draw and after it pages show different things.</summary>
    private Task<int> SetDrawnAsync(bool isDrawn)
    {
        DialogueId dialogue = house.Own.Day.Dialogue.Id;
        LotteryState state = isDrawn ? LotteryState.Drawn : LotteryState.Ended;
        string result = isDrawn ? """{"Counts":[400,600],"Targets":[0.4,0.6],"Bound":0.4,"Uncoverable":[],"Panels":1000,"Seconds":1}""" : "";
        return house.Server.WithDbAsync(db => db.Lotteries.Where(lottery => lottery.DialogueId == dialogue)
            .ExecuteUpdateAsync(set => set.SetProperty(lottery => lottery.State, state).SetProperty(lottery => lottery.ResultJson, result)));
    }
}
