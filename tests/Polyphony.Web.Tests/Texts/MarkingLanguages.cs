using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Statements;
using Polyphony.Web.Tests.Publication;
using Polyphony.Web.Tests.Rooms;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Texts;

/// <summary>A dialogue is written in German and Arabic, for which the server has no sentences: its words stand in English pages, and each of them says what it is.</summary>
public sealed partial class MarkingLanguages(TestServer server)
{
    private const string German = "Wort";
    private const string Arabic = "كلمة";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("de", German, "ltr")]
    [InlineData("ar", Arabic, "rtl")]
    public async Task On_every_page_of_the_day(string language, string word, string direction)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "marked-" + language);
        string link = "/c/" + await day.LinkAsync(1);
        SessionId closed = (await day.SessionAsync(1)).Id;
        SessionId open = (await day.SessionAsync(2)).Id;
        await server.WithDbAsync(db => WriteAsync(db, day.Dialogue.Id));
        await day.BallotAsync(1, "open");
        await day.BallotAsync(1, "close");
        await day.BallotAsync(2, "open");
        using Visitor facilitator = await day.FacilitatorAsync(1);
        using Visitor citizen = new(server.Address);
        using Visitor drawn = new(server.Address);
        foreach (Visitor visitor in (Visitor[])[day.Organiser, facilitator, citizen, drawn])
        {
            await visitor.OpenAsync($"/language/{language}?back=/");
        }

        string question = QuestionLink().Match((await day.Organiser.OpenAsync(day.Base + "/agenda/sessions/" + closed)).Html).Value;
        string console = $"/facilitate/{day.Slug}/1";
        await EachAsync(day.Organiser, "", "/organise", day.Base, day.Base + "/preview", day.Base + "/agenda", day.Base + question, day.Base + "/participants", day.Base + "/draw/stage",
            day.Base + "/room", day.Base + "/room/close/" + open, day.Base + "/statements", day.Base + "/landscape", day.Base + "/results", day.Base + "/insights",
            $"{day.Base}/sessions/{closed}/paper", $"{day.Base}/sessions/{closed}/paper/1", $"{day.Base}/sessions/{closed}/paper/ballots?for=everybody&language={language}", $"{day.Base}/sessions/{closed}/paper/sheets?language={language}",
            $"{day.Base}/sessions/{open}/sites");
        await EachAsync(facilitator, "", "/organise", console, $"{console}/tablet/{open}", $"{console}/sessions/{closed}/paper");
        await EachAsync(citizen, link, "", "/day", "/vote/" + open, "/vote/" + closed, "/statements", "/statements/mine");
        await EachAsync(citizen, "", "/", "/d/" + day.Slug, $"/d/{day.Slug}/draw", $"/d/{day.Slug}/results/{language}");
        await EachAsync(drawn, "/c/" + await day.LinkAsync(DialogueOfTheDay.People + 1), "");
        Holds(await citizen.SubmitAsync($"{link}/vote/{open}", $"{link}/vote/{open}", ("step", "0"), ("a0", "1"), ("go", "next")));

        // A letter speaks the language of the pool, whatever the organiser's page does.
        await server.WithDbAsync(db => db.People.Where(person => person.DialogueId == day.Dialogue.Id).ExecuteUpdateAsync(set => set.SetProperty(person => person.Language, language), Stop));
        Holds(await day.Organiser.SubmitAsync(day.Base + "/participants", $"{day.Base}/participants/{(await day.PersonAsync(2)).Id}/reissue"));

        async Task EachAsync(Visitor visitor, string begins, params string[] pages)
        {
            foreach (string page in pages)
            {
                Holds(await visitor.OpenAsync(begins + page));
            }
        }

        void Holds(Page page) => IsMarked(page, word, language, direction);
    }

    [Theory]
    [InlineData("de", German, "ltr")]
    [InlineData("ar", Arabic, "rtl")]
    public async Task On_what_is_published(string language, string word, string direction)
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "marked-results-" + language);
        await dialogue.AddSessionAsync(BallotState.Closed);
        await dialogue.ChangeAsync(async db => await WriteAsync(db, await db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync(Stop)));
        await dialogue.Organiser.OpenAsync($"/language/{language}?back=/");
        await dialogue.PublishAsync();
        string[] pages = [$"/d/{dialogue.Slug}/results/{language}", $"/d/{dialogue.Slug}/insights/{language}", $"/organise/{dialogue.Slug}/insights"];
        foreach (string path in pages)
        {
            Page page = await dialogue.Organiser.OpenAsync(path);
            IsMarked(page, word, language, direction);
            Assert.Contains(word + " Should they come?", page.Text, StringComparison.Ordinal);
            Assert.Contains(word + " Yes", page.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Nothing_is_marked_in_the_language_of_the_page()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "unmarked");
        string link = "/c/" + await day.LinkAsync(1);
        foreach (string path in (string[])["", "/agenda", "/room", "/participants"])
        {
            Assert.All(SpokenText.Of((await day.Organiser.OpenAsync(day.Base + path)).Html).Where(said => !said.Text.StartsWith("Français", StringComparison.Ordinal)), said => Assert.Equal("en", said.Language));
        }

        Assert.DoesNotContain(SpokenText.Of((await day.Organiser.OpenAsync(link + "/day")).Html), said => said.Text.Contains("Session", StringComparison.Ordinal) && said is not { Language: "en", Direction: "auto" });
    }

    [Theory]
    [InlineData("de ar", "Deutsch, العربية")]
    [InlineData("en de", "Deutsch")]
    [InlineData("fr en", null)]
    public async Task Organisers_are_told_before_publishing_and_inviting_that_consent_is_asked_in_English(string languages, string? named)
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "consent-" + languages.Replace(' ', '-'));
        await server.WithDbAsync(async db =>
        {
            (await db.Dialogues.SingleAsync(d => d.Id == day.Dialogue.Id, Stop)).Languages = [.. languages.Split(' ')];
            return await db.SaveChangesAsync(Stop);
        });
        foreach (string page in (string[])[day.Base, day.Base + "/participants"])
        {
            Page shown = await day.Organiser.OpenAsync(page);
            Assert.Equal(named is not null, shown.Text.Contains($"no sentences in {named},", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void No_page_prints_what_people_wrote_past_its_mark() =>
        Assert.Empty(WebSource.Read().Find("", """(?<!<title>[^<]*)(?<!")(@(?:In\((?!Shown|language)|[\w.!()]+\.In\(T\.Reading)[^<\n]*)"""));

    [Fact]
    public void A_direction_is_that_of_the_language()
    {
        Assert.All((string[])["ar", "he", "fa", "ur", "yi"], language => Assert.True(Polyphony.Web.Mandates.DialogueLanguages.IsRightToLeft(language), language));
        Assert.All((string[])["en", "fr", "de", "ru", "zh", "hi"], language => Assert.False(Polyphony.Web.Mandates.DialogueLanguages.IsRightToLeft(language), language));
    }

    /// <summary>Every text with the word of the language says so, and there is one at least.</summary>
    private static void IsMarked(Page page, string word, string language, string direction)
    {
        List<SpokenText> said = [.. SpokenText.Of(page.Html).Where(text => text.Text.Contains(word, StringComparison.Ordinal))];
        Assert.True(said.Count > 0, page.Path + " holds no word of the dialogue: " + page.Text);
        Assert.All(said, text => Assert.True((text.Language, text.Direction) == (language, direction), $"{page.Path}: “{text.Text}” is said to be {text.Language} {text.Direction}"));
    }

    /// <summary>Writes every text of a dialogue in German and Arabic, each beginning with a word by which it is known.</summary>
    private static async Task<int> WriteAsync(Db db, DialogueId id)
    {
        Dialogue dialogue = await db.Dialogues.SingleAsync(d => d.Id == id, Stop);
        await db.Lotteries.Where(lottery => lottery.DialogueId == id).ExecuteUpdateAsync(set => set.SetProperty(lottery => lottery.State, LotteryState.Ended), Stop);
        dialogue.Languages = ["de", "ar"];
        dialogue.PublishedAt = DateTimeOffset.UnixEpoch;
        (dialogue.Title, dialogue.Question, dialogue.Frame) = (Text("title"), Text("question"), Text("frame"));
        (dialogue.Commissioner, dialogue.Addressee, dialogue.Promise) = (Text("city"), Text("council"), Text("promise"));
        foreach (Session session in await db.Sessions.Include(s => s.Questions).ThenInclude(q => q.Options).Where(s => s.DialogueId == id).ToListAsync(Stop))
        {
            (session.Title, session.Introduction) = (Again(session.Title), Text("introduction"));
            foreach (Question question in session.Questions)
            {
                (question.Text, question.Hint) = (Again(question.Text), Text("hint"));
                question.Options.ForEach(option => option.Text = Again(option.Text));
            }
        }

        db.StatementVotes.Add(new StatementVote { DialogueId = id, Topic = Text("topic"), State = BallotState.Open, OpenedAt = DateTimeOffset.UnixEpoch });
        db.Statements.Add(new Statement { Id = new(Guid.NewGuid()), DialogueId = id, Number = 1, Text = Text("statement"), Language = "de", State = StatementState.Accepted, IsSeed = true });
        return await db.SaveChangesAsync(Stop);
    }

    private static LocalizedText Again(LocalizedText text) => Text(text.Exactly("en")!);

    private static LocalizedText Text(string text) => LocalizedText.Of(("de", $"{German} {text}"), ("ar", $"{Arabic} {text}"));

    [GeneratedRegex("/agenda/questions/[0-9a-f-]+")]
    private static partial Regex QuestionLink();
}
