using System.Collections.Immutable;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>The fixed counts of one session: what goes into the gate and never leaves it as it is.</summary>
/// <param name="Session">The session's stable key.</param>
/// <param name="Ballots">All ballots of the session, paper included.</param>
/// <param name="Overall">One tally per question, each with <see cref="QuestionTally.Ballots"/> equal to <see cref="Ballots"/>.</param>
/// <param name="Criteria">Counts by single criterion; no crossings of two criteria exist on purpose.</param>
public sealed record SessionCounts(string Session, int Ballots, ImmutableArray<QuestionTally> Overall, ImmutableArray<CriterionCounts> Criteria);

/// <summary>Counts per value of one criterion.</summary>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Groups">One entry per value. Ballots that belong to no value (paper) are simply not among them: the gate works out the rest.</param>
public sealed record CriterionCounts(string Criterion, ImmutableArray<GroupCounts> Groups);

/// <summary>Counts of the people who bear one value of a criterion.</summary>
/// <param name="Value">The value's name.</param>
/// <param name="Ballots">Their ballots.</param>
/// <param name="Questions">One tally per question, in the order of the session's.</param>
public sealed record GroupCounts(string Value, int Ballots, ImmutableArray<QuestionTally> Questions);
