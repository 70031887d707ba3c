using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>Hides in the row of everybody how near to everybody the largest answer is.</summary>
/// <remarks>
/// "About 100 of about 100" leaves nothing for those who answered otherwise, so each of them would be found in no group at all. The largest answer is then shown as
/// "at least" a number that leaves room for eight others. Decided from shown numbers alone, so the decision gives nothing away.
/// </remarks>
internal static class TopCoding
{
    /// <summary>Not coded: the answer is shown as any other.</summary>
    public const int None = -1;

    /// <summary>For each answer of a question the bound to show instead, 0 for one that cannot be shown at all, or <see cref="None"/>.</summary>
    public static int[] Of(AnswerForm form, int[] totals, int ballots)
    {
        var whole = DisclosureGate.Round(ballots);
        var bounds = Array.ConvertAll(totals, total => ReleaseMask.Bounds(total, DisclosureGate.SmallCount));
        var coded = new int[totals.Length];
        Array.Fill(coded, None);
        while (Tight(form, bounds, whole) is { } small)
        {
            var open = Enumerable.Range(0, totals.Length).Where(answer => totals[answer] >= DisclosureGate.SmallCount && coded[answer] == None).ToList();
            if (open.Count == 0)
                break;
            var largest = open.MaxBy(answer => totals[answer]);
            var room = whole - DisclosureGate.SmallCount;
            if (form != AnswerForm.MultipleChoice)
                room -= Enumerable.Range(0, totals.Length).Where(answer => answer != largest && answer != small).Sum(answer => bounds[answer].Low);
            var least = Math.Min(bounds[largest].Low, room) / DisclosureGate.RoundingBase * DisclosureGate.RoundingBase;
            coded[largest] = least < 2 * DisclosureGate.RoundingBase ? 0 : least;
            bounds[largest] = (coded[largest], whole + (DisclosureGate.RoundingBase / 2));
        }
        return coded;
    }

    /// <returns>A small answer that could not be 0, or not be 8, if the row were shown with these bounds.</returns>
    private static int? Tight(AnswerForm form, (int Low, int High)[] bounds, int whole)
    {
        var last = bounds.Length - 1;
        for (var answer = 0; answer <= last; answer++)
        {
            if (bounds[answer] != (0, DisclosureGate.SmallCount - 1))
                continue;
            var others = Enumerable.Range(0, bounds.Length).Where(other => other != answer).ToList();
            // A ballot with no answer has no option; two options may share a ballot.
            var excluded = form != AnswerForm.MultipleChoice ? others.Sum(other => bounds[other].Low)
                : answer == last ? others.Max(other => bounds[other].Low)
                : bounds[last].Low;
            if (excluded + DisclosureGate.SmallCount > whole || others.Sum(other => bounds[other].High) < whole)
                return answer;
        }
        return null;
    }
}
