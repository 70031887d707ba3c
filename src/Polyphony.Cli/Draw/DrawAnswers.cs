using System.Text.Json.Serialization;

namespace Polyphony.Cli.Draw;

/// <summary>What <c>draw check</c> writes.</summary>
/// <param name="Outcome"><c>feasible</c>.</param>
/// <param name="Uncoverable">Ids of people whom no panel can hold; <paramref name="Excluded"/> says why.</param>
/// <param name="Undecided">Ids of people of whom it was not decided, within the limit of work, whether a panel can hold them.</param>
/// <param name="LeastChanceAtMost">No lottery gives the least likely of all who are not uncoverable more.</param>
/// <param name="Least">How many people cannot rise above it; null, with the lists below empty: the digits of the linear programmes did not suffice.</param>
/// <param name="HoldDown">The rules that keep it there, the most rewarding first.</param>
/// <param name="MorePeople">More people in the pool who would raise it, the most rewarding first.</param>
/// <param name="Forced">Ids of people who are on every panel.</param>
internal sealed record CheckAnswer(
    string Outcome, int People, int Size, int Types, IReadOnlyList<string> Uncoverable, IReadOnlyList<ExcludedAnswer> Excluded, IReadOnlyList<string> Undecided, double LeastChanceAtMost, int? Least,
    IReadOnlyList<HoldDownAnswer> HoldDown, IReadOnlyList<MorePeopleAnswer> MorePeople, IReadOnlyList<string> Forced, double Seconds);

/// <summary>People whom no panel can hold.</summary>
/// <param name="Ids">They.</param>
/// <param name="Limits">Rules that cannot hold together on a panel with one of them; none: no short explanation was found within the limit of work.</param>
/// <param name="Smallest">Whether it is proven that no fewer rules exclude them.</param>
internal sealed record ExcludedAnswer(IReadOnlyList<string> Ids, IReadOnlyList<LimitAnswer> Limits, bool Smallest);

/// <summary>A rule that holds the least chance down.</summary>
/// <param name="Chance">At most this would it be with the rule one place wider (for households: without it), computed anew.</param>
internal sealed record HoldDownAnswer(LimitAnswer Limit, double Chance);

/// <summary>More people in the pool.</summary>
/// <param name="Values">What they all bear.</param>
/// <param name="People">How many more.</param>
/// <param name="Chance">At most this would the least chance be, computed anew with them in the pool.</param>
internal sealed record MorePeopleAnswer(IReadOnlyList<ValueAnswer> Values, int People, double Chance);

/// <summary>A value of a criterion.</summary>
internal sealed record ValueAnswer(string Feature, string Value);

/// <summary>A quota as it should be changed.</summary>
internal sealed record ChangeAnswer(string Feature, string Value, int Min, int Max, int NewMin, int NewMax);

/// <summary>One way out: quotas that are changed together.</summary>
/// <param name="Cost">1 for each step up of a maximum, 1 + 2/min for each step down of a minimum.</param>
/// <param name="Cheapest">Whether it is proven that nothing else costs less, but what is ranked before.</param>
/// <param name="Chance">The least chance would be at most this; null: not known.</param>
/// <param name="Outside">At least so many people would be on no panel.</param>
internal sealed record RelaxationAnswer(IReadOnlyList<ChangeAnswer> Changes, double Cost, bool Cheapest, double? Chance, int Outside);

/// <summary>A rule.</summary>
/// <param name="Kind"><c>minimum</c>, <c>maximum</c>, <c>size</c> or <c>households</c>.</param>
internal sealed record LimitAnswer(string Kind, string? Feature, string? Value, int Bound);

/// <summary>Rules that cannot hold together; without any one of them the others can.</summary>
/// <param name="Smallest">Whether it is proven that no fewer are in conflict.</param>
internal sealed record ConflictAnswer(IReadOnlyList<LimitAnswer> Limits, bool Smallest);

/// <summary>Something else than other quotas.</summary>
/// <param name="Kind"><c>one-more</c>, <c>one-fewer</c>, <c>without-households</c> or <c>merge</c> (of the values <c>first</c> and <c>second</c> of <c>feature</c>).</param>
/// <param name="Possible">Whether panels exist with it; null: not decided.</param>
internal sealed record OptionAnswer(string Kind, bool? Possible, double? Chance, int Outside, string? Feature, string? First, string? Second);

