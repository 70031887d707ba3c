using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage.Pools;
using Polyphony.Web.Tests.Server;

namespace Polyphony.Web.Tests.Recruitment;

/// <summary>A server of its own with three dialogues: nothing else happens in its database, so that "unchanged" can be said of all of it.</summary>
public sealed class UploadHall : IAsyncLifetime
{
    /// <summary>Has quotas and nobody: what is uploaded here must be refused.</summary>
    public const string Refusing = "refusing";

    /// <summary>Takes quotas.</summary>
    public const string Counting = "counting";

    /// <summary>Has quotas and takes people.</summary>
    public const string Gathering = "gathering";

    /// <summary>Has three sites, two of them with quotas: what is uploaded here must be refused.</summary>
    public const string Spread = "spread";

    private static int begun;

    private readonly TestServer server = new();
    private Organiser? organiser;

    internal Organiser Organiser => organiser!;

    public async ValueTask InitializeAsync()
    {
        await server.InitializeAsync();
        organiser = await Organiser.ArriveAsync(server, "ada@example.org");
        foreach (string slug in (string[])[Refusing, Counting, Gathering])
        {
            await organiser.BeginAsync(slug, 4);
        }

        foreach (string slug in (string[])[Refusing, Gathering])
        {
            Page preview = await organiser.UploadAsync($"/organise/{slug}/quotas/upload", "quotas.csv", Corpus.Utf8(Corpus.Quotas));
            Page page = await organiser.PostAsync(preview.Path + "/confirm");
            Assert.EndsWith("/quotas?notice=imported", page.Path, StringComparison.Ordinal);
        }

        await BeginAsync(Spread, Door.SitedPool);
    }

    /// <summary>Begins a dialogue in which a file about sites or letters can be taken.</summary>
    internal async Task<string> BeginAsync(Door door)
    {
        string slug = "taking-" + Interlocked.Increment(ref begun).ToString(CultureInfo.InvariantCulture);
        await BeginAsync(slug, door);
        return slug;
    }

    private async Task BeginAsync(string slug, Door door)
    {
        await Organiser.BeginAsync(slug, 4);
        string form = "/organise/" + slug;
        if (door is Door.SitedQuotas or Door.SitedPool)
        {
            Assert.EndsWith("?notice=imported", (await Organiser.UploadAsync(form + "/sites/upload", "sites.csv", Corpus.Utf8("code,name\nFR,Lyon\nKE,Nairobi\nJP,Osaka\n"))).Path, StringComparison.Ordinal);
        }

        if (door is Door.SitedPool or Door.Invited)
        {
            string[] lines = Corpus.Quotas.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            string quotas = door == Door.Invited ? Corpus.Quotas : "site," + lines[0] + "\n" + string.Concat(((string[])["FR", "KE"]).SelectMany(site => lines.Skip(1).Select(line => site + "," + line + "\n")));
            Page preview = await Organiser.UploadAsync(form + (door == Door.Invited ? "/quotas/upload" : "/sites/quotas/upload"), "quotas.csv", Corpus.Utf8(quotas));
            Assert.Contains("notice=", (await Organiser.PostAsync(preview.Path + "/confirm")).Path, StringComparison.Ordinal);
        }
    }

