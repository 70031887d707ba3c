using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Texts;

namespace Polyphony.Web.Tests.Participants;

/// <summary>The organiser reads English; number 25 was drawn and has not answered.</summary>
public sealed partial class SayingYesForSomebody(TestServer server)
{
    private static readonly TextCatalogue Catalogue = new();

    [Theory]
    [InlineData("fr", "fr")]
    [InlineData("en", "en")]
    [InlineData("", "en")]
    [InlineData("de", "en")]
    public async Task By_telephone_is_written_down_with_the_words_of_their_language(string pool, string expected)
    {
        using DialogueOfTheDay day = await MakeAsync("yes-phone", pool);
        string page = await AnswerPageAsync(day);
        Page words = await day.Organiser.OpenAsync(page);
        AssertReadOut(words, expected);
        Page done = await day.Organiser.SubmitAsync(page, page, ("answer", "confirmed"), ("consent", Words(words)));
        Assert.Equal(day.Base + "/participants", done.Path);
        await AssertGivenAsync(day, expected);
    }

    [Theory]
    [InlineData("fr", "fr")]
    [InlineData("en", "en")]
    [InlineData("", "en")]
    public async Task At_the_door_is_written_down_with_the_words_of_their_language(string pool, string expected)
    {
        using DialogueOfTheDay day = await MakeAsync("yes-door", pool);
        AssertReadOut(await day.Organiser.OpenAsync(day.Base + "/check-in"), expected);
        await day.SayYesAtTheDoorAsync(25);
        await AssertGivenAsync(day, expected);
    }

    [Fact]
    public async Task Is_not_written_down_before_the_words_were_on_the_screen()
    {
        using DialogueOfTheDay day = await MakeAsync("yes-blind", "fr");
        string page = await AnswerPageAsync(day);
        foreach (string consent in (string[])["", "yes", new string('0', 64)])
        {
            Page again = await day.Organiser.SubmitAsync(day.Base + "/participants", page, ("answer", "confirmed"), ("consent", consent));
            Assert.Contains("Read them out first", again.Text, StringComparison.Ordinal);
            AssertReadOut(again, "fr");
            await day.MarkAsync(25, "present", ("consent", consent));
            Participant person = await day.PersonAsync(25);
            Assert.Equal((ParticipantStatus.Selected, Attendance.Expected), (person.Status, person.Attendance));
        }

        Assert.Empty(await ConsentsAsync(day));

        // The list was open in one language, and the pool was corrected to another meanwhile.
        string before = Words(await day.Organiser.OpenAsync(page));
        await SpeakAsync(day, "en");
        Page changed = await day.MarkAsync(25, "present", ("consent", before));
        Assert.Contains("have changed", changed.Text, StringComparison.Ordinal);
        Assert.Empty(await ConsentsAsync(day));
    }

    [Fact]
    public async Task The_list_leads_to_the_words_and_has_no_button_that_skips_them()
    {
        using DialogueOfTheDay day = await MakeAsync("yes-list", "fr");
        string page = await AnswerPageAsync(day);
        Page list = await day.Organiser.OpenAsync(day.Base + "/participants");
        Assert.Contains($"href=\"{page}\"", list.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("value=\"confirmed\"", list.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync(page.Replace(day.Slug, day.Slug + "x", StringComparison.Ordinal))).Status);
    }

    private async Task<DialogueOfTheDay> MakeAsync(string name, string language)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        await server.WithDbAsync(async db =>
        {
            Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == day.Dialogue.Id, TestContext.Current.CancellationToken);
            dialogue.Languages = ["en", "fr"];
            return await db.SaveChangesAsync(TestContext.Current.CancellationToken);
        });
        await SpeakAsync(day, language);
        return day;
    }

    private async Task SpeakAsync(DialogueOfTheDay day, string language)
    {
        var id = (await day.PersonAsync(25)).PersonId;
        await server.WithDbAsync(db => db.People.Where(person => person.Id == id).ExecuteUpdateAsync(set => set.SetProperty(person => person.Language, language), TestContext.Current.CancellationToken));
    }

    private static async Task<string> AnswerPageAsync(DialogueOfTheDay day) => $"{day.Base}/participants/{(await day.PersonAsync(25)).Id}/answer";

    private Task<List<Consent>> ConsentsAsync(DialogueOfTheDay day) =>
        server.WithDbAsync(db => db.Consents.AsNoTracking().Where(consent => consent.DialogueId == day.Dialogue.Id).ToListAsync(TestContext.Current.CancellationToken));

    private static void AssertReadOut(Page page, string language)
    {
        Match block = BlockPattern().Match(page.Html);
        Assert.Equal(language, block.Groups[1].Value);
        string read = WebUtility.HtmlDecode(block.Value);
        Assert.All(Keys, key => Assert.Contains(Catalogue.In(language)[key], read, StringComparison.Ordinal));
    }

    private async Task AssertGivenAsync(DialogueOfTheDay day, string language)
    {
        Participant person = await day.PersonAsync(25);
        Assert.Equal(ParticipantStatus.Confirmed, person.Status);
        Consent consent = Assert.Single(await ConsentsAsync(day));
        Assert.Equal((person.Id, language), (consent.ParticipantId, consent.Language));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(Keys.Select(key => Catalogue.In(language)[key])))), consent.TextHash);
    }

    private static readonly string[] Keys = ["participants.invitation.asked.what", "participants.invitation.data", "participants.invitation.consent"];

    private static string Words(Page page) => ConsentPattern().Match(page.Html).Groups[1].Value;

    [GeneratedRegex("<div class=\"words\" lang=\"([a-z]+)\".*?</div>", RegexOptions.Singleline)]
    private static partial Regex BlockPattern();

    [GeneratedRegex("name=\"consent\" value=\"([^\"]+)\"")]
    private static partial Regex ConsentPattern();
}
