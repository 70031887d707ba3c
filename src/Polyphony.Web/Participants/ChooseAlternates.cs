using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Polyphony.Dialogues;
using Polyphony.Sortition;
using Polyphony.Storage;
using Polyphony.Storage.Draws;
using Polyphony.Storage.Pools;
using Polyphony.Web.Audiences;
using Polyphony.Web.Draws;

namespace Polyphony.Web.Participants;

/// <summary>Advises whom to ask to keep the days free in case somebody drops out. It seats nobody: whoever steps in is drawn in public from everybody (ADR 0015).</summary>
internal static class ChooseAlternates
{
    public const int Most = 50;

    /// <summary>One in ten, where nobody knows better.</summary>
    private const int UsualPercent = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static void Map(RouteGroupBuilder organiser) => organiser.MapGet("/participants/alternates", ShowAsync);

    private static async Task<RazorComponentResult<AlternatesPage>> ShowAsync(DialogueScope scope, Db db, DrawDesk desk, TimeProvider clock, HttpRequest request, CancellationToken cancellationToken)
    {
        Lottery? panel = await desk.NewestAsync(scope.SiteId, LotteryKind.Panel, LotteryState.Drawn, cancellationToken);
        DrawPool? pool = panel is null ? null : await desk.PoolAsync(scope.SiteId, panel.PanelSize, cancellationToken);
        if (panel is null || pool is not { Members.Count: > 0 })
        {
            return Page(new(scope, [], null, UsualPercent, null, [], null));
        }

        Criterion? by = Number(request, "by", 1, pool.Criteria.Count) is { } chosen ? pool.Criteria[chosen - 1] : null;
        int rate = Number(request, "rate", 0, 100) ?? UsualPercent;
        int[] rates = by is null ? [] : [.. by.Values.OrderBy(value => value.Position).Select(value => Number(request, string.Create(CultureInfo.InvariantCulture, $"rate-{value.Position}"), 0, 100) ?? rate)];
        AlternatesModel model = new(scope, pool.Criteria, by, rate, Number(request, "n", 1, Most), rates, null);
        if (model.Count is not { } count)
        {
            return Page(model);
        }

        AlternateRequest wanted = await WantedAsync(scope, db, desk, panel, pool, model, count, cancellationToken);
        using CancellationTokenSource patience = new(Patience, clock);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            AlternateChoice choice = await Task.Run(() => AlternateChoice.Of(wanted, either.Token), either.Token);
            return Page(model with { Choice = choice, People = await PeopleAsync(scope, db, pool, choice, cancellationToken) });
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return Page(model with { TookTooLong = true });
        }
    }

    private static RazorComponentResult<AlternatesPage> Page(AlternatesModel model) => new(new { Model = model });

    private static async Task<AlternateRequest> WantedAsync(
        DialogueScope scope, Db db, DrawDesk desk, Lottery panel, DrawPool pool, AlternatesModel model, int count, CancellationToken cancellationToken)
    {
        (IReadOnlyList<string> staying, IReadOnlyList<string> leaving) = await ReplaceParticipants.SplitAsync(scope, db, cancellationToken);
        Dictionary<string, int> positions = pool.Pool.People.Index().ToDictionary(pair => pair.Item.Ticket, pair => pair.Index, StringComparer.Ordinal);
        int[] seated = [.. staying.Select(ticket => positions[ticket])];
        double[] dropout = [.. pool.Pool.People.Select(person => (model.By is { } by ? model.Rates[person.Values[model.Criteria.Index().Single(pair => pair.Item == by).Index]] : model.Rate) / 100.0)];

        // Nobody chooses the seed: the list follows from the last draw.
        byte[] seed = DrawDesk.ManifestHash(await desk.NewestAsync(scope.SiteId, LotteryKind.Replacement, LotteryState.Drawn, cancellationToken) ?? panel);
        return new(pool.Pool, seated, ConditionalPool.Of(pool.Pool, seated, [.. leaving.Select(ticket => positions[ticket])]).Free, dropout, count, seed);
    }

    private static async Task<IReadOnlyList<Alternate>> PeopleAsync(DialogueScope scope, Db db, DrawPool pool, AlternateChoice choice, CancellationToken cancellationToken)
    {
        PoolMember[] members = [.. choice.People.Select(person => pool.Members[person])];
        PersonId[] wanted = [.. members.Select(member => member.PersonId)];
        Dictionary<PersonId, string> names = await db.People.Where(person => person.DialogueId == scope.DialogueId && wanted.Contains(person.Id))
            .ToDictionaryAsync(person => person.Id, person => person.Name, cancellationToken);
        return [.. members.Select((member, place) => new Alternate(member.ExternalId, names.GetValueOrDefault(member.PersonId, ""), member.Values, choice.Damage[place + 1]))];
    }

    private static int? Number(HttpRequest request, string name, int least, int most) =>
        most >= least && int.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? Math.Clamp(number, least, most) : null;
}

/// <summary>Somebody who could step in.</summary>
/// <param name="Damage">Expected damage with this person and all above.</param>
public sealed record Alternate(string ExternalId, string Name, IReadOnlyList<int> Values, double Damage);

/// <summary>What the page of alternates shows.</summary>
/// <param name="Criteria">None: no panel is drawn, or its pool is erased.</param>
/// <param name="By">The criterion by whose values people drop out at different rates; null: all at one rate.</param>
/// <param name="Rate">How many in a hundred drop out.</param>
/// <param name="Count">How many alternates; null: not asked for yet.</param>
/// <param name="Rates">A rate for each value of <paramref name="By"/>.</param>
public sealed record AlternatesModel(DialogueScope Scope, IReadOnlyList<Criterion> Criteria, Criterion? By, int Rate, int? Count, IReadOnlyList<int> Rates, AlternateChoice? Choice)
{
    public IReadOnlyList<Alternate> People { get; init; } = [];

    public bool TookTooLong { get; init; }
}