    /// <summary>What a file of a door left in a dialogue, as the corpus writes it.</summary>
    internal Task<string[]> LinesAsync(string slug, Door door) => server.WithDbAsync<string[]>(async db =>
    {
        DialogueId dialogue = await db.Dialogues.Where(d => d.Slug == slug).Select(d => d.Id).SingleAsync();
        List<Storage.Mandates.Site> sites = await db.Sites.Where(site => site.DialogueId == dialogue).OrderBy(site => site.Position).ToListAsync();
        Dictionary<SiteId, string> code = sites.ToDictionary(site => site.Id, site => site.Code);
        List<Criterion> criteria = await db.Criteria.Include(criterion => criterion.Values).Where(criterion => criterion.DialogueId == dialogue).OrderBy(criterion => criterion.Position).ToListAsync();
        List<PoolMember> members = await db.PoolMembers.Where(member => member.DialogueId == dialogue).ToListAsync();
        Dictionary<PersonId, string> names = await db.People.Where(person => person.DialogueId == dialogue).ToDictionaryAsync(person => person.Id, person => person.Name);
        IEnumerable<(Criterion Criterion, CriterionValue Value)> values = criteria.OrderBy(criterion => sites.FindIndex(site => site.Id == criterion.SiteId)).SelectMany(criterion => criterion.Values.OrderBy(value => value.Position).Select(value => (criterion, value)));
        return
        [
            .. door switch
            {
                Door.Sites => sites.Select(site => string.Create(CultureInfo.InvariantCulture, $"{site.Code}|{site.Name}|{site.Country}|{site.TimeZone}|{site.PlannedParticipants}|{site.Address}")),
                Door.SitedQuotas => values.Select(pair => string.Create(CultureInfo.InvariantCulture, $"{code[pair.Criterion.SiteId]}|{pair.Criterion.Name}|{pair.Value.Name}|{pair.Value.Min}|{pair.Value.Max}")),
                Door.SitedPool => members.Select(member => $"{code[member.SiteId]}|{member.ExternalId}|{names[member.PersonId]}|{string.Join(',', member.Values)}").Order(StringComparer.Ordinal),
                _ => values.Select(pair => $"{pair.Criterion.Name}|{pair.Value.Name}|{pair.Value.Invited?.ToString(CultureInfo.InvariantCulture)}"),
            },
        ];
    });

    public async ValueTask DisposeAsync()
    {
        organiser?.Dispose();
        await server.DisposeAsync();
    }

    /// <summary>A hash of every table, apart from the files that wait to be confirmed.</summary>
    public Task<string> FingerprintAsync() => server.FingerprintAsync(nameof(Storage.Db.StagedUploads));

    /// <summary>The quotas of a dialogue as the corpus writes them.</summary>
    public Task<string[]> QuotasAsync(string slug) => server.WithDbAsync<string[]>(async db =>
    [
        .. (await db.Criteria.Include(criterion => criterion.Values).Where(criterion => db.Dialogues.Any(d => d.Id == criterion.DialogueId && d.Slug == slug)).OrderBy(criterion => criterion.Position).ToListAsync())
            .SelectMany(criterion => criterion.Values.OrderBy(value => value.Position).Select(value => string.Create(
                CultureInfo.InvariantCulture, $"{criterion.Name}|{value.Name}|{value.Min}|{value.Max}|{value.MinFlex}|{value.MaxFlex}|{value.Target}"))),
    ]);

    /// <summary>The people of a dialogue as the corpus writes them, in the order of their ids.</summary>
    public Task<string[]> PeopleAsync(string slug) => server.WithDbAsync<string[]>(async db =>
    {
        DialogueId dialogue = await db.Dialogues.Where(d => d.Slug == slug).Select(d => d.Id).SingleAsync();
        Dictionary<PersonId, Person> people = await db.People.Where(person => person.DialogueId == dialogue).ToDictionaryAsync(person => person.Id);
        List<PoolMember> members = await db.PoolMembers.Where(member => member.DialogueId == dialogue).ToListAsync();
        Assert.Equal(people.Count, members.Count);
        return [.. members.Select(member => (Member: member, Person: people[member.PersonId])).Select(one =>
            $"{one.Member.ExternalId}|{one.Person.Name}|{one.Person.Email}|{one.Person.Language}|{string.Join(',', one.Member.Values)}|{one.Member.HouseholdKey?.Replace('\u001f', '/') ?? "-"}|{one.Person.PostalAddress.Replace('\n', '/')}").Order(StringComparer.Ordinal)];
    });
}
