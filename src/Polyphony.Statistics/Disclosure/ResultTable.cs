using System.Collections.Immutable;
using System.Diagnostics;
using System.Text.Json.Serialization;
using Polyphony.Statistics.Counts;

namespace Polyphony.Statistics.Disclosure;

/// <summary>One number of a row with its share.</summary>
/// <param name="Count">The count as released.</param>
/// <param name="Percent">
/// Shown count (of "at least 90" the 90) over the row's rounded ballots, in whole percent, at most 100; <see langword="null"/> where the count or the base is not shown. Shares of a row need not add up to 100.
/// </param>
public sealed record ReleasedAnswer(ReleasedCell Count, int? Percent);

/// <summary>The answers of everybody or of one group to one question.</summary>
/// <param name="Criterion">The criterion's name, or <see langword="null"/> in the row of everybody.</param>
/// <param name="Value">The value's name, or <see langword="null"/> in the row of everybody.</param>
/// <param name="Ballots">The number of ballots as released.</param>
/// <param name="Options">One answer per option, in the order of the options.</param>
/// <param name="NoAnswer">"Don't know / no answer".</param>
public sealed record ResultRow(string? Criterion, string? Value, ReleasedCell Ballots, ImmutableArray<ReleasedAnswer> Options, ReleasedAnswer NoAnswer);

/// <summary>The released table of one question, fit for a page, a JSON file or a CSV file alike.</summary>
/// <param name="Session">The session's stable key.</param>
/// <param name="Question">The question's stable key.</param>
/// <param name="Form">The form of its answers.</param>
/// <param name="Overall">The row of everybody.</param>
/// <param name="Groups">One row per value of every released criterion; empty in a dialogue of fewer than 45 people.</param>
public sealed record ResultTable(string Session, string Question, AnswerForm Form, ResultRow Overall, ImmutableArray<ResultRow> Groups)
{
    /// <summary>The table as lines of a flat file: for every row first the ballots, then the options, then "no answer".</summary>
    /// <returns>The lines, everybody first.</returns>
    public IEnumerable<ResultLine> Lines()
    {
        foreach (var row in Groups.Insert(0, Overall))
        {
            yield return Line(row, ResultLine.BallotsAnswer, new ReleasedAnswer(row.Ballots, null));
            for (var option = 0; option < row.Options.Length; option++)
                yield return Line(row, option + 1, row.Options[option]);
            yield return Line(row, ResultLine.NoAnswer, row.NoAnswer);
        }
    }

    private ResultLine Line(ResultRow row, int answer, ReleasedAnswer released)
    {
        var (kind, number, reason) = released.Count switch
        {
            ReleasedCell.Rounded rounded => ("rounded", rounded.Value, (string?)null),
            ReleasedCell.AtLeast most => ("atLeast", most.Value, null),
            ReleasedCell.FewerThan few => ("fewerThan", few.Limit, null),
            ReleasedCell.Withheld withheld => ("withheld", (int?)null, withheld.Reason),
            _ => throw new UnreachableException(),
        };
        return new ResultLine(Session, Question, row.Criterion, row.Value, answer, kind, number, released.Percent, reason);
    }
}

/// <summary>One number of a released table, for a flat file.</summary>
/// <param name="Session">The session's stable key.</param>
/// <param name="Question">The question's stable key.</param>
/// <param name="Criterion">The criterion's name, or <see langword="null"/> for everybody.</param>
/// <param name="Value">The value's name, or <see langword="null"/> for everybody.</param>
/// <param name="Answer">The option from 1, or <see cref="BallotsAnswer"/>, or <see cref="NoAnswer"/>.</param>
/// <param name="Kind"><c>rounded</c>, <c>atLeast</c>, <c>fewerThan</c> or <c>withheld</c>, as in JSON.</param>
/// <param name="Number">The rounded count, the bound, or <see langword="null"/> when withheld.</param>
/// <param name="Percent">Whole percent as in <see cref="ReleasedAnswer"/>.</param>
/// <param name="Reason">One of <see cref="WithheldReasons"/> when withheld.</param>
public sealed record ResultLine(
    string Session, string Question, string? Criterion, string? Value, int Answer, string Kind, int? Number, int? Percent, string? Reason)
{
    /// <summary>The line holds the number of ballots of its row.</summary>
    public const int BallotsAnswer = 0;

    /// <summary>The line holds "don't know / no answer".</summary>
    public const int NoAnswer = -1;
}

/// <summary>Source-generated JSON of released tables.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(ResultTable))]
[JsonSerializable(typeof(ImmutableArray<ResultTable>))]
public sealed partial class ResultJson : JsonSerializerContext;
