using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Mandates;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Storage.Statements;
using Polyphony.Web.Insights;
using Polyphony.Web.Publication;
using Polyphony.Web.Statements;
using Polyphony.Web.Tests.Publication;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Statements;

/// <summary>A vote on a statement bears no site and no language. What is known of them are sums, by one or the other and never by both, until the vote closes and what of them passes the gate is fixed.</summary>
public sealed class KnowingSiteAndLanguage(TestServer server)
{
    private static readonly (string Code, string Name, string Country, int People)[] Places = [("FR", "Lyon", "FR", 60), ("KE", "Nairobi", "KE", 50), ("JP", "Osaka", "JP", 44), ("IS", "Reykjavik", "IS", 6)];

    /// <summary>Of every ten people; the sixth of Icelandic are too few to be counted apart, and no language is the dialogue's first.</summary>
    private static readonly string[] Languages = ["fr", "", "en", "sw", "fr", "en", "sw", "fr", "en", "sw"];

    private SiteId[] siteIds = [];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sums_follow_every_vote_and_are_erased_when_it_closes()
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "by-site");
        (DialogueId id, Statement[] statements, List<(ParticipantId Person, int Place, string Language)> people) = await FillAsync(dialogue);
        Assert.Contains("notice=opened", (await dialogue.Organiser.PostAsync($"/organise/{dialogue.Slug}/statements/open")).Path, StringComparison.Ordinal);
        Assert.Equal(["en", "fr", "sw"], (await VoteAsync(id)).Languages);
        Random random = new(3);
        Dictionary<(int Place, int Statement), int[]> said = [];
        Dictionary<(string Language, int Statement), int[]> heard = [];
        foreach ((ParticipantId person, int place, string language) in people)
        {
            StatementChoice?[] own = [.. statements.Select((_, index) => random.Next(6) == 0 ? (StatementChoice?)null : Say(random, place, index))];
            StatementChoice?[] before = [.. own.Select(choice => choice is null || random.Next(3) > 0 ? choice : (StatementChoice)random.Next(-1, 2))];

            // Some said otherwise before, by themselves or earlier among what one table sent.
            await CastAsync(id, person, [.. Votes(statements, before)]);
            if (random.Next(4) == 0)
            {
                await server.WithDbAsync(db => db.People.Where(known => db.Participants.Any(one => one.Id == person && one.PersonId == known.Id)).ExecuteUpdateAsync(set => set.SetProperty(known => known.Language, "en"), Stop));
            }

            // A language that is corrected between two votes moves none of them.
            string counted = before.All(choice => choice is null) ? await server.WithDbAsync(db => StatementLanguages.OfAsync(db, id, person, ["en", "fr", "sw"], Stop)) : language;
            await CastAsync(id, person, [.. Votes(statements, before), .. Votes(statements, own)]);
            foreach ((int index, StatementChoice? choice) in own.Index())
            {
                int answer = choice is null ? 3 : 1 - (int)choice;
                (said.TryGetValue((place, index), out int[]? counts) ? counts : said[(place, index)] = new int[4])[answer]++;
                (heard.TryGetValue((counted, index), out counts) ? counts : heard[(counted, index)] = new int[4])[answer]++;
            }
        }

        List<StatementViews> sums = await SumsAsync(id);
        foreach ((int place, int statement) in said.Keys)
        {
            StatementViews sum = sums.Single(sum => sum.StatementId == statements[statement].Id && sum.SiteId == siteIds[place]);
            int[] counts = said[(place, statement)];
            Assert.Equal((counts[0], counts[2], counts[0] + counts[1] + counts[2]), (sum.Agrees, sum.Disagrees, sum.Views));
        }

        List<StatementLanguageSum> languages = await LanguageSumsAsync(id);
        foreach ((string language, int statement) in heard.Keys)
        {
            StatementLanguageSum sum = languages.Single(sum => sum.StatementId == statements[statement].Id && sum.Language == language);
            int[] counts = heard[(language, statement)];
            Assert.Equal((counts[0], counts[2], counts[0] + counts[1] + counts[2]), (sum.Agrees, sum.Disagrees, sum.Views));
        }

        Assert.DoesNotContain("By site", (await dialogue.Organiser.OpenAsync($"/organise/{dialogue.Slug}/insights")).Text, StringComparison.Ordinal);
        Assert.Contains("notice=closed", (await dialogue.Organiser.PostAsync($"/organise/{dialogue.Slug}/statements/close")).Path, StringComparison.Ordinal);
        Assert.All(await SumsAsync(id), sum => Assert.Equal((0, 0, true), (sum.Agrees, sum.Disagrees, sum.Views > 0)));
        Assert.Empty(await LanguageSumsAsync(id));
        Assert.All(await server.WithDbAsync(db => db.StatementParticipations.AsNoTracking().Where(took => took.DialogueId == id).ToListAsync(Stop)), took => Assert.Empty(took.Language));

        // What is kept is what the gate shows: of the small site and of the small language nothing, of the others no number that is exact.
        StatementVote vote = await VoteAsync(id);
        IReadOnlyList<PublishedStatement> kept = FixStatementSums.Read(vote.SumsJson);
        Assert.Equal(statements.Select(statement => statement.Number), kept.Select(statement => statement.Number));
        int shown = 0;
        foreach ((int index, PublishedStatement statement) in kept.Index())
        {
            foreach (ResultRow row in statement.Table.Groups)
            {
                int[] counts = row.Criterion == SessionCounts.BySite ? said[(Places.Index().Single(place => place.Item.Code == row.Value).Index, index)] : heard[(row.Value!, index)];
                Assert.True(row.Value is not ("IS" or "") || row.Options.Append(row.NoAnswer).All(answer => answer.Count is ReleasedCell.Withheld));
                foreach ((ReleasedAnswer answer, int count) in row.Options.Append(row.NoAnswer).Zip((int[])[counts[0], counts[2], counts[1], counts[3]]))
                {
                    Assert.True(answer.Count is ReleasedCell.Withheld || (answer.Count is ReleasedCell.FewerThan && count < DisclosureGate.SmallCount) || (answer.Count is ReleasedCell.Rounded number && Math.Abs(number.Value - count) <= 2 && count >= DisclosureGate.SmallCount), $"{row.Value}, statement {statement.Number}: {count} is shown as {answer.Count}");
                    shown += answer.Count is ReleasedCell.Rounded ? 1 : 0;
                }
            }
        }

        Assert.True(shown > 20, $"{shown} numbers are shown");
        Page page = await dialogue.Organiser.OpenAsync($"/organise/{dialogue.Slug}/insights");
        Assert.Contains("By site", page.Text, StringComparison.Ordinal);
        Assert.Contains("could be worked out: Reykjavik", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\"criterion\":\"" + SessionCounts.BySite, vote.LandscapeJson, StringComparison.Ordinal);
        Assert.DoesNotContain("Kiswahili", page.Text, StringComparison.Ordinal);
        Assert.Equal(["FR", "IS", "JP", "KE", "en", "fr", "sw", ""], kept[0].Table.Groups.Select(row => row.Value!).OrderByDescending(value => value.Length).ThenBy(value => value, StringComparer.Ordinal));
        Page byLanguage = await dialogue.Organiser.OpenAsync($"/organise/{dialogue.Slug}/insights?by=language");
        Assert.Contains("Kiswahili", byLanguage.Text, StringComparison.Ordinal);
        Assert.Contains("could be worked out: other languages", byLanguage.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Nairobi", byLanguage.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_country_is_the_sum_of_what_is_shown_of_its_sites_and_is_left_out_where_one_is_hidden()
    {
        Site[] sites = [.. (((string Code, string Country)[])[("A1", "AA"), ("A2", "AA"), ("B1", "BB"), ("C1", "CC"), ("C2", "CC")]).Select(place => new Site { Id = new(Guid.NewGuid()), Code = place.Code, Name = "Site " + place.Code, Country = place.Country })];
        PublishedStatement[] statements = [
            Statement(1, (60, 30, 10), (50, 40, 10), (10, 80, 10), (30, 30, 30), null),
            Statement(2, (80, 10, 10), (80, 10, 10), (85, 10, 10), (80, 10, 10), null),
        ];
        IReadOnlyList<StatementsOfGroups> read = ReadStatementSums.Of(statements, sites, []);
        Assert.Equal(["site", "country"], read.Select(groups => groups.Kind));
        Assert.All(read, groups => Assert.Equal(["Site C2"], groups.Hidden));
        StatementsOfGroups countries = read[1];
        Assert.Equal(["AA", "BB"], countries.All[0].Groups.Select(group => group.Name));
        Assert.Equal((200, 0.55, 0.35), (countries.All[0].Groups[0].People, countries.All[0].Groups[0].Agree, countries.All[0].Groups[0].Disagree));
        Assert.Equal([1], countries.Apart.Select(statement => statement.Statement.Number));
        Assert.Equal([2], read[0].Together.Select(statement => statement.Statement.Number));
        Assert.Equal(("Site A1", "Site B1"), (read[0].Apart[0].Highest.Name, read[0].Apart[0].Lowest.Name));

        // Where every country has one site, countries would say the same once more.
        Assert.Single(ReadStatementSums.Of(statements, [.. sites.Where(site => site.Code is "A1" or "B1")], []));
        StatementsOfGroups none = Assert.Single(ReadStatementSums.Of(statements, [.. sites.Where(site => site.Code is "A1" or "C2")], []));
        Assert.Empty(none.All);
        Assert.Equal(["Site C2"], none.Hidden);
    }

    [Fact]
    public async Task A_language_of_few_is_not_counted_apart_and_where_two_groups_cannot_be_shown_none_is()
    {
        using ClosedDialogue dialogue = await ClosedDialogue.BeginAsync(server, "by-language");
        (DialogueId id, _, List<(ParticipantId Person, int Place, string)> people) = await FillAsync(dialogue);
        async Task<List<string>> ApartAsync(params (string Language, int People)[] speak)
        {
            string[] own = [.. speak.SelectMany(group => Enumerable.Repeat(group.Language, group.People))];
            return await server.WithDbAsync(async db =>
            {
                foreach ((int index, Person person) in (await db.People.Where(person => person.DialogueId == id).ToListAsync(Stop)).Index())
                {
                    person.Language = own[Math.Min(index, own.Length - 1)];
                }

                await db.SaveChangesAsync(Stop);
                return await StatementLanguages.ApartAsync(db, id, Stop);
            });
        }

        Assert.Equal(["en", "fr"], await ApartAsync(("en", 10), ("is", 9), ("fr", 200)));
        Assert.Equal(["fr"], await ApartAsync(("en", 9), ("is", 9), ("fr", 200)));
        Assert.Empty(await ApartAsync(("en", 9), ("fr", 200)));
        Assert.Empty(await ApartAsync(("fr", 200)));
        Assert.Equal(["de", "fr"], await ApartAsync(("", 5), ("en", 4), ("de", 12), ("fr", 200)));
        Assert.Equal(["de", "en", "fr"], await ApartAsync(("", 6), ("en", 4), ("de", 12), ("fr", 200)));
    }

    private static PublishedStatement Statement(int number, params (int Agree, int Disagree, int Pass)?[] votes)
    {
        ReleasedAnswer hidden = new(new ReleasedCell.Withheld(WithheldReasons.SmallGroup), null);
        ResultRow[] rows = [
            .. votes.Zip((string[])["A1", "A2", "B1", "C1", "C2"], (vote, code) => vote is { } said
                ? new ResultRow(SessionCounts.BySite, code, new ReleasedCell.Rounded(100), [Shown(said.Agree), Shown(said.Disagree), Shown(said.Pass)], Shown(10))
                : new ResultRow(SessionCounts.BySite, code, hidden.Count, [hidden, hidden, hidden], hidden)),
        ];
        return new PublishedStatement(number, LocalizedText.Of(("en", "Statement " + number)), false, new ResultTable("statements", "s" + number, AnswerForm.SingleChoice, rows[0], [.. rows]));
    }

    private static ReleasedAnswer Shown(int count) => new(new ReleasedCell.Rounded(count), count);

    /// <summary>Sites lean to other sides; nothing is unanimous.</summary>
    private static StatementChoice Say(Random random, int place, int statement) => (random.NextDouble() - (0.12 * ((place + statement) % 3))) switch { < 0.35 => StatementChoice.Agree, < 0.65 => StatementChoice.Disagree, _ => StatementChoice.Pass };

    private static IEnumerable<(StatementId, StatementChoice)> Votes(Statement[] statements, StatementChoice?[] said) => statements.Zip(said).Where(vote => vote.Second is not null).Select(vote => (vote.First.Id, vote.Second!.Value));

    private async Task CastAsync(DialogueId dialogue, ParticipantId person, IReadOnlyList<(StatementId, StatementChoice)> votes)
    {
        if (votes.Count > 0)
        {
            Assert.Null(await server.WithDbAsync(db => new StatementDesk(db).CastAsync(dialogue, person, "code of " + person, votes, Stop)));
        }
    }

    private Task<StatementVote> VoteAsync(DialogueId dialogue) => server.WithDbAsync(db => db.StatementVotes.AsNoTracking().SingleAsync(vote => vote.DialogueId == dialogue, Stop));

    private Task<List<StatementLanguageSum>> LanguageSumsAsync(DialogueId dialogue) => server.WithDbAsync(db => db.StatementLanguageSums.AsNoTracking().Where(sum => sum.DialogueId == dialogue).ToListAsync(Stop));

    private Task<List<StatementViews>> SumsAsync(DialogueId dialogue) => server.WithDbAsync(db => db.StatementViews.AsNoTracking().Where(sum => sum.DialogueId == dialogue).ToListAsync(Stop));

    private Task<(DialogueId, Statement[], List<(ParticipantId, int, string)>)> FillAsync(ClosedDialogue dialogue) => dialogue.ChangeAsync(async db =>
    {
        DateTimeOffset now = DateTimeOffset.UnixEpoch;
        DialogueId id = await db.Dialogues.Where(d => d.Slug == dialogue.Slug).Select(d => d.Id).SingleAsync(Stop);
        Site first = await db.Sites.SingleAsync(site => site.DialogueId == id, Stop);
        Site[] sites = [.. Places.Index().Select(place => place.Index == 0 ? first : new Site { Id = new(Guid.CreateVersion7()), DialogueId = id, Position = place.Index, TimeZone = "Europe/Paris", PlannedParticipants = place.Item.People })];
        foreach ((Site site, (string code, string name, string country, _)) in sites.Zip(Places))
        {
            (site.Code, site.Name, site.Country) = (code, name, country);
        }

        db.Sites.AddRange(sites.Skip(1));
        siteIds = [.. sites.Select(site => site.Id)];
        db.StatementVotes.Add(new StatementVote { DialogueId = id, Topic = LocalizedText.Of(("en", "Cars")), Version = Guid.CreateVersion7() });
        Statement[] statements = [.. Enumerable.Range(1, 6).Select(number => new Statement { Id = new(Guid.NewGuid()), DialogueId = id, Number = number, Text = LocalizedText.Of(("en", "Statement " + number)), Language = "en", State = StatementState.Accepted, IsSeed = true })];
        db.Statements.AddRange(statements);
        List<(ParticipantId, int, string)> people = [];
        foreach ((int place, Site site) in sites.Index())
        {
            Lottery lottery = new() { Id = new(Guid.CreateVersion7()), DialogueId = id, SiteId = site.Id, Attempt = place + 1, Kind = LotteryKind.Panel, State = LotteryState.Drawn, Objective = "leximin", PanelCount = 1, PanelSize = Places[place].People, CreatedAt = now, DrawnAt = now };
            db.Lotteries.Add(lottery);
            for (int number = 1; number <= Places[place].People; number++)
            {
                Person person = new() { Id = new(Guid.CreateVersion7()), DialogueId = id, Name = "Person", Language = Places[place].Code == "IS" ? "is" : Languages[number % 10] };
                PoolMember member = new() { Id = new(Guid.CreateVersion7()), DialogueId = id, SiteId = site.Id, PersonId = person.Id, ExternalId = $"{place}-{number}", Values = [], Ticket = Guid.NewGuid().ToByteArray(), Nonce = new byte[32] };
                Participant participant = new()
                {
                    Id = new(Guid.CreateVersion7()),
                    DialogueId = id,
                    SiteId = site.Id,
                    PersonId = person.Id,
                    PoolMemberId = member.Id,
                    Number = (place * 100) + number,
                    LotteryId = lottery.Id,
                    SelectedAt = now,
                    BadgeCode = $"{place}S{number}",
                    Status = ParticipantStatus.Confirmed,
                };
                db.AddRange(person, member, participant);
                people.Add((participant.Id, place, person.Language switch { "" => "en", "is" => "", string own => own }));
            }
        }

        await db.SaveChangesAsync(Stop);
        return (id, statements, people);
    });
}
