using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Jobs;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;
using Polyphony.Web.Jobs;

namespace Polyphony.Web.Participants;

/// <summary>Advises whom to ask to keep the days free in case somebody drops out, as a job. It seats nobody: whoever steps in is drawn in public from everybody (ADR 0015).</summary>
internal static class ChooseAlternates
{
    public const string Kind = "alternates";
    public const int Most = 50;

    public static void Map(RouteGroupBuilder organiser)
    {
        organiser.MapGet("/participants/alternates", ShowAsync);
        organiser.MapPost("/participants/alternates/compute", StartAsync).TakesForm();
        organiser.MapPost("/participants/alternates/stop", StopAsync).TakesForm();
    }

    private static async Task<RazorComponentResult<AlternatesPage>> ShowAsync(DialogueScope scope, Db db, AlternateDesk desk, JobQueue jobs, HttpRequest request, CancellationToken cancellationToken)
    {
        if (await desk.BasisAsync(scope.SiteId, cancellationToken) is not { } basis)
        {
            return new(new { Model = new AlternatesModel(scope, [], null, AlternateWish.Usual, null, null, "") });
        }

        AlternateList? list = await db.AlternateLists.AsNoTracking().Where(list => list.SiteId == scope.SiteId && list.ComputedAt != null)
            .OrderByDescending(list => list.ComputedAt).FirstOrDefaultAsync(cancellationToken);
        AlternateWish wish = list is null ? AlternateWish.Usual : AlternateWish.Read(list.WishJson);
        int? by = request.Query.ContainsKey("by") ? Number(request.Query["by"], 1, basis.Pool.Criteria.Count) - 1 : wish.By;
        return new(new
        {
            Model = new AlternatesModel(
                scope, basis.Pool.Criteria, by is { } chosen ? basis.Pool.Criteria[chosen] : null, wish, list is null ? null : await ShownAsync(scope, db, basis, list, cancellationToken),
                await jobs.NewestAsync(scope.DialogueId, scope.SiteId, Kind, cancellationToken), request.Query["problem"].ToString()),
        });
    }