/// <summary>What a verb writes when no panel meets the quotas.</summary>
/// <param name="Outcome"><c>infeasible</c>; <c>impossible</c> when no change within the flex bounds helps.</param>
/// <param name="Relaxations">Ways out, the cheapest first.</param>
/// <param name="Complete">Whether there are proven to be no further ones.</param>
internal sealed record InfeasibleAnswer(string Outcome, ConflictAnswer? Conflict, IReadOnlyList<RelaxationAnswer> Relaxations, bool Complete, IReadOnlyList<OptionAnswer> Options);

/// <summary>What <c>draw lottery</c> writes.</summary>
/// <param name="Outcome"><c>computed</c> or <c>ended-by-limit</c>.</param>
/// <param name="Min">Least chance in the optimal lottery of anybody whom a panel can hold.</param>
/// <param name="Max">Greatest chance.</param>
/// <param name="Gini">Inequality of the chances, 0 to 1; those whom no panel can hold are left out.</param>
/// <param name="GeometricMean">Of the same chances.</param>
/// <param name="Gap">Relative, proven; null: nothing is proven.</param>
/// <param name="Types">Kinds of people who are equal in all that counts.</param>
/// <param name="Panels">Numbered panels.</param>
/// <param name="WorstChange">Greatest difference between a person's chance in the numbered panels and in the optimal lottery.</param>
/// <param name="ChangeBound">What the best numbered panels are known to stay below.</param>
/// <param name="Seconds">Wall time.</param>
/// <param name="Uncoverable">Ids of people whom no panel can hold.</param>
/// <param name="Excluded">Why no panel can; not looked for where the limit ended the search.</param>
internal sealed record LotteryAnswer(
    string Outcome, string Objective, double Min, double Max, double Gini, double GeometricMean, double? Gap, int Types, int Panels, double WorstChange, double ChangeBound, double Seconds,
    IReadOnlyList<string> Uncoverable, IReadOnlyList<ExcludedAnswer> Excluded);

/// <summary>What <c>draw pick</c> writes.</summary>
internal sealed record PickAnswer(string Outcome, int Panel, string How, string ManifestHash, IReadOnlyList<string> Selected);

/// <summary>What <c>draw replace</c> writes.</summary>
/// <param name="Outcome"><c>computed</c>, <c>drawn</c>, <c>alternates</c> when no place is free, or <c>ended-by-limit</c>.</param>
/// <param name="Staying">How many stay.</param>
/// <param name="Leaving">How many of the panel are out.</param>
/// <param name="Needed">How many places are drawn.</param>
/// <param name="Min">Least chance of anybody who could step in; null where no lottery was computed.</param>
/// <param name="QuotasChanged">Whether the quotas are others than those of the draw before.</param>
/// <param name="Panel">Number of the panel that was drawn.</param>
/// <param name="Selected">Ids of those who step in; null: nothing was drawn yet.</param>
/// <param name="Alternates">Ids in the order in which they bring most.</param>
/// <param name="Damage">Expected damage without alternates, with the first, the first two …</param>
internal sealed record ReplaceAnswer(
    string Outcome, int Staying, int Leaving, int Needed, double? Min, double? Max, double? Gap, int? Panels, bool QuotasChanged, int? Panel, string? How, string? ManifestHash,
    IReadOnlyList<string>? Selected, IReadOnlyList<string>? Alternates, IReadOnlyList<double>? Damage, double Seconds);

/// <summary>What <c>draw pick --freeze</c> writes.</summary>
internal sealed record FreezeAnswer(string Outcome, string ManifestHash);

/// <summary>One check and what came of it: <c>passed</c>, <c>failed</c> or <c>not performed</c>.</summary>
internal sealed record VerifyCheck(string Code, string State, string Meaning);

/// <summary>What <c>draw verify</c> writes.</summary>
/// <param name="Outcome"><c>holds</c> or <c>fails</c>.</param>
internal sealed record VerifyAnswer(string Outcome, IReadOnlyList<VerifyCheck> Checks, double Seconds);

[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Serialization, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.Never)]
[JsonSerializable(typeof(CheckAnswer))]
[JsonSerializable(typeof(InfeasibleAnswer))]
[JsonSerializable(typeof(LotteryAnswer))]
[JsonSerializable(typeof(PickAnswer))]
[JsonSerializable(typeof(FreezeAnswer))]
[JsonSerializable(typeof(ReplaceAnswer))]
[JsonSerializable(typeof(VerifyAnswer))]
internal sealed partial class DrawJson : JsonSerializerContext;
