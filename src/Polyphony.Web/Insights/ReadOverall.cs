using Polyphony.Statistics.Agreement;
using Polyphony.Statistics.Counts;
using Polyphony.Statistics.Disclosure;
using Polyphony.Web.Publication;

namespace Polyphony.Web.Insights;

/// <summary>Reads the row of everybody: each answer's share with its interval, in dialogues of any size.</summary>
/// <remarks>As in <see cref="ReadInsights"/>, nothing is used here that is not shown. An answer of "at least so many" has no interval: where it ends is not known.</remarks>
internal static class ReadOverall
{
    /// <summary>Every question, in the order in which it was asked.</summary>
    public static IReadOnlyList<OverallQuestion> Of(PublishedResults results) =>
        [.. results.Sessions.SelectMany(session => session.Questions.Select(question => Of(session, question)))];

    private static OverallQuestion Of(PublishedSession session, PublishedQuestion question)
    {
        ResultRow all = question.Table.Overall;
        int? ballots = all.Ballots is ReleasedCell.Rounded shown ? shown.Value : null;
        int?[] counts = [.. all.Options.Select(answer => answer.Count is ReleasedCell.Rounded count ? (int?)count.Value : null)];
        int[]? steps = question.Table.Form == AnswerForm.Scale5 && counts.All(count => count is not null) ? [.. counts.OfType<int>()] : null;
        return new OverallQuestion(
            session, question, ballots, [.. all.Options.Append(all.NoAnswer).Select(answer => Of(answer, ballots))],
            steps is null ? null : AnswerAgreement.VanDerEijk(steps), steps is null ? null : AnswerPolarisation.EstebanRay(steps));
    }

    /// <summary>Counts are rounded one by one: one may come out above the ballots.</summary>
    private static OverallAnswer Of(ReleasedAnswer answer, int? ballots) => (answer.Count, ballots) switch
    {
        (ReleasedCell.Rounded count, > 0 and int all) => new(answer.Count, Math.Min(1, (double)count.Value / all), WilsonInterval.Of(Math.Min(count.Value, all), all)),
        (ReleasedCell.AtLeast least, > 0 and int all) => new(answer.Count, Math.Min(1, (double)least.Value / all), null),
        _ => new(answer.Count, null, null),
    };
}

/// <summary>An answer of everybody.</summary>
/// <param name="Share">Of all ballots, 0 to 1, or null when not shown.</param>
/// <param name="Interval">Wilson's interval, or null.</param>
public sealed record OverallAnswer(ReleasedCell Count, double? Share, WilsonInterval? Interval);

/// <summary>A question as a whole.</summary>
/// <param name="Ballots">All ballots, rounded, or null when withheld.</param>
/// <param name="Answers">The options in their order, and last "don't know / no answer".</param>
/// <param name="Agreement">On an ordered scale of which every step is shown: van der Eijk's A, −1 to 1.</param>
/// <param name="Polarisation">On the same: Esteban and Ray's, 1 for two equal camps at the ends.</param>
public sealed record OverallQuestion(PublishedSession Session, PublishedQuestion Question, int? Ballots, IReadOnlyList<OverallAnswer> Answers, double? Agreement, double? Polarisation);
