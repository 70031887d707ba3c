using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>The fixed counts of one session, at one site or over all: what goes into the gate and never leaves it as it is.</summary>
/// <param name="Session">The session's stable key.</param>
/// <param name="Ballots">All ballots of the session, paper included.</param>
/// <param name="Overall">One tally per question, each with <see cref="QuestionTally.Ballots"/> equal to <see cref="Ballots"/>.</param>
/// <param name="Criteria">Counts by single criterion; no crossings of two criteria exist on purpose.</param>
public sealed record SessionCounts(string Session, int Ballots, ImmutableArray<QuestionTally> Overall, ImmutableArray<CriterionCounts> Criteria)
{
    /// <summary>The criterion under which the sites of a dialogue stand. A criterion of theirs that bears the same name gives way to it.</summary>
    public const string BySite = "site";

    /// <summary>Adds up what the sites of a dialogue counted, each for itself.</summary>
    /// <param name="sites">Every site by its code, with the same questions in the same order; one at least.</param>
    /// <returns>
    /// The counts of the only site as they are; of several their sum, by the criteria that all of them have with the same values in the same order, and by site. The paper of a site is among its
    /// ballots, so that the sites make up the whole; other criteria leave it over.
    /// </returns>
    /// <exception cref="ArgumentException">No site, or sites with different questions.</exception>
    public static SessionCounts Over(IReadOnlyList<(string Site, SessionCounts Counts)> sites)
    {
        ArgumentNullException.ThrowIfNull(sites);
        if (sites.Count == 0)
            throw new ArgumentException("No site has counted.", nameof(sites));
        var first = sites[0].Counts;
        if (sites.Count == 1)
            return first;
        if (sites.Any(site => !site.Counts.Overall.Select(tally => tally.Question).SequenceEqual(first.Overall.Select(tally => tally.Question))))
            throw new ArgumentException("Sites with different questions.", nameof(sites));
        var common = sites.All(site => Names(site.Counts).SequenceEqual(Names(first))) ? first.Criteria.Length : 0;
        return new SessionCounts(
            first.Session,
            sites.Sum(site => site.Counts.Ballots),
            Sum(sites.Select(site => site.Counts.Overall)),
            [
                .. Enumerable.Range(0, common).Where(c => first.Criteria[c].Criterion != BySite).Select(c => new CriterionCounts(first.Criteria[c].Criterion, [
                    .. first.Criteria[c].Groups.Select((group, g) => new GroupCounts(
                        group.Value, sites.Sum(site => site.Counts.Criteria[c].Groups[g].Ballots), Sum(sites.Select(site => site.Counts.Criteria[c].Groups[g].Questions)))),
                ])),
                new CriterionCounts(BySite, [.. sites.Select(site => new GroupCounts(site.Site, site.Counts.Ballots, site.Counts.Overall))]),
            ]);
    }

    private static ImmutableArray<QuestionTally> Sum(IEnumerable<ImmutableArray<QuestionTally>> tallies) =>
        tallies.Aggregate((sum, next) => [.. sum.Zip(next, (one, other) => one.Plus(other))]);

    private static IEnumerable<string> Names(SessionCounts counts) => counts.Criteria.SelectMany(criterion => criterion.Groups.Select(group => criterion.Criterion + '\u001f' + group.Value));
}

/// <summary>Counts per value of one criterion.</summary>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Groups">One entry per value. Ballots that belong to no value (paper) are simply not among them: the gate works out the rest.</param>
public sealed record CriterionCounts(string Criterion, ImmutableArray<GroupCounts> Groups);

/// <summary>Counts of the people who bear one value of a criterion.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Ballots">Their ballots.</param>
/// <param name="Questions">One tally per question, in the order of the session's.</param>
public sealed record GroupCounts(string Value, int Ballots, ImmutableArray<QuestionTally> Questions);
