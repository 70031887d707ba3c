using System.Collections.Immutable;
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
public sealed record ResultTable(string Session, string Question, AnswerForm Form, ResultRow Overall, ImmutableArray<ResultRow> Groups);

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
