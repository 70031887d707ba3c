using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Pools;
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
        Page page = await town.Organiser.OpenAsync($"/organise/{town.Slug}/participants/alternates?n=2");
        Assert.Contains("Alternates are chosen for a panel that is drawn", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task They_mend_what_would_break_and_the_page_says_that_they_hold_no_place()
    {
        using DrawTown town = await DrawnAsync("alternates");
        string page = $"/organise/{town.Slug}/participants/alternates";
        Page asked = await town.Organiser.OpenAsync(page);
        Assert.Contains("This list is advice and seats nobody.", asked.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<table", asked.Html, StringComparison.Ordinal);
        Assert.Contains($"href=\"{page}\"", (await town.Organiser.OpenAsync($"/organise/{town.Slug}/participants/replace")).Html, StringComparison.Ordinal);

        // The only person of one value is sure to go, the others are sure to stay: one is missing of two at most.
        PoolMember[] seated = await SeatedAsync(town);
        int lonely = seated.Count(member => member.Values[0] == 0) == 1 ? 0 : 1;
        Page chosen = await town.Organiser.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"{page}?n=1&rate=0&by=1&rate-{lonely}=100"));
        PoolMember[] free = [.. (await PoolAsync(town)).Where(member => member.Values[0] == lonely && seated.All(other => other.Id != member.Id))];
        Assert.NotEmpty(free);
        Assert.Contains("1 alternate, whom to ask first", chosen.Text, StringComparison.Ordinal);
        Assert.Contains("0.500", chosen.Text, StringComparison.Ordinal);
        Assert.Contains("0.000", chosen.Text, StringComparison.Ordinal);
        Assert.Single(free, member => chosen.Text.Contains(member.ExternalId, StringComparison.Ordinal));
        Assert.All(seated, member => Assert.DoesNotContain(member.ExternalId, chosen.Text, StringComparison.Ordinal));

        // Where nobody drops out nothing breaks.
        Page safe = await town.Organiser.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"{page}?n=1&rate=0&by=1&rate-{1 - lonely}=0"));
        Assert.DoesNotContain("0.500", safe.Text, StringComparison.Ordinal);

        // The same question has the same answer.
        Assert.Equal(chosen.Text, (await town.Organiser.OpenAsync(string.Create(CultureInfo.InvariantCulture, $"{page}?n=1&rate=0&by=1&rate-{lonely}=100"))).Text);
    }

    [Fact]
    public async Task Nobody_is_one_who_is_out_or_lives_with_somebody_on_the_panel()
    {
        using DrawTown town = await DrawnAsync("alternates-home");
        PoolMember[] seated = await SeatedAsync(town);
        PoolMember[] others = [.. (await PoolAsync(town)).Where(member => seated.All(other => other.Id != member.Id))];
        await HouseAsync(town, "one roof", [seated[0], .. others[..^1]]);
        Page page = await town.Organiser.OpenAsync($"/organise/{town.Slug}/participants/alternates?n=8&rate=50");
        Assert.Contains(others[^1].ExternalId, page.Text, StringComparison.Ordinal);
        Assert.All(others[..^1], member => Assert.DoesNotContain(member.ExternalId, page.Text, StringComparison.Ordinal));

        // Who lives with nobody on the panel any more may be one; who is out may not.
        await server.WithDbAsync(db => db.Participants.Where(p => p.PoolMemberId == seated[0].Id && p.DialogueId == town.Dialogue)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.Status, ParticipantStatus.Declined), Stop));
        Page then = await town.Organiser.OpenAsync($"/organise/{town.Slug}/participants/alternates?n=8&rate=50");
        Assert.Contains(others[..^1], member => then.Text.Contains(member.ExternalId, StringComparison.Ordinal));
        Assert.DoesNotContain(seated[0].ExternalId, then.Text, StringComparison.Ordinal);
    }

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
