using System.Collections.Immutable;

namespace Polyphony.Statistics.Representation;

/// <summary>A stage on the way from the population to the room.</summary>
public enum FunnelStage
{
    /// <summary>Was sent a letter, a mail or a call.</summary>
    Invited = 0,

    /// <summary>Answered and is in the pool.</summary>
    Responded = 1,

    /// <summary>Was drawn.</summary>
    Selected = 2,

    /// <summary>Came.</summary>
    Attended = 3,
}

/// <summary>One value of a criterion at one site.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Target">Its weight in the population of the site, 0 or more, on any scale; null when unknown.</param>
/// <param name="Counts">People at each stage, in the order of <see cref="FunnelStage"/>, 0 or more; null where the stage was not recorded.</param>
public sealed record FunnelValue(string Value, double? Target, ImmutableArray<int?> Counts);

/// <summary>One criterion at one site.</summary>
/// <param name="Site">The site's code.</param>
/// <param name="Criterion">The criterion's name; sites that have a criterion in common use one name for it.</param>
/// <param name="Values">One entry per value; at least one.</param>
public sealed record FunnelCriterion(string Site, string Criterion, ImmutableArray<FunnelValue> Values);

/// <summary>How one criterion fares at every stage, at one site or over several.</summary>
/// <param name="Site">The site's code; null over all sites.</param>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Stages">One comparison for each stage, in their order; null where the stage was not recorded, or no target is known.</param>
/// <param name="Sites">How many sites it is about.</param>
public sealed record FunnelLine(string? Site, string Criterion, ImmutableArray<Representativeness?> Stages, int Sites);

/// <summary>A criterion over all sites, and at each of them.</summary>
/// <param name="Overall">Over all sites with targets.</param>
/// <param name="BySite">Each site that has the criterion, in the order given.</param>
/// <param name="Untargeted">Sites that have the criterion without a target for every value: they are in no comparison.</param>
public sealed record FunnelOfCriterion(FunnelLine Overall, ImmutableArray<FunnelLine> BySite, ImmutableArray<string> Untargeted)
{
    /// <summary>The mean over sites of the total variation at a stage, each site counting once.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>0 to 1; null when no site can be compared.</returns>
    public double? MeanVariation(FunnelStage stage)
    {
        var known = BySite.Select(line => line.Stages[(int)stage]?.TotalVariation).OfType<double>().ToArray();
        return known.Length == 0 ? null : known.Average();
    }

    /// <summary>The site that is furthest from its population at a stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <returns>Its line; null when no site can be compared.</returns>
    public FunnelLine? Furthest(FunnelStage stage) =>
        BySite.Where(line => line.Stages[(int)stage]?.TotalVariation is not null).MaxBy(line => line.Stages[(int)stage]!.TotalVariation);
}

/// <summary>Follows criteria from the population over the invited, those who responded and those who were drawn to those who came, at every site and over all.</summary>
/// <remarks>
/// Over all sites the expected number of a value is Σ over sites of (people of the site at that stage) × (target share at the site): each site is compared with its own
/// population, and counts by its people at that stage. Deviations of single sites may cancel out in it, which is why <see cref="FunnelOfCriterion.MeanVariation"/> and
/// <see cref="FunnelOfCriterion.Furthest"/> stand beside it. Statistics as in <see cref="Representativeness"/>.
/// </remarks>
public static class Funnel
{
    /// <summary>The number of stages.</summary>
    public const int Stages = 4;

    /// <summary>Compares.</summary>
    /// <param name="criteria">Each criterion of each site.</param>
    /// <returns>One entry per criterion, in the order in which they are first named. Values that only some sites have count with target 0 at the others.</returns>
    /// <exception cref="ArgumentException">No values, a negative number, counts that are not one for each stage, or a criterion twice at one site.</exception>
    public static ImmutableArray<FunnelOfCriterion> Of(IReadOnlyCollection<FunnelCriterion> criteria)
    {
        ArgumentNullException.ThrowIfNull(criteria);
        if (criteria.Any(c => c.Values.Length == 0 || c.Values.Any(v => v.Counts.Length != Stages || v.Counts.Any(count => count < 0) || !(v.Target is null or >= 0))))
            throw new ArgumentException("Each criterion has values, each value a count for each stage, and nothing is negative.", nameof(criteria));
        if (criteria.GroupBy(c => (c.Site, c.Criterion)).Any(group => group.Count() > 1))
            throw new ArgumentException("A criterion stands twice at one site.", nameof(criteria));
        return [.. criteria.GroupBy(c => c.Criterion, StringComparer.Ordinal).Select(group => Of(group.Key, [.. group]))];
    }

    private static FunnelOfCriterion Of(string criterion, FunnelCriterion[] sites)
    {
        var targeted = sites.Where(IsTargeted).ToArray();
        return new FunnelOfCriterion(
            new FunnelLine(null, criterion, [.. Enumerable.Range(0, Stages).Select(stage => Overall(criterion, targeted, stage))], targeted.Length),
            [.. sites.Select(site => new FunnelLine(site.Site, criterion, [.. Enumerable.Range(0, Stages).Select(stage => IsTargeted(site) ? Overall(criterion, [site], stage) : null)], 1))],
            [.. sites.Where(site => !IsTargeted(site)).Select(site => site.Site)]);
    }

    private static bool IsTargeted(FunnelCriterion site) => site.Values.All(value => value.Target is not null) && site.Values.Sum(value => value.Target) > 0;

    private static Representativeness? Overall(string criterion, FunnelCriterion[] sites, int stage)
    {
        // A site that did not record the stage takes no part in it; nobody is expected from there.
        var recorded = sites.Where(site => site.Values.All(value => value.Counts[stage] is not null)).ToArray();
        if (recorded.Length == 0)
            return null;
        List<string> names = [.. recorded.SelectMany(site => site.Values.Select(value => value.Value)).Distinct(StringComparer.Ordinal)];
        var counts = new int[names.Count];
        var expected = new double[names.Count];
        foreach (var site in recorded)
        {
            var people = site.Values.Sum(value => value.Counts[stage]!.Value);
            var weight = site.Values.Sum(value => value.Target!.Value);
            foreach (var value in site.Values)
            {
                var place = names.IndexOf(value.Value);
                counts[place] += value.Counts[stage]!.Value;
                expected[place] += (recorded.Length == 1 ? 1 : people) * value.Target!.Value / weight;
            }
        }
        return expected.Sum() > 0
            ? Representativeness.Of(criterion, [.. names.Select((name, v) => (name, counts[v], expected[v]))])
            : null;
    }
}
