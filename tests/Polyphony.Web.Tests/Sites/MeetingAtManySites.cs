using System.Net;
using Microsoft.EntityFrameworkCore;
using Polyphony.Storage.Mandates;
using Polyphony.Web.Tests.Recruitment;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Sites;

/// <summary>Sites are kept, and everything about one of them is found at its own address only.</summary>
public sealed class MeetingAtManySites(TestServer server) : IClassFixture<TestServer>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_site_is_added_corrected_and_removed()
    {
        using SiteTown town = await SiteTown.BeginAsync(server, "kept");
        Assert.Equal(3, (await SitesAsync(town)).Count);
        Page wrong = await town.Organiser.PostAsync(town.Base + "/sites", ("code", "fr"), ("name", ""), ("country", "ZZ"), ("timeZone", "Mars/Base"), ("planned", "1"));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, wrong.Status);
        Assert.All((string[])["another site has the code", "is needed", "is no country", "is no time zone", "from 2 to"], said => Assert.Contains(said, wrong.Html, StringComparison.OrdinalIgnoreCase));
        Assert.EndsWith("notice=added", (await town.Organiser.PostAsync(town.Base + "/sites", ("code", "br"), ("name", "Recife"), ("country", "BR"), ("timeZone", "America/Recife"), ("planned", "5"))).Path, StringComparison.Ordinal);
        Site added = await town.SiteAsync("BR");
        Assert.Equal((3, 301), (added.Position, added.FirstTable));
        Assert.EndsWith("notice=saved", (await town.Organiser.PostAsync($"{town.Base}/sites/{added.Id}", ("code", "BR-1"), ("name", "Olinda"), ("country", "BR"), ("timeZone", "America/Recife"), ("planned", "6"))).Path, StringComparison.Ordinal);
        Assert.Equal(("Olinda", 6), ((await town.SiteAsync("BR-1")).Name, (await town.SiteAsync("BR-1")).PlannedParticipants));
        Site first = await town.SiteAsync("FR");
        Assert.EndsWith("notice=removed", (await town.Organiser.PostAsync($"{town.Base}/sites/{first.Id}/remove")).Path, StringComparison.Ordinal);
        Assert.Equal(["KE", "JP", "BR-1"], (await SitesAsync(town)).OrderBy(site => site.Position).Select(site => site.Code));
        Assert.Equal([0, 1, 2], (await SitesAsync(town)).Select(site => site.Position).Order());
        await town.ImportAsync("quotas", "site,feature,value,min,max\nKE,gender,woman,0,3\n");
        Assert.EndsWith("problem=not-empty", (await town.Organiser.PostAsync($"{town.Base}/sites/{(await town.SiteAsync("KE")).Id}/remove")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_problem_of_a_file_of_many_sites_is_told_at_once()
    {
        using SiteTown town = await SiteTown.BeginAsync(server, "wrong");
        Page sites = await town.UploadAsync("/sites/upload", "sites.csv", "code,name,country,time_zone,planned\nß,,ZZ,Paris,1\nFR,Lyon,,,\nfr,Lyon again,,,\n");
        Assert.Equal(["not-a-code", "empty", "not-a-country", "not-a-time-zone", "not-planned", "value-twice"], Organiser.Problems(sites).Select(problem => problem.Code));
        Page quotas = await town.ImportAsync("quotas", "site,feature,value,min,max\nFR,gender,woman,3,2\nXX,gender,woman,0,1\nKE,gender,woman,one,2\n");
        Assert.Equal([("min-above-max", "2"), ("unknown-site", "3"), ("not-a-whole-number", "4")], Organiser.Problems(quotas).Select(problem => (problem.Code, problem.Row)));
        Assert.False(await server.WithDbAsync(db => db.Criteria.AnyAsync(criterion => db.Dialogues.Any(d => d.Id == criterion.DialogueId && d.Slug == town.Slug), Stop)));
        await town.ImportAsync("quotas", SiteTown.Quotas());
        Page pool = await town.ImportAsync("pool", "site,id,gender\nFR,1,woman\nFR,1,man\nKE,1,other\n,2,man\nKE,3,man,stray\n");
        Assert.Equal([("cell-beyond-header", "6"), ("id-twice", "3"), ("unknown-value", "4"), ("empty", "5")], Organiser.Problems(pool).Select(problem => (problem.Code, problem.Row)));
    }

    [Fact]
    public async Task A_file_that_waits_to_be_confirmed_is_named_where_it_belongs()
    {
        using SiteTown town = await SiteTown.BeginAsync(server, "waiting");
        await town.UploadAsync("/sites/quotas/upload", "quotas-of-the-sites.csv", SiteTown.Quotas());
        Assert.Equal(HttpStatusCode.OK, (await town.Organiser.UploadAsync(town.Base + "/statements/upload", "comments.csv", "comment-body,moderated,is-meta\nOne thought.,1,false\n"u8.ToArray())).Status);
        Page sites = await town.Organiser.OpenAsync(town.Base + "/sites");
        Assert.Contains("quotas-of-the-sites.csv", sites.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("comments.csv", sites.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_about_one_site_says_which()
    {
        using SiteTown town = await SiteTown.FilledAsync(server, "which");
        using SiteTown other = await SiteTown.BeginAsync(server, "other");

        // Without a site somebody is asked for one; nothing is done at the first one instead.
        Page asked = await town.Organiser.OpenAsync(town.Base + "/pool");
        Assert.EndsWith("/sites?to=pool", asked.Path, StringComparison.Ordinal);
        Assert.Contains($"/organise/{town.Slug}@KE/pool", asked.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.PostAsync(town.Base + "/pool/clear", ("sure", "27"))).Status);

        // Each site has its own people, under numbers of their own.
        Page nairobi = await town.Organiser.OpenAsync($"/organise/{town.Slug}@KE/pool");
        Assert.Contains("KE Person 9", nairobi.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("FR Person", nairobi.Html, StringComparison.Ordinal);
        Assert.Contains("KE", (await town.Organiser.OpenAsync(nairobi.Path)).Html, StringComparison.Ordinal);

        // Neither a site that is not there, nor one of another dialogue, nor somebody of another site.
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.OpenAsync($"/organise/{town.Slug}@XX/pool")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.OpenAsync($"{town.Base}/sites/{(await other.SiteAsync("FR")).Id}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.PostAsync($"{town.Base}/sites/{(await other.SiteAsync("FR")).Id}/remove")).Status);
        Storage.Pools.PoolMember lyonnais = await MemberAsync(town, "FR");
        Assert.Equal(HttpStatusCode.NotFound, (await town.Organiser.OpenAsync($"/organise/{town.Slug}@KE/pool/people/{lyonnais.Id}")).Status);
        Assert.Equal(HttpStatusCode.OK, (await town.Organiser.OpenAsync($"/organise/{town.Slug}@FR/pool/people/{lyonnais.Id}")).Status);

        // Clearing one pool leaves the others.
        await town.Organiser.PostAsync($"/organise/{town.Slug}@KE/pool/clear", ("sure", "9"));
        Assert.Equal([6, 12], await server.WithDbAsync(db => db.PoolMembers.Where(member => member.DialogueId == lyonnais.DialogueId).GroupBy(member => member.SiteId).Select(group => group.Count()).OrderBy(count => count).ToListAsync(Stop)));
        Assert.Equal(18, await server.WithDbAsync(db => db.People.CountAsync(person => person.DialogueId == lyonnais.DialogueId, Stop)));
    }

    [Fact]
    public async Task The_database_refuses_the_site_of_another_dialogue()
    {
        using SiteTown town = await SiteTown.FilledAsync(server, "foreign");
        using SiteTown other = await SiteTown.BeginAsync(server, "foreign-other");
        Storage.Pools.PoolMember member = await MemberAsync(town, "FR");
        Dialogues.SiteId foreign = (await other.SiteAsync("FR")).Id;
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => server.WithDbAsync(db =>
            db.PoolMembers.Where(m => m.Id == member.Id).ExecuteUpdateAsync(set => set.SetProperty(m => m.SiteId, foreign), Stop)));
    }

    [Fact]
    public async Task Every_table_of_a_site_is_bound_to_the_sites_of_its_own_dialogue()
    {
        string[] loose = await server.WithDbAsync(db => Task.FromResult(db.Model.GetEntityTypes()
            .Where(table => table.FindProperty("SiteId") is { IsNullable: false } && table.FindProperty("DialogueId") is not null)
            .Where(table => !table.GetForeignKeys().Any(key => key.PrincipalEntityType.ClrType == typeof(Site) && key.Properties.Select(property => property.Name).SequenceEqual(["DialogueId", "SiteId"])))
            .Select(table => table.ClrType.Name).ToArray()));

        // How often a statement was seen somewhere is a number and says nothing of people.
        Assert.Equal(["StatementViews"], loose);
    }

    [Fact]
    public async Task A_dialogue_of_one_site_has_none_in_its_addresses()
    {
        string slug = "sole-" + Guid.CreateVersion7().ToString("N")[20..];
        using Organiser organiser = await Organiser.ArriveAsync(server, slug + "@example.org");
        await organiser.BeginAsync(slug, 4);
        Page pool = await organiser.OpenAsync($"/organise/{slug}/pool");
        Assert.Equal((HttpStatusCode.OK, $"/organise/{slug}/pool"), (pool.Status, pool.Path));
        Assert.DoesNotContain("site-bar", pool.Html, StringComparison.Ordinal);
        Assert.DoesNotContain($"/organise/{slug}/sites\"", pool.Html, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await organiser.OpenAsync($"/organise/{slug}@CH/pool")).Status);
    }

    private async Task<List<Site>> SitesAsync(SiteTown town) => await server.WithDbAsync(db => db.Dialogues.Where(d => d.Slug == town.Slug).SelectMany(d => d.Sites).AsNoTracking().ToListAsync(Stop));

    private async Task<Storage.Pools.PoolMember> MemberAsync(SiteTown town, string code)
    {
        Dialogues.SiteId site = (await town.SiteAsync(code)).Id;
        return await server.WithDbAsync(db => db.PoolMembers.AsNoTracking().FirstAsync(member => member.SiteId == site, Stop));
    }
}
