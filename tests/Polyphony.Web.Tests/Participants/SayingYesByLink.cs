using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>Number 25 has the page of the personal link open, without any script.</summary>
public sealed class SayingYesByLink(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_forgets_to_tick_loses_nothing_of_what_was_written()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "unticked");
        string link = "/c/" + await day.LinkAsync(25);
        using Visitor citizen = new(server.Address);
        (string, string)[] needs = [("access", "A ramp, please"), ("diet", "No nuts & no <shells>"), ("languageNeeds", "Breton"), ("other", "I sit by the door"), ("withoutPhone", "yes")];
        Page again = await citizen.SubmitAsync(link, link + "/accept", needs);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, again.Status);
        Assert.Contains("what you wrote still stands below", again.Text, StringComparison.Ordinal);
        Assert.Matches("id=\"f-consent\"[^>]*aria-describedby=\"f-consent-error\"", again.Html);
        Assert.Equal(
            ["A ramp, please", "No nuts & no <shells>", "Breton", "I sit by the door"],
            ((string[])["access", "diet", "languageNeeds", "other"]).Select(field => WebUtility.HtmlDecode(Regex.Match(again.Html, $"name=\"{field}\"[^>]*? value=\"([^\"]*)\"").Groups[1].Value)));
        Assert.Matches("name=\"withoutPhone\" value=\"yes\" checked", again.Html);
        Assert.Contains("back=" + Uri.EscapeDataString(link) + "\"", again.Html, StringComparison.Ordinal);
        Assert.Equal((ParticipantStatus.Selected, false), ((await day.PersonAsync(25)).Status, (await day.PersonAsync(25)).WithoutPhone));
        Assert.False(await server.WithDbAsync(db => db.People.AnyAsync(person => person.DialogueId == day.Dialogue.Id && person.AccessNeeds != "", Stop)));

        Page yes = await citizen.SubmitAsync(link, link + "/accept", [.. needs, ("consent", "yes")]);
        Assert.Equal((HttpStatusCode.OK, link), (yes.Status, yes.Path));
        Assert.Equal((ParticipantStatus.Confirmed, true), ((await day.PersonAsync(25)).Status, (await day.PersonAsync(25)).WithoutPhone));
    }

    [Fact]
    public async Task The_draw_is_checked_where_its_page_is_public()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "checked");
        string link = "/c/" + await day.LinkAsync(25);
        using Visitor citizen = new(server.Address);
        string check = $"/d/{day.Slug}/draw/check";
        Assert.DoesNotContain(check, (await citizen.OpenAsync(link)).Html, StringComparison.Ordinal);
        await server.WithDbAsync(db => db.Dialogues.Where(d => d.Id == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, DateTimeOffset.UnixEpoch), Stop));
        Assert.Contains(check, (await citizen.OpenAsync(link)).Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await citizen.GetAsync(check)).StatusCode);
    }
}
