using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Disclosure;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Ballots;
using Polyphony.Web.Publication;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Sites;

/// <summary>Every site votes at its own hour: what one of them opens, closes, counts and erases is its own.</summary>
public sealed class VotingAtManySites(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_ballot_is_open_where_it_was_opened()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "alone", 3, 3, 3);
        Assert.EndsWith("@KE/room", (await day.BallotAsync("KE", "open")).Path, StringComparison.Ordinal);
        Assert.Equal([HttpStatusCode.Conflict, HttpStatusCode.OK, HttpStatusCode.Conflict], [await day.CastAsync("FR", 0, 0), await day.CastAsync("KE", 0, 0), await day.CastAsync("JP", 0, 0)]);
        using HttpClient phone = new() { BaseAddress = server.Address };
        Assert.Contains(day.Session.ToString(), await PapersAsync(phone, day.Link("KE", 1)), StringComparison.Ordinal);
        Assert.Equal("[]", await PapersAsync(phone, day.Link("FR", 1)));
        Assert.Contains("Should they come?", await phone.GetStringAsync($"/c/{day.Link("KE", 1)}/vote/{day.Session}", Stop), StringComparison.Ordinal);
        Assert.DoesNotContain("Should they come?", await phone.GetStringAsync($"/c/{day.Link("FR", 1)}/vote/{day.Session}", Stop), StringComparison.Ordinal);

        // The room of each site shows its own ballot, and the questions are fixed for all.
        Assert.Contains("Ballot open", (await day.Organiser.OpenAsync(day.At("KE") + "/room")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Ballot open", (await day.Organiser.OpenAsync(day.At("FR") + "/room")).Text, StringComparison.Ordinal);
        Assert.EndsWith("problem=frozen", (await day.Organiser.PostAsync($"{day.Base}/agenda/sessions/{day.Session}/delete")).Path, StringComparison.Ordinal);

        await day.BallotAsync("KE", "close");
        await day.BallotAsync("FR", "open");
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict, HttpStatusCode.Conflict], [await day.CastAsync("FR", 0, 0), await day.CastAsync("KE", 1, 0), await day.CastAsync("JP", 0, 0)]);
        Assert.EndsWith("notice=cannot-open", (await day.BallotAsync("KE", "open")).Path, StringComparison.Ordinal);
        Assert.EndsWith("notice=cannot-close", (await day.BallotAsync("JP", "close")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_counts_and_erases_at_the_site_and_leaves_the_others_as_they_are()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "erased", 4, 3, 2);
        await day.BallotAsync(null, "open");
        string key = Guid.NewGuid().ToString("N");
        await day.CastAllAsync("FR", 2, 1);
        await day.CastAllAsync("KE", 1, 0, 1);
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("KE", 2, 1, key: key));
        List<Ballot> before = await BallotsAsync(day);
        await day.BallotAsync("KE", "close");

        SessionCounts counts = Assert.Single(await CountsAsync(day)).Value;
        Assert.Equal((3, "1,1,1"), (counts.Ballots, string.Join(',', counts.Overall[0].Counts)));
        Assert.Equal([2, 1], Assert.Single(counts.Criteria).Groups.Select(group => group.Ballots));
        List<Ballot> after = await BallotsAsync(day);
        ILookup<SiteId, Ballot> bySite = after.ToLookup(ballot => ballot.SiteId);
        Assert.Equal(3, bySite[day.Site("KE").Id].Count());
        Assert.All(bySite[day.Site("KE").Id], ballot => Assert.True(ballot is { Locator: null, Strata: null, Pair: null }));
        Assert.Empty(bySite[day.Site("KE").Id].Select(ballot => Convert.ToHexString(ballot.Key)).Intersect(before.Select(ballot => Convert.ToHexString(ballot.Key))));

        // Lyon goes on: its ballots are found by their links and can be changed.
        Assert.Equal(
            before.Where(ballot => ballot.SiteId == day.Site("FR").Id).Select(ballot => Convert.ToHexString(ballot.Key)).Order(),
            bySite[day.Site("FR").Id].Where(ballot => ballot is { Locator: not null, Strata: not null }).Select(ballot => Convert.ToHexString(ballot.Key)).Order());
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("FR", 0, 2));
        ILookup<SiteId, BallotReceipt> receipts = (await server.WithDbAsync(db => db.BallotReceipts.AsNoTracking().Where(receipt => receipt.SessionId == day.Session).ToListAsync(Stop))).ToLookup(receipt => receipt.SiteId);
        Assert.All(receipts[day.Site("KE").Id], receipt => Assert.Empty(receipt.BodyHash));
        Assert.All(receipts[day.Site("FR").Id], receipt => Assert.NotEmpty(receipt.BodyHash));
        Assert.Equal((3, 4), (receipts[day.Site("KE").Id].Count(), receipts[day.Site("FR").Id].Count()));

        // A repeated request gets its receipt after closing; a new one is too late.
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("KE", 2, 1, key: key));
        Assert.Equal(HttpStatusCode.Conflict, await day.CastAsync("KE", 2, 1));
        await day.BallotAsync("FR", "close");
        Assert.Equal("1,1,1", string.Join(',', (await CountsAsync(day))["FR"].Overall[0].Counts));
    }

    [Fact]
    public async Task A_turn_on_a_tablet_is_over_when_its_own_site_closes()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "turns", 2, 2, 2);
        await day.BallotAsync(null, "open");
        await server.WithDbAsync(async db =>
        {
            foreach (string code in SiteDay.Codes)
            {
                SiteId site = day.Site(code).Id;
                db.TabletTurns.Add(new TabletTurn
                {
                    CodeHash = Guid.CreateVersion7().ToByteArray(),
                    DialogueId = day.Dialogue.Id,
                    SessionId = day.Session,
                    Table = day.Site(code).FirstTable,
                    ExpiresAt = DateTimeOffset.MaxValue,
                    ParticipantId = await db.Participants.Where(p => p.SiteId == site).Select(p => p.Id).FirstAsync(Stop),
                });
            }

            return await db.SaveChangesAsync(Stop);
        });
        await day.BallotAsync("JP", "close");
        Assert.Equal([1, 101], await server.WithDbAsync(db => db.TabletTurns.Where(turn => turn.SessionId == day.Session).Select(turn => turn.Table).OrderBy(table => table).ToListAsync(Stop)));
    }

    [Fact]
    public async Task Results_wait_for_the_last_site_and_are_the_sum_of_all()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "sum", 40, 30, 8);
        await day.BallotAsync("FR", "open");
        await day.CastAllAsync("FR", 20, 12, 4, 4);
        await day.BallotAsync("FR", "close");
        await day.BallotAsync("KE", "open");
        await day.CastAllAsync("KE", 9, 11, 6, 4);

        // While one site votes alone the public learns no number: it would be the number of that site.
        using Visitor anybody = new(server.Address);
        string live = (await anybody.OpenAsync($"/d/{day.Dialogue.Slug}/results/en")).Text;
        Assert.Contains("open at 1 of 3 sites, closed at 1", live, StringComparison.Ordinal);
        Assert.DoesNotContain("ballots or more", live, StringComparison.Ordinal);
        Page early = await day.Organiser.OpenAsync(day.Base + "/results");
        Assert.Contains("is not closed at these sites: KE, JP", early.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Preview", early.Text, StringComparison.Ordinal);
        Assert.EndsWith("notice=not-yet", (await day.Organiser.PostAsync(day.Base + "/results/publish")).Path, StringComparison.Ordinal);

        await day.BallotAsync("KE", "close");
        await day.BallotAsync("JP", "open");
        await day.CastAllAsync("JP", 3, 5);
        await day.BallotAsync("JP", "close");
        Dictionary<string, SessionCounts> fixedCounts = await CountsAsync(day);
        Assert.Equal(["20,12,4", "9,11,6", "3,5,0"], SiteDay.Codes.Select(code => string.Join(',', fixedCounts[code].Overall[0].Counts)));
        Assert.EndsWith("notice=published", (await day.Organiser.PostAsync(day.Base + "/results/publish")).Path, StringComparison.Ordinal);
        PublishedResults results = PublishedResults.Of(await server.WithDbAsync(db => db.Releases.Where(release => release.DialogueId == day.Dialogue.Id).Select(release => release.ResultsJson).SingleAsync(Stop)));
        ResultTable table = results.Sessions[0].Questions[0].Table;

        // 32, 28 and 10 of 78, and 8 who don't know.
        Assert.Equal((80, "30,30,10"), (Shown(table.Overall.Ballots), string.Join(',', table.Overall.Options.Select(answer => Shown(answer.Count)))));
        Assert.Equal(["FR", "KE", "JP"], table.Groups.Where(row => row.Criterion == SessionCounts.BySite).Select(row => row.Value));
        Assert.Equal(["Lyon", "Nairobi", "Osaka"], results.Sites!.Select(site => site.Name));

        // Eight people are too few to be shown, and nothing that would give them away is.
        ResultRow osaka = table.Groups.Single(row => row.Value == "JP");
        Assert.IsType<ReleasedCell.Withheld>(osaka.Ballots);
        Assert.All(osaka.Options.Add(osaka.NoAnswer), answer => Assert.IsType<ReleasedCell.Withheld>(answer.Count));
        Assert.Equal(["40", "-"], [$"{Shown(table.Groups.Single(row => row.Value == "FR").Ballots)}", Shown(osaka.Ballots) is { } shown ? $"{shown}" : "-"]);
        await Task.Delay(TimeSpan.FromSeconds(1.1), Stop);
        Assert.Contains("Lyon (FR)", (await anybody.OpenAsync($"/d/{day.Dialogue.Slug}/results/en")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Paper_counts_at_the_site_of_its_table()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "paper", 30, 30, 30);
        await day.BallotAsync(null, "open");
        await day.BallotAsync("KE", "close");

        // Nairobi may enter its paper while Lyon still votes.
        await day.PaperAsync("KE", 101, "12,8,3,2");
        await day.PaperAsync("FR", 1, "5,5,5,0");
        Assert.Equal([(101, day.Site("KE").Id)], (await TalliesAsync(day)).Select(tally => (tally.Table, tally.SiteId)).Distinct());
        Assert.Equal(HttpStatusCode.NotFound, (await day.Organiser.OpenAsync($"{day.At("FR")}/sessions/{day.Session}/paper/101")).Status);
        Assert.Contains("/sites?to=sessions", (await day.Organiser.OpenAsync($"{day.Base}/sessions/{day.Session}/paper")).Path, StringComparison.Ordinal);

        await day.BallotAsync(null, "close");
        await day.PaperAsync("FR", 1, "2,20,3,4");
        await day.PaperAsync("JP", 201, "9,9,9,4", second: 8);
        Page half = await day.Organiser.OpenAsync(day.Base + "/results");
        Assert.Contains("at these tables: 201", half.Text, StringComparison.Ordinal);
        Assert.Contains("at these tables: 201", (await day.Organiser.OpenAsync(day.Base + "/results")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain("entered twice", (await day.Organiser.OpenAsync(day.At("KE") + "/room")).Text, StringComparison.Ordinal);
        await day.Organiser.PostAsync($"{day.At("JP")}/sessions/{day.Session}/paper/201", ("entry", "2"), ("replaces", "yes"), ("ballots", "31"), ("q0o0", "9"), ("q0o1", "9"), ("q0o2", "9"), ("q0none", "4"), ("note", "Counted again"));
        Page ready = await day.Organiser.PostAsync(day.Base + "/results/publish");
        Assert.EndsWith("notice=published", ready.Path, StringComparison.Ordinal);
        PublishedResults results = PublishedResults.Of(await server.WithDbAsync(db => db.Releases.Where(release => release.DialogueId == day.Dialogue.Id).Select(release => release.ResultsJson).SingleAsync(Stop)));
        ResultTable table = results.Sessions[0].Questions[0].Table;
        Assert.Equal(["30", "25", "30"], SiteDay.Codes.Select(code => $"{Shown(table.Groups.Single(row => row.Value == code).Ballots)}"));

        // 23, 37 and 15 of 29 + 25 + 31, and ten who don't know.
        Assert.Equal((85, "25,35,15"), (Shown(table.Overall.Ballots), string.Join(',', table.Overall.Options.Select(answer => Shown(answer.Count)))));
    }

    [Fact]
    public async Task A_site_that_does_not_vote_is_left_out_and_keeps_nobody_waiting()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "out", 30, 30, 5);
        Assert.EndsWith("notice=cannot-leave-out", (await day.BallotAsync(null, "leave-out")).Path, StringComparison.Ordinal);
        await day.BallotAsync("FR", "open");
        await day.CastAllAsync("FR", 15, 15);
        await day.BallotAsync("KE", "open");
        await day.CastAllAsync("KE", 10, 20);
        Assert.EndsWith("notice=cannot-leave-out", (await day.BallotAsync("KE", "leave-out")).Path, StringComparison.Ordinal);
        await day.BallotAsync("JP", "leave-out");
        Assert.Equal(HttpStatusCode.Conflict, await day.CastAsync("JP", 0, 0));
        Assert.EndsWith("notice=cannot-open", (await day.BallotAsync("JP", "open")).Path, StringComparison.Ordinal);
        Page sites = await day.Organiser.OpenAsync($"{day.Base}/sessions/{day.Session}/sites");
        Assert.Contains("No vote here", sites.Text, StringComparison.Ordinal);

        // All that are open close together; those that never opened stay as they are.
        Assert.EndsWith("/sites", (await day.BallotAsync(null, "close")).Path, StringComparison.Ordinal);
        Assert.Equal([30, 30, 0], SiteDay.Codes.Zip(Enumerable.Repeat(await CountsAsync(day), 3), (code, counts) => counts[code].Ballots));
        Assert.DoesNotContain("is not closed at", (await day.Organiser.OpenAsync(day.Base + "/results")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Closing_everywhere_leaves_a_site_that_has_not_begun()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "later", 2, 2, 2);
        await day.BallotAsync("FR", "open");
        await day.BallotAsync("KE", "open");
        await day.BallotAsync(null, "close");
        await day.BallotAsync("JP", "open");
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("JP", 0, 0));
        Assert.Equal(["FR", "KE"], (await CountsAsync(day)).Keys.Order());
    }

    [Fact]
    public async Task Two_askings_are_joined_at_each_site_by_itself()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "twice", 2, 2, 2);
        await server.WithDbAsync(db => db.Sessions.Where(s => s.Id == day.Session).ExecuteUpdateAsync(set => set.SetProperty(s => s.Kind, SessionKind.Before), Stop));
        await day.Organiser.PostAsync($"{day.Base}/agenda/sessions/{day.Session}/again");
        SessionId after = await server.WithDbAsync(db => db.Sessions.Where(s => s.BeforeId == day.Session).Select(s => s.Id).SingleAsync(Stop));
        await day.BallotAsync("FR", "open");
        await day.BallotAsync("KE", "open");
        await day.CastAsync("FR", 0, 0);
        await day.CastAsync("KE", 0, 1);
        await day.BallotAsync("FR", "close");
        Assert.EndsWith("notice=before-first", (await day.BallotAsync("KE", "open", after)).Path, StringComparison.Ordinal);
        await day.BallotAsync("FR", "open", after);
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("FR", 0, 2, after));
        await day.BallotAsync("FR", "close", after);
        ILookup<SiteId, Ballot> bySite = (await BallotsAsync(day)).ToLookup(ballot => ballot.SiteId);
        Assert.True(Assert.Single(bySite[day.Site("FR").Id]) is { Pair: null, Locator: null });
        Assert.True(Assert.Single(bySite[day.Site("KE").Id]) is { Pair: not null, Locator: not null });

        await day.BallotAsync("KE", "close");
        await day.BallotAsync("KE", "open", after);
        await day.CastAsync("KE", 0, 1, after);
        await day.BallotAsync("KE", "close", after);
        List<PairedFlow> flows = [.. (await server.WithDbAsync(db => db.PairCounts.AsNoTracking().Where(count => count.SessionId == after).ToListAsync(Stop))).Select(count => Assert.Single(JsonSerializer.Deserialize<PairedFlow[]>(count.FlowsJson)!))];
        Assert.Equal([1, 1], flows.Select(flow => flow.Joined));
        PairedFlow all = flows[0].Plus(flows[1]);
        Assert.Equal((2, 1, 1), (all.Joined, all.Counts[0][2], all.Counts[1][1]));
    }

    [Fact]
    public async Task Giving_up_the_second_asking_leaves_ballots_alone_where_the_first_is_open()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "given", 2, 2, 2);
        await server.WithDbAsync(db => db.Sessions.Where(s => s.Id == day.Session).ExecuteUpdateAsync(set => set.SetProperty(s => s.Kind, SessionKind.Before), Stop));
        await day.Organiser.PostAsync($"{day.Base}/agenda/sessions/{day.Session}/again");
        SessionId after = await server.WithDbAsync(db => db.Sessions.Where(s => s.BeforeId == day.Session).Select(s => s.Id).SingleAsync(Stop));
        await day.BallotAsync(null, "open");
        await day.CastAsync("FR", 0, 0);
        await day.CastAsync("KE", 0, 1);
        await day.BallotAsync("FR", "close");
        await day.Organiser.PostAsync($"{day.Base}/agenda/sessions/{after}/delete");
        ILookup<SiteId, Ballot> bySite = (await BallotsAsync(day)).ToLookup(ballot => ballot.SiteId);
        Assert.True(Assert.Single(bySite[day.Site("FR").Id]) is { Pair: null });
        Assert.True(Assert.Single(bySite[day.Site("KE").Id]) is { Locator: not null, Strata: not null });
        Assert.Equal(HttpStatusCode.OK, await day.CastAsync("KE", 0, 2));
        Assert.Equal(2, (await BallotsAsync(day)).Count);
    }

    [Fact]
    public async Task The_agenda_is_on_the_clock_of_each_site()
    {
        using SiteDay day = await SiteDay.MakeAsync(server, "clock", 1, 1, 1);
        Assert.Contains("on its own clock", (await day.Organiser.OpenAsync(day.Base + "/agenda")).Text, StringComparison.Ordinal);
        Assert.Contains("Asia/Tokyo", (await day.Organiser.OpenAsync(day.At("JP") + "/agenda")).Text, StringComparison.Ordinal);
        Page sites = await day.Organiser.OpenAsync($"{day.Base}/sessions/{day.Session}/sites");
        Assert.All((string[])["00:00 UTC", "06:00 UTC"], time => Assert.Contains(time, sites.Text, StringComparison.Ordinal));
    }

    private static async Task<string> PapersAsync(HttpClient phone, string link)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "/api/v1/ballot-papers");
        request.Headers.Authorization = new("Bearer", link);
        using HttpResponseMessage response = await phone.SendAsync(request, Stop);
        return await response.Content.ReadAsStringAsync(Stop);
    }

    private static int? Shown(ReleasedCell cell) => cell is ReleasedCell.Rounded rounded ? rounded.Value : null;

    private Task<List<Ballot>> BallotsAsync(SiteDay day) => server.WithDbAsync(db => db.Ballots.AsNoTracking().Where(ballot => ballot.SessionId == day.Session).ToListAsync(Stop));

    private Task<List<PaperTally>> TalliesAsync(SiteDay day) => server.WithDbAsync(db => db.PaperTallies.AsNoTracking().Where(tally => tally.SessionId == day.Session).ToListAsync(Stop));

    private async Task<Dictionary<string, SessionCounts>> CountsAsync(SiteDay day) => (await server.WithDbAsync(db => db.SessionCounts.AsNoTracking().Where(count => count.SessionId == day.Session).ToListAsync(Stop)))
        .ToDictionary(count => day.Dialogue.Sites.Single(site => site.Id == count.SiteId).Code, count => JsonSerializer.Deserialize<SessionCounts>(count.CountsJson)!);
}
