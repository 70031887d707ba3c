using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Draws;

/// <summary>Everything that an organiser may ask of a lottery, through the server's doors.</summary>
public sealed class ChoosingAnObjective(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_is_computed_as_itself_and_said_in_words()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "objectives");
        foreach (LotteryObjective objective in Enum.GetValues<LotteryObjective>())
        {
            string name = Objectives.NameOf(objective);
            Lottery lottery = await town.ComputeAsync(("objective", name), ("panels", "300"), ("minutes", "5"));
            Assert.Equal((name, LotteryState.Computed, 300, 300, 300), (lottery.Objective, lottery.State, lottery.PanelCount, DrawDesk.PanelsOf(lottery), lottery.SecondsAllowed));

            // One or two of two women, one or two of six men: what is fairest differs by objective, and the least chance never beats its bound.
            LotteryResult result = DrawDesk.Result(lottery)!;
            Assert.Equal(900, result.Counts.Sum());
            Assert.True(result.LeastChance <= result.Bound + (1.0 / 300) + 1e-9);
            Assert.Equal(objective == LotteryObjective.Legacy, result.Gap is null);
            Assert.False(result.EndedByLimit);
        }

        // Legacy is the newest: it is compared with and never frozen.
        Page page = await town.Organiser.OpenAsync(town.Draw);
        Assert.DoesNotContain("action=\"" + town.Draw + "/freeze\"", page.Html, StringComparison.Ordinal);
        Assert.EndsWith("?problem=legacy", (await town.FreezeAsync(town.Draw, "beacon", "drand")).Path, StringComparison.Ordinal);
        Assert.Equal(LotteryState.Computed, (await town.NewestAsync(LotteryKind.Panel)).State);
        Assert.Contains("What the objectives give", page.Text, StringComparison.Ordinal);

        await town.ComputeAsync(("objective", "nash"), ("panels", "300"));
        await town.FreezeAsync(town.Draw, "beacon", "drand");
        JsonNode manifest = JsonNode.Parse((await town.NewestAsync(LotteryKind.Panel)).ManifestJson)!;
        Assert.Equal("nash", (string)manifest["objective"]!);
        Assert.Equal(300, manifest["panels"]!.AsArray().Count);
        Assert.Null(manifest["search"]);
    }

    [Fact]
    public async Task None_stands_for_another()
    {
        using DrawTown town = await DrawTown.TornAsync(server, "torn");
        DrawPool pool = await PoolAsync(town, 4);
        Dictionary<LotteryObjective, string> given = [];
        foreach (LotteryObjective objective in Enum.GetValues<LotteryObjective>())
        {
            Lottery lottery = await town.ComputeAsync(("objective", Objectives.NameOf(objective)), ("panels", "500"));
            LotteryOutcome expected = FairLottery.Compute(new LotteryRequest(pool.Pool, objective, 500), null, CancellationToken.None, Stop);
            Assert.Equal(Assert.IsType<LotteryOutcome.Computed>(expected).Lottery.Counts, DrawDesk.Result(lottery)!.Counts);
            given.Add(objective, string.Join(',', DrawDesk.Result(lottery)!.Targets.Select(target => Math.Round(target, 4))));
        }

        Assert.True(given.Values.Distinct().Count() >= 3, string.Join('\n', given));
    }

    [Theory]
    [InlineData("objective", "fairest", "objective")]
    [InlineData("objective", "Leximin", "objective")]
    [InlineData("panels", "9", "panels")]
    [InlineData("panels", "100001", "panels")]
    [InlineData("panels", "many", "panels")]
    [InlineData("panels", "-1000", "panels")]
    [InlineData("minutes", "0", "minutes")]
    [InlineData("minutes", "1441", "minutes")]
    [InlineData("minutes", "1.5", "minutes")]
    public async Task What_cannot_be_done_is_refused_and_nothing_is_put_in_its_place(string field, string value, string problem)
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "refused");
        Assert.EndsWith("?problem=" + problem, (await town.Organiser.PostAsync(town.Draw + "/compute", (field, value))).Path, StringComparison.Ordinal);
        Assert.False(await server.WithDbAsync(db => db.Lotteries.AnyAsync(lottery => lottery.DialogueId == town.Dialogue, Stop)));
    }

    [Fact]
    public async Task Too_many_places_for_a_file_are_refused()
    {
        using DrawTown town = await DrawTown.HardAsync(server, "places");
        Assert.EndsWith("?problem=panels", (await town.Organiser.PostAsync(town.Draw + "/compute", ("panels", "40000"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lottery_ended_by_its_time_says_so_with_its_bound_wherever_it_goes()
    {
        // A quiet machine takes five times as long as this limit; a panel to end with is there within a second.
        using DrawTown town = await DrawTown.HardAsync(server, "limit", people: 600);
        await StartAsync(town, 3);
        await town.UntilAsync(job => job.State > JobState.Running);
        Lottery lottery = await town.NewestAsync(LotteryKind.Panel);
        Assert.Equal((LotteryState.Computed, ""), (lottery.State, lottery.EndCode));
        LotteryResult result = DrawDesk.Result(lottery)!;
        Assert.True(result.EndedByLimit);
        Assert.InRange(result.Bound, result.LeastChance - (1.0 / result.Panels) - 1e-9, 1);
        Page page = await town.Organiser.OpenAsync(town.Draw);
        Assert.Contains("Ended early, by its time limit", page.Text, StringComparison.Ordinal);
        await town.FreezeAsync(town.Draw, "beacon", "drand");
        Assert.Equal("ended-by-limit", (string)JsonNode.Parse((await town.NewestAsync(LotteryKind.Panel)).ManifestJson)!["search"]!);
    }

    [Fact]
    public async Task It_tells_how_far_it_is_and_stops_soon_after_it_is_told_to()
    {
        using DrawTown town = await DrawTown.HardAsync(server, "stop", people: 600);
        await town.Organiser.PostAsync(town.Draw + "/compute");
        await town.UntilAsync(job => job is { State: JobState.Running, Gap: not null, Bound: not null });
        Page page = await town.Organiser.OpenAsync(town.Draw);
        Assert.Contains("Mixing panels.", page.Text, StringComparison.Ordinal);
        Assert.Contains("from the best that is possible", page.Text, StringComparison.Ordinal);
        Assert.Contains("Nobody’s smallest chance can be more than", page.Text, StringComparison.Ordinal);
        long stopped = TimeProvider.System.GetTimestamp();
        await town.Organiser.PostAsync(town.Draw + "/stop");
        await town.UntilAsync(job => job.State == JobState.Stopped);
        TimeSpan took = TimeProvider.System.GetElapsedTime(stopped);
        TestContext.Current.SendDiagnosticMessage($"stopped after {took.TotalMilliseconds:F0} ms");

        // A second of its own, and some for a busy machine.
        Assert.True(took < TimeSpan.FromSeconds(6), took.ToString());
        Lottery lottery = await town.NewestAsync(LotteryKind.Panel);
        Assert.Equal((LotteryState.Ended, "stopped"), (lottery.State, lottery.EndCode));
        Assert.Equal(["lottery.started", "lottery.ended"], (await town.CodesAsync()).Where(code => code.StartsWith("lottery.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Everybody_has_a_chance_and_a_reason_and_only_organisers_see_who()
    {
        using DrawTown town = await DrawTown.SmallAsync(server, "reasons");
        Assert.Contains("There is no lottery for the pool as it is.", (await town.Organiser.OpenAsync(town.Draw + "/chances")).Text, StringComparison.Ordinal);
        await town.ComputeAsync();
        Page page = await town.Organiser.OpenAsync(town.Draw + "/chances");

        // Two of the three seats for six men, one for two women: a third and a half.
        Assert.Contains("6 people in the pool, at most 2 of them on the panel.", page.Text, StringComparison.Ordinal);
        Assert.Contains("2 people in the pool, at least 1 of them on the panel.", page.Text, StringComparison.Ordinal);
        Assert.Contains("500 of 1,000", page.Text, StringComparison.Ordinal);
        Assert.Contains("Name-007", page.Text, StringComparison.Ordinal);
        Assert.True(page.Text.IndexOf("Id-007", StringComparison.Ordinal) > page.Text.IndexOf("Id-000", StringComparison.Ordinal));
        Page other = await town.Organiser.OpenAsync(town.Draw + "/chances?first=greatest&q=name");
        Assert.True(other.Text.IndexOf("Id-007", StringComparison.Ordinal) < other.Text.IndexOf("Id-000", StringComparison.Ordinal));
        Assert.DoesNotContain("Name-001", (await town.Organiser.OpenAsync(town.Draw + "/chances?q=Id-007")).Text, StringComparison.Ordinal);

        using Visitor auditor = await town.AuditorAsync();
        Page numbers = await auditor.OpenAsync(town.Draw + "/chances");
        Assert.Contains("6 people in the pool, at most 2 of them on the panel.", numbers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Name-", numbers.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("Id-0", numbers.Html, StringComparison.Ordinal);

        await town.FreezeAsync(town.Draw, "dice", "three dice");
        using HttpClient anybody = new() { BaseAddress = server.Address };
        string open = await anybody.GetStringAsync($"/d/{town.Slug}/draw", Stop);
        Assert.Contains("class=\"person\"", open, StringComparison.Ordinal);
        Assert.DoesNotContain("Name-", open, StringComparison.Ordinal);
        Assert.DoesNotContain("Id-0", open, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whom_no_panel_can_contain_reads_which_rules_leave_no_place()
    {
        using DrawTown town = await DrawTown.KeptOutAsync(server, "kept-out");
        Lottery lottery = await town.ComputeAsync();
        int person = Assert.Single(DrawDesk.Result(lottery)!.Uncoverable);
        Assert.Equal(2, DrawDesk.Result(lottery)!.Diagnosis!.KeepingOut(person).Count);
        Page page = await town.Organiser.OpenAsync(town.Draw + "/chances?q=Id-004");

        // Once for the group and once for the person by name, each time with both rules.
        Assert.Equal(2, page.Html.Split("these rules leave no place for them").Length - 1);
        string own = page.Html[page.Html.IndexOf("<bdi>Id-004", StringComparison.Ordinal)..];
        own = own[..own.IndexOf("</tr>", StringComparison.Ordinal)];
        Assert.Equal(2, own.Split("<li>").Length - 1);
        Assert.Matches("criterion [01]</bdi>, <bdi>value [01].[01]</bdi>:\\s+at (least|most) 1", own);
    }

    private async Task<DrawPool> PoolAsync(DrawTown town, int size)
    {
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<DrawDesk>().PoolAsync(town.Site.Id, size, Stop);
    }

    /// <summary>As the form does, but with a limit of seconds.</summary>
    private async Task StartAsync(DrawTown town, int seconds)
    {
        await using AsyncServiceScope scope = server.Services.CreateAsyncScope();
        Db db = scope.ServiceProvider.GetRequiredService<Db>();
        Lottery lottery = new()
        {
            Id = new(Guid.CreateVersion7()),
            DialogueId = town.Dialogue,
            SiteId = town.Site.Id,
            Attempt = 1,
            Kind = LotteryKind.Panel,
            State = LotteryState.Computing,
            Objective = "leximin",
            PanelSize = DrawTown.HardSize,
            PanelCount = 100,
            SecondsAllowed = seconds,
            CreatedAt = TimeProvider.System.GetUtcNow(),
        };
        db.Lotteries.Add(lottery);
        await scope.ServiceProvider.GetRequiredService<JobQueue>().StartAsync(town.Dialogue, town.Site.Id, ComputeLottery.Kind, lottery.Id.ToString(), Stop);
    }
}
