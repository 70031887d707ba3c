using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Storage;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Accounts;

public sealed class ReissuingALink(TestServer server)
{
    [Fact]
    public async Task Ends_the_old_one_at_every_door()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "reissue");
        string old;
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            old = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(day.Dialogue.Id, (await day.PersonAsync(1)).Id, TestContext.Current.CancellationToken);
            await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using Visitor citizen = new(server.Address);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), await AskAsync(citizen, old));
        Page letter = await day.Organiser.SubmitAsync(day.Base + "/participants", $"{day.Base}/participants/{(await day.PersonAsync(1)).Id}/reissue");
        string path = StaffServer.LinkIn(letter.Html, "/c/");
        Assert.Equal("/c/".Length + 22, path.Length);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), await AskAsync(citizen, path["/c/".Length..]));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.Unauthorized), await AskAsync(citizen, old));
    }

    [Theory]
    [InlineData("", "/participants")]
    [InlineData("?show=Accepted&q=person&page=2", "/participants?show=Accepted&amp;q=person&amp;page=2")]
    [InlineData("?door=yes", "/check-in")]
    public async Task Leads_back_to_where_it_was_asked_for(string from, string back)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "back");
        Page letter = await day.Organiser.SubmitAsync(day.Base + "/participants", $"{day.Base}/participants/{(await day.PersonAsync(1)).Id}/reissue{from}");
        Assert.Contains($"<a href=\"{day.Base}{back}\">Back to the", letter.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Is_asked_for_with_the_part_of_the_list_that_is_looked_at()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "part");
        Page list = await day.Organiser.OpenAsync(day.Base + "/participants?show=Accepted&q=person");
        Assert.Contains("/reissue?show=Accepted&amp;q=person\"", list.Html, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode Page, HttpStatusCode Door)> AskAsync(Visitor citizen, string code)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/ballot-papers");
        request.Headers.Authorization = new("Bearer", code);
        return ((await citizen.GetAsync("/c/" + code)).StatusCode, (await citizen.SendAsync(request)).StatusCode);
    }
}
