using Polyphony.Sortition;

namespace Polyphony.Cli.Draw;

/// <summary>Names people whom no panel can hold, with the rules that exclude them.</summary>
internal static class ExcludedPeople
{
    /// <summary>Those with one explanation together, at last those without.</summary>
    /// <param name="types">The merged pool.</param>
    /// <param name="without">Positions in it of everybody whom no panel can hold.</param>
    /// <param name="excluded">The explanations.</param>
    /// <param name="limit">A rule as the whole panel has it.</param>
    /// <param name="name">A person's id by the position in the merged pool.</param>
    public static IReadOnlyList<ExcludedAnswer> Of(PanelTypes types, IReadOnlyList<int> without, IReadOnlyList<Exclusion> excluded, Func<PanelLimit, LimitAnswer> limit, Func<int, string> name)
    {
        List<int> left = [.. without];
        List<ExcludedAnswer> answers = [];
        foreach (Exclusion one in excluded)
        {
            int[] people = [.. one.Types.SelectMany(t => types.Types[t].People).Order()];
            answers.Add(new([.. people.Select(name)], [.. one.Why.Limits.Select(limit)], one.Why.Smallest));
            left.RemoveAll(people.Contains);
        }

        return left.Count == 0 ? answers : [.. answers, new([.. left.Select(name)], [], false)];
    }

    /// <summary>The same in sentences.</summary>
    public static IEnumerable<string> Sentences(IReadOnlyList<ExcludedAnswer> excluded)
    {
        foreach (ExcludedAnswer one in excluded)
        {
            yield return one.Limits.Count == 0
                ? $"On no panel; no short explanation was found: {string.Join(", ", one.Ids)}"
                : $"On no panel, because these rules leave no place: {string.Join(", ", one.Ids)}";
            foreach (LimitAnswer limit in one.Limits)
            {
                yield return "  " + WaysOut.Words(limit);
            }
        }
    }
}
