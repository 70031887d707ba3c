using System.Globalization;
using Polyphony.Sheets;
using Polyphony.Sortition.Invitations;

namespace Polyphony.Cli.Invite;

/// <summary>Counts answers by batch and stratum.</summary>
internal static class ResponseCounts
{
    /// <summary>What was sent and answered, in all, by batch and by stratum.</summary>
    public static ResponsesAnswer Of(IReadOnlyList<string> criteria, IReadOnlyList<SentBatch> batches, HashSet<string> answered, int repeated)
    {
        SentLetter[] all = [.. batches.SelectMany(batch => batch.Letters)];
        (IReadOnlyList<string> Values, long Invited, long Responded)[] strata = [.. Strata(all, answered)];
        long responded = strata.Sum(stratum => stratum.Responded);
        (long, long)[] observed = [.. strata.Select(stratum => (stratum.Invited, stratum.Responded))];
        int[] factors = ResponseFactor.FromObserved(observed, all.Length, responded);
        return new(
            "done", all.Length, responded, Rate(responded, all.Length), repeated, criteria,
            [.. batches.Select(batch => (batch.Name, Invited: (long)batch.Letters.Count, Responded: (long)batch.Letters.Count(letter => answered.Contains(letter.Code)))).Select(batch => new BatchResponse(batch.Name, batch.Invited, batch.Responded, Rate(batch.Responded, batch.Invited)))],
            [.. strata.Select((stratum, i) => new StratumResponse(stratum.Values, stratum.Invited, stratum.Responded, Rate(stratum.Responded, stratum.Invited), ResponseFactor.Expected(observed[i], all.Length, responded), factors[i] / 1000m))]);
    }

    public static IEnumerable<string[]> ByBatch(IReadOnlyList<string> criteria, IReadOnlyList<SentBatch> batches, HashSet<string> answered) =>
    [
        ["batch", .. criteria, "invited", "responded", "rate"],
        .. batches.SelectMany(batch => Strata(batch.Letters, answered).Select(stratum => (string[])[batch.Name, .. stratum.Values, Text(stratum.Invited), Text(stratum.Responded), Text(Rate(stratum.Responded, stratum.Invited))])),
    ];

    public static IEnumerable<string[]> Rates(IReadOnlyList<string> criteria, ResponsesAnswer answer) =>
    [
        [.. criteria, "invited", "responded", "rate", "expected", "factor"],
        .. answer.Strata.Select(stratum => (string[])[.. stratum.Values, Text(stratum.Invited), Text(stratum.Responded), Text(stratum.Rate), Text(stratum.Expected), stratum.Factor.ToString("0.000", CultureInfo.InvariantCulture)]),
    ];

    /// <summary>Strata by code points of their values; of several spellings the first by code points is the name, as in the draw.</summary>
    private static IEnumerable<(IReadOnlyList<string> Values, long Invited, long Responded)> Strata(IEnumerable<SentLetter> letters, HashSet<string> answered) => letters
        .GroupBy(letter => string.Join('\u001f', letter.Values.Select(CellText.Key)), StringComparer.Ordinal)
        .Select(group => (
            Values: (IReadOnlyList<string>)[.. Enumerable.Range(0, group.First().Values.Count).Select(i => group.Select(letter => letter.Values[i]).Distinct(StringComparer.Ordinal).Min(CodePoints.Instance)!)],
            Invited: (long)group.Count(), Responded: (long)group.Count(letter => answered.Contains(letter.Code))))
        .OrderBy(stratum => string.Join('\u001f', stratum.Values), CodePoints.Instance);

    private static decimal Rate(long responded, long invited) => invited == 0 ? 0 : decimal.Round((decimal)responded / invited, 4, MidpointRounding.AwayFromZero);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(decimal rate) => rate.ToString("0.0000", CultureInfo.InvariantCulture);
}
