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
    }

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
