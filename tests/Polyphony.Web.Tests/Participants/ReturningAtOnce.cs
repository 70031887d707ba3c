using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Participants;
using Polyphony.Web.Audiences;
using Polyphony.Web.Participants;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>A panel of three is drawn; people who said no say yes after all while somebody else changes who is on the panel. The test holds the panel until all have come in and wait.</summary>
public sealed partial class ReturningAtOnce(TestServer server)
{
    /// <summary>In which requests arrive and look at what they look at before they wait; too short, and a fault would be missed, but nothing else fails.</summary>
    private static readonly TimeSpan Arrival = TimeSpan.FromMilliseconds(700);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_of_a_household_one_gets_the_place_and_the_other_reads_why_not(bool byLink)
    {
        using DrawTown town = await DrawnAsync(byLink ? "both-link" : "both-phone");
        Participant[] mates = (await PanelAsync(town))[..2];
        await HouseAsync(town, mates);
        await SetAsync(town, mates, ParticipantStatus.Declined);
        Func<Task<Page>>[] returns = [await ReadyAsync(town, mates[0], byLink), await ReadyAsync(town, mates[1], byLink)];
        Page[] answers = await WhileHeldAsync(town, null, returns);
        Participant[] then = (await PanelAsync(town))[..2];
        Assert.Single(then, mate => mate.Status == ParticipantStatus.Confirmed);
        Assert.Single(then, mate => mate.Status == ParticipantStatus.Declined);
        Assert.Single(answers, page => page.Text.Contains(byLink ? "because somebody of your household holds a place" : "somebody of their household is on the panel", StringComparison.Ordinal));
        Assert.All(answers, page => Assert.DoesNotContain("given to somebody else", page.Text, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_returns_to_a_place_for_which_a_draw_is_being_frozen(bool byLink)
    {
        using DrawTown town = await DrawnAsync(byLink ? "frozen-link" : "frozen-phone");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Declined);
        Func<Task<Page>> returning = await ReadyAsync(town, one, byLink);
        Page[] answers = await WhileHeldAsync(town, db => AddFrozenAsync(db, town), returning);
        Assert.Equal(ParticipantStatus.Declined, (await PanelAsync(town))[0].Status);
        Assert.Contains(byLink ? "is being drawn for" : "is about to be", answers[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_draw_is_frozen_for_a_place_to_which_somebody_is_returning()
    {
        using DrawTown town = await DrawnAsync("freeze-late");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Declined);
        Page[] answers = await WhileHeldAsync(
            town, db => db.Participants.Where(p => p.Id == one.Id && p.DialogueId == town.Dialogue).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Confirmed), Stop),
            () => FreezeAsync(town));
        Assert.Contains("nobody-out", answers[0].Path, StringComparison.Ordinal);
        Assert.Equal(0, await FrozenAsync(town));
    }

    [Fact]
    public async Task A_return_and_a_freeze_that_come_together_are_never_both_taken()
    {
        using DrawTown town = await DrawnAsync("together");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Declined);
        Func<Task<Page>> returning = await ReadyAsync(town, one, byLink: true);
        await WhileHeldAsync(town, null, returning, () => FreezeAsync(town));
        bool returned = (await PanelAsync(town))[0].Status == ParticipantStatus.Confirmed;
        Assert.Equal(returned ? 0 : 1, await FrozenAsync(town));
    }

    [Fact]
    public async Task Places_are_drawn_for_once_however_often_the_button_is_pressed()
    {
        using DrawTown town = await DrawnAsync("drawn-twice");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Declined);
        await town.FreezeAsync($"/organise/{town.Slug}/participants/replace", "beacon", "a beacon");
        Func<Task<Page>> draw = () => town.Organiser.PostAsync($"/organise/{town.Slug}/participants/replace/draw", ("value", new string('7', 64)));
        Page[] answers = await WhileHeldAsync(town, null, draw, draw);
        Assert.Single(answers, page => page.Path.EndsWith("?notice=replaced", StringComparison.Ordinal));
        Assert.Single(answers, page => page.Path.EndsWith("?problem=not-now", StringComparison.Ordinal));
        Assert.Equal(4, (await PanelAsync(town)).Length);
    }

