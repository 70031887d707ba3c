using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;
using Polyphony.Web.Tests.Texts;

namespace Polyphony.Web.Tests.Participants;

/// <summary>A dialogue is written in German and French, and the server has no German: the organisers write the words of consent. Number 25 reads German and has not answered.</summary>
public sealed partial class ConsentingInOwnWords(TestServer server)
{
    private const string Asked = "Sie kommen an einen Tisch.\nIhre Antworten bleiben geheim.";
    private const string Sentence = "Ich habe das gelesen und bin einverstanden.";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_citizen_reads_them_and_what_is_kept_is_what_was_read()
    {
        using DialogueOfTheDay day = await MakeAsync("own-words");
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(25);
        Page page = await citizen.OpenAsync(link);
        foreach (string words in (string[])["Sie kommen an einen Tisch", Sentence])
        {
            SpokenText said = Assert.Single(SpokenText.Of(page.Html), text => text.Text.Contains(words, StringComparison.Ordinal));
            Assert.Equal(("de", "ltr"), (said.Language, said.Direction));
        }

        Assert.DoesNotContain("I have read what is asked of me", page.Text, StringComparison.Ordinal);
        await citizen.SubmitAsync(link, link + "/accept", ("consent", "yes"), ("words", NameIn(page)));
        await IsGivenAsync(day);
    }

    [Fact]
    public async Task Words_that_were_changed_since_they_were_read_are_read_again()
    {
        using DialogueOfTheDay day = await MakeAsync("own-words-changed");
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(25);
        string name = NameIn(await citizen.OpenAsync(link));
        await WriteAsync(day, Asked + "\nEs wird gefilmt.");
        Page again = await citizen.SubmitAsync(link, link + "/accept", ("consent", "yes"), ("words", name));
        Assert.Contains("have been changed since you read them", again.Text, StringComparison.Ordinal);
        Assert.Contains("Es wird gefilmt", again.Text, StringComparison.Ordinal);
        Assert.Empty(await ConsentsAsync(day));
        Assert.Equal(ParticipantStatus.Selected, (await day.PersonAsync(25)).Status);
    }

    [Fact]
    public async Task They_are_read_out_by_telephone_and_at_the_door()
    {
        using DialogueOfTheDay day = await MakeAsync("own-words-phone");
        string page = $"{day.Base}/participants/{(await day.PersonAsync(25)).Id}/answer";
        Page words = await day.Organiser.OpenAsync(page);
        Assert.Contains(SpokenText.Of(words.Html), said => said.Text.Contains(Sentence, StringComparison.Ordinal) && said is { Language: "de", Direction: "ltr" });
        await day.SayYesAtTheDoorAsync(25);
        await IsGivenAsync(day);
    }

    [Fact]
    public async Task Organisers_write_them_where_the_server_has_none_and_are_told_until_they_do()
    {
        using DialogueOfTheDay day = await MakeAsync("own-words-missing");
        await WriteAsync(day, "");
        Assert.Contains("no sentences in Deutsch", (await day.Organiser.OpenAsync(day.Base)).Text, StringComparison.Ordinal);
        Page mandate = await day.Organiser.OpenAsync(day.Base + "/mandate");
        Assert.Contains("name=\"consentText.de\"", mandate.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"consentText.fr\"", mandate.Html, StringComparison.Ordinal);
        (string, string)[] typed =
        [
            ("languages", "de, fr"), ("title.de", "Fahrerlos"), ("question.de", "Wie?"), ("siteName", "Lyon"), ("country", "FR"), ("timeZone", "Europe/Paris"), ("planned", "24"),
            ("version", VersionPattern().Match(mandate.Html).Groups[1].Value), ("consentText.de", Asked), ("consentSentence.de", Sentence),
        ];
        await day.Organiser.SubmitAsync(day.Base + "/mandate", day.Base + "/mandate", typed);
        Assert.DoesNotContain("no sentences in", (await day.Organiser.OpenAsync(day.Base)).Text, StringComparison.Ordinal);
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(25);
        await citizen.SubmitAsync(link, link + "/accept", ("consent", "yes"), ("words", NameIn(await citizen.OpenAsync(link))));
        await IsGivenAsync(day);
    }

    [Fact]
    public async Task Without_them_consent_is_to_the_servers_words_and_says_so()
    {
        using DialogueOfTheDay day = await MakeAsync("own-words-none");
        await WriteAsync(day, "");
        using Visitor citizen = new(server.Address);
        string link = "/c/" + await day.LinkAsync(25);
        Assert.Contains("I have read what is asked of me", (await citizen.OpenAsync(link)).Text, StringComparison.Ordinal);
        await citizen.SubmitAsync(link, link + "/accept", ("consent", "yes"));
        Consent consent = Assert.Single(await ConsentsAsync(day));
        Assert.Equal(("en", ""), (consent.Language, consent.Words));
    }

    private static async Task IsGivenAsync(DialogueOfTheDay day)
    {
        Assert.Equal(ParticipantStatus.Confirmed, (await day.PersonAsync(25)).Status);
        Consent consent = Assert.Single(await ConsentsAsync(day));
        Assert.Equal(("de", Asked + "\n\n" + Sentence), (consent.Language, consent.Words));
        Assert.Equal(SHA256.HashData(Encoding.UTF8.GetBytes(Asked + Sentence)), consent.TextHash);
    }

    private static string NameIn(Page page) => WordsPattern().Match(page.Html).Groups[1].Value;

    private async Task<DialogueOfTheDay> MakeAsync(string name)
    {
        DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, name);
        await WriteAsync(day, Asked);
        PersonId person = (await day.PersonAsync(25)).PersonId;
        await day.ChangeAsync(db => db.People.Where(p => p.Id == person).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, "de"), Stop));
        return day;
    }

    private static Task<int> WriteAsync(DialogueOfTheDay day, string asked) => day.ChangeAsync(async db =>
    {
        Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == day.Dialogue.Id, Stop);
        dialogue.Languages = ["de", "fr"];
        dialogue.ConsentText = LocalizedText.Of(("de", asked));
        dialogue.ConsentSentence = LocalizedText.Of(("de", asked.Length > 0 ? Sentence : ""));
        return await db.SaveChangesAsync(Stop);
    });

    private static Task<List<Consent>> ConsentsAsync(DialogueOfTheDay day) =>
        day.ChangeAsync(db => db.Consents.AsNoTracking().Where(consent => consent.DialogueId == day.Dialogue.Id).ToListAsync(Stop));

    [GeneratedRegex("name=\"words\" value=\"([0-9a-f]+)\"")]
    private static partial Regex WordsPattern();

    [GeneratedRegex("name=\"version\" value=\"([0-9a-f]+)\"")]
    private static partial Regex VersionPattern();
}
