using System.Collections.Immutable;

namespace Polyphony.Statistics.Representation;

/// <summary>People of one stage of recruitment by value: invited, responded, selected, attended a session.</summary>
/// <param name="Stage">The stage's name.</param>
/// <param name="Counts">People per value, 0 or more, in the order of the targets.</param>
public sealed record StageCounts(string Stage, ImmutableArray<int> Counts);

/// <summary>Where on the way from invitation to the room a criterion lost its balance.</summary>
/// <param name="Criterion">The criterion's name.</param>
/// <param name="Stages">Each stage against the population, in the order given.</param>
public sealed record RecruitmentFunnel(string Criterion, ImmutableArray<(string Stage, Representativeness Against)> Stages)
{
    /// <summary>The stage after which the total variation grew most, or <see langword="null"/> when it grew nowhere.</summary>
    public string? WorstStep => Stages.Zip(Stages.Skip(1), (before, after) => (after.Stage, Growth: after.Against.TotalVariation - before.Against.TotalVariation))
        .Where(step => step.Growth > 0).OrderByDescending(step => step.Growth).Select(step => step.Stage).FirstOrDefault();

    /// <summary>Compares every stage with the population.</summary>
    /// <param name="criterion">The criterion's name.</param>
    /// <param name="targets">Name and target weight (0 or more; any scale) of each value.</param>
    /// <param name="stages">Counts per stage.</param>
    /// <returns>The funnel.</returns>
    /// <exception cref="ArgumentException">As for <see cref="Representativeness.Of"/>, or a stage with other values.</exception>
    public static RecruitmentFunnel Of(string criterion, IReadOnlyList<(string Value, double Target)> targets, IReadOnlyCollection<StageCounts> stages)
    {
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(stages);
        if (stages.Any(stage => stage.Counts.Length != targets.Count))
            throw new ArgumentException("A stage with other values.", nameof(stages));
        return new RecruitmentFunnel(criterion, [.. stages.Select(stage =>
            (stage.Stage, Representativeness.Of(criterion, [.. targets.Select((target, value) => (target.Value, stage.Counts[value], target.Target))])))]);
    }
}