    [Fact]
    public async Task A_lottery_for_free_places_is_begun_once_however_often_the_button_is_pressed()
    {
        using DrawTown town = await DrawnAsync("begun-twice");
        await SetAsync(town, [(await PanelAsync(town))[0]], ParticipantStatus.Declined);
        Func<Task<Page>> begin = () => town.Organiser.PostAsync($"/organise/{town.Slug}/participants/replace/compute");
        Page[] answers = await WhileHeldAsync(town, null, begin, begin);
        Assert.Single(answers, page => page.Path.EndsWith("/participants/replace", StringComparison.Ordinal));
        Assert.Single(answers, page => page.Path.EndsWith("?problem=not-now", StringComparison.Ordinal));
        await town.UntilAsync(job => job is { Kind: ReplaceByLottery.Kind, State: JobState.Done });
        Assert.Equal(["replacement.started", "replacement.computed"], (await town.CodesAsync()).Where(code => code.StartsWith("replacement.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Nobody_begins_a_lottery_for_a_place_to_which_somebody_is_returning()
    {
        using DrawTown town = await DrawnAsync("begun-late");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Declined);
        Page[] answers = await WhileHeldAsync(town, db => SetAsync(db, town, [one], ParticipantStatus.Confirmed), () => town.Organiser.PostAsync($"/organise/{town.Slug}/participants/replace/compute"));
        Assert.EndsWith("?problem=nobody-out", answers[0].Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_declines_what_somebody_else_has_confirmed_for_them_meanwhile()
    {
        using DrawTown town = await DrawnAsync("declined-late");
        Participant one = (await PanelAsync(town))[0];
        Func<Task<Page>> decline = await LinkAsync(town, one, "decline");
        await WhileHeldAsync(town, db => SetAsync(db, town, [one], ParticipantStatus.Confirmed), decline);
        Assert.Equal(ParticipantStatus.Confirmed, (await PanelAsync(town))[0].Status);
    }

    [Fact]
    public async Task Nobody_withdraws_whose_place_was_given_up_meanwhile()
    {
        using DrawTown town = await DrawnAsync("withdrew-late");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Confirmed);
        Func<Task<Page>> withdraw = await LinkAsync(town, one, "withdraw");
        await WhileHeldAsync(town, db => SetAsync(db, town, [one], ParticipantStatus.NotAnswered), withdraw);
        Assert.Equal(ParticipantStatus.NotAnswered, (await PanelAsync(town))[0].Status);
        Assert.DoesNotContain("participant.withdrew", await town.CodesAsync());
    }

    [Fact]
    public async Task Nobody_gives_up_a_place_at_the_door_that_was_left_meanwhile()
    {
        using DrawTown town = await DrawnAsync("given-up-late");
        Participant one = (await PanelAsync(town))[0];
        await SetAsync(town, [one], ParticipantStatus.Confirmed);
        await server.WithDbAsync(db => db.Participants.Where(p => p.Id == one.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, Attendance.Absent), Stop));
        await WhileHeldAsync(town, db => SetAsync(db, town, [one], ParticipantStatus.Declined), () => town.Organiser.PostAsync($"/organise/{town.Slug}/check-in/{one.Id}/release"));
        Assert.Equal(ParticipantStatus.Declined, (await PanelAsync(town))[0].Status);
        Assert.DoesNotContain("participant.place-given-up", await town.CodesAsync());
    }

    [Fact]
    public async Task Nobody_says_yes_at_the_door_who_was_let_go_meanwhile()
    {
        using DrawTown town = await DrawnAsync("door-late");
        Participant one = (await PanelAsync(town))[0];
        string list = (await town.Organiser.OpenAsync($"/organise/{town.Slug}/check-in")).Html;
        string door = $"/organise/{town.Slug}/check-in/{one.Id}/attendance";
        string words = ConsentPattern().Match(list[list.IndexOf($"action=\"{door}\"", StringComparison.Ordinal)..]).Groups[1].Value;
        Page[] answers = await WhileHeldAsync(
            town, db => SetAsync(db, town, [one], ParticipantStatus.NotAnswered), () => town.Organiser.PostAsync(door, ("attendance", "present"), ("consent", words)));
        Assert.EndsWith("?problem=not-expected", answers[0].Path, StringComparison.Ordinal);
        Participant then = (await PanelAsync(town))[0];
        Assert.Equal((ParticipantStatus.NotAnswered, Attendance.Expected), (then.Status, then.Attendance));
        Assert.False(await server.WithDbAsync(db => db.Consents.AnyAsync(consent => consent.ParticipantId == one.Id, Stop)));
        Assert.DoesNotContain("participant.answer-recorded", await town.CodesAsync());
    }

    /// <summary>Holds the panel, lets requests come in, does something of its own, and lets go.</summary>
    private Task<Page[]> WhileHeldAsync(DrawTown town, Func<Db, Task>? meanwhile, params Func<Task<Page>>[] requests) => server.WithDbAsync(async db =>
    {
        Task<Page>[] waiting;
        await using (var held = await HoldingThePanel.BeginAsync(db, town.Site.Id, Stop))
        {
            if (meanwhile is not null)
            {
                await meanwhile(db);
            }

            waiting = [.. requests.Select(request => request())];
            await Task.Delay(Arrival, Stop);
            Assert.All(waiting, task => Assert.False(task.IsCompleted));
            await held.CommitAsync(Stop);
        }

        return await Task.WhenAll(waiting);
    });

    /// <summary>Somebody with the page open on which they say yes after all: by their own link, or by telephone with the organiser who has read the words out.</summary>
    private async Task<Func<Task<Page>>> ReadyAsync(DrawTown town, Participant one, bool byLink)
    {
        if (!byLink)
        {
            string page = $"/organise/{town.Slug}/participants/{one.Id}/answer";
            string words = ConsentPattern().Match((await town.Organiser.OpenAsync(page)).Html).Groups[1].Value;
            return () => town.Organiser.PostAsync(page, ("answer", "confirmed"), ("consent", words));
        }

        return await LinkAsync(town, one, "accept", KeyValuePair.Create("consent", "yes"));
    }

    /// <summary>Somebody with the page of their own link open, who presses one of its buttons.</summary>
    private async Task<Func<Task<Page>>> LinkAsync(DrawTown town, Participant one, string action, params KeyValuePair<string, string>[] fields)
    {
        string code;
        await using (AsyncServiceScope scope = server.Services.CreateAsyncScope())
        {
            code = await scope.ServiceProvider.GetRequiredService<ICitizenLinks>().IssueAsync(town.Dialogue, one.Id, Stop);
            await scope.ServiceProvider.GetRequiredService<Db>().SaveChangesAsync(Stop);
        }

        Visitor citizen = new(server.Address);
        KeyValuePair<string, string>[] token = await citizen.TokenAsync("/c/" + code);
        return async () =>
        {
            HttpResponseMessage response = await citizen.PostAsync("/c/" + code, $"/c/{code}/{action}", new FormUrlEncodedContent([.. token, .. fields]));
            return await citizen.OpenAsync(response.Headers.Location!.ToString());
        };
    }

    private static Task<Page> FreezeAsync(DrawTown town) => town.Organiser.PostAsync(
        $"/organise/{town.Slug}/participants/replace/freeze", ("kind", "beacon"), ("name", "a beacon"), ("outOf", ""), ("at", "2099-01-01T12:00"));

    private static async Task AddFrozenAsync(Db db, DrawTown town)
    {
        db.Lotteries.Add(new Lottery { Id = new(Guid.CreateVersion7()), DialogueId = town.Dialogue, SiteId = town.Site.Id, Attempt = 2, Kind = LotteryKind.Replacement, State = LotteryState.Frozen, Objective = "order", PanelSize = 3, ManifestJson = "{}" });
        await db.SaveChangesAsync(Stop);
    }

    private Task<int> FrozenAsync(DrawTown town) =>
        server.WithDbAsync(db => db.Lotteries.CountAsync(draw => draw.DialogueId == town.Dialogue && draw.Kind == LotteryKind.Replacement && draw.State == LotteryState.Frozen, Stop));

    private async Task<DrawTown> DrawnAsync(string name)
    {
        DrawTown town = await DrawTown.SmallAsync(server, name);
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        return town;
    }

    private Task<Participant[]> PanelAsync(DrawTown town) =>
        server.WithDbAsync(db => db.Participants.AsNoTracking().Where(participant => participant.DialogueId == town.Dialogue).OrderBy(participant => participant.Number).ToArrayAsync(Stop));

    private Task SetAsync(DrawTown town, Participant[] people, ParticipantStatus status) => server.WithDbAsync(db => SetAsync(db, town, people, status));

    private static Task<int> SetAsync(Db db, DrawTown town, Participant[] people, ParticipantStatus status)
    {
        ParticipantId[] ids = [.. people.Select(person => person.Id)];
        return db.Participants.Where(p => p.DialogueId == town.Dialogue && ids.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status), Stop);
    }

    private Task HouseAsync(DrawTown town, Participant[] people)
    {
        PoolMemberId[] ids = [.. people.Select(person => person.PoolMemberId)];
        return server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && ids.Contains(member.Id)).ExecuteUpdateAsync(set => set.SetProperty(m => m.HouseholdKey, "one roof"), Stop));
    }

    [GeneratedRegex("name=\"consent\" value=\"([^\"]+)\"")]
    private static partial Regex ConsentPattern();
}