    private static async Task<IResult> StartAsync(HttpRequest request, DialogueScope scope, Db db, AlternateDesk desk, JobQueue jobs, TimeProvider clock, CancellationToken cancellationToken)
    {
        string page = $"/organise/{scope.Segment}/participants/alternates";
        IFormCollection form = await request.ReadFormAsync(cancellationToken);
        if (await desk.BasisAsync(scope.SiteId, cancellationToken) is not { } basis)
        {
            return Results.Redirect(page);
        }

        int? minutes = Number(form["minutes"], 1, ComputeLottery.MostMinutes);
        if (minutes is null && !string.IsNullOrWhiteSpace(form["minutes"]))
        {
            return Results.Redirect(page + "?problem=minutes");
        }

        if (Wish(form, basis.Pool.Criteria, minutes * 60) is not { } wish)
        {
            return Results.Redirect(page + "?problem=numbers");
        }

        if (await jobs.NewestAsync(scope.DialogueId, scope.SiteId, Kind, cancellationToken) is { State: JobState.Waiting or JobState.Running })
        {
            return Results.Redirect(page);
        }

        AlternateList list = new()
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow()),
            DialogueId = scope.DialogueId,
            SiteId = scope.SiteId,
            CreatedAt = clock.GetUtcNow(),
            WishJson = wish.ToJson(),
        };
        db.AlternateLists.Add(list);
        await jobs.StartAsync(scope.DialogueId, scope.SiteId, Kind, list.Id.ToString("N"), cancellationToken);
        return Results.Redirect(page);
    }

    private static async Task<IResult> StopAsync(DialogueScope scope, JobQueue jobs, CancellationToken cancellationToken)
    {
        if (await jobs.NewestAsync(scope.DialogueId, scope.SiteId, Kind, cancellationToken) is { } job)
        {
            await jobs.StopAsync(scope.DialogueId, job.Id, cancellationToken);
        }

        return Results.Redirect($"/organise/{scope.Segment}/participants/alternates");
    }

    /// <summary>What a form asks for; null when a number is none or outside of its range.</summary>
    private static AlternateWish? Wish(IFormCollection form, IReadOnlyList<Criterion> criteria, int? seconds)
    {
        if (Number(form["n"], 1, Most) is not { } count)
        {
            return null;
        }

        if (string.IsNullOrEmpty(form["by"]))
        {
            return Number(form["rate"], 0, 100) is { } rate ? new(count, rate, null, [], seconds) : null;
        }

        if (Number(form["by"], 1, criteria.Count) is not { } by)
        {
            return null;
        }

        int?[] rates = [.. criteria[by - 1].Values.OrderBy(value => value.Position).Select(value => Number(form[string.Create(CultureInfo.InvariantCulture, $"rate-{value.Position}")], 0, 100))];
        return rates.All(rate => rate is not null) ? new(count, AlternateWish.Usual.Rate, by - 1, [.. rates.Select(rate => rate!.Value)], seconds) : null;
    }

    private static int? Number(string? text, int least, int most) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= least && number <= most ? number : null;

    private static async Task<ShownAlternates> ShownAsync(DialogueScope scope, Db db, AlternateBasis basis, AlternateList list, CancellationToken cancellationToken)
    {
        AlternateResult result = JsonSerializer.Deserialize<AlternateResult>(list.ResultJson)!;
        Dictionary<string, PoolMember> members = basis.Pool.Members.ToDictionary(member => Convert.ToHexStringLower(member.Ticket), StringComparer.Ordinal);
        PersonId[] wanted = [.. result.Tickets.Where(members.ContainsKey).Select(ticket => members[ticket].PersonId)];
        Dictionary<PersonId, string> names = await db.People.Where(person => person.DialogueId == scope.DialogueId && wanted.Contains(person.Id))
            .ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);

        // Who has left the pool since has no row; that people have changed is said above.
        return new(list.ComputedAt!.Value, result, !list.Basis.AsSpan().SequenceEqual(basis.Hash), [
            .. result.Tickets.Index().Where(pair => members.ContainsKey(pair.Item)).Select(pair => (Place: pair.Index + 1, Member: members[pair.Item]))
                .Select(one => new Alternate(one.Place, one.Member.ExternalId, names.GetValueOrDefault(one.Member.PersonId, ""), one.Member.Values, result.Damage[one.Place])),
        ]);
    }
}

/// <summary>Somebody who could step in.</summary>
/// <param name="Place">1 for whom to ask first.</param>
/// <param name="Damage">Expected damage with this person and all above.</param>
public sealed record Alternate(int Place, string ExternalId, string Name, IReadOnlyList<int> Values, double Damage);

/// <summary>A list that was computed.</summary>
/// <param name="IsStale">Panel, pool or quotas have changed since.</param>
public sealed record ShownAlternates(DateTimeOffset ComputedAt, AlternateResult Result, bool IsStale, IReadOnlyList<Alternate> People);

/// <summary>What the page of alternates shows.</summary>
/// <param name="Criteria">None: no panel is drawn, or its pool is erased.</param>
/// <param name="By">The criterion by whose values the form asks for rates; null: for one rate.</param>
/// <param name="Wish">What the list was computed for, or what is usual.</param>
/// <param name="List">The newest list; null before the first one.</param>
/// <param name="Job">The newest computation.</param>
public sealed record AlternatesModel(DialogueScope Scope, IReadOnlyList<Criterion> Criteria, Criterion? By, AlternateWish Wish, ShownAlternates? List, Job? Job, string Problem)
{
    public bool IsRunning => Job is { State: JobState.Waiting or JobState.Running };

    /// <summary>The limit of time that a field begins with; null for none.</summary>
    public int? Minutes => Wish.SecondsAllowed / 60;

    /// <summary>The rate that a field begins with: what the list was computed for, where it fits the form.</summary>
    public int RateOf(int value) => By is not null && Wish.By is { } by && Criteria[by] == By ? Wish.Rates[value] : Wish.Rate;
}
