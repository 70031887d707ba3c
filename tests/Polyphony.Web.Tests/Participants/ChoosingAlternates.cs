using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Pools;
using Polyphony.Web.Jobs;
using Polyphony.Web.Participants;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>A panel of three out of six men and two women: at least one and at most two of each.</summary>
public sealed class ChoosingAlternates(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Before_a_panel_is_drawn_the_page_says_what_is_missing()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "alternates-none");
        await town.Organiser.PostAsync(Address(town) + "/compute", ("n", "2"), ("rate", "10"));
        Assert.Contains("Alternates are chosen for a panel that is drawn", (await town.Organiser.OpenAsync(Address(town))).Text, StringComparison.Ordinal);
        Assert.False(await server.WithDbAsync(db => db.Jobs.AnyAsync(job => job.DialogueId == town.Dialogue, Stop)));
    }

    [Fact]
    public async Task They_mend_what_would_break_and_the_page_says_that_they_hold_no_place()
    {
        using DrawTown town = await DrawnAsync("alternates");
        string page = Address(town);
        Page asked = await town.Organiser.OpenAsync(page);
        Assert.Contains("This list is advice and seats nobody.", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", asked.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{page}\"", (await town.Organiser.OpenAsync($"/organise/{town.Slug}/participants/replace")).Html, StringComparison.Ordinal);
        Assert.Contains("name=\"rate-1\"", (await town.Organiser.OpenAsync(page + "?by=1")).Html, StringComparison.Ordinal);

        // The only person of one value is sure to go, the others are sure to stay: one is missing of two at most.
        PoolMember[] seated = await SeatedAsync(town);
        int lonely = seated.Count(member => member.Values[0] == 0) == 1 ? 0 : 1;
        (string, string)[] wish = [("n", "1"), ("by", "1"), ("rate-" + lonely, "100"), ("rate-" + (1 - lonely), "0")];
        Page chosen = await ComputeAsync(town, wish);
        PoolMember[] free = [.. (await PoolAsync(town)).Where(member => member.Values[0] == lonely && seated.All(other => other.Id != member.Id))];
        Assert.NotEmpty(free);
        Assert.Contains("1 alternate, whom to ask first", chosen.Text, StringComparison.Ordinal);
        Assert.Contains("for the 3 people on the panel, from the 5 who could step in", chosen.Text, StringComparison.Ordinal);
        Assert.Contains("0.500", chosen.Text, StringComparison.Ordinal);
        Assert.Contains("0.000", chosen.Text, StringComparison.Ordinal);
        Assert.Single(free, member => chosen.Text.Contains(member.ExternalId, StringComparison.Ordinal));
        Assert.All(seated, member => Assert.DoesNotContain(member.ExternalId, chosen.Text, StringComparison.Ordinal));

        // The same question has the same answer, and one list takes the place of the other.
        string before = (await ListAsync(town)).ResultJson;
        await ComputeAsync(town, wish);
        Assert.Equal(before, (await ListAsync(town)).ResultJson);

        // Where nobody drops out nothing breaks.
        Page safe = await ComputeAsync(town, ("n", "1"), ("rate", "0"));
        Assert.DoesNotContain("0.500", safe.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_is_one_who_is_out_or_lives_with_somebody_on_the_panel()
    {
        using DrawTown town = await DrawnAsync("alternates-home");
        PoolMember[] seated = await SeatedAsync(town);
        PoolMember[] others = [.. (await PoolAsync(town)).Where(member => seated.All(other => other.Id != member.Id))];
        await HouseAsync(town, "one roof", [seated[0], .. others[..^1]]);
        Page page = await ComputeAsync(town, ("n", "8"), ("rate", "50"));
        Assert.Contains(others[^1].ExternalId, page.Text, StringComparison.Ordinal);
        Assert.All(others[..^1], member => Assert.DoesNotContain(member.ExternalId, page.Text, StringComparison.Ordinal));

        // Who lives with nobody on the panel any more may be one; who is out may not.
        await DeclineAsync(town, seated[0]);
        Page then = await ComputeAsync(town, ("n", "8"), ("rate", "50"));
        Assert.Contains(others[..^1], member => then.Text.Contains(member.ExternalId, StringComparison.Ordinal));
        Assert.DoesNotContain(seated[0].ExternalId, then.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_stays_until_another_takes_its_place_and_says_when_people_have_changed()
    {
        using DrawTown town = await DrawnAsync("alternates-stale");
        const string Changed = "Since then somebody has answered";
        await ComputeAsync(town, ("n", "2"), ("rate", "30"));
        AlternateList first = await ListAsync(town);
        Page fresh = await town.Organiser.OpenAsync(Address(town));
        Assert.DoesNotContain(Changed, fresh.Text, StringComparison.Ordinal);
        Assert.Contains("Expected to drop out: 30 in a hundred.", fresh.Text, StringComparison.Ordinal);

        // Somebody who answers yes was on the panel before; somebody who answers no changes it.
        PoolMember[] seated = await SeatedAsync(town);
        await SetAsync(town, seated[1], ParticipantStatus.Confirmed);
        Assert.DoesNotContain(Changed, (await town.Organiser.OpenAsync(Address(town))).Text, StringComparison.Ordinal);
        await DeclineAsync(town, seated[0]);
        Page stale = await town.Organiser.OpenAsync(Address(town));
        Assert.Contains(Changed, stale.Text, StringComparison.Ordinal);
        Assert.Contains("2 alternates, whom to ask first", stale.Text, StringComparison.Ordinal);
        (string, string)[] hidden = [.. System.Text.RegularExpressions.Regex.Matches(stale.Html, "<input type=\"hidden\" name=\"(n|rate)\" value=\"(\\d+)\"").Select(field => (field.Groups[1].Value, field.Groups[2].Value))];
        Assert.Equal([("n", "2"), ("rate", "30")], hidden);
        Page again = await ComputeAsync(town, hidden);
        Assert.DoesNotContain(Changed, again.Text, StringComparison.Ordinal);
        Assert.NotEqual(first.Id, (await ListAsync(town)).Id);

        // Another home is another choice.
        await HouseAsync(town, "one roof", [.. (await PoolAsync(town)).Where(member => seated.All(other => other.Id != member.Id))]);
        Assert.Contains(Changed, (await town.Organiser.OpenAsync(Address(town))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Numbers_out_of_range_compute_nothing()
    {
        using DrawTown town = await DrawnAsync("alternates-numbers");
        int jobs = await server.WithDbAsync(db => db.Jobs.CountAsync(job => job.DialogueId == town.Dialogue, Stop));
        foreach (string minutes in (string[])["0", "1441", "1.5", "long"])
        {
            Page refused = await town.Organiser.PostAsync(Address(town) + "/compute", ("n", "4"), ("rate", "10"), ("minutes", minutes));
            Assert.Contains("whole minutes, from 1 to 1,440", refused.Text, StringComparison.Ordinal);
        }

        foreach ((string, string)[] wrong in ((string, string)[][])[
            [("n", "0"), ("rate", "10")], [("n", "51"), ("rate", "10")], [("n", "4"), ("rate", "101")], [("n", "4"), ("rate", "-1")], [("n", "4"), ("rate", "")], [("n", "four"), ("rate", "10")],
            [("n", "4"), ("by", "2"), ("rate-0", "1"), ("rate-1", "1")], [("n", "4"), ("by", "1"), ("rate-0", "1")], [("n", "4"), ("by", "1"), ("rate-0", "1"), ("rate-1", "1000")]])
        {
            Page refused = await town.Organiser.PostAsync(Address(town) + "/compute", wrong);
            Assert.Contains("Alternates go from 1 to 50 and rates from 0 to 100", refused.Text, StringComparison.Ordinal);
        }

        Assert.Equal(jobs, await server.WithDbAsync(db => db.Jobs.CountAsync(job => job.DialogueId == town.Dialogue, Stop)));
    }

    [Fact]
    public async Task While_one_is_computed_no_other_begins_and_a_stop_leaves_the_list_that_was_there()
    {
        using DrawTown town = await DrawnAsync("alternates-stop");
        await ComputeAsync(town, ("n", "2"), ("rate", "30"));
        AlternateList first = await ListAsync(town);

        // Behind a computation that takes long, it waits until it is stopped.
        using DrawTown busy = await DrawTown.HardAsync(server, "alternates-busy", people: 600);
        await busy.Organiser.PostAsync(busy.Draw + "/compute");
        await town.Organiser.PostAsync(Address(town) + "/compute", ("n", "1"), ("rate", "5"));
        Page waiting = await town.Organiser.PostAsync(Address(town) + "/compute", ("n", "3"), ("rate", "5"));
        Assert.Contains("Choosing alternates", waiting.Text, StringComparison.Ordinal);
        Assert.Contains("2 alternates, whom to ask first", waiting.Text, StringComparison.Ordinal);
        Assert.Equal(2, await server.WithDbAsync(db => db.AlternateLists.CountAsync(list => list.DialogueId == town.Dialogue, Stop)));
        await town.Organiser.PostAsync(Address(town) + "/stop");
        await busy.Organiser.PostAsync(busy.Draw + "/stop");
        Job stopped = await town.UntilAsync(job => job.State > JobState.Running);
        Assert.Equal(JobState.Stopped, stopped.State);
        Page shown = await town.Organiser.OpenAsync(Address(town));
        Assert.Contains("The work was stopped.", shown.Text, StringComparison.Ordinal);
        Assert.Contains("2 alternates, whom to ask first", shown.Text, StringComparison.Ordinal);
        Assert.Equal(first.Id, (await ListAsync(town)).Id);
    }

    [Fact]
    public async Task A_list_that_its_time_ended_says_so_and_one_of_nobody_leaves_what_was_there()
    {
        using DrawTown town = await HardDrawnAsync("alternates-limit");
        Assert.Equal(JobState.Done, (await LimitedAsync(town, 50, 2)).State);
        AlternateList list = await ListAsync(town);
        AlternateResult result = System.Text.Json.JsonSerializer.Deserialize<AlternateResult>(list.ResultJson)!;
        Assert.True(result is { EndedByLimit: true, Proven: false });
        Assert.InRange(result.Tickets.Count, 1, 49);
        Page page = await town.Organiser.OpenAsync(Address(town));
        Assert.Contains($"Ended by its time limit; alternates taken by then, one after the other: {result.Tickets.Count} of 50.", page.Text, StringComparison.Ordinal);

        Job none = await LimitedAsync(town, 8, 0);
        Assert.Equal((JobState.Failed, "alternates.limit"), (none.State, none.ErrorCode));
        Assert.Equal(list.Id, (await ListAsync(town)).Id);
        Assert.Contains("before anybody was chosen", (await town.Organiser.OpenAsync(Address(town))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_limit_is_kept_with_the_list_and_stands_in_the_form_again()
    {
        using DrawTown town = await DrawnAsync("alternates-minutes");
        Assert.Contains("name=\"minutes\" value=\"10\"", Attributes(await town.Organiser.OpenAsync(Address(town))), StringComparison.Ordinal);
        await ComputeAsync(town, ("n", "2"), ("rate", "30"), ("minutes", "7"));
        Assert.Equal(420, AlternateWish.Read((await ListAsync(town)).WishJson).SecondsAllowed);
        await DeclineAsync(town, (await SeatedAsync(town))[0]);
        Page stale = await town.Organiser.OpenAsync(Address(town));
        Assert.Contains("type=\"hidden\" name=\"minutes\" value=\"7\"", stale.Html, StringComparison.Ordinal);
        Assert.Equal(2, Attributes(stale).Split("name=\"minutes\" value=\"7\"").Length - 1);
        Assert.DoesNotContain("Ended by its time limit", stale.Text, StringComparison.Ordinal);
        await ComputeAsync(town, ("n", "2"), ("rate", "30"), ("minutes", ""));
        Assert.Null(AlternateWish.Read((await ListAsync(town)).WishJson).SecondsAllowed);
    }

    /// <summary>The page without what stands between a field's name and its value.</summary>
    private static string Attributes(Page page) => System.Text.RegularExpressions.Regex.Replace(page.Html, "(name=\"minutes\")[^>]*?( value=)", "$1$2");

    /// <summary>As the form does, but with a limit of seconds.</summary>
    private async Task<Job> LimitedAsync(DrawTown town, int count, int seconds)
    {
        AlternateList list = new() { Id = Guid.CreateVersion7(), DialogueId = town.Dialogue, SiteId = town.Site.Id, WishJson = new AlternateWish(count, 20, null, [], seconds).ToJson() };
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<Db>().AlternateLists.Add(list);
        Job job = await scope.ServiceProvider.GetRequiredService<JobQueue>().StartAsync(town.Dialogue, town.Site.Id, ChooseAlternates.Kind, list.Id.ToString("N"), Stop);
        return await town.UntilAsync(newest => newest.Id == job.Id && newest.State > JobState.Running);
    }

    /// <summary>A panel for which alternates take long, without the lottery that would take long too.</summary>
    private async Task<DrawTown> HardDrawnAsync(string name)
    {
        DrawTown town = await DrawTown.HardAsync(server, name);
        await server.WithDbAsync(async db =>
        {
            Lottery panel = new() { Id = new(Guid.CreateVersion7()), DialogueId = town.Dialogue, SiteId = town.Site.Id, Attempt = 1, Kind = LotteryKind.Panel, State = LotteryState.Drawn, Objective = "leximin", PanelSize = DrawTown.HardSize, PanelCount = 100, ManifestJson = "{}" };
            db.Lotteries.Add(panel);
            foreach ((int number, PoolMember member) in (await db.PoolMembers.Where(member => member.SiteId == town.Site.Id).OrderBy(member => member.ExternalId).Take(DrawTown.HardSize).ToListAsync(Stop)).Index())
            {
                db.Participants.Add(new Participant { Id = new(Guid.CreateVersion7()), DialogueId = town.Dialogue, SiteId = town.Site.Id, PoolMemberId = member.Id, PersonId = member.PersonId, Number = number + 1, LotteryId = panel.Id, Status = ParticipantStatus.Confirmed, BadgeCode = "B" + number });
            }

            return await db.SaveChangesAsync(Stop);
        });
        return town;
    }

    private static string Address(DrawTown town) => $"/organise/{town.Slug}/participants/alternates";

    private static async Task<Page> ComputeAsync(DrawTown town, params (string Name, string Value)[] wish)
    {
        await town.Organiser.PostAsync(Address(town) + "/compute", wish);
        Assert.Equal(JobState.Done, (await town.UntilAsync(job => job.Kind == ChooseAlternates.Kind && job.State > JobState.Running)).State);
        return await town.Organiser.OpenAsync(Address(town));
    }

    private Task<AlternateList> ListAsync(DrawTown town) => server.WithDbAsync(db => db.AlternateLists.AsNoTracking().SingleAsync(list => list.DialogueId == town.Dialogue && list.ComputedAt != null, Stop));

    private Task DeclineAsync(DrawTown town, PoolMember member) => SetAsync(town, member, ParticipantStatus.Declined);

    private Task SetAsync(DrawTown town, PoolMember member, ParticipantStatus status) => server.WithDbAsync(db => db.Participants.Where(p => p.PoolMemberId == member.Id && p.DialogueId == town.Dialogue)
        .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status), Stop));

    private async Task<DrawTown> DrawnAsync(string name)
    {
        DrawTown town = await DrawTown.SmallAsync(server, name);
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        Assert.Equal(LotteryState.Drawn, (await town.NewestAsync(LotteryKind.Panel)).State);
        return town;
    }

    private Task<List<PoolMember>> PoolAsync(DrawTown town) => server.WithDbAsync(db => db.PoolMembers.AsNoTracking().Where(member => member.DialogueId == town.Dialogue).OrderBy(member => member.ExternalId).ToListAsync(Stop));

    private Task<PoolMember[]> SeatedAsync(DrawTown town) => server.WithDbAsync(db => (
        from participant in db.Participants.AsNoTracking()
        where participant.DialogueId == town.Dialogue
        join member in db.PoolMembers on participant.PoolMemberId equals member.Id
        orderby participant.Number
        select member).ToArrayAsync(Stop));

    private Task HouseAsync(DrawTown town, string key, PoolMember[] members)
    {
        PoolMemberId[] ids = [.. members.Select(member => member.Id)];
        return server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && ids.Contains(member.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.HouseholdKey, key), Stop));
    }
}
