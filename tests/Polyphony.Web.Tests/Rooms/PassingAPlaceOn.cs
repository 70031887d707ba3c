using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Polyphony.Dialogues;
using Polyphony.Proofs;
using Polyphony.Storage.Agendas;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Participants;
using Polyphony.Storage.Tables;
using Polyphony.Web.Draws;
using Polyphony.Web.Hosting;
using Polyphony.Web.Journal;
using Polyphony.Web.Tests.Draws;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Rooms;

/// <summary>The day has begun: three people of six men and two women hold the places of the panel and sit at two tables for two rounds, one of them is absent.</summary>
public sealed partial class PassingAPlaceOn(TestServer server)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_click_names_the_dice_the_next_draws_and_the_person_stands_on_the_list_to_be_called()
    {
        using DrawTown town = await BegunAsync("noon");
        Participant gone = await ManAsync(town);
        Page sources = await town.Organiser.PostAsync(Door(town, gone, "release"));
        Assert.Equal(Replace(town), sources.Path);
        Assert.Contains("Publish, then throw three dice", sources.Text, StringComparison.Ordinal);
        Assert.Equal(LotteryState.Computed, (await town.NewestAsync(LotteryKind.Replacement)).State);

        Page values = await town.Organiser.PostAsync(Replace(town) + "/freeze", ("soon", "dice"));
        Assert.Contains("autofocus", values.Html, StringComparison.Ordinal);
        Lottery frozen = await town.NewestAsync(LotteryKind.Replacement);
        DeclaredSource source = Assert.Single(DrawDesk.SourcesOf(frozen));
        Assert.Equal((DrawSourceKind.Dice, "Three ten-sided dice, thrown on site right after this was published"), (source.Kind, source.Name));
        Assert.InRange(source.At - frozen.FrozenAt!.Value, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5));

        // The log is signed with the freeze in it before anybody can have thrown.
        long entry = await server.WithDbAsync(db => db.Journal.Where(e => e.DialogueId == town.Dialogue && e.Code == "replacement.frozen").Select(e => e.Id).SingleAsync(Stop));
        string checkpoint = await File.ReadAllTextAsync(LogKeeper.CheckpointFile(server.Services.GetRequiredService<DataDirectory>()), Stop);
        Assert.True(long.Parse(checkpoint.Split('\n')[1], CultureInfo.InvariantCulture) > entry, checkpoint);

        // Dice that were thrown before do not count.
        Page early = await town.Organiser.PostAsync(Replace(town) + "/draw", ("value", "3 0 7"));
        Assert.Contains("?problem=source-not-yet", early.Path, StringComparison.Ordinal);
        Assert.Contains("name=\"value\" value=\"3 0 7\"", early.Html, StringComparison.Ordinal);
        await Task.Delay(source.At - TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(50), Stop);
        Page lacking = await town.Organiser.PostAsync(Replace(town) + "/draw", ("value", "30"));
        Assert.Contains("Three digits are needed", lacking.Text, StringComparison.Ordinal);
        Page list = await town.Organiser.PostAsync(Replace(town) + "/draw", ("value", "307"));
        Assert.Equal($"/organise/{town.Slug}/check-in#drawn", list.Path);
        Participant newcomer = (await PanelAsync(town))[3];
        Assert.Equal((gone.Id, ParticipantStatus.Selected), (newcomer.Replaces, newcomer.Status));
        string id = await server.WithDbAsync(db => db.PoolMembers.Where(member => member.Id == newcomer.PoolMemberId).Select(member => member.ExternalId).SingleAsync(Stop));
        Assert.Contains($"In your list of the pool: {id}.", list.Text, StringComparison.Ordinal);

        using HttpClient anybody = new() { BaseAddress = server.Address };
        Lottery drawn = await town.NewestAsync(LotteryKind.Replacement);
        byte[] record = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{drawn.Attempt}/record.json", Stop);
        IReadOnlyList<DrawCheck> checks = DrawVerifier.Verify(new DrawEvidence(record)
        {
            Panels = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/{drawn.Attempt}/panels.json", Stop),
            Before = await anybody.GetByteArrayAsync($"/d/{town.Slug}/draw/1/record.json", Stop),
        });
        Assert.True(DrawVerifier.Holds(checks), string.Join('\n', checks));
        Assert.Contains(new DrawCheck("times", CheckState.Passed), checks);
        Assert.Equal(
            ["replacement.started", "replacement.computed", "replacement.frozen", "replacement.drawn"],
            (await town.CodesAsync()).Where(code => code.StartsWith("replacement.", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("present", Attendance.Present)]
    [InlineData("late", Attendance.Late)]
    public async Task Whoever_says_yes_has_the_seats_of_the_person_replaced_and_it_can_be_taken_back(string answer, Attendance expected)
    {
        using DrawTown town = await BegunAsync("seats-" + answer);
        Participant gone = await ManAsync(town);
        Participant newcomer = await DrawForAsync(town, gone);
        SeatingPlanVersion before = await PlanAsync(town);
        Page list = await SayYesAsync(town, newcomer, answer);
        Participant then = (await PanelAsync(town))[3];
        Assert.Equal((ParticipantStatus.Confirmed, expected), (then.Status, then.Attendance));
        Assert.Contains($"Drawn in place of no. {gone.Number} and seated from round 1 on", list.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("id=\"drawn\"", list.Html, StringComparison.Ordinal);
        Assert.Contains("Show the personal link", list.Text, StringComparison.Ordinal);
        Assert.Equal(
            before.Seats.Select(seat => (seat.Round, seat.Table, seat.ParticipantId == gone.Id ? newcomer.Id : seat.ParticipantId)).OrderBy(seat => seat.ToString()),
            (await PlanAsync(town)).Seats.Select(seat => (seat.Round, seat.Table, seat.ParticipantId)).OrderBy(seat => seat.ToString()));
        await town.Organiser.PostAsync($"/organise/{town.Slug}/room/seats/undo", ("version", "2"));
        Assert.Equal(1, (await PlanAsync(town)).Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_seats_wait_for_whoever_comes_though_somebody_drawn_before_could_not(bool atTheDoor)
    {
        using DrawTown town = await BegunAsync(atTheDoor ? "second" : "second-later");
        Participant gone = await ManAsync(town);
        Participant first = await DrawForAsync(town, gone);
        Participant newcomer = await DrawForAsync(town, first, ("answer", "not-answered"));
        SeatingPlanVersion before = await PlanAsync(town);
        Assert.Contains($"In place of no. {first.Number}. The seats of no. {gone.Number} are given with the yes.", (await town.Organiser.OpenAsync($"/organise/{town.Slug}/check-in")).Text, StringComparison.Ordinal);
        if (atTheDoor)
        {
            await SayYesAsync(town, newcomer, "present");
        }
        else
        {
            await server.WithDbAsync(db => db.Participants.Where(p => p.Id == newcomer.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Confirmed), Stop));
            await town.Organiser.PostAsync($"/organise/{town.Slug}/room/seats", ("from", "1"), ("version", "1"));
        }

        Assert.Equal(SeatsOf(before, gone), SeatsOf(await PlanAsync(town), newcomer));
    }

    [Fact]
    public async Task Where_no_seats_are_left_with_a_place_none_are_promised()
    {
        using DrawTown town = await BegunAsync("no-seats");
        Participant gone = await ManAsync(town);
        await DrawForAsync(town, gone);
        await server.WithDbAsync(db => db.Seats.Where(seat => seat.ParticipantId == gone.Id).ExecuteDeleteAsync(Stop));
        Page card = await town.Organiser.OpenAsync($"/organise/{town.Slug}/check-in");
        Assert.Contains($"In place of no. {gone.Number}. Nobody’s seats come with this place any more", card.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("The seats of no.", card.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("declined", ParticipantStatus.Declined)]
    [InlineData("not-answered", ParticipantStatus.NotAnswered)]
    public async Task Whoever_cannot_come_is_followed_by_the_next_draw_at_once(string answer, ParticipantStatus expected)
    {
        using DrawTown town = await BegunAsync("next-" + answer);
        Participant newcomer = await DrawForAsync(town, await ManAsync(town));
        Page sources = await town.Organiser.PostAsync(Door(town, newcomer, "release"), ("answer", answer));
        Assert.Equal(expected, (await PanelAsync(town))[3].Status);
        Lottery next = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((3, LotteryState.Computed), (next.Attempt, next.State));
        Assert.Contains("Publish, then throw three dice", sources.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_who_said_yes_loses_the_place_by_the_answer_of_somebody_who_did_not()
    {
        using DrawTown town = await BegunAsync("not-theirs");
        Participant here = await OtherAsync(town);
        await town.Organiser.PostAsync(Door(town, here, "release"), ("answer", "declined"));
        Assert.Equal(ParticipantStatus.Confirmed, (await OtherAsync(town)).Status);
        Assert.DoesNotContain("replacement.started", await town.CodesAsync());
    }

    [Fact]
    public async Task A_place_that_was_given_up_by_mistake_is_kept_until_its_draw_is_frozen()
    {
        using DrawTown town = await BegunAsync("mistake");
        Participant gone = await ManAsync(town);
        Page sources = await town.Organiser.PostAsync(Door(town, gone, "release"));
        Assert.Contains(Door(town, gone, "keep"), sources.Html, StringComparison.Ordinal);
        Page list = await town.Organiser.PostAsync(Door(town, gone, "keep"));
        Assert.Contains("is absent", list.Text, StringComparison.Ordinal);
        Assert.Equal(ParticipantStatus.Confirmed, (await ManAsync(town)).Status);
        Lottery ended = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((LotteryState.Ended, "cancelled"), (ended.State, ended.EndCode));
        Assert.Contains("participant.place-kept", await town.CodesAsync());

        await town.Organiser.PostAsync(Door(town, gone, "release"));
        await town.Organiser.PostAsync(Replace(town) + "/freeze", ("soon", "beacon"));
        Assert.EndsWith("?problem=place-gone", (await town.Organiser.PostAsync(Door(town, gone, "keep"))).Path, StringComparison.Ordinal);

        // Called off before the randomness came, the place is free again, and can be kept.
        await town.Organiser.PostAsync(Replace(town) + "/cancel");
        await town.Organiser.PostAsync(Door(town, gone, "keep"));
        Assert.Equal(ParticipantStatus.Confirmed, (await ManAsync(town)).Status);
    }

    [Fact]
    public async Task A_place_is_not_kept_for_somebody_who_withdrew_by_themselves_or_is_here()
    {
        using DrawTown town = await BegunAsync("withdrew");
        Participant gone = await ManAsync(town);
        await town.Organiser.PostAsync(Door(town, gone, "release"));
        await server.WithDbAsync(async db =>
        {
            db.Consents.Add(new Consent { Id = Guid.CreateVersion7(), DialogueId = town.Dialogue, ParticipantId = gone.Id, TextHash = [1], Language = "en", GivenAt = DateTimeOffset.UnixEpoch, WithdrawnAt = TimeProvider.System.GetUtcNow() });
            return await db.SaveChangesAsync(Stop);
        });
        Assert.EndsWith("?problem=place-gone", (await town.Organiser.PostAsync(Door(town, gone, "keep"))).Path, StringComparison.Ordinal);
        Assert.Equal(ParticipantStatus.Withdrew, (await ManAsync(town)).Status);
        Assert.EndsWith("?problem=place-gone", (await town.Organiser.PostAsync(Door(town, await OtherAsync(town), "keep"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_place_given_up_before_the_freeze_is_drawn_for_together_with_the_first()
    {
        using DrawTown town = await BegunAsync("two");
        Participant other = await OtherAsync(town);
        await SetAsync(town, other, Attendance.Absent);
        await town.Organiser.PostAsync(Door(town, await ManAsync(town), "release"));
        Page sources = await town.Organiser.PostAsync(Door(town, other, "release"));
        Lottery both = await town.NewestAsync(LotteryKind.Replacement);
        Assert.Equal((3, LotteryState.Computed), (both.Attempt, both.State));
        Assert.Equal(2, JsonNode.Parse(both.ConditionsJson)!["out"]!.AsArray().Count);
        Assert.Contains("2 places are free", sources.Text, StringComparison.Ordinal);
        Assert.Equal(
            ["replacement.started", "replacement.computed", "replacement.ended", "replacement.started", "replacement.computed"],
            (await town.CodesAsync()).Where(code => code.StartsWith("replacement.", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_lottery_that_no_longer_holds_says_so_and_is_computed_anew_by_one_click()
    {
        using DrawTown town = await BegunAsync("stale");
        Participant other = await OtherAsync(town);
        await town.Organiser.PostAsync(Door(town, await ManAsync(town), "release"));
        await server.WithDbAsync(db => db.Participants.Where(p => p.Id == other.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Declined), Stop));
        Page stale = await town.Organiser.OpenAsync(Replace(town));
        Assert.Contains("it holds no longer", stale.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("name=\"soon\"", stale.Html, StringComparison.Ordinal);
        Page anew = await town.Organiser.PostAsync(Replace(town) + "/compute");
        Assert.Equal(Replace(town), anew.Path);
        Assert.Contains("name=\"soon\"", anew.Html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_next_round_of_the_beacon_is_named_by_its_number_and_its_second()
    {
        using DrawTown town = await BegunAsync("beacon");
        await town.Organiser.PostAsync(Door(town, await ManAsync(town), "release"));
        Page values = await town.Organiser.PostAsync(Replace(town) + "/freeze", ("soon", "beacon"));
        Lottery frozen = await town.NewestAsync(LotteryKind.Replacement);
        DeclaredSource source = Assert.Single(DrawDesk.SourcesOf(frozen));
        long round = long.Parse(Regex.Match(source.Name, "^drand quicknet round ([0-9]+)$").Groups[1].Value, CultureInfo.InvariantCulture);
        Assert.Equal(1_692_803_367 + (3 * (round - 1)), source.At.ToUnixTimeSeconds());
        Assert.InRange(source.At - frozen.FrozenAt!.Value, TimeSpan.FromSeconds(9), TimeSpan.FromSeconds(14));
        Assert.Contains($"/public/{round}\"", values.Html, StringComparison.Ordinal);

        // A button that there is not names no source.
        await town.Organiser.PostAsync(Replace(town) + "/cancel");
        Assert.EndsWith("?problem=sources", (await town.Organiser.PostAsync(Replace(town) + "/freeze", ("soon", "coin"))).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Before_the_day_the_draw_leads_to_the_list_of_participants()
    {
        using DrawTown town = await BegunAsync("before", begun: false);
        Participant gone = await ManAsync(town);
        await server.WithDbAsync(db => db.Participants.Where(p => p.Id == gone.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Declined), Stop));
        await town.Organiser.PostAsync(Replace(town) + "/compute");
        Assert.EndsWith("/participants?notice=replaced", (await DiceAsync(town)).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_that_the_seats_of_before_would_break_is_kept_by_other_seats()
    {
        using DialogueOfTheDay day = await DialogueOfTheDay.MakeAsync(server, "apart");
        SeatingPlanVersion before = await day.PlanAsync();
        Participant gone = await day.PersonAsync(6);
        int table = before.Seats.Single(seat => seat.Round == 2 && seat.ParticipantId == gone.Id).Table;
        Seat neighbour = before.Seats.First(seat => seat.Round == 2 && seat.Table == table && seat.ParticipantId != gone.Id);
        await server.WithDbAsync(async db =>
        {
            (await db.SeatingPlans.SingleAsync(plan => plan.Id == before.Id, Stop)).RulesJson = $"{{\"Apart\":[[25,{neighbour.Number}]]}}";
            Participant arriving = await db.Participants.SingleAsync(p => p.DialogueId == day.Dialogue.Id && p.Number == 25, Stop);
            arriving.Replaces = gone.Id;
            (await db.Participants.SingleAsync(p => p.Id == gone.Id, Stop)).Status = ParticipantStatus.Withdrew;
            return await db.SaveChangesAsync(Stop);
        });
        Page list = await day.SayYesAtTheDoorAsync(25);
        Assert.Equal(HttpStatusCode.OK, list.Status);
        SeatingPlanVersion after = await day.PlanAsync();
        ParticipantId newcomer = (await day.PersonAsync(25)).Id;
        Assert.Equal(DialogueOfTheDay.Rounds, after.Seats.Count(seat => seat.ParticipantId == newcomer));
        Assert.DoesNotContain(after.Seats, seat => seat.ParticipantId == newcomer && after.Seats.Any(other => other.ParticipantId == neighbour.ParticipantId && (other.Round, other.Table) == (seat.Round, seat.Table)));
        Assert.All(before.Seats.Where(seat => seat.ParticipantId != gone.Id), seat => Assert.Contains(after.Seats, kept => (kept.ParticipantId, kept.Round, kept.Table) == (seat.ParticipantId, seat.Round, seat.Table)));
    }

    private static string Replace(DrawTown town) => $"/organise/{town.Slug}/participants/replace";

    private static string Door(DrawTown town, Participant participant, string door) => $"/organise/{town.Slug}/check-in/{participant.Id}/{door}";

    private static IEnumerable<(int Round, int Table)> SeatsOf(SeatingPlanVersion plan, Participant participant) =>
        plan.Seats.Where(seat => seat.ParticipantId == participant.Id).Select(seat => (seat.Round, seat.Table)).Order();

    /// <summary>From the release to the dice.</summary>
    private async Task<Participant> DrawForAsync(DrawTown town, Participant gone, params (string Name, string Value)[] answer)
    {
        await town.Organiser.PostAsync(Door(town, gone, "release"), answer);
        await DiceAsync(town);
        return (await PanelAsync(town)).Single(participant => participant.Replaces == gone.Id);
    }

    private static async Task<Page> DiceAsync(DrawTown town)
    {
        await town.Organiser.PostAsync(Replace(town) + "/freeze", ("soon", "dice"));
        DeclaredSource source = Assert.Single(DrawDesk.SourcesOf(await town.NewestAsync(LotteryKind.Replacement)));
        await Task.Delay(source.At - TimeProvider.System.GetUtcNow() + TimeSpan.FromMilliseconds(50), Stop);
        return await town.Organiser.PostAsync(Replace(town) + "/draw", ("value", "3 0 7"));
    }

    private static async Task<Page> SayYesAsync(DrawTown town, Participant participant, string answer)
    {
        string list = (await town.Organiser.OpenAsync($"/organise/{town.Slug}/check-in")).Html;
        string words = ConsentPattern().Match(list[list.IndexOf($"action=\"{Door(town, participant, "attendance")}\"", StringComparison.Ordinal)..]).Groups[1].Value;
        return await town.Organiser.PostAsync(Door(town, participant, "attendance"), ("attendance", answer), ("consent", words));
    }

    private async Task<DrawTown> BegunAsync(string name, bool begun = true)
    {
        DrawTown town = await DrawTown.SmallAsync(server, name);
        await town.ComputeAsync();
        await town.FreezeAsync(town.Draw, "dice", "three dice");
        await town.Organiser.PostAsync(town.Draw + "/ceremony", ("value", "0 0 7"));
        Participant[] panel = await PanelAsync(town);
        DateTime now = TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Zurich")).DateTime;
        await server.WithDbAsync(async db =>
        {
            SeatingPlanVersion plan = new() { Id = new(Guid.CreateVersion7()), DialogueId = town.Dialogue, SiteId = town.Site.Id, Version = 1, Tables = 2, Rounds = 2, IsCurrent = true, ReasonCode = "planned", MeasuresJson = "{}" };
            plan.Seats.AddRange(
                from round in Enumerable.Range(1, 2)
                from person in panel.Index()
                select new Seat { PlanId = plan.Id, Round = round, Table = ((person.Index + round) % 2) + 1, Number = person.Index + 1, ParticipantId = person.Item.Id });
            db.SeatingPlans.Add(plan);
            db.Sessions.Add(new Session { Id = new(Guid.CreateVersion7()), DialogueId = town.Dialogue, Position = 1, Title = LocalizedText.Of(("en", "Before noon")), Date = DateOnly.FromDateTime(now), Start = new TimeOnly(0, 0), Minutes = 1_439, Round = 1 });
            await db.Participants.Where(p => p.DialogueId == town.Dialogue).ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Confirmed), Stop);
            return await db.SaveChangesAsync(Stop);
        });
        if (begun)
        {
            await SetAsync(town, await ManAsync(town), Attendance.Absent);
        }

        return town;
    }

    private Task SetAsync(DrawTown town, Participant participant, Attendance attendance) => server.WithDbAsync(db =>
        db.Participants.Where(p => p.DialogueId == town.Dialogue && p.Id == participant.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Attendance, attendance), Stop));

    private Task<Participant[]> PanelAsync(DrawTown town) =>
        server.WithDbAsync(db => db.Participants.AsNoTracking().Where(participant => participant.DialogueId == town.Dialogue).OrderBy(participant => participant.Number).ToArrayAsync(Stop));

    /// <summary>Of the men there are enough: whoever goes can be replaced more than once.</summary>
    private async Task<Participant> ManAsync(DrawTown town)
    {
        PoolMemberId[] men = await server.WithDbAsync(async db => (await db.PoolMembers.Where(member => member.DialogueId == town.Dialogue).ToListAsync(Stop)).Where(member => member.Values[0] == 0).Select(member => member.Id).ToArray());
        return (await PanelAsync(town)).First(participant => men.Contains(participant.PoolMemberId));
    }

    /// <summary>Somebody else of the panel.</summary>
    private async Task<Participant> OtherAsync(DrawTown town)
    {
        Participant man = await ManAsync(town);
        return (await PanelAsync(town)).First(participant => participant.Id != man.Id);
    }

    private Task<SeatingPlanVersion> PlanAsync(DrawTown town) =>
        server.WithDbAsync(db => db.SeatingPlans.AsNoTracking().Include(plan => plan.Seats).SingleAsync(plan => plan.DialogueId == town.Dialogue && plan.IsCurrent, Stop));

    [GeneratedRegex("name=\"consent\" value=\"([^\"]+)\"")]
    private static partial Regex ConsentPattern();
}
