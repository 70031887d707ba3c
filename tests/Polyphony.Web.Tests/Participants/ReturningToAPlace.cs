using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Participants;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Participants;

/// <summary>A panel of three out of six men and two women is drawn; people decline, are replaced, and think again.</summary>
public sealed class ReturningToAPlace(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_comes_back_beside_somebody_of_the_same_household()
    {
        using DrawTown town = await DrawnAsync("back-home");
        (Participant one, Participant mate) = ((await PanelAsync(town))[0], (await PanelAsync(town))[1]);
        await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && (member.Id == one.PoolMemberId || member.Id == mate.PoolMemberId))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.HouseholdKey, "one roof"), Stop));
        await SetAsync(town, one, ParticipantStatus.Declined);
        await AssertReturnsAsync(town, one, false);
        await SetAsync(town, mate, ParticipantStatus.Withdrew);
        await AssertReturnsAsync(town, one, true);
    }

    [Fact]
    public async Task Nobody_of_a_household_on_the_panel_is_drawn_for_a_place_by_lottery_or_by_order()
    {
        using DrawTown town = await DrawnAsync("drawn-home");
        Participant[] panel = await PanelAsync(town);
        Dictionary<PoolMemberId, int> values = await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue).ToDictionaryAsync(member => member.Id, member => member.Values[0], Stop));

        // A man goes; all men but one live with a man or woman who stays.
        Participant gone = panel.First(participant => values[participant.PoolMemberId] == 0);
        Participant stays = panel.First(participant => participant.Id != gone.Id);
        PoolMemberId[] others = [.. values.Keys.Where(id => panel.All(participant => participant.PoolMemberId != id))];
        PoolMemberId stranger = others.First(id => values[id] == 0);
        await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == town.Dialogue && (member.Id == stays.PoolMemberId || (others.Contains(member.Id) && member.Id != stranger)))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.HouseholdKey, "one roof"), Stop));
        await SetAsync(town, gone, ParticipantStatus.Declined);
        string page = $"/organise/{town.Slug}/participants/replace";
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        await town.FreezeAsync(page, "dice", "three dice again");
        await town.Organiser.PostAsync(page + "/draw", ("value", "4 5 6"));
        Assert.Equal(stranger, (await PanelAsync(town)).Single(participant => participant.Replaces == gone.Id).PoolMemberId);

        // The stranger goes too: only people of the household are left, and nobody of them is drawn.
        await SetAsync(town, (await PanelAsync(town)).Single(participant => participant.PoolMemberId == stranger), ParticipantStatus.Declined);
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        Assert.Equal("no-replacement", (await town.NewestAsync(LotteryKind.Replacement)).EndCode);
        await town.FreezeAsync(page, "beacon", "a beacon");
        Assert.Contains("no-replacement", (await town.Organiser.PostAsync(page + "/draw", ("value", new string('7', 64)))).Path, StringComparison.Ordinal);
        Assert.Equal(4, (await PanelAsync(town)).Length);
    }

    [Fact]
    public async Task Nobody_comes_back_while_a_frozen_draw_fills_the_place_and_who_leaves_meanwhile_is_not_the_one_replaced()
    {
        using DrawTown town = await DrawnAsync("back-frozen");
        Participant[] panel = await PanelAsync(town);
        string page = $"/organise/{town.Slug}/participants/replace";
        await SetAsync(town, panel[2], ParticipantStatus.Declined);
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        Assert.DoesNotContain("problem", (await town.FreezeAsync(page, "dice", "three dice again")).Path, StringComparison.Ordinal);
        await AssertReturnsAsync(town, panel[2], false);
        await SetAsync(town, panel[0], ParticipantStatus.Declined);
        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", "1 2 3"))).Path, StringComparison.Ordinal);
        Participant stepsIn = (await PanelAsync(town))[3];
        Assert.Equal(panel[2].Id, stepsIn.Replaces);
        await AssertReturnsAsync(town, panel[2], false);
        await AssertReturnsAsync(town, panel[0], true);
    }

    /// <summary>The organiser tries to write a yes down: with the words read out, or it is refused before they are looked at.</summary>
    private static async Task AssertReturnsAsync(DrawTown town, Participant participant, bool may)
    {
        Page answered = await town.Organiser.PostAsync($"/organise/{town.Slug}/participants/{participant.Id}/answer", ("answer", "confirmed"), ("consent", ""));
        Assert.EndsWith(may ? "?problem=read-again" : "?notice=not-possible", answered.Path, StringComparison.Ordinal);
    }

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

    private Task SetAsync(DrawTown town, Participant participant, ParticipantStatus status) => server.WithDbAsync(db =>
        db.Participants.Where(p => p.DialogueId == town.Dialogue && p.Id == participant.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status), Stop));
}
