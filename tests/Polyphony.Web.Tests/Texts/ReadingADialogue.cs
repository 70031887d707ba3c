using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Web.Audiences;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Texts;

/// <summary>A dialogue is written in German and French; the server's own sentences are in English and French.</summary>
public sealed class ReadingADialogue(TestServer server)
{
    private const string German = "Fahrerlos unterwegs";
    private const string French = "Mobilité sans conducteur";

    [Theory]
    [InlineData("de", German, "en")]
    [InlineData("fr-CH, de;q=0.5", French, "fr")]
    [InlineData("de, fr;q=0.5", German, "fr")]
    [InlineData("pt, fr;q=0.5", French, "fr")]
    [InlineData("pt", German, "en")]
    public async Task A_browser_says_in_which_language_it_is_read(string accepted, string title, string spoken)
    {
        using DialogueOfTheDay day = await MakeAsync();
        string html = await AskAsync(day, "", accepted);
        Assert.Contains(">" + title, html, StringComparison.Ordinal);
        Assert.Contains($"<html lang=\"{spoken}\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_language_of_the_dialogue_is_offered_and_remembered()
    {
        using DialogueOfTheDay day = await MakeAsync();
        using Visitor visitor = new(server.Address);
        Page page = await visitor.OpenAsync($"/d/{day.Slug}?lang=fr");
        Assert.Contains(">Deutsch</a>", page.Html, StringComparison.Ordinal);
        Assert.Contains(">English</a>", page.Html, StringComparison.Ordinal);
        Assert.DoesNotContain(">Français</a>", page.Html, StringComparison.Ordinal);
        await visitor.OpenAsync($"/language/de?back=/d/{day.Slug}");
        page = await visitor.OpenAsync("/d/" + day.Slug);
        Assert.Contains(German, page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(">Deutsch</a>", page.Html, StringComparison.Ordinal);
        Assert.Equal($"/d/{day.Slug}/results/de", (await visitor.OpenAsync($"/d/{day.Slug}/results")).Path);
    }

    [Theory]
    [InlineData("results")]
    [InlineData("insights")]
    public async Task A_page_that_everybody_gets_alike_has_its_language_from_its_address_alone(string name)
    {
        using DialogueOfTheDay day = await MakeAsync();

        // The first makes it, and is asked for in capitals by somebody who reads French.
        string first = await AskAsync(day, $"/{name}/DE", "fr");
        Assert.Contains(German, first, StringComparison.Ordinal);
        Assert.DoesNotContain(French, first, StringComparison.Ordinal);
        Assert.Equal(first, await AskAsync(day, $"/{name}/de", "en"));
        Assert.Contains(French, await AskAsync(day, $"/{name}/fr", "de"), StringComparison.Ordinal);
        using Visitor visitor = new(server.Address);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync($"/d/{day.Slug}/{name}/pt")).StatusCode);
    }

    [Fact]
    public async Task A_citizen_is_addressed_in_the_language_of_the_pool_until_another_is_chosen()
    {
        using DialogueOfTheDay day = await MakeAsync();
        string code;
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            Db db = scope.ServiceProvider.GetRequiredService<Db>();
            Polyphony.Storage.Participants.Participant citizen = await day.PersonAsync(1);
            await db.People.Where(person => person.Id == citizen.PersonId).ExecuteUpdateAsync(set => set.SetProperty(person => person.Language, "fr"), TestContext.Current.CancellationToken);
            code = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(day.Dialogue.Id, citizen.Id, TestContext.Current.CancellationToken);
            await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        }

        using Visitor visitor = new(server.Address);
        Page page = await visitor.OpenAsync("/c/" + code);
        Assert.Contains("<html lang=\"fr\"", page.Html, StringComparison.Ordinal);
        Assert.Contains(French, page.Text, StringComparison.Ordinal);
        await visitor.OpenAsync("/language/de?back=/c/" + code);
        page = await visitor.OpenAsync("/c/" + code);
        Assert.Contains(German, page.Text, StringComparison.Ordinal);
        Assert.Contains("<html lang=\"fr\"", page.Html, StringComparison.Ordinal);
    }

    private async Task<DialogueOfTheDay> MakeAsync()
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "read");
        await server.WithDbAsync(async db =>
        {
            Polyphony.Storage.Mandates.Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == day.Dialogue.Id, TestContext.Current.CancellationToken);
            dialogue.Languages = ["de", "fr"];
            dialogue.Title = LocalizedText.Of(("de", German), ("fr", French));
            dialogue.PublishedAt = DateTimeOffset.UnixEpoch;
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        return day;
    }

    private async Task<string> AskAsync(DialogueOfTheDay day, string page, string accepted)
    {
        using Visitor visitor = new(server.Address);
        using HttpRequestMessage request = new(HttpMethod.Get, $"/d/{day.Slug}{page}");
        request.Headers.Add("Accept-Language", accepted);
        using HttpResponseMessage response = await visitor.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return WebUtility.HtmlDecode(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
