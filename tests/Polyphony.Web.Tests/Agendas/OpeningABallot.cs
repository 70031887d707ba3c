using System.Net;
using Polyphony.Storage.Agendas;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Agendas;

public sealed class OpeningABallot(TestServer server)
{
    [Fact]
    public async Task Its_session_is_to_be_read_and_changes_no_more()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "frozen");
        string agenda = day.Base + "/agenda";
        Session before = await day.SessionAsync(1);
        Session draft = await day.SessionAsync(2);
        await day.BallotAsync(1, "open");

        Page page = await day.Organiser.OpenAsync($"{agenda}/sessions/{before.Id}");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("name=\"title.en\"", page.Html, StringComparison.Ordinal);
        Assert.Contains("Why?", page.Text, StringComparison.Ordinal);
        Assert.Contains("name=\"title.en\"", (await day.Organiser.OpenAsync($"{agenda}/sessions/{draft.Id}")).Html, StringComparison.Ordinal);

        // A form that was opened before still stands in another window.
        (string, string)[] form = [("title.en", "Another title"), ("introduction.en", "Other words"), ("date", "2027-01-01"), ("start", "10:00"), ("minutes", "5")];
        Page refused = await day.Organiser.SubmitAsync($"{agenda}/sessions/{draft.Id}", $"{agenda}/sessions/{before.Id}", form);
        Assert.Contains("problem=frozen", refused.Path, StringComparison.Ordinal);
        Session after = await day.SessionAsync(1);
        Assert.Equal((before.Title, before.Introduction, before.Date, before.Minutes), (after.Title, after.Introduction, after.Date, after.Minutes));

        Assert.EndsWith($"/sessions/{before.Id}", (await day.Organiser.OpenAsync($"{agenda}/sessions/{before.Id}/questions/new")).Path, StringComparison.Ordinal);
    }
}
