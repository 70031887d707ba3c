using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Mandates;

/// <summary>A public dialogue whose mandate is written again.</summary>
public sealed partial class EditingTheMandate(TestServer server)
{
    private const string Needed = "The page is public: this may not be empty.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_number_of_places_ends_a_lottery_of_the_number_before_and_is_refused_after_the_freeze()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "resized");
        Lottery computed = await town.ComputeAsync();
        Assert.Equal((LotteryState.Computed, 3), (computed.State, computed.PanelSize));
        Assert.EndsWith("?saved=1", (await SaveAsync(town, ("question.en", "What shall we do now?"))).Path, StringComparison.Ordinal);
        Assert.Equal(LotteryState.Computed, (await town.NewestAsync(LotteryKind.Panel)).State);

        Assert.EndsWith("?saved=1", (await SaveAsync(town, ("planned", "2"))).Path, StringComparison.Ordinal);
        Lottery ended = await town.NewestAsync(LotteryKind.Panel);
        Assert.Equal((LotteryState.Ended, "pool-changed"), (ended.State, ended.EndCode));
        Assert.Contains("quotas.places", await town.CodesAsync());

        Assert.Equal(2, (await town.ComputeAsync()).PanelSize);
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        Page refused = await SaveAsync(town, ("planned", "3"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains("it cannot be changed now", refused.Text, StringComparison.Ordinal);
        Assert.Equal(2, (await SiteAsync(town)).PlannedParticipants);

        // What does not touch the draw can be corrected until the end.
        Assert.EndsWith("?saved=1", (await SaveAsync(town, ("planned", "2"), ("siteName", "The other hall"))).Path, StringComparison.Ordinal);
        Assert.Equal("The other hall", (await SiteAsync(town)).Name);
    }

    [Theory]
    [InlineData("commissioner.en")]
    [InlineData("startsOn")]
    [InlineData("answerBy")]
    [InlineData("contactName")]
    [InlineData("contactEmail")]
    [InlineData("siteName")]
    [InlineData("timeZone")]
    public async Task What_a_public_page_needs_cannot_be_emptied(string field)
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "emptied");
        Page refused = await SaveAsync(town, (field, ""));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Matches($"id=\"f-{field.Replace('.', '-')}-error\">{Needed}", refused.Html);

        await server.WithDbAsync(db => db.Dialogues.Where(d => d.Id == town.Dialogue).ExecuteUpdateAsync(set => set.SetProperty(d => d.PublishedAt, (DateTimeOffset?)null), Stop));
        Assert.EndsWith("?saved=1", (await SaveAsync(town, (field, ""))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_telephone_is_contact_enough()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "by-phone");
        Assert.EndsWith("?saved=1", (await SaveAsync(town, ("contactEmail", ""), ("contactPhone", "+41 61 555 01 23"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_of_a_site_does_not_take_its_zone_away_either()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "zoneless");
        string page = $"/organise/{town.Slug}/sites/{town.Site.Id}";
        (string, string)[] site = [("code", "CH"), ("name", "Hall"), ("country", "CH"), ("planned", "3"), ("address", "")];
        Page refused = await town.Organiser.PostAsync(page, [.. site, ("timeZone", "")]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.Status);
        Assert.Contains(Needed, refused.Text, StringComparison.Ordinal);
        Assert.EndsWith("?notice=saved", (await town.Organiser.PostAsync(page, [.. site, ("timeZone", "Europe/Paris")])).Path, StringComparison.Ordinal);
    }

    private Task<Site> SiteAsync(DrawTown town) => server.WithDbAsync(db => db.Sites.AsNoTracking().SingleAsync(site => site.Id == town.Site.Id, Stop));

    /// <summary>Saves a complete mandate with some fields otherwise.</summary>
    private static async Task<Page> SaveAsync(DrawTown town, params (string Name, string Value)[] otherwise)
    {
        string page = $"/organise/{town.Slug}/mandate";
        Dictionary<string, string> fields = new(StringComparer.Ordinal)
        {
            ["version"] = VersionPattern().Match((await town.Organiser.OpenAsync(page)).Html).Groups[1].Value,
            ["languages"] = "en",
            ["title.en"] = "A dialogue",
            ["question.en"] = "What shall we do?",
            ["commissioner.en"] = "The council",
            ["addressee.en"] = "The mayor",
            ["promise.en"] = "An answer to each result.",
            ["startsOn"] = "2027-05-01",
            ["endsOn"] = "2027-05-01",
            ["answerBy"] = "2027-09-01",
            ["contactName"] = "Office for dialogue",
            ["contactEmail"] = "dialogue@example.org",
            ["siteName"] = "Hall",
            ["country"] = "CH",
            ["timeZone"] = "Europe/Zurich",
            ["planned"] = "3",
        };
        foreach ((string name, string value) in otherwise)
        {
            fields[name] = value;
        }

        return await town.Organiser.PostAsync(page, [.. fields.Select(field => (field.Key, field.Value))]);
    }

    [GeneratedRegex("name=\"version\" value=\"([^\"]+)\"")]
    private static partial Regex VersionPattern();
}
