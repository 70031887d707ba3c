using System.Collections.Immutable;
using Polyphony.Statistics.Change;
using Polyphony.Statistics.Convergence;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Insights;

/// <summary>Reads released tables: where groups and sites agree and where not. Everything here is worked out from numbers that anybody may see, and so tells nothing that they do not.</summary>
internal static class ReadInsights
{
    /// <summary>The chance of even one false alarm among all comparisons of a dialogue.</summary>
    private const double Level = 0.05;

    /// <summary>Every question by every criterion, those that lie furthest apart first.</summary>
    /// <param name="results">What is released.</param>
    /// <param name="bySite">The sites, or everything but the sites.</param>
    /// <returns>One entry per question that has an answer to show.</returns>
    public static IReadOnlyList<QuestionSpread> Of(PublishedResults results, bool bySite)
    {
        List<(PublishedSession Session, PublishedQuestion Question, int Option, List<Spread> Spreads)> found = [];
        foreach (PublishedSession session in results.Sessions)
        {
            foreach (PublishedQuestion question in session.Questions)
            {
                if (Leading(question.Table.Overall) is not { } option)
                {
                    continue;
                }

                List<Spread> spreads = [.. question.Table.Groups.GroupBy(row => row.Criterion!).Where(rows => (rows.Key == SessionCounts.BySite) == bySite).Select(rows => SpreadOf(question.Table.Form, rows.Key, [.. rows], option))];
                if (spreads.Any(spread => spread.Groups.Count(group => group.Share is not null) > 1))
                {
                    found.Add((session, question, option, spreads));
                }
            }
        }

        double[] values = [.. found.SelectMany(question => question.Spreads).Select(spread => spread.PValue).OfType<double>()];
        ImmutableArray<double> adjusted = ManyTests.Holm(values);
        int at = 0;
        return
        [
            .. found.Select(question => new QuestionSpread(
                question.Session, question.Question, question.Option, ShareOf(question.Question.Table.Overall, question.Option) ?? 0,
                [.. question.Spreads.Select(spread => spread with { IsBeyondChance = spread.PValue is not null && adjusted[at++] < Level })]))
                .OrderByDescending(question => question.Spreads.Any(spread => spread.IsBeyondChance))
                .ThenByDescending(question => question.Apart),
        ];
    }

    /// <summary>The answer that most gave, where it is shown.</summary>
    private static int? Leading(ResultRow row)
    {
        int best = Enumerable.Range(0, row.Options.Length).MaxBy(option => Count(row.Options[option].Count) ?? -1);
        return Count(row.Options[best].Count) is null ? null : best;
    }

    private static Spread SpreadOf(AnswerForm form, string criterion, IReadOnlyList<ResultRow> rows, int option)
    {
        List<GroupShare> groups = [.. rows.Select(row => GroupOf(row, option))];
        return new Spread(criterion, groups, PValue(form, rows, option), false);
    }

    private static GroupShare GroupOf(ResultRow row, int option)
    {
        int? ballots = Count(row.Ballots);
        int? count = Count(row.Options[option].Count);
        WilsonInterval? interval = ballots is { } all && count is { } some ? WilsonInterval.Of(Math.Min(some, all), all) : null;
        return new GroupShare(row.Value!, ballots, ShareOf(row, option), interval, row.Options[option].Count is ReleasedCell.FewerThan);
    }

    private static double? ShareOf(ResultRow row, int option) =>
        Count(row.Ballots) is { } ballots && Count(row.Options[option].Count) is { } count ? Math.Min(1, (double)count / ballots) : null;

    private static int? Count(ReleasedCell cell) => cell switch { ReleasedCell.Rounded shown => shown.Value, ReleasedCell.AtLeast most => most.Value, _ => null };

    /// <summary>Are the groups alike? Answers that are not shown in every group count together with the rest.</summary>
    private static double? PValue(AnswerForm form, IReadOnlyList<ResultRow> rows, int option)
    {
        ResultRow[] known = [.. rows.Where(row => Count(row.Ballots) is not null)];
        int[] shown = [.. Enumerable.Range(0, rows[0].Options.Length).Where(o => (form != AnswerForm.MultipleChoice || o == option) && known.All(row => Count(row.Options[o].Count) is not null))];
        if (known.Length < 2 || shown.Length == 0)
        {
            return null;
        }

        return Homogeneity.Of([.. known.Select(row =>
        {
            int[] counts = [.. shown.Select(o => Count(row.Options[o].Count)!.Value)];
            return new SiteAnswers(row.Value!, [.. counts, Math.Max(0, Count(row.Ballots)!.Value - counts.Sum())]);
        })]).PValue;
    }
}

/// <summary>The share of an answer in a group, from released numbers.</summary>
/// <param name="Ballots">The group's rounded ballots, or null when withheld.</param>
/// <param name="Share">0 to 1, or null when not shown.</param>
/// <param name="Interval">Wilson's interval, or null.</param>
/// <param name="IsSmall">The answer was given by fewer than eight.</param>
public sealed record GroupShare(string Group, int? Ballots, double? Share, WilsonInterval? Interval, bool IsSmall);

/// <summary>The share of one answer in every group of a criterion.</summary>
/// <param name="PValue">Of a chi-square test on the released numbers, not adjusted, or null.</param>
/// <param name="IsBeyondChance">Whether the groups differ beyond chance, all comparisons of the dialogue considered.</param>
public sealed record Spread(string Criterion, IReadOnlyList<GroupShare> Groups, double? PValue, bool IsBeyondChance)
{
    public GroupShare? Lowest => Groups.Where(group => group.Share is not null).MinBy(group => group.Share);

    public GroupShare? Highest => Groups.Where(group => group.Share is not null).MaxBy(group => group.Share);

    /// <summary>Between the lowest and the highest group, 0 to 1.</summary>
    public double Apart => (Highest?.Share - Lowest?.Share) ?? 0;
}

/// <summary>A question with the answer that most gave, and how far groups lie apart on it.</summary>
public sealed record QuestionSpread(PublishedSession Session, PublishedQuestion Question, int Option, double Share, IReadOnlyList<Spread> Spreads)
{
    public Spread Widest => Spreads.OrderByDescending(spread => spread.IsBeyondChance).ThenByDescending(spread => spread.Apart).First();

    public double Apart => Spreads.Max(spread => spread.Apart);
}
