using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Web.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>A panel of three out of eight is drawn, and the one woman on it declines.</summary>
public sealed class ReplacingByLottery(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_steps_in_is_drawn_from_numbered_groups_that_keep_the_quotas_and_everybody_can_check_it()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "replaced");
        string page = $"/organise/{town.Slug}/participants/replace";
        Assert.EndsWith("?problem=not-now", (await town.Organiser.PostAsync(page + "/compute")).Path, StringComparison.Ordinal);
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        Assert.EndsWith("?problem=nobody-out", (await town.Organiser.PostAsync(page + "/compute")).Path, StringComparison.Ordinal);

        // Everybody of the value of which there is the least leaves: one or two of two women.
        Participant[] women = await OfValueAsync(town, 1);
        await SetAsync(town, women[0], ParticipantStatus.Declined);
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        Lottery computed = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((LotteryState.Computed, 3, 1_000, "leximin"), (computed.State, computed.PanelSize, DrawDesk.PanelsOf(computed), computed.Objective));
        Assert.Contains("Freeze the lottery", (await town.Organiser.OpenAsync(page)).Text, StringComparison.Ordinal);

        // The job of replacements is not the job of the draw page.
        Assert.DoesNotContain("data-running", (await town.Organiser.OpenAsync(town.Draw)).Html, StringComparison.Ordinal);

        // Who answers in between changes what it was computed for.
        Participant man = (await OfValueAsync(town, 0))[0];
        await SetAsync(town, man, ParticipantStatus.Declined);
        Assert.EndsWith("?problem=people-changed", (await town.FreezeAsync(page, "dice", "three dice")).Path, StringComparison.Ordinal);
        await SetAsync(town, man, ParticipantStatus.Selected);
        Assert.DoesNotContain("problem", (await town.FreezeAsync(page, "dice", "three dice")).Path, StringComparison.Ordinal);
        Lottery frozen = await town.NewestAsync(LotteryKind.Replacement);
        JsonNode manifest = JsonNode.Parse(frozen.ManifestJson)!;
        Assert.Equal(("replacement", 1, 2), ((string)manifest["kind"]!, manifest["out"]!.AsArray().Count, manifest["staying"]!.AsArray().Count));
        Assert.Equal((8, 3), (manifest["tickets"]!.AsArray().Count, (int)manifest["size"]!));
        Assert.Equal(Convert.ToHexStringLower(DrawDesk.ManifestHash(await town.NewestAsync(LotteryKind.Panel))), (string)manifest["panel"]!);

        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", "9 9 9"))).Path, StringComparison.Ordinal);
        Lottery drawn = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((LotteryState.Drawn, 999), (drawn.State, drawn.ChosenPanel));
        Participant stepsIn = await server.WithDbAsync(db => db.Participants.SingleAsync(participant => participant.DialogueId == town.Dialogue && participant.LotteryId == drawn.Id, Stop));
        Assert.Equal((women[0].Id, 4), (stepsIn.Replaces, stepsIn.Number));
        int seatedWomen = (await OfValueAsync(town, 1)).Count(participant => participant.Status == ParticipantStatus.Selected);
        Assert.InRange(seatedWomen, 1, 2);

        using HttpClient anybody = new() { BaseAddress = server.Address };
        byte[] record = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{drawn.Attempt}/record.json", Stop);
        byte[] panels = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{drawn.Attempt}/panels.json", Stop);
        byte[] first = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/1/record.json", Stop);
        DrawEvidence evidence = new(record) { Panels = panels, Before = first };
        IReadOnlyList<DrawCheck> checks = DrawVerifier.Verify(evidence);
        Assert.True(DrawVerifier.Holds(checks), string.Join('\n', checks));
        Assert.All((string[])["panels", "before"], code => Assert.Contains(new DrawCheck(code, CheckState.Passed), checks));
        Assert.Equal(3, JsonNode.Parse(record)!["selected"]!.AsArray().Count);
        Assert.Contains($"data-before=\"/d/{town.Slug}/draw/1/\"", await anybody.GetStringAsync($"/d/{town.Slug}/draw/check", Stop), StringComparison.Ordinal);

        // A man of the panel declines too: the next draw goes on from this one.
        await SetAsync(town, man, ParticipantStatus.Declined);
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        await town.FreezeAsync(page, "dice", "three dice again");
        Lottery second = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal(Convert.ToHexStringLower(DrawDesk.ManifestHash(drawn)), (string)JsonNode.Parse(second.ManifestJson)!["panel"]!);
        await town.Organiser.PostAsync(page + "/draw", ("value", "1 2 3"));
        byte[] again = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{second.Attempt}/record.json", Stop);
        Assert.Contains(new DrawCheck("before", CheckState.Passed), DrawVerifier.Verify(new DrawEvidence(again) { Before = record }));
        Assert.Contains(new DrawCheck("before", CheckState.Failed), DrawVerifier.Verify(new DrawEvidence(again) { Before = first }));
        Assert.Equal(
            ["replacement.started", "replacement.computed", "replacement.frozen", "replacement.drawn", "replacement.started", "replacement.computed", "replacement.frozen", "replacement.drawn"],
            (await town.CodesAsync()).Where(code => code.StartsWith("replacement.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whoever_leaves_after_the_freeze_is_not_replaced_by_that_draw_but_by_the_next(bool byLottery)
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "late");
        string page = $"/organise/{town.Slug}/participants/replace";
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        Participant[] panel = await server.WithDbAsync(db => db.Participants.AsNoTracking().Where(participant => participant.DialogueId == town.Dialogue).OrderBy(participant => participant.Number).ToArrayAsync(Stop));
        await SetAsync(town, panel[2], ParticipantStatus.Declined);
        if (byLottery)
        {
            await town.Organiser.PostAsync(page + "/compute");
            await town.UntilAsync(job => job.State > JobState.Running);
        }

        // The one with the lower number leaves later: in the list of free places they stand first.
        await town.FreezeAsync(page, "beacon", "drand quicknet round 7");
        await SetAsync(town, panel[0], ParticipantStatus.Declined);
        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", new string('c', 64)))).Path, StringComparison.Ordinal);
        Lottery drawn = await town.NewestAsync(LotteryKind.Replacement);
        Participant stepsIn = await server.WithDbAsync(db => db.Participants.AsNoTracking().SingleAsync(participant => participant.DialogueId == town.Dialogue && participant.LotteryId == drawn.Id, Stop));
        Assert.Equal(panel[2].Id, stepsIn.Replaces);
        await town.FreezeAsync(page, "beacon", "drand quicknet round 8");
        Assert.EndsWith("?notice=replaced", (await town.Organiser.PostAsync(page + "/draw", ("value", new string('d', 64)))).Path, StringComparison.Ordinal);
        Lottery next = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal(panel[0].Id, await server.WithDbAsync(db => db.Participants.Where(participant => participant.DialogueId == town.Dialogue && participant.LotteryId == next.Id).Select(participant => participant.Replaces).SingleAsync(Stop)));
    }

    [Fact]
    public async Task Where_nobody_can_step_in_it_says_so_and_the_way_by_order_stays()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "nobody");
        string page = $"/organise/{town.Slug}/participants/replace";
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        foreach (Participant woman in await OfValueAsync(town, 1))
        {
            await SetAsync(town, woman, ParticipantStatus.Declined);
        }

        // The other woman, if there is one, leaves the pool: nobody is left for the place that is kept for a woman.
        await server.WithDbAsync(async db =>
        {
            PoolMemberId[] drawn = await db.Participants.Where(participant => participant.DialogueId == town.Dialogue).Select(participant => participant.PoolMemberId).ToArrayAsync(Stop);
            foreach (Storage.Pools.PoolMember other in (await db.PoolMembers.Where(member => member.DialogueId == town.Dialogue).ToListAsync(Stop)).Where(member => member.Values[0] == 1 && !drawn.Contains(member.Id)))
            {
                db.PoolMembers.Remove(other);
            }

            return await db.SaveChangesAsync(Stop);
        });
        await town.Organiser.PostAsync(page + "/compute");
        await town.UntilAsync(job => job.State > JobState.Running);
        Lottery ended = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((LotteryState.Ended, "no-replacement"), (ended.State, ended.EndCode));
        Page shown = await town.Organiser.OpenAsync(page);
        Assert.Contains("Nobody in the pool can step in so that all quotas still hold.", shown.Text, StringComparison.Ordinal);
        Assert.Contains("Draw down a published order instead", shown.Text, StringComparison.Ordinal);
    }

    private Task<Participant[]> OfValueAsync(DrawTown town, int value) => server.WithDbAsync(async db => (await (
        from participant in db.Participants.AsNoTracking()
        where participant.DialogueId == town.Dialogue
        join member in db.PoolMembers on participant.PoolMemberId equals member.Id
        orderby participant.Number
        select new { participant, member.Values }).ToListAsync(Stop)).Where(row => row.Values[0] == value).Select(row => row.participant).ToArray());

    private Task SetAsync(DrawTown town, Participant participant, ParticipantStatus status) => server.WithDbAsync(db =>
        db.Participants.Where(p => p.DialogueId == town.Dialogue && p.Id == participant.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, status), Stop));
}
