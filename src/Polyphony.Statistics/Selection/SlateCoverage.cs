using System.Collections.Immutable;
using Polyphony.Statistics.Arithmetic;

namespace Polyphony.Statistics.Selection;

/// <summary>How many people find something of theirs on a slate.</summary>
/// <param name="People">The people counted.</param>
/// <param name="Covered">Those who approve one member at least.</param>
/// <param name="Saw">Those who were shown one member at least.</param>
public sealed record CoverageCount(int People, int Covered, int Saw)
{
    /// <summary>Share of the people who approve one member at least, 0 to 1; <see langword="null"/> without people.</summary>
    public double? Share => People == 0 ? null : (double)Covered / People;

    /// <summary>The same among those who were shown one member at least. Not shown is not "no".</summary>
    public double? ShareOfThoseWhoSaw => Saw == 0 ? null : (double)Covered / Saw;
}

/// <summary>One member of a slate.</summary>
/// <param name="Candidate">Its index.</param>
/// <param name="Approvals">People who approve it.</param>
/// <param name="Saw">People who were shown it.</param>
/// <param name="OnlyHere">People who approve no other member.</param>
public sealed record MemberCoverage(int Candidate, int Approvals, int Saw, int OnlyHere);

/// <summary>Whom a slate covers: overall, in each group and worst of all, and how much of that rests on who was shown what.</summary>
/// <param name="Overall">Everybody.</param>
/// <param name="Groups">By group, in ordinal order of the names; people of no group are in none.</param>
/// <param name="Members">Each member, by index.</param>
/// <param name="MeanSeen">How many members a person was shown, on average; <see langword="null"/> without people.</param>
public sealed record SlateCoverage(CoverageCount Overall, ImmutableArray<(string Group, CoverageCount Count)> Groups, ImmutableArray<MemberCoverage> Members, double? MeanSeen)
{
    /// <summary>The group with the least share, the first by name of equals; <see langword="null"/> without groups.</summary>
    public (string Group, CoverageCount Count)? Worst => Groups.IsEmpty ? null : Groups.MinBy(group => new Fraction(group.Count.Covered, group.Count.People));

    /// <summary>Counts.</summary>
    /// <param name="profile">Who approves and was shown what.</param>
    /// <param name="committee">The slate's members, each once.</param>
    /// <param name="groups">Per person the group, or <see langword="null"/> for none; without the list there are no groups.</param>
    /// <returns>The coverage.</returns>
    /// <exception cref="ArgumentException">Groups of another number of people.</exception>
    public static SlateCoverage Of(ApprovalProfile profile, IReadOnlyCollection<int> committee, IReadOnlyList<string?>? groups = null)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(committee);
        if (groups is not null && groups.Count != profile.Voters)
            throw new ArgumentException("One group, or none, for each person.", nameof(groups));
        var approved = new int[profile.Voters];
        var saw = new int[profile.Voters];
        foreach (var member in committee)
        {
            foreach (var voter in profile.Supporters[member])
                approved[voter]++;
            foreach (var voter in profile.SeenBy[member])
                saw[voter]++;
        }
        CoverageCount Count(IReadOnlyCollection<int> people) => new(people.Count, people.Count(person => approved[person] > 0), people.Count(person => saw[person] > 0));
        var everybody = Enumerable.Range(0, profile.Voters).ToArray();
        var named = everybody.Where(person => groups?[person] is not null).GroupBy(person => groups![person]!, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal);
        return new SlateCoverage(
            Count(everybody),
            [.. named.Select(group => (group.Key, Count([.. group])))],
            [.. committee.Order().Select(member => new MemberCoverage(
                member, profile.Supporters[member].Length, profile.SeenBy[member].Length, profile.Supporters[member].Count(voter => approved[voter] == 1)))],
            profile.Voters == 0 ? null : (double)saw.Sum(seen => (long)seen) / profile.Voters);
    }
}
